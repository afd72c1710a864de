/**
 * Somebody who is away lends their voice: for a time a colleague answers requests for them. What is lent is one person's
 * place in their own groups, and never what was lent to them. Pure.
 */
import { z } from 'zod';
import { dayMs } from './duration.ts';
import { type Moment, requestIdSchema } from './ids.ts';
import { isSamePerson, type Person, personSchema } from './person.ts';
import { type Problem, problem } from './problem.ts';

export const delegationSchema = z.strictObject({
  /** The request that made it: where its history is. */
  requestId: requestIdSchema,
  from: personSchema,
  to: personSchema,
  since: z.number(),
  /** At this moment it is over. */
  until: z.number(),
  note: z.string().optional(),
});
export type Delegation = z.infer<typeof delegationSchema>;

/** Longer than any leave; whoever is away for longer leaves the group. */
export const delegationMaxMs = 60 * dayMs;

/** Those that are in force, whoever lends and whoever is lent to. */
export function inForce(delegations: readonly Delegation[], now: Moment): readonly Delegation[] {
  return delegations.filter(({ since, until }) => since <= now && now < until);
}

/**
 * Why `from` cannot lend their voice to `to` now. Whoever has lent their own is away: so no two can lend to one another,
 * and nobody waits on a row of absent people.
 */
export function refuseDelegation(
  { from, to, until }: { readonly from: Person; readonly to: Person; readonly until: Moment },
  delegations: readonly Delegation[],
  now: Moment,
): Problem | undefined {
  if (isSamePerson(from, to)) {
    return problem('bad_input', 'That is you.', 'Name a colleague who answers for you.');
  }
  if (to.kind !== 'member') {
    const why = `${to.name} is no member of this workspace, so they cannot answer requests.`;
    return problem('not_a_member', why, 'Name a colleague who is.');
  }
  if (until <= now) return problem('bad_input', 'That time is over already.', 'Write a later one, like 3d.');
  if (until - now > delegationMaxMs) {
    return problem(
      'bad_input',
      `That is more than ${delegationMaxMs / dayMs} days.`,
      'Lend it for a shorter time, and again later.',
    );
  }
  const away = inForce(delegations, now).find((one) => isSamePerson(one.from, to));
  if (!away) return undefined;
  return problem(
    'bad_input',
    `${to.name} is away as well: ${away.to.name} answers for them, and what is lent cannot be lent on.`,
    'Name somebody who is here.',
  );
}
