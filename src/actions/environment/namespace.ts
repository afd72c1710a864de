/** The namespace of an environment, as it should be there. */
import type { KnownEnvironment } from '../../core/action.ts';
import type { Cluster, Manifest } from '../../core/cluster.ts';
import { ProblemError } from '../../core/problem.ts';
import { goneProblem } from './known.ts';

export function namespaceRef(name: string) {
  return { apiVersion: 'v1', kind: 'Namespace', name };
}

/**
 * Asked before its contents are: of a namespace that is gone a cluster lists nothing, and says nothing of that.
 * @throws ProblemError `not_found` when somebody has removed it.
 */
export async function namespaceThere(
  cluster: Cluster,
  { name, namespace }: KnownEnvironment,
): Promise<Manifest> {
  const found = await cluster.read(namespaceRef(namespace));
  if (found && !('deletionTimestamp' in found.metadata)) return found;
  throw new ProblemError(goneProblem(name));
}
