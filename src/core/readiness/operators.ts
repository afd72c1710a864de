/** Operators with a language of their own beside conditions, or instead of them. */

import { healthByConditions } from './conditions.ts';
import { type Health, health, worst } from './health.ts';
import { fields, items, numberIn, type Observed, textIn } from './observed.ts';
import { healthByPhase, meaningOf } from './phases.ts';
import { healthOfDeployment } from './workloads.ts';

/**
 * Argo CD's Application: healthy and synced. Its `conditions` list troubles only; those that end in `Error` stop it
 * (argo-cd, ApplicationConditionType).
 */
export function healthOfApplication(object: Observed): Health {
  const { status } = object;
  const trouble = items(status.conditions).find((one) => textIn(one.type).endsWith('Error'));
  if (trouble) return health('failed', object, 'failed', textIn(trouble.message));
  const operation = fields(status.operationState);
  const phase = textIn(operation.phase);
  if (phase === 'Failed' || phase === 'Error') {
    return health('failed', object, 'could not be synced', textIn(operation.message));
  }
  const own = fields(status.health);
  const told = textIn(own.status);
  const byHealth =
    told === 'Missing' || told === ''
      ? health('progressing', object, 'has not been made yet', textIn(own.message))
      : (healthByPhase(object, told, textIn(own.message)) ??
        health('unknown', object, `says ${told} of itself`));
  const sync = textIn(fields(status.sync).status);
  return sync === 'OutOfSync'
    ? worst(byHealth, health('progressing', object, 'is not in sync with its repository yet'))
    : byHealth;
}

/** Cyclops' Module has no conditions (cyclops-ui/cyclops, `status.reconciliationStatus`). */
export function healthOfModule(object: Observed): Health {
  const told = fields(object.status.reconciliationStatus);
  const errors = Array.isArray(told.errors) ? told.errors.map(textIn) : [];
  const said = [textIn(told.reason), ...errors].filter((one) => one !== '').join('; ');
  if (told.status === 'failed') return health('failed', object, 'failed', said);
  return told.status === 'succeeded'
    ? health('ready', object, 'is ready')
    : health('progressing', object, 'is being made', said);
}

/**
 * Giant Swarm's App repeats Helm's word for its release; without one it has not been looked at. Its operator writes
 * further words for what stopped it, such as `not-installed`, always with a reason (giantswarm/app-operator).
 */
export function healthOfApp(object: Observed): Health {
  const release = fields(object.status.release);
  const word = textIn(release.status);
  if (word === '') return health('progressing', object, 'is being made');
  const said = textIn(release.reason);
  return (
    healthByPhase(object, word, said) ??
    health(said === '' ? 'progressing' : 'failed', object, `is ${word.toLowerCase()}`, said)
  );
}

/** Pulumi's Stack: conditions, and what became of the last update when they say no more than "not ready". */
export function healthOfStack(object: Observed): Health {
  const last = fields(object.status.lastUpdate);
  const told = healthByConditions(object) ?? health('progressing', object, 'is being made');
  if (told.state !== 'progressing' || last.state !== 'failed') return told;
  const isAtWork = object.conditions.some((one) => one.type === 'Reconciling' && one.status === 'True');
  return isAtWork ? told : health('failed', object, 'failed at its last update', textIn(last.message));
}

/** CloudNativePG's Cluster: a sentence as phase (cloudnative-pg, `api/v1/cluster_types.go`). */
export function healthOfPostgres(object: Observed): Health {
  if (object.annotations['cnpg.io/reconciliationLoop'] === 'disabled') {
    return health('suspended', object, 'is paused');
  }
  const phase = textIn(object.status.phase);
  const said = textIn(object.status.phaseReason);
  const told = healthByConditions(object);
  if (told?.state === 'suspended') return told;
  if (phase === 'Cluster in healthy state') return health('ready', object, 'is ready');
  return /^failing over|fail|unrecoverable|cannot|not enough|unknown plugin|inconsistent/i.test(phase)
    ? health('failed', object, 'failed', said || phase)
    : health('progressing', object, 'is being made', said || phase);
}

/** Argo's Rollout: a phase since 1.0, before that conditions and counts like a Deployment's. */
export function healthOfRollout(object: Observed): Health {
  const { status, annotations } = object;
  const workload = numberIn(annotations['rollout.argoproj.io/workload-generation']);
  if (workload !== undefined && workload !== numberIn(status.workloadObservedGeneration)) {
    return health('progressing', object, 'has not looked at its workload yet');
  }
  const byPhase = healthByPhase(object, textIn(status.phase), textIn(status.message));
  if (byPhase) return byPhase;
  if (numberIn(status.replicas) === undefined)
    return health('progressing', object, 'has not been looked at yet');
  const told = healthByConditions(object);
  if (told?.state === 'failed') return told;
  const isPaused =
    status.controllerPause === true || object.conditions.some((one) => one.reason === 'RolloutPaused');
  return isPaused ? health('suspended', object, 'is paused') : healthOfDeployment(object);
}

/** The word of a status by which its operator says how it is; empty for none that we know. */
export function phaseOf({ status }: Observed): string {
  return [status.phase, status.state].map(textIn).find((word) => meaningOf(word) !== undefined) ?? '';
}
