/** An answer as it is kept. */
import type { Moment } from '../core/ids.ts';
import type { Person, Standing } from '../core/person.ts';
import type { Review } from '../core/verdict.ts';

export function reviewOf(
  said: Pick<Review, 'decision' | 'digest'> & { readonly by: Person; readonly note?: string },
  { groups }: Standing,
  at: Moment,
): Review {
  const { by, decision, digest, note } = said;
  return {
    by: by.id,
    name: by.name,
    groups: groups === 'unknown' ? [] : [...groups],
    decision,
    at,
    digest,
    ...(by.email === undefined ? {} : { email: by.email }),
    ...(note === undefined ? {} : { note }),
  };
}
