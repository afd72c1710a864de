/** Deployments and their kin: ready when what is wanted now is running, as `kubectl rollout status` counts it. */
import { count } from '../text.ts';
import { healthByConditions } from './conditions.ts';
import { type Health, health } from './health.ts';
import { numberIn, type Observed, textIn } from './observed.ts';

export function healthOfDeployment(object: Observed): Health {
  const { spec } = object;
  if (spec.paused === true) return health('suspended', object, 'is paused');
  const wanted = numberIn(spec.replicas) ?? 1;
  const troubled = healthByConditions(object);
  if (troubled?.state === 'failed') return troubled;
  const [all, updated, available] = numbers(object, 'replicas', 'updatedReplicas', 'availableReplicas');
  if (updated < wanted) return coming(object, updated, wanted, 'updated');
  if (all > updated) return health('progressing', object, `still has ${count(all - updated, 'old Pod')}`);
  return settled(object, available, wanted);
}

/** A StatefulSet with `OnDelete` is updated by hand: its Pods may be of an older revision for ever. */
export function healthOfStatefulSet(object: Observed): Health {
  const wanted = numberIn(object.spec.replicas) ?? 1;
  const [ready, updated] = numbers(object, 'readyReplicas', 'updatedReplicas');
  if (ready < wanted) return coming(object, ready, wanted, 'ready');
  const { currentRevision, updateRevision } = object.status;
  const isMoving = currentRevision !== updateRevision && updated < wanted;
  return isMoving && !isByHand(object)
    ? coming(object, updated, wanted, 'updated')
    : settled(object, ready, wanted);
}

export function healthOfDaemonSet(object: Observed): Health {
  const [wanted, updated, available] = numbers(
    object,
    'desiredNumberScheduled',
    'updatedNumberScheduled',
    'numberAvailable',
  );
  if (object.observedGeneration === undefined)
    return health('progressing', object, 'has not been looked at yet');
  return updated < wanted && !isByHand(object)
    ? coming(object, updated, wanted, 'updated')
    : settled(object, available, wanted);
}

export function healthOfReplicaSet(object: Observed): Health {
  const [available] = numbers(object, 'availableReplicas');
  const troubled = healthByConditions(object);
  return troubled?.state === 'failed'
    ? troubled
    : settled(object, available, numberIn(object.spec.replicas) ?? 1);
}

function isByHand({ spec }: Observed): boolean {
  const strategy = spec.updateStrategy as { type?: unknown } | undefined;
  return textIn(strategy?.type) === 'OnDelete';
}

function settled(object: Observed, available: number, wanted: number): Health {
  return available < wanted
    ? coming(object, available, wanted, 'available')
    : health('ready', object, `has ${available} of ${count(wanted, 'Pod')} available`);
}

function coming(object: Observed, now: number, wanted: number, what: string): Health {
  return health('progressing', object, `has ${now} of ${count(wanted, 'Pod')} ${what}`);
}

function numbers<const Names extends readonly string[]>(
  { status }: Observed,
  ...names: Names
): { readonly [Index in keyof Names]: number } {
  return names.map((name) => numberIn(status[name]) ?? 0) as { readonly [Index in keyof Names]: number };
}
