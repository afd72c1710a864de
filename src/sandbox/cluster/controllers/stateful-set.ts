/** StatefulSets: Pods with a name and an order. A changed template replaces them from the last to the first. */
import { asJson, canonical, copy } from '../json.ts';
import { ApiError } from '../status.ts';
import type { Deployment, JsonObject, Pod } from '../types.ts';
import { type ClusterWorld, templateHash } from '../world.ts';
import { recordEvent } from './events.ts';
import { type Controller, own, owner } from './loop.ts';
import { createAsSystem, isOwnedBy, isReady, ownerOf, remove, setStatus } from './tools.ts';

const source = { component: 'statefulset-controller' };
const revisionKey = 'controller-revision-hash';

export function statefulSetController(world: ClusterWorld): Controller {
  return {
    delayMs: 50,
    keysOf: (change) => [
      ...own(change, 'apps/statefulsets'),
      ...(change.storage === '/pods' ? owner(change, 'StatefulSet') : []),
    ],
    reconcile(namespace, name) {
      const set = world.store.get('apps/statefulsets', namespace, name) as Deployment | undefined;
      if (!set || set.metadata.deletionTimestamp) return undefined;
      const revision = `${name}-${templateHash(canonical(asJson(set.spec.template)))}`;
      const pods = () => (world.store.list('/pods', namespace) as Pod[]).filter((pod) => isOwnedBy(pod, set));
      step(world, set, pods(), revision);
      const live = pods().filter((pod) => !pod.metadata.deletionTimestamp);
      const ready = live.filter((pod) => isReady(pod.status.conditions)).length;
      const updated = live.filter((pod) => pod.metadata.labels?.[revisionKey] === revision).length;
      const json = asJson(set.status ?? {});
      const current = updated === set.spec.replicas ? revision : String(json.currentRevision ?? revision);
      setStatus(world, set, {
        observedGeneration: set.metadata.generation ?? 1,
        replicas: live.length,
        ...(ready > 0 ? { readyReplicas: ready } : {}),
        ...(live.length > 0 ? { currentReplicas: live.length } : {}),
        ...(updated > 0 ? { updatedReplicas: updated } : {}),
        currentRevision: current,
        updateRevision: revision,
        collisionCount: 0,
        availableReplicas: ready,
      });
      return undefined;
    },
  };
}

/** One Pod at a time: create the next, remove the last, or replace one with an old template. */
function step(world: ClusterWorld, set: Deployment, pods: readonly Pod[], revision: string): void {
  const byIndex = new Map(pods.map((pod) => [Number(pod.metadata.name.split('-').at(-1)), pod]));
  for (let index = 0; index < set.spec.replicas; index += 1) {
    const pod = byIndex.get(index);
    if (!pod) {
      createPod(world, set, index, revision);
      return;
    }
    // In order: the next one waits until this one serves.
    if (!isReady(pod.status.conditions) || pod.metadata.deletionTimestamp) return;
  }
  const surplus = [...byIndex].filter(([index]) => index >= set.spec.replicas).sort(([a], [b]) => b - a);
  const old = [...byIndex]
    .filter(([, pod]) => pod.metadata.labels?.[revisionKey] !== revision)
    .sort(([a], [b]) => b - a);
  const [next] = surplus.length > 0 ? surplus : old;
  if (next && !next[1].metadata.deletionTimestamp) {
    remove(world, next[1]);
    const message = `delete Pod ${next[1].metadata.name} in StatefulSet ${set.metadata.name} successful`;
    recordEvent(world, set, 'Normal', 'SuccessfulDelete', message, source);
  }
}

function createPod(world: ClusterWorld, set: Deployment, index: number, revision: string): void {
  const name = `${set.metadata.name}-${index}`;
  try {
    createNamed(world, set, name, index, revision);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const message = `create Pod ${name} in StatefulSet ${set.metadata.name} failed error: ${error.message}`;
    recordEvent(world, set, 'Warning', 'FailedCreate', message, source);
    throw error;
  }
  const message = `create Pod ${name} in StatefulSet ${set.metadata.name} successful`;
  recordEvent(world, set, 'Normal', 'SuccessfulCreate', message, source);
}

function createNamed(
  world: ClusterWorld,
  set: Deployment,
  name: string,
  index: number,
  revision: string,
): void {
  createAsSystem(world, 'v1', 'Pod', set.metadata.namespace, {
    metadata: {
      name,
      generateName: `${set.metadata.name}-`,
      labels: {
        ...set.spec.template.metadata?.labels,
        'apps.kubernetes.io/pod-index': String(index),
        [revisionKey]: revision,
        'statefulset.kubernetes.io/pod-name': name,
      },
      ownerReferences: [asJson(ownerOf(set))],
    },
    spec: {
      ...(copy(set.spec.template.spec) as unknown as JsonObject),
      hostname: name,
      subdomain: String(asJson(set.spec).serviceName ?? ''),
    },
  });
}
