/** Takes off the answers of people who may no longer give them, before anything is decided by those that are left. */
import { membershipUnknown } from '../approvals/judge-reviewer.ts';
import { doubtsAbout, lapsedReviews } from '../approvals/lapsed.ts';
import type { RequestCommand } from '../core/advance.ts';
import { apply } from '../core/fold.ts';
import { ProblemError } from '../core/problem.ts';
import type { PlatformRequest } from '../core/request.ts';
import { advanceReviews } from '../core/review-life.ts';
import type { DeskContext } from './context.ts';
import { judge, judgeCommand, quorumNow, subjectOf } from './judge.ts';
import { authorsOf, standingsOfReviewers } from './standing.ts';
import type { Decision } from './write.ts';

export interface Lapse {
  readonly commands: readonly RequestCommand[];
  /** Without them. */
  readonly request: PlatformRequest;
}

/** @throws ProblemError when the directory is away. */
export async function lapseNow(context: DeskContext, request: PlatformRequest): Promise<Lapse> {
  const standings = await standingsOfReviewers(context, request);
  const reviews = lapsedReviews({ request, standings, authorEmails: authorsOf(request) });
  if (reviews.length === 0) return { commands: [], request };
  const command = { type: 'lapse', reviews } as const;
  const events = advanceReviews(request, command, context.clock.now());
  return { commands: [command], request: events.ok ? events.value.reduce(apply, request) : request };
}

/** One that has fewer answers now: what is left may be enough, where the one that went stood in the way. */
export async function judgeWithout(context: DeskContext, left: PlatformRequest): Promise<Decision> {
  const { action, subject } = subjectOf(context, left);
  const judgement = await judge(context, action, subject, 'review');
  const judged = judgeCommand(left, judgement, await quorumNow(context, left, judgement, undefined));
  return { commands: judged ? [judged] : [], evaluation: judgement.evaluation };
}

/**
 * Before it is said that answers are missing.
 * @throws ProblemError `membership_unknown` while one of those that are there is in doubt: it would have to be given again.
 */
export async function refuseDoubt(context: DeskContext, request: PlatformRequest): Promise<void> {
  const standings = await standingsOfReviewers(context, request);
  const doubts = [...standings.values()].flatMap((one) => doubtsAbout(one, request.requirements));
  if (doubts.length > 0) throw new ProblemError(membershipUnknown(doubts));
}
