/**
 * Asking the guardrails: preview, facts, verdict. The same way at submit, at each review, when a window opens and at
 * the start: nothing is trusted for having been true before.
 */
import { withFactor } from '../approvals/break-glass.ts';
import { evaluate } from '../approvals/evaluate.ts';
import { isUnknown } from '../approvals/facts-unknown.ts';
import type { GroupTitles } from '../approvals/group-titles.ts';
import { describeLimits } from '../approvals/limits.ts';
import type { Policy } from '../approvals/policy.ts';
import { countQuorum } from '../approvals/quorum.ts';
import { strictestOf } from '../approvals/strictest.ts';
import type { ChangeAction, Preview, Target } from '../core/action.ts';
import type { RequestCommand } from '../core/advance.ts';
import { withFallbacks } from '../core/asking.ts';
import { withKnownAuthors } from '../core/authors.ts';
import { groupTitles } from '../core/catalog.ts';
import { digestOf } from '../core/digest.ts';
import type { Facts } from '../core/facts.ts';
import type { Standing } from '../core/person.ts';
import { planOf } from '../core/plan.ts';
import { ProblemError, problem } from '../core/problem.ts';
import type { PlannedStep, PlatformRequest } from '../core/request.ts';
import type { Evaluation } from '../core/store.ts';
import type { Quorum, Review, Verdict } from '../core/verdict.ts';
import { asAgreed } from './as-agreed.ts';
import { type DeskContext, readContext } from './context.ts';
import { furtherOf, withCheckedValues } from './further.ts';
import { factsOfParts, gatherFacts, type PartFacts, type Subject } from './gather-facts.ts';
import { requesterNow, standingsNow } from './standing.ts';
import { noLongerFits, targetNow } from './target-now.ts';
import { withWays } from './unblock.ts';
import { asksTheSame, hasRedCheck, whatMoved } from './what-moved.ts';

export interface Judgement {
  readonly evaluation: Evaluation;
  readonly verdict: Verdict;
  readonly facts: Facts;
  /** What the guardrails would say of other facts of the same thing. */
  judgeOf(facts: Facts): Verdict;
  readonly preview: Preview;
  /** What it is about now. */
  readonly target: Target;
  readonly digest: string;
  /** What the digest would be under another version of the policy. */
  digestUnder(policyVersion: string): string;
  /** What people call groups. */
  readonly titles: GroupTitles;
  readonly plan: readonly PlannedStep[];
  /** How much of each limit is used up, in words. */
  readonly limits: readonly string[];
  /** `unknown` when they could not be had. */
  readonly authorEmails: readonly string[] | 'unknown';
}

