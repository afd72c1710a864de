/** What `kubectl get pods` shows: above all the one word that says what is wrong. */
import { at } from '../json.ts';
import type { Json, JsonObject, Pod } from '../types.ts';
import { age } from './cells.ts';
import type { Column } from './columns.ts';

export const podColumns: readonly Column[] = [
  cell('Ready', 'The aggregate readiness state of this pod for accepting traffic.', (pod) => {
    const statuses = pod.status.containerStatuses ?? [];
    return `${statuses.filter((one) => one.ready).length}/${pod.spec.containers.length}`;
  }),
  cell('Status', 'The aggregate status of the containers in this pod.', statusOf),
  cell(
    'Restarts',
    'The number of times the containers in this pod have been restarted and when the last container in this pod has restarted.',
    (pod) => String((pod.status.containerStatuses ?? []).reduce((sum, one) => sum + one.restartCount, 0)),
  ),
  age,
  { ...cell('IP', 'Its address inside the cluster.', (pod) => pod.status.podIP ?? '<none>'), priority: 1 },
  { ...cell('Node', 'The node that it runs on.', (pod) => pod.spec.nodeName ?? '<none>'), priority: 1 },
  { ...cell('Nominated Node', 'The node that it may get by preemption.', () => '<none>'), priority: 1 },
  { ...cell('Readiness Gates', 'Conditions that it waits for.', () => '<none>'), priority: 1 },
];

function cell(name: string, description: string, show: (pod: Pod) => Json): Column {
  return { name, type: 'string', description, cell: (object: JsonObject) => show(object as unknown as Pod) };
}

function statusOf(pod: Pod): string {
  if (pod.metadata.deletionTimestamp) return 'Terminating';
  for (const { state } of pod.status.containerStatuses ?? []) {
    if (state.waiting?.reason) return state.waiting.reason;
    if (state.terminated?.reason) return state.terminated.reason;
  }
  const reason = at(pod.status as unknown as JsonObject, 'reason');
  return typeof reason === 'string' ? reason : pod.status.phase;
}
