/** ReplicaSets: as many Pods as wanted. Refused creations back off, and only an event and a condition show it. */
import { asJson, copy } from '../json.ts';
import { ApiError } from '../status.ts';
import type { Condition, JsonObject, Pod, ReplicaSet } from '../types.ts';
import { type ClusterWorld, timestamp } from '../world.ts';
import { recordEvent } from './events.ts';
import { type Controller, own, owner } from './loop.ts';
import { createAsSystem, isOwnedBy, isReady, ownerOf, remove, setStatus, withCondition } from './tools.ts';

/** The pause after a refused creation doubles up to this. Source: the controller's rate limiter. */
const backoffMs = { min: 5, max: 1_000_000 } as const;
const source = { component: 'replicaset-controller' };

export function replicaSetController(world: ClusterWorld): Controller {
  const backoff = new Map<string, { nextAt: number; waitMs: number }>();
  return {
    delayMs: 20,
    keysOf: (change) => [
      ...own(change, 'apps/replicasets'),
      ...(change.storage === '/pods' ? owner(change, 'ReplicaSet') : []),
    ],
    reconcile(namespace, name) {
      const set = world.store.get('apps/replicasets', namespace, name) as ReplicaSet | undefined;
      if (!set) {
        backoff.delete(`${namespace}/${name}`);
        return undefined;
      }
      const pods = activePods(world, set);
      const waiting = backoff.get(set.metadata.uid);
      const mayCreate = !waiting || waiting.nextAt <= world.clock.now();
      let failure: string | undefined;
      if (!set.metadata.deletionTimestamp) {
        const missing = set.spec.replicas - pods.length;
        if (missing > 0 && mayCreate) failure = createPods(world, set, missing);
        if (missing < 0) deletePods(world, set, pods, -missing);
        if (missing > 0 && !mayCreate) failure = failureOf(set);
      }
      if (failure !== undefined && mayCreate) {
        const waitMs = Math.min(waiting ? waiting.waitMs * 2 : backoffMs.min, backoffMs.max);
        backoff.set(set.metadata.uid, { nextAt: world.clock.now() + waitMs, waitMs });
      }
      if (failure === undefined) backoff.delete(set.metadata.uid);
      writeStatus(world, set, failure);
      const next = backoff.get(set.metadata.uid)?.nextAt;
      const unavailable = activePods(world, set).some((pod) => isReady(pod.status.conditions));
      if (next !== undefined) return Math.max(next - world.clock.now(), 1);
      return unavailable && set.spec.minReadySeconds ? set.spec.minReadySeconds * 1000 : undefined;
    },
  };
}

/** Pods of the set that have not ended and are not on their way out. */
function activePods(world: ClusterWorld, set: ReplicaSet): Pod[] {
  return (world.store.list('/pods', set.metadata.namespace) as Pod[]).filter(
    (pod) =>
      isOwnedBy(pod, set) &&
      !pod.metadata.deletionTimestamp &&
      pod.status.phase !== 'Succeeded' &&
      pod.status.phase !== 'Failed',
  );
}

/** Creates in batches of 1, 2, 4, ... and stops after the first batch with a refusal, whose message it returns. */
function createPods(world: ClusterWorld, set: ReplicaSet, count: number): string | undefined {
  for (let size = 1, left = count; left > 0; size *= 2) {
    const batch = Math.min(size, left);
    let refused: string | undefined;
    for (let index = 0; index < batch; index += 1) refused = createPod(world, set) ?? refused;
    if (refused !== undefined) return refused;
    left -= batch;
  }
  return undefined;
}

function createPod(world: ClusterWorld, set: ReplicaSet): string | undefined {
  const { metadata, spec } = set.spec.template;
  try {
    const pod = createAsSystem(world, 'v1', 'Pod', set.metadata.namespace, {
      metadata: {
        generateName: `${set.metadata.name}-`,
        labels: { ...metadata?.labels },
        ...(metadata?.annotations ? { annotations: { ...metadata.annotations } } : {}),
        ownerReferences: [asJson(ownerOf(set))],
      },
      spec: copy(spec) as unknown as JsonObject,
    });
    recordEvent(world, set, 'Normal', 'SuccessfulCreate', `Created pod: ${pod.metadata.name}`, source);
    return undefined;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    // A namespace that goes refuses every Pod; saying so again and again helps nobody.
    const going = error.message.includes('because it is being terminated');
    if (!going)
      recordEvent(world, set, 'Warning', 'FailedCreate', `Error creating: ${error.message}`, source);
    return error.message;
  }
}

/** Takes away what is missed least: not ready first, then the youngest. */
function deletePods(world: ClusterWorld, set: ReplicaSet, pods: readonly Pod[], count: number): void {
  const rank = (pod: Pod) => (pod.spec.nodeName ? 1 : 0) + (isReady(pod.status.conditions) ? 2 : 0);
  const sorted = [...pods].sort(
    (a, b) => rank(a) - rank(b) || (a.metadata.creationTimestamp < b.metadata.creationTimestamp ? 1 : -1),
  );
  for (const pod of sorted.slice(0, count)) {
    remove(world, pod);
    recordEvent(world, set, 'Normal', 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`, source);
  }
}

function failureOf(set: ReplicaSet): string | undefined {
  return set.status.conditions?.find((one) => one.type === 'ReplicaFailure')?.message;
}

function writeStatus(world: ClusterWorld, set: ReplicaSet, failure: string | undefined): void {
  const live = world.store.get('apps/replicasets', set.metadata.namespace, set.metadata.name) as
    | ReplicaSet
    | undefined;
  if (!live) return;
  const pods = activePods(world, live);
  const ready = pods.filter((pod) => isReady(pod.status.conditions));
  const available = ready.filter((pod) => isAvailable(world, pod, live.spec.minReadySeconds ?? 0));
  const now = timestamp(world.clock.now());
  const others = (live.status?.conditions ?? []).filter((one) => one.type !== 'ReplicaFailure');
  const failed: Condition[] =
    failure === undefined
      ? others
      : withCondition(
          live.status?.conditions,
          { type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message: failure },
          now,
        );
  setStatus(world, live, {
    replicas: pods.length,
    ...(pods.length > 0 ? { fullyLabeledReplicas: pods.length } : {}),
    ...(ready.length > 0 ? { readyReplicas: ready.length } : {}),
    ...(available.length > 0 ? { availableReplicas: available.length } : {}),
    ...(live.metadata.generation === undefined ? {} : { observedGeneration: live.metadata.generation }),
    ...(failed.length > 0 ? { conditions: failed } : {}),
  });
}

function isAvailable(world: ClusterWorld, pod: Pod, minReadySeconds: number): boolean {
  const since = pod.status.conditions?.find((one) => one.type === 'Ready')?.lastTransitionTime;
  return since !== undefined && Date.parse(since) + minReadySeconds * 1000 <= world.clock.now();
}
