/** What time does to a request that waits for people: they are asked, reminded, a fallback is let in, or it ends. */
import { planAsking } from '../approvals/plan-asking.ts';
import type { Candidate } from '../approvals/whom-to-ask.ts';
import { isOnCall } from '../core/catalog.ts';
import { inForce } from '../core/delegation.ts';
import type { Moment, RequestId } from '../core/ids.ts';
import { isSamePerson, type Person } from '../core/person.ts';
import { ok, problemFrom, type Result, refuse } from '../core/problem.ts';
import type { PlatformRequest } from '../core/request.ts';
import type { Claim } from '../core/store.ts';
import type { Review } from '../core/verdict.ts';
import type { DeskContext } from './context.ts';
import { authorsOf } from './review.ts';
import { standingThen } from './review-of.ts';
import { requesterNow, standingsNow, withLent } from './standing.ts';
import { write } from './write.ts';

/** @returns when to look again, when the request itself does not say it. */
export async function attend(
  context: DeskContext,
  id: RequestId,
  claim: Claim,
): Promise<Result<Moment | undefined>> {
  let again: Moment | undefined;
  const attended = await write(
    context,
    id,
    async (request) => {
      again = undefined;
      const now = context.clock.now();
      if (request.status !== 'waiting') return ok({ commands: [] });
      // First of all, and without asking the directory: its end must not depend on anybody.
      if (request.answerBy !== undefined && request.answerBy <= now)
        return ok({ commands: [{ type: 'expire' }] });
      try {
        const candidates = await candidatesFor(context, request, now);
        const asked = { ...request, reviews: await reviewsNow(context, request) };
        const plan = planAsking({ request: asked, candidates, authorEmails: authorsOf(request), now });
        again = plan.again;
        return ok({ commands: plan.commands });
      } catch (error) {
        return refuse(problemFrom(error));
      }
    },
    claim,
  );
  return attended.ok ? ok(again) : attended;
}

/** By who they are now: whoever has left since is no longer an answer, and somebody else is asked. */
async function reviewsNow(context: DeskContext, { reviews }: PlatformRequest): Promise<readonly Review[]> {
  const standings = await standingsNow(
    context,
    reviews.map(({ by }) => by),
  );
  return reviews.flatMap((review) => {
    const standing = standings.get(review.by);
    if (standing?.person.kind !== 'member') return [];
    const { standsFor: _then, ...own } = review;
    return [{ ...own, ...standingThen(standing) }];
  });
}

/**
 * Everybody in the groups that it asks, and in those that it would ask later.
 * @throws ProblemError when the directory is away: whoever could not be found then would never be asked.
 */
async function candidatesFor(
  context: DeskContext,
  { requirements }: PlatformRequest,
  now: Moment,
): Promise<readonly Candidate[]> {
  const catalog = context.catalog();
  const groups = new Set(requirements.flatMap(({ from, escalates }) => [...from, ...(escalates?.to ?? [])]));
  const emails = new Set([...groups].flatMap((group) => catalog.groups[group]?.members ?? []));
  const found = await Promise.all([...emails].map((email) => context.directory.personByEmail(email)));
  const members = found.filter((person): person is Person => person !== undefined);
  const delegations = inForce(await context.store.delegations(now), now);
  const isAway = (person: Person) => delegations.some(({ from }) => isSamePerson(from, person));
  const standIns = delegations
    .filter(({ from, to }) => has(members, from) && !has(members, to))
    .map(({ to }) => requesterNow(context, to));
  // Whoever was asked to stand in for somebody is asked in their place.
  return Promise.all(
    [...members, ...(await Promise.all(standIns))].map(async (person) => ({
      standing: await withLent(context, person, delegations),
      isOnCall: isOnCall(catalog, person.email),
      isAway: isAway(person),
    })),
  );
}

function has(people: readonly Person[], one: Person): boolean {
  return people.some((person) => isSamePerson(person, one));
}
