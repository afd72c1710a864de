/**
 * Answers whose givers may no longer give them: they have left the group or the company, or what was lent to them is over.
 * Such an answer is taken off, and said to be: a card that went on counting it would wait for nobody. Pure.
 */
import type { PersonId } from '../core/ids.ts';
import type { Standing } from '../core/person.ts';
import type { PlatformRequest } from '../core/request.ts';
import { askersOf } from '../core/review-life.ts';
import type { Requirement, Review } from '../core/verdict.ts';
import { type AuthorEmails, voiceFor } from './eligibility.ts';
import { standingAtClick } from './quorum.ts';

export interface LapseQuestion {
  readonly request: PlatformRequest;
  /** Everybody's as it is now; who is not in it is not known any more. */
  readonly standings: ReadonlyMap<PersonId, Standing>;
  readonly authorEmails: AuthorEmails;
}

/**
 * Those that counted when they were given, and towards less now: their givers can answer again for what is left. While it
 * is in doubt who is in a group nothing lapses; it does not count either.
 */
export function lapsedReviews({ request, standings, authorEmails }: LapseQuestion): readonly Review[] {
  const askers = askersOf(request);
  return request.reviews.filter((review) => {
    const now = standings.get(review.by);
    if (now && doubtsAbout(now, request.requirements).length > 0) return false;
    const then = standingAtClick(review);
    return request.requirements.some((one) => {
      const may = (standing: Standing) => voiceFor(standing, one, authorEmails, askers) !== undefined;
      return may(then) && !(now && may(now));
    });
  });
}

/** Why nobody can tell whether they are in a group that is asked; nothing when that is known. */
export function doubtsAbout(
  { person, unknownGroups = {}, standsFor = [] }: Standing,
  requirements: readonly Requirement[],
): readonly string[] {
  if (person.kind !== 'member') return [];
  const own = requirements.flatMap(({ from }) => from.flatMap((group) => unknownGroups[group] ?? []));
  return [...own, ...standsFor.flatMap((lender) => doubtsAbout(lender, requirements))];
}
