/**
 * A yes to less than was asked for. What is left is judged as if it had been asked for so, and may raise no new question:
 * then it takes the place of what was asked, with the narrower's yes as the only answer to it (decisions/0009).
 */
import { describeVerdict } from '../approvals/explain.ts';
import { judgeReviewer } from '../approvals/quorum.ts';
import { advance, type RequestCommand } from '../core/advance.ts';
import { withFallbacks } from '../core/asking.ts';
import { groupTitles } from '../core/catalog.ts';
import { apply } from '../core/fold.ts';
import { isAskedAlready, narrowInput } from '../core/narrow.ts';
import type { Person, Standing } from '../core/person.ts';
import { ok, type Problem, problem, type Result, refuse } from '../core/problem.ts';
import { refuseAnswer } from '../core/refusals.ts';
import type { PlatformRequest } from '../core/request.ts';
import type { Review } from '../core/verdict.ts';
import type { DeskContext } from './context.ts';
import { withCheckedValues } from './further.ts';
import { type Judgement, judge, quorumNow, subjectOf } from './judge.ts';
import type { Decision } from './write.ts';

interface Narrowing {
  readonly by: Person;
  readonly standing: Standing;
  /** What they say with it, of what was asked for. */
  readonly answer: Review;
  /** By field. */
  readonly to: Readonly<Record<string, unknown>>;
}

/** `request` as it is at this moment, and whoever narrows it admitted to answer it. */
export async function narrow(
  context: DeskContext,
  request: PlatformRequest,
  { by, standing, answer, to }: Narrowing,
): Promise<Result<Decision>> {
  if (answer.decision !== 'approve') return refuse(notYes());
  const less = checkNarrowing(context, request, to);
  if (!less.ok) return less;
  const { input, changes, action, subject } = less.value;
  const judgement = await judge(context, action, { ...subject, input }, 'review');
  const refusal = refuseMore(context, request, judgement);
  if (refusal) return refuse(refusal);

  const { verdict, preview, target, digest, plan, evaluation } = judgement;
  const narrowed: RequestCommand[] = [
    { type: 'narrow', by, input, changes },
    { type: 'judge', verdict, preview, target, digest, plan, moved: [], quorum: undefined },
  ];
  const now = context.clock.now();
  let after = request;
  for (const command of narrowed) {
    const advanced = advance(after, command, now);
    if (!advanced.ok) return advanced;
    after = advanced.events.reduce(apply, after);
  }
  // Less may need nobody, or others: then what they have said is said with the narrowing.
  if (!isAnsweredBy(after, judgement, standing)) return ok({ commands: narrowed, evaluation });
  const review = { ...answer, digest };
  const quorum = await quorumNow(context, after, judgement, { review, standing });
  const reviewed = { type: 'review', reviewer: by, review, quorum } as const;
  return ok({ commands: [...narrowed, reviewed], evaluation });
}

/** What would be left; a problem names each field that is not less. */
export function checkNarrowing(context: DeskContext, request: PlatformRequest, to: Narrowing['to']) {
  const { action, subject } = subjectOf(context, request);
  const less = narrowInput(action, subject.input, to);
  if (!less.ok) return less;
  const input = withCheckedValues(action, less.value.input, context.catalog());
  return input.ok ? ok({ action, subject, input: input.value, changes: less.value.changes }) : input;
}

function isAnsweredBy(request: PlatformRequest, { authorEmails }: Judgement, reviewer: Standing): boolean {
  if (refuseAnswer(request)) return false;
  return judgeReviewer({ request, reviewer, authorEmails }).ok;
}

/** What the guardrails have against less; mostly nothing. */
function refuseMore(
  context: DeskContext,
  request: PlatformRequest,
  { verdict }: Judgement,
): Problem | undefined {
  const { outcome } = verdict;
  const requirements = withFallbacks(verdict.requirements, request.asking?.escalated ?? []);
  const isFine =
    outcome === 'allow' ||
    (outcome === 'require_approval' && isAskedAlready(requirements, request.requirements));
  if (isFine) return undefined;
  const said = describeVerdict(verdict, groupTitles(context.catalog())).replace(/\.$/, '');
  return problem(
    'not_narrower',
    `Of that little the guardrails would ask more than of ${request.id} as it is: ${said}.`,
    'Choose other values, or ask for changes.',
  );
}

function notYes(): Problem {
  return problem('bad_input', 'Only a yes can be to less than was asked for.', 'Click Approve with less.');
}
