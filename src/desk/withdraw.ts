/** Whoever answered takes it back, while it is not approved. */
import { apply } from '../core/fold.ts';
import type { RequestId } from '../core/ids.ts';
import type { Person } from '../core/person.ts';
import { ok, problemFrom, type Result, refuse } from '../core/problem.ts';
import type { PlatformRequest } from '../core/request.ts';
import { advanceReviews, isReviewBy } from '../core/review-life.ts';
import type { DeskContext } from './context.ts';
import { judgeWithout } from './lapse.ts';
import { type Decision, write } from './write.ts';

export async function withdraw(
  context: DeskContext,
  id: RequestId,
  by: Person,
): Promise<Result<PlatformRequest>> {
  return write(context, id, async (request) => {
    try {
      return await decide(context, request, by);
    } catch (error) {
      return refuse(problemFrom(error));
    }
  });
}

async function decide(context: DeskContext, request: PlatformRequest, by: Person): Promise<Result<Decision>> {
  const command = { type: 'withdraw', by } as const;
  const own = request.reviews.findLast((review) => isReviewBy(review, by));
  const withdrawn = advanceReviews(request, command, context.clock.now());
  if (!withdrawn.ok) return withdrawn;
  // A yes is taken back whether or not the outside answers; what stood in the way of others' is another matter.
  if (own?.decision === 'approve' || request.status !== 'waiting') return ok({ commands: [command] });
  const without = withdrawn.value.reduce(apply, request);
  const { commands, ...judged } = await judgeWithout(context, without);
  return ok({ ...judged, commands: [command, ...commands] });
}