/** @throws ProblemError when it cannot be told what it would do: what is named does not exist, or the outside is away. */
export async function judge(
  context: DeskContext,
  action: ChangeAction,
  asked: Subject,
  stage: Evaluation['stage'],
): Promise<Judgement> {
  // Between the asking and the start there may be a weekend, and the requester's last day.
  const requester = await requesterNow(context, asked.requester);
  const seen = await action.preview(asked.input, readContext(context, requester));
  const resolved = asked.agreed === undefined ? seen.resolved : asAgreed(seen.resolved, asked.agreed);
  const preview = withKnownAuthors({ ...seen, resolved }, context.catalog());
  // After the preview, which says better of what is gone that it is, and again later while the outside is away.
  const { target, known } = await targetNow(context, action, { ...asked, requester });
  const subject = { ...asked, requester, target };
  const facts = await gatherFacts(context, subject, preview);
  const policy = context.policy();
  const parts = factsOfParts(facts, preview);
  const said = verdictOn(policy, facts, parts);
  const judgeOf = (other: Facts) => verdictOn(policy, other, factsOfParts(other, preview));
  const withoutFactor = withWays({
    ...{ policy, action, requester, preview, facts, verdict: said, known },
    judge: judgeOf,
  });
  const verdict = withFactor(withoutFactor, subject.bypass?.factor);
  const plan = planOf(action.steps(subject.input, context.catalog()));
  const bound = {
    action: subject.actionName,
    input: subject.input,
    target,
    resolved: preview.resolved,
    // The same answers to other questions are another request.
    schema: furtherOf(action, subject.input, context.catalog())?.digest,
    // What goes out depends on what runs now: an approval of three commits is none of thirty.
    commits: preview.commits.map((commit) => commit.sha),
    cost: preview.cost,
    redCheck: hasRedCheck(preview) || undefined,
    // How it is carried out follows from the catalog too, which somebody may have edited since.
    plan: plan.map(({ id, title }) => ({ id, title })),
  };
  const digestUnder = (policy: string) => digestOf({ ...bound, policy });
  return {
    evaluation: {
      ...{ stage, at: context.clock.now(), verdict: said },
      facts: parts.length === 0 ? facts : { ...facts, parts: parts.map((part) => part.facts) },
    },
    verdict,
    facts,
    judgeOf,
    preview,
    target,
    digest: digestUnder(verdict.policyVersion),
    digestUnder,
    limits: describeLimits(policy.limitsOf.get(subject.actionName) ?? [], facts),
    plan,
    titles: groupTitles(context.catalog()),
    authorEmails: isUnknown('change.authors', facts.unknown) ? 'unknown' : facts.change.authors,
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
    requirements: withFallbacks(judgement.verdict.requirements, request.asking?.escalated ?? []),
    reviews: also ? [...request.reviews, also.review] : request.reviews,
    requester: request.requester,
    ...(request.onBehalfOf === undefined ? {} : { onBehalfOf: request.onBehalfOf }),
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
    isBoundAlike(request, judgement) &&
    saysTheSame(request.verdict, judgement.verdict);
  const stillStands =
    request.status === 'waiting'
      ? judgement.verdict.outcome === 'require_approval' && quorum?.state !== 'met'
      : request.status === 'approved' && (judgement.verdict.outcome === 'allow' || quorum?.state === 'met');
  if (isSame && stillStands) return undefined;
  const { verdict, preview, target, digest, plan } = judgement;
  const moved = movesOf(request, judgement);
  return { type: 'judge', verdict, preview, target, digest, plan, quorum, moved };
}

/** Whether it would do what people were asked about. The policy's version alone is no news to them (decisions/0010). */
function isBoundAlike({ digest, verdict }: PlatformRequest, { digestUnder }: Judgement): boolean {
  return verdict !== undefined && digest === digestUnder(verdict.policyVersion);
}

/** The ways out move with the clock, and rules that have nothing to say of it with the policy: no news to anybody. */
function saysTheSame(one: Verdict, other: Verdict): boolean {
  const said = ({ ways: _ways, policyVersion: _version, shadows: _shadows, ...rest }: Verdict) =>
    digestOf(rest);
  return said(one) === said(other);
}

/** What is no longer as it was when people answered, in words; nothing when nobody has. */
function movesOf(request: PlatformRequest, judgement: Judgement): string[] {
  if (request.reviews.length === 0 || request.verdict === undefined) return [];
  const isAskedAlike =
    request.verdict.policyVersion === judgement.verdict.policyVersion ||
    asksTheSame(request.verdict, judgement.verdict);
  if (isBoundAlike(request, judgement) && isAskedAlike) return [];
  const known = whatMoved(request, judgement, judgement.titles);
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
  if (!checked.ok) throw new ProblemError(noLongerFits(request.id, checked.problem));
  return {
    action,
    subject: {
      actionName: request.action,
      action,
      input: checked.value,
      target: request.target,
      requester: request.requester,
      id: request.id,
      // One that waits again has lost its place.
      ...(request.status === 'approved' ? { approvedAt: request.approvedAt ?? context.clock.now() } : {}),
      ...(request.bypass === undefined ? {} : { bypass: request.bypass }),
      ...(request.end === undefined ? {} : { end: request.end }),
      ...(request.preview === undefined ? {} : { agreed: request.preview.resolved }),
    },
  };
}
