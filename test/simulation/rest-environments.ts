/** What must be true of environments at rest. */
import type { PlatformRequest } from '../../src/core/request.ts';
import { BrokenPromise } from './broken-promise.ts';
import type { Scene } from './scene.ts';

/** What is in the cluster belongs to an environment that is alive, and every one that is has its place there. */
export function checkEnvironments(
  { cluster, model, slack }: Scene,
  requests: readonly PlatformRequest[],
): void {
  const keys = new Map([...model.requests.values()].map((one) => [one.key, one.id]));
  const namespaces = cluster.objects().filter(({ kind }) => kind === 'Namespace');
  for (const { metadata } of namespaces) {
    const id = keys.get(metadata.labels?.['greenlight.dev/request'] ?? '');
    const request = requests.find((one) => one.id === id);
    if (request?.status === 'succeeded' && request.retiredBy === undefined) continue;
    if (request && request.remains.length > 0) continue;
    throw new BrokenPromise(
      'undone is undone',
      `${metadata.name} is still there, and ${id} has ${request?.status}`,
    );
  }
  for (const { id, status, outputs, retiredBy, life, isShown } of requests) {
    if (status !== 'succeeded' || !outputs?.environment || retiredBy !== undefined) continue;
    if (life?.goneAt !== undefined) {
      const isTold = !isShown || slack.messages.some(({ mark }) => mark === `${id}:gone`);
      if (!isTold) throw new BrokenPromise('found once', `nobody was told that what ${id} has made is gone`);
      continue;
    }
    if (!namespaces.some(({ metadata }) => metadata.name === outputs.environment?.namespace))
      throw new BrokenPromise('undone is undone', `${id} lives on, and its namespace is gone`);
  }
}
