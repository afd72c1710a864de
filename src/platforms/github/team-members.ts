/** Who is in a team: https://docs.github.com/rest/teams/members#list-team-members */
import { z } from 'zod';
import type { GroupSource } from '../../core/groups.ts';
import { ProblemError, problem } from '../../core/problem.ts';
import { createGithubClient, type GithubOptions } from './client.ts';
import { sayingProblems } from './problems.ts';

const membersSchema = z.array(z.object({ login: z.string() }));
const perPage = 100;
/** A team of more than this is no group of people who know each other. */
const pagesMax = 20;

/** `emailOf`: whose login it is; those whom nobody has named are in no group here. */
export function connectTeamMembers(
  options: GithubOptions,
  emailOf: (login: string) => string | undefined,
): GroupSource {
  const client = createGithubClient(options);
  const source: GroupSource = {
    async members(ref) {
      const [org = '', team = ''] = ref.split('/');
      const emails: string[] = [];
      for (let page = 1; page <= pagesMax; page++) {
        const { data } = await client.call(
          `the team ${team} of ${org}`,
          'GET /orgs/{org}/teams/{team_slug}/members',
          { org, team_slug: team, per_page: perPage, page },
        );
        const logins = membersSchema.parse(data);
        emails.push(...logins.flatMap(({ login }) => emailOf(login) ?? []));
        if (logins.length < perPage) return emails;
      }
      // Some of them are not all: whoever is left out might be the one whom a rule leaves out.
      throw new ProblemError(tooLarge(ref));
    },
  };
  return sayingProblems(source, options.now ?? Date.now);
}

function tooLarge(ref: string) {
  return problem(
    'outside_refused',
    `The team ${ref} has more than ${perPage * pagesMax} members.`,
    'Name a smaller team in the catalog.',
  );
}
