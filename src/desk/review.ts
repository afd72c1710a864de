/** One person's yes or no, and the requester's taking back. */
import type { AuthorEmails } from '../approvals/eligibility.ts';
import { judgeReviewer } from '../approvals/quorum.ts';
import { advance, outOfDateProblem, refuseAnswer } from '../core/advance.ts';
import { groupTitles } from '../core/catalog.ts';
import { apply } from '../core/fold.ts';
import type { RequestId } from '../core/ids.ts';
import type { Person } from '../core/person.ts';
import { ok, type Problem, problemFrom, type Result, refuse } from '../core/problem.ts';
import type { PlatformRequest } from '../core/request.ts';
import type { Review } from '../core/verdict.ts';
import type { DeskContext } from './context.ts';
import type { Desk } from './desk.ts';
import { judge, judgeCommand, quorumNow, subjectOf } from './judge.ts';
import { standingOf } from './standing.ts';
import { unknownRequest, write } from './write.ts';

export async function review(
  context: DeskContext,
  asked: Parameters<Desk['review']>[0],
): Promise<Result<PlatformRequest>> {
  const known = await context.store.load(asked.id);
  if (!known) return refuse(unknownRequest(asked.id));
  const early = eligibility(context, known, asked);
  if (!early.ok) return refused(context, known, asked.by, early.problem);

  const result = await write(context, asked.id, async (request) => {
    try {
      return await decideReview(context, request, asked);
    } catch (error) {
      return refuse(problemFrom(error));
    }
  });
  if (!result.ok) return refused(context, known, asked.by, result.problem);
  const current = result.value;
  return hasCounted(current, asked)
    ? result
    : refused(context, current, asked.by, refuseAnswer(current) ?? outOfDateProblem(current));
}

/** What was written may be that the request has moved on instead, and then whoever clicked must hear of it. */
function hasCounted({ reviews }: PlatformRequest, asked: Parameters<Desk['review']>[0]): boolean {
  return reviews.some(
    ({ by, decision, digest }) =>
      by === asked.by.id && decision === asked.decision && digest === asked.digest,
  );
}

async function decideReview(
  context: DeskContext,
  request: PlatformRequest,
  asked: Parameters<Desk['review']>[0],
) {
  // Looked at again on every attempt: between two of them somebody else may have answered.
  const allowed = eligibility(context, request, asked);
  if (!allowed.ok) return allowed;
  const { action, subject } = subjectOf(context, request);
  const judgement = await judge(context, action, subject, 'review');
  const judged = judgeCommand(request, judgement, await quorumNow(context, request, judgement, undefined));

  // The policy may have become stricter or what would run may have moved since the card was drawn: that comes first,
  // and the click then meets the request as it is now.
  const now = context.clock.now();
  const brought = judged ? advance(request, judged, now) : undefined;
  const current = brought?.ok ? brought.events.reduce(apply, request) : request;
  if (judged && (current.status !== 'waiting' || current.digest !== asked.digest)) {
    return ok({ commands: [judged], evaluation: judgement.evaluation });
  }
  // Against what is required now and who wrote it as far as that is known now: the card may show otherwise.
  const stillAllowed = eligibility(context, current, asked, judgement.authorEmails);
  if (!stillAllowed.ok) return stillAllowed;

  const standing = standingOf(context, asked.by);
  const given = {
    by: asked.by.id,
    name: asked.by.name,
    groups: standing.groups === 'unknown' ? [] : [...standing.groups],
    decision: asked.decision,
    at: now,
    digest: asked.digest,
    ...(asked.by.email === undefined ? {} : { email: asked.by.email }),
    ...(asked.note === undefined ? {} : { note: asked.note }),
  };
  const quorum = await quorumNow(context, current, judgement, { review: given, standing });
  return ok({
    commands: [
      ...(judged ? [judged] : []),
      { type: 'review' as const, reviewer: asked.by, review: given, quorum },
    ],
    evaluation: judgement.evaluation,
  });
}

export async function mayReview(
  context: DeskContext,
  id: RequestId,
  by: Person,
): Promise<Result<PlatformRequest>> {
  const request = await context.store.load(id);
  if (!request) return refuse(unknownRequest(id));
  const allowed = eligibility(context, request, { by, decision: 'deny' });
  return allowed.ok ? ok(request) : refused(context, request, by, allowed.problem);
}

/** Whether this person may answer it now. `decision` is what they want to say, when that is known. */
export function eligibility(
  context: DeskContext,
  request: PlatformRequest,
  answer: { readonly by: Person } & Partial<Pick<Review, 'decision' | 'note'>>,
  authorEmails: AuthorEmails = authorsOf(request),
): Result<unknown> {
  const tooLate = refuseAnswer(request);
  if (tooLate) return refuse(tooLate);
  const { by, ...said } = answer;
  return judgeReviewer({
    request,
    reviewer: standingOf(context, by),
    authorEmails,
    titles: groupTitles(context.catalog()),
    ...(said.decision === undefined ? {} : { decision: said.decision }),
    ...(said.note === undefined ? {} : { note: said.note }),
  });
}

/** Who wrote what would go out; `unknown` when that could not be had, which excludes nobody and counts nobody. */
function authorsOf(request: PlatformRequest): AuthorEmails {
  const change = request.preview?.change;
  if (change === undefined) return [];
  return change === 'unknown' ? 'unknown' : change.authors;
}

export async function cancel(
  context: DeskContext,
  id: RequestId,
  by: Person,
): Promise<Result<PlatformRequest>> {
  return write(context, id, () => ok({ commands: [{ type: 'cancel', by }] }));
}

/** A refusal is recorded for the operator: many of them from one person are worth a look. */
function refused(
  context: DeskContext,
  request: PlatformRequest,
  by: Person,
  cause: Problem,
): Result<PlatformRequest> {
  context.log.warn({ request: request.id, person: by.id, code: cause.code }, 'a review was refused');
  return refuse(cause);
}
