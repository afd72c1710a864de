/**
 * Health by conditions, as most operators report it. The types are not standardised: what matters is which of them are
 * said, whether True is good news, and whether the reason of bad news promises that waiting helps.
 */
import { type Health, health, worst } from './health.ts';
import type { Condition, Observed } from './observed.ts';

/** True is bad news, and waiting does not help. */
const isTrouble =
  /^(?:Stalled|Degraded|NotReady|InvalidSpec|ErrorOccurred|Fallback|ReplicaFailure|.*(?:Failed|Failure|Error))$/;

/** True means that somebody is at work. */
const isWork = /^(?:Reconciling|Issuing|Progressing|RolloutProgressing|Updating)$/;

/** True means that nobody will work on it. CloudNativePG's has its group in front. */
const isPause = /^(?:Paused|Suspended|(?:.*\/)?hibernation)$/;

/** False is bad news even without a telling reason: what is wanted was refused, or the last try failed. */
const mustHold = /^(?:Synced|ReconcileSuccess|Accepted|ResolvedRefs)$/;

/** Says something of the whole when there is no `Ready` to say it. */
const isGood =
  /^(?!Not).*(?:Ready|Available|Healthy|Succeeded|Success|Installed|Deployed|Established|Programmed|Complete|Completed|Promoted|UpToDate|Generated|Reconciled)$/;

/** Reasons that name a failure. `Err` is how cert-manager begins its own; Flux's last two are what followed on one. */
const troubleReason =
  /^Err|Fail|Error|Invalid|Denied|Forbidden|Unauthorized|Timeout|TimedOut|Exceeded|Unreachable|Unhealthy|BackOff|Stalled|Aborted|Rejected|Conflict|NotPermitted|RollbackSucceeded|UninstallSucceeded/i;

/** Reasons that promise a next look. */
const waitingReason = /Progress|Pending|Waiting|Creating|Reconciling|Processing/i;

/** Pulumi's `NotReadyStalled` says no more than that another condition says it; of two that are as bad the first counts. */
const isVague = /^NotReady/;

/** `undefined` when there is no condition that says anything of the whole. */
export function healthByConditions(object: Observed): Health | undefined {
  const paused = object.conditions.find((one) => isPause.test(one.type) && one.status === 'True');
  if (paused) return health('suspended', object, 'is paused', paused.message);
  const ready = object.conditions.filter((one) => one.type === 'Ready');
  const judged = object.conditions.filter(
    ({ type }) => type === 'Ready' || mustHold.test(type) || (ready.length === 0 && isGood.test(type)),
  );
  const [first, ...others] = [
    ...judged.filter((one) => !isVague.test(one.reason)).map((one) => ofGood(object, one)),
    ...object.conditions.flatMap((one) => ofOthers(object, one)),
    ...judged.filter((one) => isVague.test(one.reason)).map((one) => ofGood(object, one)),
  ];
  return first === undefined ? undefined : worst(first, ...others);
}

/** Whether the conditions speak of an older wish than what is written now. */
export function isBehind(object: Observed): boolean {
  const { generation, observedGeneration = generation } = object;
  // Flux writes -1 for "never finished one", with conditions that do speak of now.
  if (observedGeneration >= 0 && observedGeneration < generation) return true;
  return object.conditions.some(
    (one) => one.type === 'Ready' && (one.observedGeneration ?? generation) < generation,
  );
}

function ofGood(object: Observed, one: Condition): Health {
  const said = one.message || (one.status === 'True' ? '' : one.reason);
  if (one.status === 'True') return health('ready', object, 'is ready', '');
  if (one.status === 'Unknown') return health('progressing', object, 'is on its way', said);
  const isFinal = mustHold.test(one.type) && !waitingReason.test(one.reason);
  return isFinal || troubleReason.test(one.reason)
    ? health('failed', object, 'failed', said)
    : health('progressing', object, 'is not ready yet', said);
}

function ofOthers(object: Observed, one: Condition): Health[] {
  const said = one.message || one.reason;
  if (one.status === 'True' && isTrouble.test(one.type)) return [health('failed', object, 'failed', said)];
  if (!isWork.test(one.type)) return [];
  if (one.status === 'False' && troubleReason.test(one.reason))
    return [health('failed', object, 'failed', said)];
  // A rollout that is over leaves `Progressing` at True (Deployment API).
  const isOver = one.reason === 'NewReplicaSetAvailable';
  return one.status === 'True' && !isOver ? [health('progressing', object, 'is on its way', said)] : [];
}
