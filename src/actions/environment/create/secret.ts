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
  ref: ManifestRef,
  context: StepContext,
): Promise<void> {
  if (await isTaken(cluster, ref, context)) throw new ProblemError(foreignObject(ref));
}

/** Whether there is one of that name, whoever has made it. */
export async function isTaken(
  cluster: Cluster,
  { apiVersion, kind, ...metadata }: ManifestRef,
  context: StepContext,
): Promise<boolean> {
  return !(await cluster.wouldMake(marked({ apiVersion, kind, metadata }, context)));
}
