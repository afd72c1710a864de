/** Whom and what a request is about at this moment: a place may have become production since, an environment another team's. */
import type { ChangeAction, Target, TargetContext } from '../core/action.ts';
import type { RequestId } from '../core/ids.ts';
import { type Problem, ProblemError, problem } from '../core/problem.ts';
import { type DeskContext, targetContext } from './context.ts';
import type { Subject } from './gather-facts.ts';
import { standingOf } from './standing.ts';

export interface TargetNow {
  readonly target: Target;
  /** What it was found with. */
  readonly known: TargetContext;
}

/** @throws ProblemError when it could not be asked for like that any more. */
export async function targetNow(
  context: DeskContext,
  action: ChangeAction,
  subject: Subject,
): Promise<TargetNow> {
  const known = withAskedTeam(context, subject, await targetContext(context, subject.requester));
  refuseEarly(subject, known);
  const found = action.target(subject.input, known);
  if (found.ok) return { target: found.value, known };
  const { id } = subject;
  throw new ProblemError(id === undefined ? found.problem : noLongerFits(id, found.problem));
}

/**
 * It stays the team's for which it was asked: nobody has named another one, whichever else its requester is in by now.
 * Who can no longer be told to be in it counts as one of it: a directory that is away must not end their request, and the
 * guardrails hear of the doubt themselves.
 */
function withAskedTeam(
  context: DeskContext,
  { requester, target: { team } }: Subject,
  known: TargetContext,
): TargetContext {
  const { groups, unknownGroups = {} } = standingOf(context, requester);
  const isDoubted = groups === 'unknown' || Object.hasOwn(unknownGroups, team);
  const isInIt = isDoubted || known.requesterGroups.includes(team);
  return { ...known, requesterGroups: isInIt ? [team] : [] };
}

/**
 * Whoever asks for a removal because the time is over may have looked before the end was moved. From when it begins it holds
 * the environment's lock, so nothing moves the end after this.
 */
function refuseEarly({ end, target: { name } }: Subject, { environments }: TargetContext): void {
  const expiresAt = environments.find((one) => one.name === name)?.expiresAt;
  if (end === undefined || expiresAt === undefined || expiresAt <= end) return;
  throw new ProblemError(
    problem('conflict', `The end of ${name} was moved meanwhile.`, 'Nothing to do: it stays until then.'),
  );
}

/** Between the asking and now somebody has edited what it may be asked with. */
export function noLongerFits(id: RequestId, cause: Problem): Problem {
  return problem(
    'plan_changed',
    `What ${id} was asked with no longer fits: ${cause.sentence}`,
    'Ask again: the form shows what is needed now.',
  );
}
