/** Whether somebody may answer a request now, and if not, why, in words for them. */
import { codeNeeded } from '../core/codes.ts';
import type { PersonKind, Standing } from '../core/person.ts';
import { ok, type Problem, problem, type Result, refuse } from '../core/problem.ts';
import { ownRequestProblem } from '../core/refusals.ts';
import type { PlatformRequest } from '../core/request.ts';
import { askersOf, isAsker, isReviewBy } from '../core/review-life.ts';
import { listOf } from '../core/text.ts';
import type { Requirement, Review } from '../core/verdict.ts';
import { type AuthorEmails, voiceFor } from './eligibility.ts';
import { type GroupTitles, titleOf } from './group-titles.ts';

export interface Reviewer {
  /** Standing for those alone whose voice their answer counts by. */
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
  /** They gave a code with it; whether it is right is found out last, since every try counts. */
  readonly hasCode?: boolean;
  /** To name groups as people do. */
  readonly titles?: GroupTitles;
}

/** Says nothing of the request's own state: a request that has ended is refused by `advance`. */
export function judgeReviewer(question: ReviewerQuestion): Result<Reviewer> {
  const { request, reviewer, authorEmails } = question;
  const { person, groups } = reviewer;
  if (isAsker(request, person)) return refuse(ownRequestProblem());
  if (person.kind !== 'member') return refuse(notAMember(person.kind));
  if (groups === 'unknown') return refuse(membershipUnknown());
  if (hasAnswered(question)) return refuse(alreadyReviewed(request));
  const askers = askersOf(request);
  const voices = request.requirements.map((one) => voiceFor(reviewer, one, authorEmails, askers));
  const requirements = request.requirements.filter((_one, index) => voices[index] !== undefined);
  if (requirements.length > 0) {
    const lacking = whatLacks(question, requirements);
    return lacking ? refuse(lacking) : ok({ standing: speakingFor(reviewer, voices), requirements });
  }
  const doubted = request.requirements
    .flatMap(({ from }) => from)
    .flatMap((group) => reviewer.unknownGroups?.[group] ?? []);
  if (doubted.length > 0) return refuse(membershipUnknown(doubted));
  const isInGroup = request.requirements.some((one) => one.from.some((group) => groups.includes(group)));
  return refuse(isInGroup ? authorOfChange(request) : notEligible(request, question.titles));
}

function speakingFor(reviewer: Standing, voices: readonly (Standing | undefined)[]): Standing {
  const { standsFor = [], ...own } = reviewer;
  const lenders = standsFor.filter((lender) => voices.includes(lender));
  return { ...own, ...(lenders.length > 0 ? { standsFor: lenders } : {}) };
}

function hasAnswered({ request, reviewer, decision }: ReviewerQuestion): boolean {
  const theirs = request.reviews.findLast((review) => isReviewBy(review, reviewer.person));
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

/** What an answer needs and does not have; for a yes all of it in `fields`, so that one form can ask for it. */
function whatLacks(
  { request, decision, note = '', hasCode = false }: ReviewerQuestion,
  requirements: readonly Requirement[],
): Problem | undefined {
  const hasNote = note.trim() !== '';
  if (decision === 'request_changes') return hasNote ? undefined : changesNeeded(request);
  if (decision === 'deny') return hasNote ? undefined : reasonNeeded(request);
  if (decision !== 'approve') return undefined;
  const wantsNote = requirements.some(({ needsComment }) => needsComment);
  const wantsCode = requirements.some(({ stepUp }) => stepUp);
  const lacking = wantsNote && !hasNote ? commentNeeded : wantsCode && !hasCode ? codeNeeded : undefined;
  if (!lacking) return undefined;
  const cause = lacking(request);
  const { sentence } = cause;
  const fields = { ...(wantsNote ? { note: sentence } : {}), ...(wantsCode ? { code: sentence } : {}) };
  return { ...cause, fields };
}

function commentNeeded(request: PlatformRequest): Problem {
  return problem(
    'comment_needed',
    `${request.id} needs a sentence with your yes: what you looked at, or why it may run.`,
    'Click Approve on the card and write one.',
  );
}

function changesNeeded(request: PlatformRequest): Problem {
  return problem(
    'comment_needed',
    `Whoever asked for ${request.id} must read what should change.`,
    'Click Request changes on the card and write a sentence.',
  );
}

function reasonNeeded(request: PlatformRequest): Problem {
  return problem(
    'comment_needed',
    `Whoever asked for ${request.id} must read why it is denied.`,
    'Click Deny on the card and write a sentence.',
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
