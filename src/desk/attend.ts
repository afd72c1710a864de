/** What time does to a request that waits for people: they are asked, reminded, a fallback is let in, or it ends. */
import { planAsking } from '../approvals/plan-asking.ts';
import { quorumAsRecorded } from '../approvals/quorum.ts';
import type { Candidate } from '../approvals/whom-to-ask.ts';
import { isOnCall } from '../core/catalog.ts';
import { inForce } from '../core/delegation.ts';
import { digestOf } from '../core/digest.ts';
import { hourMs, minuteMs } from '../core/duration.ts';
import type { Moment, RequestId } from '../core/ids.ts';
import { isSamePerson, type Person } from '../core/person.ts';
import { ok, problemFrom, type Result, refuse } from '../core/problem.ts';
import type { PlatformRequest } from '../core/request.ts';
import type { Claim } from '../core/store.ts';
import type { DeskContext } from './context.ts';
import { subjectOf } from './judge.ts';
import { judgeWithout, lapseNow } from './lapse.ts';
import { authorsOf, requesterNow, withLent } from './standing.ts';
import { targetNow } from './target-now.ts';
import { write } from './write.ts';

/** Nobody tells that somebody has left a group: so often it is seen whether those who answered still may, in milliseconds. */
const answersLookMs = 15 * minuteMs;

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
    async (before) => {
      again = undefined;
      const now = context.clock.now();
      if (before.status !== 'waiting') return ok({ commands: [] });
      // First of all, and without asking the directory: its end must not depend on anybody.
      if (before.answerBy !== undefined && before.answerBy <= now)
        return ok({ commands: [{ type: 'expire' }] });
      try {
        const { commands: lapsed, request } = await lapseNow(context, before);
        const isEnough = lapsed.length > 0 && quorumAsRecorded(request).state === 'met';
        // Otherwise the former owners would be asked, and the new ones could not even say no.
        if (isEnough || (await isAboutAnother(context, request))) {
          const { commands, ...judged } = await judgeWithout(context, request);
          return ok({ ...judged, commands: [...lapsed, ...commands] });
        }
        const candidates = await candidatesFor(context, request, now);
        const plan = planAsking({ request, candidates, authorEmails: authorsOf(request), now });
        again = request.reviews.length > 0 ? Math.min(plan.again, now + answersLookMs) : plan.again;
        return ok({ commands: [...lapsed, ...plan.commands] });
      } catch (error) {
        return refuse(problemFrom(error));
      }
    },
    claim,
  );
  return attended.ok ? ok(again) : attended;
}

/** Whether it has another tier, other owners or another team than it was judged with. No, when it is refused by now. */
async function isAboutAnother(context: DeskContext, request: PlatformRequest): Promise<boolean> {
  try {
    const { action, subject } = subjectOf(context, request);
    const { target } = await targetNow(context, action, subject);
    return digestOf(target) !== digestOf(request.target);
  } catch (error) {
    // To whoever answers it is said then.
    if (!problemFrom(error).isTransient) return false;
    throw error;
  }
}

/**
 * Whom to ask may be known from so long ago, a working day: whoever answers is looked at anew, and who changes Slack tells.
 * With a minute as at a click, a group of hundreds would cost hundreds of calls for each look at each request, and Slack
 * takes some fifty a minute (docs: users.lookupByEmail, Tier 3). An hour made 20,000 of them in the day of `npm run load`.
 */
const candidatesWithinMs = 8 * hourMs;

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
  const found = await Promise.all(
    [...emails].map((email) => context.directory.personByEmail(email, candidatesWithinMs)),
  );
  const members = found.filter((person): person is Person => person !== undefined);
  const delegations = inForce(await context.store.delegations(now), now);
  const isAway = (person: Person) => delegations.some(({ from }) => isSamePerson(from, person));
  // Whoever was asked to stand in for somebody is asked in their place: once, for however many.
  const lentTo = delegations
    .filter(({ from, to }) => has(members, from) && !has(members, to))
    .map(({ to }) => to)
    .filter((to, index, all) => !has(all.slice(0, index), to));
  const standIns = await Promise.all(lentTo.map((to) => requesterNow(context, to)));
  return Promise.all(
    [...members, ...standIns].map(async (person) => ({
      standing: await withLent(context, person, delegations),
      isOnCall: isOnCall(catalog, person.email),
      isAway: isAway(person),
    })),
  );
}

function has(people: readonly Person[], one: Person): boolean {
  return people.some((person) => isSamePerson(person, one));
}
