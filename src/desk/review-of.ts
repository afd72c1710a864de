/** An answer as it is kept. */
import type { Moment } from '../core/ids.ts';
import type { Person, Standing } from '../core/person.ts';
import type { Review } from '../core/verdict.ts';

export function reviewOf(
  said: Pick<Review, 'decision' | 'digest'> & { readonly by: Person; readonly note?: string },
  standing: Standing,
  at: Moment,
): Review {
  const { by, decision, digest, note } = said;
  return {
    by: by.id,
    name: by.name,
    ...standingThen(standing),
    decision,
    at,
    digest,
    ...(by.email === undefined ? {} : { email: by.email }),
    ...(note === undefined ? {} : { note }),
  };
}

/** What an answer keeps of whoever gave it: their groups, and for whom they spoke. */
function standingThen(standing: Standing): Pick<Review, 'groups' | 'standsFor'> {
  const { standsFor = [] } = standing;
  return {
    groups: groupsOf(standing),
    ...(standsFor.length === 0 ? {} : { standsFor: standsFor.map(lenderOf) }),
  };
}

function lenderOf(lender: Standing): NonNullable<Review['standsFor']>[number] {
  const { id, name, email } = lender.person;
  return { by: id, name, groups: groupsOf(lender), ...(email === undefined ? {} : { email }) };
}

function groupsOf({ groups }: Standing): string[] {
  return groups === 'unknown' ? [] : [...groups];
}
