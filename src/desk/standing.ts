/** Who somebody is and what they belong to, at this moment. */
import type { AuthorEmails } from '../approvals/eligibility.ts';
import { groupsOf } from '../core/catalog.ts';
import { type Delegation, inForce } from '../core/delegation.ts';
import { type PersonId, personIdSchema } from '../core/ids.ts';
import { isSamePerson, type Person, type Standing } from '../core/person.ts';
import type { Directory } from '../core/ports.ts';
import { ProblemError, problem, problemFrom } from '../core/problem.ts';
import type { PlatformRequest } from '../core/request.ts';
import type { DeskContext } from './context.ts';

/** A member without a known e-mail address has unknown groups, which never counts as none. */
export function standingOf(context: DeskContext, person: Person): Standing {
  if (person.kind === 'system') return { person, groups: [] };
  if (person.email === undefined) return { person, groups: 'unknown' };
  const catalog = context.catalog();
  const groups = groupsOf(catalog, person.email);
  const doubted = Object.entries(catalog.unknownGroups ?? {}).filter(([name]) => !groups.includes(name));
  return { person, groups, ...(doubted.length > 0 ? { unknownGroups: Object.fromEntries(doubted) } : {}) };
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
  const lent = await context.store.delegations(context.clock.now());
  const found = await Promise.all(
    [...new Set(ids)].map(async (id) => {
      try {
        const person = await context.directory.person(id);
        return [[id, await withLent(context, person, lent)] as const];
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

export function standingsOfReviewers(
  context: DeskContext,
  { reviews }: PlatformRequest,
): Promise<ReadonlyMap<PersonId, Standing>> {
  return standingsNow(
    context,
    reviews.map(({ by }) => by),
  );
}

/** Who wrote what would go out; `unknown` when that could not be had, which excludes nobody and counts nobody. */
export function authorsOf(request: PlatformRequest): AuthorEmails {
  const change = request.preview?.change;
  if (change === undefined) return [];
  return change === 'unknown' ? 'unknown' : change.authors;
}

/**
 * Theirs, with the voices that they were lent and that are not taken back at this moment: by the clock of the click, and
 * by who the lenders are now.
 * @throws ProblemError when the directory cannot tell who a lender is.
 */
export async function standingToAnswer(context: DeskContext, person: Person): Promise<Standing> {
  return withLent(context, person, await context.store.delegations(context.clock.now()));
}

export async function withLent(
  context: DeskContext,
  person: Person,
  delegations: readonly Delegation[],
): Promise<Standing> {
  const mine = inForce(delegations, context.clock.now()).filter(({ to }) => isSamePerson(to, person));
  const lenders = await Promise.all(mine.map(({ from }) => requesterNow(context, from)));
  // Somebody who has left has nothing to lend, and what is lent to them is not theirs to lend: only their own groups are.
  const standsFor = lenders
    .filter(({ kind }) => kind === 'member')
    .map((lender) => standingOf(context, lender));
  return { ...standingOf(context, person), ...(standsFor.length > 0 ? { standsFor } : {}) };
}

/**
 * Whom a mention or an e-mail address means. Only members: what is given to somebody is given to one who may use it.
 * @throws ProblemError `bad_input` when there is no such member.
 */
export async function memberNamed(directory: Directory, named: string): Promise<Person> {
  const text = named.trim();
  const id = /^<?@?([UW][A-Z0-9]{2,30})(?:\|[^>]*)?>?$/.exec(text)?.[1];
  const found =
    id === undefined
      ? await directory.personByEmail(text.replace(/^mailto:/, ''))
      : await directory.person(personIdSchema.parse(id));
  if (found?.kind === 'member') return found;
  throw new ProblemError(
    problem(
      'bad_input',
      `There is no member "${text.slice(0, 80)}" of this workspace.`,
      'Mention them with @, or write their e-mail address.',
    ),
  );
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
