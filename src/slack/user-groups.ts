/** Who is in a Slack user group: people of ours, by their e-mail addresses. */
import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { GroupSource } from '../core/groups.ts';
import { personIdSchema } from '../core/ids.ts';
import type { Directory } from '../core/ports.ts';
import { ProblemError, problem, problemFrom } from '../core/problem.ts';
import { slackErrorCode, slackProblem } from './errors.ts';

const listSchema = z.object({ usergroups: z.array(z.object({ id: z.string(), handle: z.string() })) });
const usersSchema = z.object({ users: z.array(personIdSchema) });

/** One call of Slack's 100 a minute for each (users.info, tier 4): a larger group would hold up everything else. */
const usersMax = 500;

export function createUserGroups(client: WebClient, directory: Directory): GroupSource {
  return {
    async members(ref) {
      const users = await usersOf(client, ref.startsWith('@') ? await idOf(client, ref) : ref, ref);
      if (users.length > usersMax) throw tooLarge(ref);
      const emails: string[] = [];
      // One after the other: a group of hundreds must not use up what Slack allows in a minute at once.
      for (const id of users) {
        try {
          const { kind, email } = await directory.person(id);
          if (kind === 'member' && email !== undefined) emails.push(email);
        } catch (error) {
          // Whoever Slack does not know any more is in no group; whoever it cannot tell now makes all of it unknown.
          if (problemFrom(error).code !== 'not_found') throw error;
        }
      }
      return emails;
    },
  };
}

async function idOf(client: WebClient, handle: string): Promise<string> {
  try {
    const { usergroups } = listSchema.parse(await client.usergroups.list());
    const found = usergroups.find((group) => group.handle === handle.slice(1));
    if (found) return found.id;
  } catch (error) {
    throw slackProblem(error, 'usergroups.list');
  }
  throw noSuchGroup(handle);
}

async function usersOf(client: WebClient, usergroup: string, ref: string) {
  try {
    return usersSchema.parse(await client.usergroups.users.list({ usergroup })).users;
  } catch (error) {
    if (slackErrorCode(error) === 'no_such_subteam') throw noSuchGroup(ref);
    throw slackProblem(error, 'usergroups.users.list');
  }
}

function tooLarge(ref: string): ProblemError {
  return new ProblemError(
    problem(
      'outside_refused',
      `The Slack user group ${ref} has more than ${usersMax} people.`,
      'Name a smaller one in catalog.yml.',
    ),
  );
}

function noSuchGroup(ref: string): ProblemError {
  return new ProblemError(
    problem('not_found', `There is no Slack user group ${ref}.`, 'Correct it in catalog.yml.'),
  );
}
