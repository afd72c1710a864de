/** A late run, whose place at this environment a newer one has taken, starts no workflow and merges nothing. */
import type { StepContext } from '../../core/action.ts';
import { tooLate } from '../../core/fence.ts';
import { ProblemError } from '../../core/problem.ts';
import type { Delivery } from './delivery.ts';

/**
 * GitHub takes no fence with a dispatch or a merge, but our deployments carry one each: asked right before the call.
 * @throws ProblemError `conflict` when a deployment of the service there has a higher fence than ours.
 */
export async function refuseTooLate(delivery: Delivery, { forge, fence }: StepContext): Promise<void> {
  if (fence === undefined) return;
  const { entry, service, environment } = delivery;
  const newest = await forge.newestFence(entry.repository, environment, service);
  const cause = tooLate(fence, newest, `${service} in ${environment}`);
  if (cause) throw new ProblemError(cause);
}
