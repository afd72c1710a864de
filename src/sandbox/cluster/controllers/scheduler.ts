/** The scheduler: gives every Pod a node with room for it, or says why none has any. */

import { containersOf } from '../admission/workload-defaults.ts';
import { asJson, at } from '../json.ts';
import { milliOf } from '../quantity.ts';
import type { KubeObject, Pod } from '../types.ts';
import { type ClusterWorld, timestamp } from '../world.ts';
import { recordEvent } from './events.ts';
import { type Controller, own } from './loop.ts';
import { withCondition } from './tools.ts';

const source = { component: 'default-scheduler' };
/** How often a Pod that found no room tries again, in ms. */
const retryMs = 30_000;

export function scheduler(world: ClusterWorld): Controller {
  return {
    delayMs: 20,
    keysOf: (change) => {
      if (change.type === 'DELETED' && change.storage === '/pods') return pendingPods(world);
      return change.type === 'ADDED' ? own(change, '/pods') : [];
    },
    reconcile(namespace, name) {
      const pod = world.store.get('/pods', namespace, name) as Pod | undefined;
      if (!pod || pod.spec.nodeName || pod.metadata.deletionTimestamp) return undefined;
      const nodes = world.store.list('/nodes');
      const verdict = place(world, pod, nodes);
      const now = timestamp(world.clock.now());
      if (typeof verdict === 'string') {
        const message = `0/${nodes.length} nodes are available: ${verdict} preemption: 0/${nodes.length} nodes are available: ${nodes.length} No preemption victims found for incoming pod.`;
        const conditions = withCondition(
          pod.status.conditions,
          { type: 'PodScheduled', status: 'False', lastProbeTime: null, reason: 'Unschedulable', message },
          now,
        );
        if (pod.status.conditions?.some((one) => one.reason === 'Unschedulable')) return retryMs;
        world.store.put('/pods', { ...pod, status: { ...pod.status, conditions } } as KubeObject);
        recordEvent(world, pod, 'Warning', 'FailedScheduling', message, source);
        return retryMs;
      }
      const node = verdict.metadata.name;
      world.store.put('/pods', {
        ...pod,
        spec: { ...pod.spec, nodeName: node },
        status: {
          ...pod.status,
          conditions: [
            { type: 'PodScheduled', status: 'True', lastProbeTime: null, lastTransitionTime: now },
          ],
        },
      } as KubeObject);
      recordEvent(
        world,
        pod,
        'Normal',
        'Scheduled',
        `Successfully assigned ${namespace}/${name} to ${node}`,
        source,
      );
      return undefined;
    },
  };
}

function pendingPods(world: ClusterWorld): string[] {
  return (world.store.list('/pods') as Pod[])
    .filter((pod) => !pod.spec.nodeName)
    .map((pod) => `${pod.metadata.namespace ?? ''}/${pod.metadata.name}`);
}

/** The node with the fewest Pods that has room, or why there is none. */
function place(world: ClusterWorld, pod: Pod, nodes: readonly KubeObject[]): KubeObject | string {
  if (world.knobs.unschedulable.has(pod.metadata.namespace ?? ''))
    return `${nodes.length} node(s) were unschedulable.`;
  const pods = world.store.list('/pods') as Pod[];
  const on = (node: KubeObject) =>
    pods.filter(
      (one) =>
        one.spec.nodeName === node.metadata.name && !['Succeeded', 'Failed'].includes(one.status.phase),
    );
  const lacking = new Map<string, number>();
  const fitting = nodes.filter((node) => {
    const short = ['cpu', 'memory'].filter((name) => {
      const room = milliOf(String(at(asJson(node), 'status', 'allocatable', name) ?? '0'));
      const used = on(node).reduce((sum, one) => sum + requested(one, name), 0n);
      return requested(pod, name) > 0n && used + requested(pod, name) > room;
    });
    for (const name of short) lacking.set(name, (lacking.get(name) ?? 0) + 1);
    return short.length === 0;
  });
  const [best] = fitting.sort((a, b) => on(a).length - on(b).length);
  return (
    best ??
    [...lacking]
      .map(([name, count]) => `${count} Insufficient ${name}`)
      .join(', ')
      .concat('.')
  );
}

function requested(pod: Pod, name: string): bigint {
  return containersOf(pod).reduce((sum, one) => sum + milliOf(one.resources?.requests?.[name]), 0n);
}
