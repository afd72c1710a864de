/** One person's answer, and the requester's taking back. */
import type { AuthorEmails } from '../approvals/eligibility.ts';
import type { Reviewer } from '../approvals/judge-reviewer.ts';
import { judgeReviewer } from '../approvals/quorum.ts';
import { advance } from '../core/advance.ts';
import { groupTitles } from '../core/catalog.ts';
import { apply } from '../core/fold.ts';
import type { RequestId } from '../core/ids.ts';
import type { Person, Standing } from '../core/person.ts';
import { ok, type Problem, problem, problemFrom, type Result, refuse } from '../core/problem.ts';
import { outOfDateProblem, refuseAnswer } from '../core/refusals.ts';
import type { PlatformRequest } from '../core/request.ts';
import type { Review } from '../core/verdict.ts';
import type { DeskContext } from './context.ts';
import type { Desk } from './desk.ts';
import { hasActedAfter } from './has-acted.ts';
import { type Judgement, judge, judgeCommand, quorumNow, subjectOf } from './judge.ts';
import { lapseNow } from './lapse.ts';
import { narrow } from './narrow.ts';
import { reviewOf } from './review-of.ts';
import { authorsOf, standingToAnswer } from './standing.ts';
import { type Factor, factorOf } from './step-up.ts';
import { type Decision, unknownRequest, write } from './write.ts';

export async function review(
  context: DeskContext,
  asked: Parameters<Desk['review']>[0],
): Promise<Result<PlatformRequest>> {
  const known = await context.store.load(asked.id);
  if (!known) return refuse(unknownRequest(asked.id));
  const early = await eligibility(context, known, asked);
  if (!early.ok) return refused(context, known, asked.by, early.problem);

  const factor = factorOf(context, asked);
  let isAdmitted = false;
  const result = await write(context, asked.id, async (request) => {
    try {
      const decided = await decideReview(context, request, asked, { factor, since: known.version });
      isAdmitted = decided.ok && decided.value.isAdmitted;
      return decided;
    } catch (error) {
      return refuse(problemFrom(error));
    }
  });
  if (!result.ok) return refused(context, known, asked.by, result.problem);
  if (isAdmitted) return result;
  // What was written is that the request has moved on instead, and whoever clicked must hear of it.
  const current = result.value;
  return refused(context, current, asked.by, refuseAnswer(current) ?? outOfDateProblem(current));
}

interface DecidedReview extends Decision {
  /** The answer is among the commands. */
  readonly isAdmitted: boolean;
}

async function decideReview(
  context: DeskContext,
  before: PlatformRequest,
  asked: Parameters<Desk['review']>[0],
  { factor, since }: { readonly factor: Factor; readonly since: number },
): Promise<Result<DecidedReview>> {
  const { commands: lapsed, request } = await lapseNow(context, before);
  // Looked at again on every attempt: between two of them somebody else may have answered.
  const allowed = await eligibility(context, request, asked);
  if (!allowed.ok) return allowed;
  // This process may have stood still, and another have carried out the click: what they did after it is what they mean.
  const isOvertaken =
    before.version > since && (await hasActedAfter(context.store, asked.by.id, before.id, since));
  if (isOvertaken) return refuse(overtaken(before.id));
  const { action, subject } = subjectOf(context, request);
  const judgement = await judge(context, action, subject, 'review');
  const judged = judgeCommand(request, judgement, await quorumNow(context, request, judgement, undefined));

  // The policy may have become stricter or what would run may have moved since the card was drawn: that comes first,
  // and the click then meets the request as it is now.
  const now = context.clock.now();
  const brought = judged ? advance(request, judged, now) : undefined;
  const current = brought?.ok ? brought.events.reduce(apply, request) : request;
  if (judged && (current.status !== 'waiting' || current.digest !== asked.digest)) {
    return ok({ commands: [...lapsed, judged], evaluation: judgement.evaluation, isAdmitted: false });
  }
  const admitted = await admitReview(context, current, judgement, asked, factor);
  if (!admitted.ok) return admitted;
  const { commands, evaluation = judgement.evaluation, ...spent } = admitted.value;
  const all = [...lapsed, ...(judged ? [judged] : []), ...commands];
  return ok({ ...spent, commands: all, evaluation, isAdmitted: true });
}

/**
 * The one door through which an answer gets into a request: a yes, a yes to less, a wish for changes, a no. `request` is
 * as the guardrails and the outside have it at this moment, and `judgement` their word on it.
 */
async function admitReview(
  context: DeskContext,
  request: PlatformRequest,
  judgement: Judgement,
  asked: Parameters<Desk['review']>[0],
  factor: Factor,
): Promise<Result<Decision>> {
  // Against what is required now and who wrote it as far as that is known now: the card may show otherwise.
  const allowed = await eligibility(context, request, asked, judgement.authorEmails);
  if (!allowed.ok) return allowed;
  if (asked.digest !== request.digest) return refuse(outOfDateProblem(request));
  const { standing, requirements } = allowed.value;
  // After all that needs no code: every try counts.
  const code = await factor(requirements);
  if (!code.ok) return code;
  const spent = code.value === undefined ? {} : { code: code.value };
  const answer: Review = {
    ...reviewOf(asked, standing, context.clock.now()),
    ...(code.value === undefined ? {} : { factor: 'code' }),
  };
  const said =
    asked.narrowTo === undefined
      ? await reviewed(context, request, judgement, { by: asked.by, answer, standing })
      : await narrow(context, request, { by: asked.by, answer, standing, to: asked.narrowTo });
  return said.ok ? ok({ ...said.value, ...spent }) : said;
}

async function reviewed(
  context: DeskContext,
  request: PlatformRequest,
  judgement: Judgement,
  { by, answer, standing }: { readonly by: Person; readonly answer: Review; readonly standing: Standing },
): Promise<Result<Decision>> {
  const quorum = await quorumNow(context, request, judgement, { review: answer, standing });
  return ok({ commands: [{ type: 'review', reviewer: by, review: answer, quorum }] });
}

function overtaken(id: RequestId): Problem {
  return problem(
    'conflict',
    `You have answered ${id} otherwise while this click was on its way, so it does not count.`,
    'Look at its card, and click again if it is not as you mean it.',
  );
}

export async function mayReview(
  context: DeskContext,
  id: RequestId,
  by: Person,
  decision: Review['decision'] = 'deny',
): Promise<Result<PlatformRequest>> {
  const request = await context.store.load(id);
  if (!request) return refuse(unknownRequest(id));
  const allowed = await eligibility(context, request, { by, decision });
  // A sentence or a code is what the form is opened for.
  const isAllowed = allowed.ok || ['comment_needed', 'code_needed'].includes(allowed.problem.code);
  return isAllowed ? ok(request) : refused(context, request, by, allowed.problem);
}

/** Whether this person may answer it now. `decision` is what they want to say, when that is known. */
export async function eligibility(
  context: DeskContext,
  request: PlatformRequest,
  answer: { readonly by: Person; readonly code?: string } & Partial<Pick<Review, 'decision' | 'note'>>,
  authorEmails: AuthorEmails = authorsOf(request),
): Promise<Result<Reviewer>> {
  const tooLate = refuseAnswer(request);
  if (tooLate) return refuse(tooLate);
  const { by, ...said } = answer;
  return judgeReviewer({
    request,
    reviewer: await standingToAnswer(context, by),
    authorEmails,
    titles: groupTitles(context.catalog()),
    ...(said.decision === undefined ? {} : { decision: said.decision }),
    ...(said.note === undefined ? {} : { note: said.note }),
    hasCode: said.code !== undefined,
  });
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
