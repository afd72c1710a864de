/**
 * Asking the guardrails: preview, facts, verdict. The same way at submit, at each review, when a window opens and at
 * the start: nothing is trusted for having been true before.
 */
import { evaluate } from '../approvals/evaluate.ts';
import { describeLimits } from '../approvals/limits.ts';
import type { Policy } from '../approvals/policy.ts';
import { countQuorum } from '../approvals/quorum.ts';
import { strictestOf } from '../approvals/strictest.ts';
import type { ChangeAction, Preview } from '../core/action.ts';
import type { RequestCommand } from '../core/advance.ts';
import { digestOf } from '../core/digest.ts';
import type { Facts } from '../core/facts.ts';
import type { Standing } from '../core/person.ts';
import { planOf } from '../core/plan.ts';
import { type Problem, ProblemError, problem } from '../core/problem.ts';
import type { PlannedStep, PlatformRequest } from '../core/request.ts';
import type { Evaluation } from '../core/store.ts';
import type { Quorum, Review, Verdict } from '../core/verdict.ts';
import { type DeskContext, readContext, targetContext } from './context.ts';
import { furtherOf, withCheckedValues } from './further.ts';
import { factsOfParts, gatherFacts, type PartFacts, type Subject } from './gather-facts.ts';
import { requesterNow, standingsNow } from './standing.ts';
import { withWays } from './unblock.ts';

export interface Judgement {
  readonly evaluation: Evaluation;
  readonly verdict: Verdict;
  readonly facts: Facts;
  /** What the guardrails would say of other facts of the same thing. */
  judgeOf(facts: Facts): Verdict;
  readonly preview: Preview;
  readonly digest: string;
  readonly plan: readonly PlannedStep[];
  /** How much of each limit is used up, in words. */
  readonly limits: readonly string[];
  /** `unknown` when they could not be had. */
  readonly authorEmails: readonly string[] | 'unknown';
}

/** @throws ProblemError when the preview cannot be made: what is named does not exist, or the outside is away. */
export async function judge(
  context: DeskContext,
  action: ChangeAction,
  asked: Subject,
  stage: Evaluation['stage'],
): Promise<Judgement> {
  // Between the asking and the start there may be a weekend, and the requester's last day.
  const subject = { ...asked, requester: await requesterNow(context, asked.requester) };
  const preview = await action.preview(subject.input, readContext(context, subject.requester));
  const facts = await gatherFacts(context, subject, preview);
  const policy = context.policy();
  const parts = factsOfParts(facts, preview);
  const said = verdictOn(policy, facts, parts);
  const judgeOf = (other: Facts) => verdictOn(policy, other, factsOfParts(other, preview));
  const known = await targetContext(context, subject.requester);
  const verdict = withWays({
    ...{ policy, action, requester: subject.requester, preview, facts, verdict: said, known },
    judge: judgeOf,
  });
  return {
    evaluation: {
      ...{ stage, at: context.clock.now(), verdict: said },
      facts: parts.length === 0 ? facts : { ...facts, parts: parts.map((part) => part.facts) },
    },
    verdict,
    facts,
    judgeOf,
    preview,
    digest: digestOf({
      action: subject.actionName,
      input: subject.input,
      target: subject.target,
      resolved: preview.resolved,
      // The same answers to other questions are another request.
      schema: furtherOf(action, subject.input, context.catalog())?.digest,
      // What goes out depends on what runs now: an approval of three commits is none of thirty.
      commits: preview.commits.map((commit) => commit.sha),
      policy: verdict.policyVersion,
    }),
    limits: describeLimits(policy.limitsOf.get(subject.actionName) ?? [], facts),
    plan: planOf(action.steps(subject.input, context.catalog())),
    authorEmails: facts.unknown.includes('change') ? 'unknown' : facts.change.authors,
  };
}

/** Of a set, what the strictest says of any of its parts. */
function verdictOn(policy: Policy, facts: Facts, parts: readonly PartFacts[]): Verdict {
  const [first, ...others] = parts.map((part) => ({
    name: part.name,
    verdict: evaluate(policy, part.facts),
  }));
  return first ? strictestOf(first, others) : evaluate(policy, facts);
}

