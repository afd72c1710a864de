/**
 * Who a Slack account is. Names and e-mails come from `users.info`, never from a payload; what Slack does not say
 * clearly is not a member, and what it cannot say now is a problem: nobody gets in by an outage.
 */
import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import { hourMs } from '../core/duration.ts';
import { type PersonId, personIdSchema } from '../core/ids.ts';
import type { Person, PersonKind } from '../core/person.ts';
import type { Clock, Directory } from '../core/ports.ts';
import { ProblemError, problem } from '../core/problem.ts';
import { slackErrorCode, slackProblem } from './errors.ts';

/** A deactivation must count within a minute, and a click must not cost a call each time. */
export const personCacheMs = 60_000;
/** Whoever joins is found so soon, also where it will do how people were long ago. */
const unknownCacheMs = hourMs;
/** People that decide in one busy minute, and those of the groups that are asked in a day; beyond it the oldest are asked for again. */
const maxCached = 10_000;

const userSchema = z.object({
  id: personIdSchema,
  team_id: z.string().optional(),
  deleted: z.boolean().optional(),
  name: z.string().optional(),
  real_name: z.string().optional(),
  tz: z.string().optional(),
  is_bot: z.boolean().optional(),
  is_workflow_bot: z.boolean().optional(),
  is_connector_bot: z.boolean().optional(),
  is_restricted: z.boolean().optional(),
  is_ultra_restricted: z.boolean().optional(),
  is_stranger: z.boolean().optional(),
  is_email_confirmed: z.boolean().optional(),
  enterprise_user: z.object({ teams: z.array(z.string()).optional() }).optional(),
  profile: z
    .object({
      email: z.string().optional(),
      real_name: z.string().optional(),
      display_name: z.string().optional(),
    })
    .optional(),
});
type SlackUser = z.infer<typeof userSchema>;

export interface DirectoryOptions {
  /** The interactive client: a person waits for the answer. */
  readonly client: WebClient;
  /** Workspaces whose members are ours. */
  readonly teamIds: readonly string[];
  readonly clock: Clock;
}

export interface SlackDirectory extends Directory {
  /** What was known of this account is asked for anew. */
  forget(id: PersonId): void;
}

export function createDirectory({ client, teamIds, clock }: DirectoryOptions): SlackDirectory {
  const cache = new Map<string, { readonly person: Person | undefined; readonly at: number }>();
  /** Asked and not yet answered: whoever wants to know the same meanwhile waits for that answer. */
  const underWay = new Map<string, Promise<Person | undefined>>();
  let changes = 0;

  async function remembered(
    key: string,
    ask: () => Promise<Person | undefined>,
    withinMs = personCacheMs,
  ): Promise<Person | undefined> {
    const known = cache.get(key);
    const willDoMs = known?.person ? withinMs : Math.min(withinMs, unknownCacheMs);
    if (known && clock.now() - known.at < willDoMs) return known.person;
    const asked = underWay.get(key) ?? ask().finally(() => underWay.delete(key));
    underWay.set(key, asked);
    const asOf = changes;
    const person = await asked;
    // What was asked before somebody changed may be how they were.
    if (asOf === changes) remember(key, person);
    return person;
  }

  function remember(key: string, person: Person | undefined): void {
    cache.delete(key);
    cache.set(key, { person, at: clock.now() });
    for (const oldest of cache.keys()) {
      if (cache.size <= maxCached) break;
      cache.delete(oldest);
    }
  }

  return {
    async person(id: PersonId): Promise<Person> {
      const person = await remembered(`id ${id}`, () =>
        lookUp(() => client.users.info({ user: id }), teamIds),
      );
      if (!person) throw new ProblemError(unknownPerson(id));
      return person;
    },
    personByEmail: (email, withinMs) =>
      remembered(
        `email ${email.toLowerCase()}`,
        () => lookUp(() => client.users.lookupByEmail({ email }), teamIds),
        withinMs,
      ),
    forget(id) {
      changes++;
      underWay.clear();
      for (const [key, { person }] of cache) {
        if (key === `id ${id}` || person?.id === id) cache.delete(key);
      }
    },
  };
}

/** What Slack answers when nobody has that id or address. */
const nobody = new Set(['user_not_found', 'users_not_found', 'user_not_visible']);

async function lookUp(
  call: () => Promise<{ user?: unknown }>,
  teamIds: readonly string[],
): Promise<Person | undefined> {
  let answer: { user?: unknown };
  try {
    answer = await call();
  } catch (error) {
    if (nobody.has(slackErrorCode(error) ?? '')) return undefined;
    throw slackProblem(error, 'users.info');
  }
  const user = userSchema.safeParse(answer.user);
  if (!user.success) {
    throw new ProblemError(
      problem('outside_unavailable', 'Slack does not say clearly who you are.', 'Try again in a moment.', {
        detail: z.prettifyError(user.error),
        isTransient: true,
      }),
    );
  }
  return personOf(user.data, teamIds);
}

function personOf(user: SlackUser, teamIds: readonly string[]): Person {
  const { profile } = user;
  const name = [user.real_name, profile?.real_name, profile?.display_name, user.name].find((one) =>
    one?.trim(),
  );
  return {
    id: user.id,
    name: name === undefined ? user.id : toldApart(name, profile?.email ?? user.id),
    kind: kindOf(user, teamIds),
    ...(profile?.email === undefined
      ? {}
      : {
          email: profile.email,
          emailBy: user.is_email_confirmed ? ('slack_confirmed' as const) : ('slack_profile' as const),
        }),
    ...(user.tz === undefined ? {} : { timeZone: user.tz }),
  };
}

/**
 * Anybody may call themselves "Lee Winter", also with letters that only look like these; the address is given by the
 * company. A name that has nothing of its address is told with it: "Lee Winter (mallory)".
 */
function toldApart(name: string, address: string): string {
  const [local = address] = address.split('@');
  const ofAddress = local.toLowerCase();
  const words = name.toLowerCase().match(/\p{L}{2,}/gu) ?? [];
  return words.some((word) => ofAddress.includes(word)) ? name : `${name} (${local})`;
}

/** The order matters: a deactivated guest is deactivated first of all. */
function kindOf(user: SlackUser, teamIds: readonly string[]): PersonKind {
  if (user.deleted) return 'deactivated';
  // `is_app_user` is no sign of a bot: it is true for people who once authorised an app.
  if (user.is_bot || user.is_workflow_bot || user.is_connector_bot) return 'bot';
  const teams = [user.team_id, ...(user.enterprise_user?.teams ?? [])];
  if (user.is_stranger || !teams.some((team) => team !== undefined && teamIds.includes(team)))
    return 'outside';
  // Whose address is not confirmed could claim another's, and addresses decide about groups.
  if (user.is_restricted || user.is_ultra_restricted || user.is_email_confirmed === false) return 'guest';
  return 'member';
}

function unknownPerson(id: string) {
  return problem('not_found', 'Slack does not know this account.', 'Ask the platform team for help.', {
    detail: `no user ${id}`,
  });
}
