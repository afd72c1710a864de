/** Who somebody is and what they belong to, at this moment. */
import { groupsOf } from '../core/catalog.ts';
import type { PersonId } from '../core/ids.ts';
import type { Person, Standing } from '../core/person.ts';
import { problemFrom } from '../core/problem.ts';
import type { DeskContext } from './context.ts';

/** A member without a known e-mail address has unknown groups, which never counts as none. */
export function standingOf(context: DeskContext, person: Person): Standing {
  if (person.kind === 'system') return { person, groups: [] };
  return {
    person,
    groups: person.email === undefined ? 'unknown' : groupsOf(context.catalog(), person.email),
  };
}

/**
 * Everybody's standing as it is now, asked afresh: a reviewer who left since must not count. Whoever is not known any
 * more is left out, and so does not count either.
 * @throws ProblemError when the directory is away: then nothing is decided, rather than decided without them. A
 * reviewer who was only left out for the moment could not answer a second time.
 */
export async function standingsNow(
  context: DeskContext,
  ids: readonly PersonId[],
): Promise<ReadonlyMap<PersonId, Standing>> {
  const found = await Promise.all(
    [...new Set(ids)].map(async (id) => {
      try {
        return [[id, standingOf(context, await context.directory.person(id))] as const];
      } catch (error) {
        const cause = problemFrom(error);
        if (cause.isTransient) throw error;
        context.log.warn({ person: id, problem: cause }, 'a reviewer could not be looked up');
        return [];
      }
    }),
  );
  return new Map(found.flat());
}

/**
 * Who asked, as they are now: somebody who has left since, or became a guest, asks for nothing any more.
 * @throws ProblemError when the directory is away.
 */
export async function requesterNow(context: DeskContext, requester: Person): Promise<Person> {
  if (requester.kind === 'system') return requester;
  try {
    return await context.directory.person(requester.id);
  } catch (error) {
    if (problemFrom(error).isTransient) throw error;
    return { ...requester, kind: 'deactivated' };
  }
}
