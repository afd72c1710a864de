/**
 * Who is mentioned when an answer is wanted: a few who are awake, not everybody who may answer. Anyone who may answer
 * still can. Pure, and the same people for the same question.
 */
import type { Moment, PersonId } from '../core/ids.ts';
import { isSamePerson, type Person, type Standing } from '../core/person.ts';
import type { QuorumPart } from '../core/verdict.ts';
import { awakeAt, isAwake } from '../core/waking-hours.ts';
import { type AuthorEmails, counts } from './eligibility.ts';

/** How many are asked at once for one requirement. */
export const asking = {
  /** Beside as many as are missing: somebody is always in a meeting. */
  spare: 1,
  /** More pings than this for one answer are an alarm. */
  atOnceMax: 5,
} as const;

export interface Candidate {
  readonly standing: Standing;
  readonly isOnCall: boolean;
  /** They have lent their voice to somebody for now: asked last of all. */
  readonly isAway: boolean;
}

export interface WhomToAsk {
  /** As far as the reviews have come. */
  readonly parts: readonly QuorumPart[];
  readonly candidates: readonly Candidate[];
  /** Who asked, and for whom. */
  readonly askers: readonly Person[];
  readonly authorEmails: AuthorEmails;
  /** Who has been mentioned for this already. */
  readonly asked: ReadonlySet<PersonId>;
  /** Those who have answered. */
  readonly answered: readonly Person[];
  /** Ids of requirements whose fallback has just been let in: it is asked as well, whoever was asked before. */
  readonly escalated: readonly string[];
  readonly now: Moment;
}

/** Those to mention now, whoever is likeliest to answer first; nobody when enough have been asked. */
export function whomToAsk(question: WhomToAsk): readonly Person[] {
  const chosen = new Set<PersonId>();
  const people: Person[] = [];
  for (const part of poolsOf(question)) {
    const able = ableFor(question, part);
    const isAsked = ({ id }: Person) => question.asked.has(id) || chosen.has(id);
    const wanted = Math.min(part.missing + asking.spare, asking.atOnceMax);
    const needed = Math.min(part.missing, asking.atOnceMax);
    let standing = able.filter(({ standing: { person } }) => isAsked(person)).length;
    for (const candidate of inOrder(able, question.now)) {
      const { person } = candidate.standing;
      if (isAsked(person) || standing >= wanted) continue;
      // Whoever sleeps is not woken as long as those who do not are enough.
      const isHere = isReachable(candidate, question.now) && !candidate.isAway;
      if (!isHere && standing >= needed) continue;
      chosen.add(person.id);
      people.push(person);
      standing += 1;
    }
  }
  return people;
}

/** Those whose answer is still wanted, asked or not, likeliest first. */
export function whoCanStillAnswer(question: WhomToAsk): readonly Candidate[] {
  const open = question.parts.filter(({ missing }) => missing > 0);
  const able = new Set(open.flatMap((part) => ableFor(question, part)));
  return inOrder(
    question.candidates.filter((candidate) => able.has(candidate)),
    question.now,
  );
}

/** On call, or awake by their own clock. */
export function isReachable({ isOnCall, standing: { person } }: Candidate, now: Moment): boolean {
  return isOnCall || isAwake(person, now);
}

/** When the first of them is awake; never when there is nobody. Whoever is on call can be reached before that. */
export function firstAwakeAt(candidates: readonly Candidate[], now: Moment): Moment {
  const moments = candidates.map(({ standing: { person } }) => awakeAt(person, now));
  return Math.min(Number.POSITIVE_INFINITY, ...moments);
}

/** The open requirements; of one that was escalated the fallback stands for itself, so that it is asked as well. */
function poolsOf({ parts, escalated }: WhomToAsk): readonly QuorumPart[] {
  const open = parts.filter(({ missing }) => missing > 0);
  const fallbacks = open.flatMap((part) => {
    const { requirement } = part;
    if (!requirement.escalates || !escalated.includes(requirement.id)) return [];
    return [{ ...part, requirement: { ...requirement, from: [...requirement.escalates.to] } }];
  });
  return [...open, ...fallbacks];
}

function ableFor(
  { candidates, askers, authorEmails, answered }: WhomToAsk,
  { requirement }: QuorumPart,
): readonly Candidate[] {
  return candidates.filter(({ standing }) => {
    const { person } = standing;
    if ([...askers, ...answered].some((one) => isSamePerson(one, person))) return false;
    return counts(standing, requirement, authorEmails, askers);
  });
}

/** By what they were given in otherwise: the catalog's order is the team's own. */
function inOrder(candidates: readonly Candidate[], now: Moment): readonly Candidate[] {
  const rank = (candidate: Candidate) => {
    if (candidate.isAway) return 3;
    if (candidate.isOnCall) return 0;
    return isReachable(candidate, now) ? 1 : 2;
  };
  const ranks = new Map(candidates.map((candidate) => [candidate, rank(candidate)]));
  return [0, 1, 2, 3].flatMap((wanted) => candidates.filter((candidate) => ranks.get(candidate) === wanted));
}
