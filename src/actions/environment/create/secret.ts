/**
 * Secrets of a blueprint. We have no right to read one, and none to see its labels either, which is the same right: so
 * nobody can tell afterwards whose the one is that has the name. That there was none is asked before ours is made.
 */
import type { StepContext } from '../../../core/action.ts';
import type { Cluster, ManifestRef } from '../../../core/cluster.ts';
import { ProblemError } from '../../../core/problem.ts';
import { foreignObject, marked } from './bring.ts';

/** @throws ProblemError `conflict` when there is one of that name. */
export async function refuseTakenSecret(
  cluster: Cluster,
  { apiVersion, kind, ...metadata }: ManifestRef,
  context: StepContext,
): Promise<void> {
  if (await cluster.wouldMake(marked({ apiVersion, kind, metadata }, context))) return;
  throw new ProblemError(foreignObject({ apiVersion, kind, ...metadata }));
}
