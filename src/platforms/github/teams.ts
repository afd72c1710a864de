/** People's places in teams: https://docs.github.com/rest/teams/members */
import { z } from 'zod';
import type { ForgeTeams, TeamPlace } from '../../core/forge-environments.ts';
import type { GithubClient } from './client.ts';
import { messageOf } from './problems.ts';

const placeSchema = z.object({
  role: z.enum(['member', 'maintainer']),
  state: z.enum(['active', 'pending']),
});
const route = '/orgs/{org}/teams/{team_slug}/memberships/{username}';

export function createTeams(client: GithubClient): ForgeTeams {
  const isGone = (status: number, data: unknown) => status === 404 && messageOf(data) === 'Not Found';
  const about = (team: string, login: string) => `the place of ${login} in the team ${team}`;
  const partsFor = (org: string, team: string, login: string) => ({ org, team_slug: team, username: login });

  return {
    async teamPlace(organisation, team, login) {
      const parts = partsFor(organisation, team, login);
      const answer = await client.find(about(team, login), `GET ${route}`, parts, isGone);
      if (answer) return placeOf(answer.data);
      // GitHub answers 404 as well for a team that is not there: "no member" must be true of one that is.
      await client.call(`the team ${team} of ${organisation}`, 'GET /orgs/{org}/teams/{team_slug}', parts);
      return 'none';
    },

    async addToTeam(organisation, team, login) {
      const parts = { ...partsFor(organisation, team, login), role: 'member' };
      return placeOf((await client.call(about(team, login), `PUT ${route}`, parts)).data);
    },

    async removeFromTeam(organisation, team, login) {
      await client.find(about(team, login), `DELETE ${route}`, partsFor(organisation, team, login), isGone);
    },
  };
}

function placeOf(data: unknown): TeamPlace {
  const { role, state } = placeSchema.parse(data);
  return state === 'pending' ? 'invited' : role;
}