/** The reviews so far, counted against what is required now by who people are now. */
export async function quorumNow(
  context: DeskContext,
  request: PlatformRequest,
  judgement: Pick<Judgement, 'verdict' | 'authorEmails'>,
  also: { review: Review; standing: Standing } | undefined,
): Promise<Quorum> {
  const standings = new Map(
    await standingsNow(
      context,
      request.reviews.map((review) => review.by),
    ),
  );
  if (also) standings.set(also.review.by, also.standing);
  return countQuorum({
    requirements: judgement.verdict.requirements,
    reviews: also ? [...request.reviews, also.review] : request.reviews,
    requester: request.requester,
    authorEmails: judgement.authorEmails,
    standings,
  });
}

/** The command that brings a request up to date with a judgement; `undefined` when it says what is known already. */
export function judgeCommand(
  request: PlatformRequest,
  judgement: Judgement,
  quorum: Quorum | undefined,
): Extract<RequestCommand, { type: 'judge' }> | undefined {
  const isSame =
    request.verdict !== undefined &&
    request.digest === judgement.digest &&
    saysTheSame(request.verdict, judgement.verdict);
  const stillStands =
    request.status === 'waiting'
      ? judgement.verdict.outcome === 'require_approval' && quorum?.state !== 'met'
      : request.status === 'approved' && (judgement.verdict.outcome === 'allow' || quorum?.state === 'met');
  if (isSame && stillStands) return undefined;
  const { verdict, preview, digest, plan } = judgement;
  return { type: 'judge', verdict, preview, digest, plan, quorum, moved: whatMoved(request, judgement) };
}

/** The ways out move with the clock: they are no news to anybody. */
function saysTheSame({ ways: _before, ...before }: Verdict, { ways: _now, ...now }: Verdict): boolean {
  return digestOf(before) === digestOf(now);
}

/** What is no longer as it was when people were asked, in words; nothing when nobody was asked yet. */
function whatMoved(request: PlatformRequest, judgement: Judgement): string[] {
  if (request.digest === undefined || request.digest === judgement.digest || request.reviews.length === 0)
    return [];
  const before = request.preview;
  const { preview, verdict } = judgement;
  const names = Object.keys(preview.resolved).filter(
    (name) => before?.resolved[name] !== preview.resolved[name],
  );
  const commits =
    digestOf(before?.commits.map((one) => one.sha) ?? []) !== digestOf(preview.commits.map((one) => one.sha));
  const known = [
    ...names.map((name) => `the ${name} is ${preview.resolved[name]} now`),
    ...(commits && names.length === 0 ? ['other commits would go out now'] : []),
    ...(request.verdict?.policyVersion === verdict.policyVersion ? [] : ['the guardrails were changed']),
  ];
  // Never nothing: what is not named as moved would keep its reviews.
  return known.length > 0 ? known : ['it would do something else now'];
}

/** The change action and subject of a stored request, its input read again by today's schema. */
export function subjectOf(
  context: DeskContext,
  request: PlatformRequest,
): { action: ChangeAction; subject: Subject } {
  const action = context.actions.get(request.action);
  const parsed = action?.input.safeParse(request.input);
  if (!action || action.effect === 'read' || !parsed?.success) {
    throw new ProblemError(
      problem(
        'unknown_action',
        `${request.action} is not what it was when ${request.id} was asked for.`,
        'Ask again.',
      ),
    );
  }
  const checked = withCheckedValues(action, parsed.data, context.catalog());
  if (!checked.ok) throw new ProblemError(changedQuestions(request.id, checked.problem));
  return {
    action,
    subject: {
      actionName: request.action,
      action,
      input: checked.value,
      target: request.target,
      requester: request.requester,
      id: request.id,
      ...(request.bypass === undefined ? {} : { bypass: request.bypass }),
    },
  };
}

/** Between the asking and now somebody has edited what it may be asked with. */
function changedQuestions(id: PlatformRequest['id'], cause: Problem): Problem {
  return problem(
    'plan_changed',
    `What ${id} was asked with no longer fits: ${cause.sentence}`,
    'Ask again: the form shows what is needed now.',
  );
}
