/** What a Deployment says about itself: counts, and the conditions that tell a rollout's story. */
import type { Condition, Deployment, ReplicaSet } from '../types.ts';
import { type ClusterWorld, timestamp } from '../world.ts';
import { bounds } from './deployment.ts';
import { setStatus } from './tools.ts';

type Status = Deployment['status'];

export function writeDeploymentStatus(
  world: ClusterWorld,
  deployment: Deployment,
  fresh: ReplicaSet | undefined,
  sets: readonly ReplicaSet[],
  created: boolean,
): void {
  const now = timestamp(world.clock.now());
  const sum = (count: (set: ReplicaSet) => number | undefined) =>
    sets.reduce((total, set) => total + (count(set) ?? 0), 0);
  const replicas = sum((set) => set.status.replicas);
  const available = sum((set) => set.status.availableReplicas);
  const ready = sum((set) => set.status.readyReplicas);
  const updated = fresh?.status.replicas ?? 0;
  // The Pods that should be there and do not serve: as many as the sets want, not as many as exist.
  const wanted = sum((set) => set.spec.replicas);
  const unavailable = Math.max(0, wanted - available);
  const before = deployment.status ?? {};
  const status: Status = {
    ...(deployment.metadata.generation === undefined
      ? {}
      : { observedGeneration: deployment.metadata.generation }),
    ...nonZero({
      replicas,
      updatedReplicas: updated,
      readyReplicas: ready,
      availableReplicas: available,
      unavailableReplicas: unavailable,
    }),
  };
  let conditions = set(before.conditions ?? [], availability(deployment, available), now);
  conditions = failures(conditions, sets, fresh, now);
  conditions = deployment.spec.paused
    ? set(
        conditions,
        {
          type: 'Progressing',
          status: 'Unknown',
          reason: 'DeploymentPaused',
          message: 'Deployment is paused',
        },
        now,
      )
    : progress(world, deployment, before, { status, conditions, fresh, sets, created, now });
  setStatus(world, deployment, { ...status, conditions });
}

function nonZero(counts: Record<string, number>): Partial<Status> {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}

function availability(deployment: Deployment, available: number): Condition {
  const enough = available >= deployment.spec.replicas - bounds(deployment).unavailable;
  return enough
    ? {
        type: 'Available',
        status: 'True',
        reason: 'MinimumReplicasAvailable',
        message: 'Deployment has minimum availability.',
      }
    : {
        type: 'Available',
        status: 'False',
        reason: 'MinimumReplicasUnavailable',
        message: 'Deployment does not have minimum availability.',
      };
}

function failures(
  conditions: Condition[],
  sets: readonly ReplicaSet[],
  fresh: ReplicaSet | undefined,
  now: string,
): Condition[] {
  const failed = [...(fresh ? [fresh] : []), ...sets]
    .flatMap((one) => one.status.conditions ?? [])
    .find((one) => one.type === 'ReplicaFailure' && one.status === 'True');
  const rest = conditions.filter((one) => one.type !== 'ReplicaFailure');
  if (!failed) return rest;
  const { reason = '', message = '' } = failed;
  return set(conditions, { type: 'ReplicaFailure', status: 'True', reason, message }, now);
}

interface Situation {
  readonly status: Status;
  readonly conditions: Condition[];
  readonly fresh: ReplicaSet | undefined;
  readonly sets: readonly ReplicaSet[];
  readonly created: boolean;
  readonly now: string;
}

function progress(
  world: ClusterWorld,
  deployment: Deployment,
  before: Status,
  situation: Situation,
): Condition[] {
  const { status, conditions, fresh, created, now } = situation;
  if (!fresh) return conditions;
  const known = before.conditions?.find((one) => one.type === 'Progressing');
  const named = `ReplicaSet "${fresh.metadata.name}"`;
  const say = (state: Condition['status'], reason: string, message: string): Condition => ({
    type: 'Progressing',
    status: state,
    reason,
    message,
  });
  if (created)
    return set(
      conditions,
      say('True', 'NewReplicaSetCreated', `Created new replica set "${fresh.metadata.name}"`),
      now,
    );
  const wanted = deployment.spec.replicas;
  const isComplete =
    (status.updatedReplicas ?? 0) === wanted &&
    (status.replicas ?? 0) === wanted &&
    (status.availableReplicas ?? 0) === wanted &&
    fresh.status.observedGeneration === fresh.metadata.generation;
  if (isComplete) {
    return set(
      conditions,
      say('True', 'NewReplicaSetAvailable', `${named} has successfully progressed.`),
      now,
    );
  }
  // Once complete, losing Pods is no rollout: only a new template starts one.
  const isSettled =
    known?.reason === 'NewReplicaSetAvailable' &&
    (before.updatedReplicas ?? 0) <= (status.updatedReplicas ?? 0);
  const moved =
    (status.updatedReplicas ?? 0) > (before.updatedReplicas ?? 0) ||
    (status.readyReplicas ?? 0) > (before.readyReplicas ?? 0) ||
    (status.availableReplicas ?? 0) > (before.availableReplicas ?? 0) ||
    (before.replicas ?? 0) - (before.updatedReplicas ?? 0) >
      (status.replicas ?? 0) - (status.updatedReplicas ?? 0);
  if (moved) {
    const rest = conditions.filter((one) => one.type !== 'Progressing');
    const since = known?.status === 'True' ? (known.lastTransitionTime ?? now) : now;
    return [
      ...rest,
      {
        ...say('True', 'ReplicaSetUpdated', `${named} is progressing.`),
        lastUpdateTime: now,
        lastTransitionTime: since,
      },
    ];
  }
  if (
    !isSettled &&
    known &&
    known.reason !== 'NewReplicaSetAvailable' &&
    deadlineAt(deployment, known) <= world.clock.now()
  ) {
    return set(
      conditions,
      say('False', 'ProgressDeadlineExceeded', `${named} has timed out progressing.`),
      now,
    );
  }
  return known
    ? conditions
    : set(
        conditions,
        say('True', 'FoundNewReplicaSet', `Found new replica set "${fresh.metadata.name}"`),
        now,
      );
}

/** Sets a condition as the controller does: at the end, and only when status or reason changed. */
function set(conditions: readonly Condition[], condition: Condition, now: string): Condition[] {
  const known = conditions.find((one) => one.type === condition.type);
  if (known && known.status === condition.status && known.reason === condition.reason) return [...conditions];
  return [
    ...conditions.filter((one) => one !== known),
    {
      ...condition,
      lastUpdateTime: now,
      lastTransitionTime: known?.status === condition.status ? (known.lastTransitionTime ?? now) : now,
    },
  ];
}

function deadlineAt(deployment: Deployment, condition: Condition): number {
  return Date.parse(condition.lastUpdateTime ?? '') + deployment.spec.progressDeadlineSeconds * 1000;
}

/** When the deadline of a rollout under way has to be looked at, in ms from now. */
export function deadlineIn(world: ClusterWorld, deployment: Deployment): number | undefined {
  const condition = deployment.status?.conditions?.find((one) => one.type === 'Progressing');
  if (!condition || deployment.spec.paused) return undefined;
  if (['NewReplicaSetAvailable', 'ProgressDeadlineExceeded'].includes(condition.reason ?? ''))
    return undefined;
  return Math.max(deadlineAt(deployment, condition) - world.clock.now() + 1, 1);
}
