/** Whether somebody may answer a request now, and if not, why, in words for them. */
import { ownRequestProblem } from '../core/advance.ts';
import { isSamePerson, type PersonKind, type Standing } from '../core/person.ts';
import { ok, type Problem, problem, type Result, refuse } from '../core/problem.ts';
import type { PlatformRequest } from '../core/request.ts';
import { listOf } from '../core/text.ts';
import type { Requirement, Review } from '../core/verdict.ts';
import { type AuthorEmails, counts } from './eligibility.ts';
import { type GroupTitles, titleOf } from './group-titles.ts';

export interface Reviewer {
  readonly standing: Standing;
  /** Those that their answer counts towards: at least one. */
  readonly requirements: readonly Requirement[];
}

export interface ReviewerQuestion {
  readonly request: PlatformRequest;
  readonly reviewer: Standing;
  readonly authorEmails: AuthorEmails;
  /** What they want to say. Without it, whoever has answered at all has answered already. */
  readonly decision?: Review['decision'];
  /** What they say with it. */
  readonly note?: string;
  /** To name groups as people do. */
  readonly titles?: GroupTitles;
}

/** Says nothing of the request's own state: a request that has ended is refused by `advance`. */
export function judgeReviewer(question: ReviewerQuestion): Result<Reviewer> {
  const { request, reviewer, authorEmails } = question;
  const { person, groups } = reviewer;
  if (isSamePerson(person, request.requester)) return refuse(ownRequestProblem());
  if (person.kind !== 'member') return refuse(notAMember(person.kind));
  if (groups === 'unknown') return refuse(membershipUnknown());
  if (hasAnswered(question)) return refuse(alreadyReviewed(request));
  const requirements = request.requirements.filter((one) => counts(reviewer, one, authorEmails));
  if (requirements.length > 0) {
    return lacksComment(question, requirements)
      ? refuse(commentNeeded(request))
      : ok({ standing: reviewer, requirements });
  }
  const doubted = request.requirements
    .flatMap(({ from }) => from)
    .flatMap((group) => reviewer.unknownGroups?.[group] ?? []);
  if (doubted.length > 0) return refuse(membershipUnknown(doubted));
  const isInGroup = request.requirements.some((one) => one.from.some((group) => groups.includes(group)));
  return refuse(isInGroup ? authorOfChange(request) : notEligible(request, question.titles));
}

function hasAnswered({ request, reviewer, decision }: ReviewerQuestion): boolean {
  const { person } = reviewer;
  const theirs = request.reviews.findLast(
    ({ by, email }) =>
      by === person.id || (email !== undefined && email.toLowerCase() === person.email?.toLowerCase()),
  );
  return theirs !== undefined && (decision === undefined || theirs.decision === decision);
}

const whyNotMember: Readonly<Record<Exclude<PersonKind, 'member'>, string>> = {
  guest: 'Guests of this workspace cannot answer requests.',
  outside: 'Only members of this workspace can answer its requests; you are here from another one.',
  bot: 'A bot cannot answer a request: a person has to.',
  deactivated: 'This account is deactivated, so its answers do not count.',
  system: 'Greenlight does not answer requests itself.',
};

export function notAMember(kind: Exclude<PersonKind, 'member'>): Problem {
  return problem('not_a_member', whyNotMember[kind], 'One of the people named on the card can answer it.');
}

/** `why`: of each group in doubt. */
export function membershipUnknown(why: readonly string[] = []): Problem {
  const because = why.length === 0 ? '' : ` (${listOf([...new Set(why)])})`;
  return problem(
    'membership_unknown',
    `Which groups you are in could not be found out just now${because}, so your answer cannot be counted.`,
    'Try again in a minute; if it stays, ask the platform team to look at your e-mail address.',
    { isTransient: true },
  );
}

function alreadyReviewed(request: PlatformRequest): Problem {
  return problem(
    'already_reviewed',
    `You have answered ${request.id} already.`,
    'Nothing to do: the card shows who is still missing.',
  );
}

function authorOfChange(request: PlatformRequest): Problem {
  return problem(
    'author_of_change',
    `You wrote some of what ${request.id} would bring out, so somebody else must answer it.`,
    'Ask one of the other people named on the card.',
  );
}

function lacksComment(
  { decision, note = '' }: ReviewerQuestion,
  requirements: readonly Requirement[],
): boolean {
  return decision === 'approve' && note.trim() === '' && requirements.some((one) => one.needsComment);
}

function commentNeeded(request: PlatformRequest): Problem {
  return problem(
    'comment_needed',
    `${request.id} needs a sentence with your yes: what you looked at, or why it may run.`,
    'Click Approve on the card and write one.',
  );
}

function notEligible(request: PlatformRequest, titles: GroupTitles = {}): Problem {
  const groups = [...new Set(request.requirements.flatMap(({ from }) => from))];
  const who = listOf(
    groups.map((group) => titleOf(group, titles)),
    'or',
  );
  return problem(
    'not_eligible',
    `${request.id} needs an answer from ${who}, and you are in none of these groups.`,
    'Ask somebody who is.',
  );
}
