/** What a Job said last: of its newest Pod, because those before it failed and were tried again. */
import type { Cluster } from '../../core/cluster.ts';
import { listAll } from './list.ts';
import { podSchema } from './shapes.ts';
import { StatusError, type Transport } from './transport.ts';

/** In bytes: more than a card shows, and little enough to hold. */
const logBytesMax = 64 * 1024;

export async function readJobLogs(
  transport: Transport,
  ...[namespace, job, lines]: Parameters<Cluster['jobLogs']>
): Promise<readonly string[]> {
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods`;
  const pods = await listAll(transport, path, podSchema, {
    labelSelector: `batch.kubernetes.io/job-name=${job}`,
  });
  const [newest] = pods.sort((one, other) =>
    (other.metadata.creationTimestamp ?? '').localeCompare(one.metadata.creationTimestamp ?? ''),
  );
  if (!newest) return [];
  try {
    const text = await transport.call({
      method: 'GET',
      path: `${path}/${encodeURIComponent(newest.metadata.name)}/log`,
      query: { tailLines: String(lines), limitBytes: String(logBytesMax) },
      isText: true,
    });
    return String(text)
      .split('\n')
      .filter((line) => line !== '');
  } catch (error) {
    // It waits to start, or went away meanwhile: there are no words.
    if (error instanceof StatusError && (error.code === 400 || error.code === 404)) return [];
    throw error;
  }
}
