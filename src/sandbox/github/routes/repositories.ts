/** Repositories and what else is asked about them: https://docs.github.com/rest/repos */
import { json, notFound, type PlainRoute, page, type RepositoryRoute } from '../http.ts';
import { accountOf, fullRepository, simpleUser } from '../shapes/basics.ts';
import { roleFlags, teamShape } from '../shapes/people.ts';
import type { GithubState, Repository, RepositoryRole } from '../state.ts';

const about = 'repository';
const repo = '/repos/:owner/:repo';

export const repositoryRoutes: readonly RepositoryRoute[] = [
  {
    ...{ about, method: 'GET', path: repo, needs: ['metadata', 'read'] },
    docs: 'repos/repos#get-a-repository',
    handle: (call) => json(200, fullRepository(call.state, call.repository)),
  },
  {
    ...{ about, method: 'GET', path: `${repo}/teams`, needs: ['administration', 'read'] },
    docs: 'repos/repos#list-repository-teams',
    handle(call) {
      const teams = [...call.state.teams.values()].filter((team) =>
        team.repositories.has(call.repository.name),
      );
      return page(call, teams, (team) => {
        const role = team.repositories.get(call.repository.name) ?? 'pull';
        return { ...teamShape(call.state, team), permission: role, permissions: roleFlags(role) };
      });
    },
  },
  {
    ...{ about, method: 'GET', path: `${repo}/collaborators/:login/permission`, needs: ['metadata', 'read'] },
    docs: 'collaborators/collaborators#get-repository-permissions-for-a-user',
    handle({ state, repository, params }) {
      const login = params.login ?? '';
      if (!state.accounts.has(login.toLowerCase())) throw notFound();
      const role = roleOf(state, repository, login);
      const legacy = {
        pull: 'read',
        triage: 'read',
        push: 'write',
        maintain: 'write',
        admin: 'admin',
      } as const;
      return json(200, {
        permission: role ? legacy[role] : 'none',
        user: {
          ...simpleUser(state, accountOf(state, login)),
          permissions: role ? roleFlags(role) : { ...roleFlags('pull'), pull: false },
          role_name: role ? { ...legacy, triage: 'triage', maintain: 'maintain' }[role] : 'none',
        },
        role_name: role ? { ...legacy, triage: 'triage', maintain: 'maintain' }[role] : 'none',
      });
    },
  },
];

export const organizationRepositoryRoutes: readonly PlainRoute[] = [
  {
    about: 'anything',
    ...{ method: 'GET', path: '/orgs/:org/repos', needs: ['metadata', 'read'] },
    docs: 'repos/repos#list-organization-repositories',
    handle(call) {
      if (call.params.org?.toLowerCase() !== call.state.org.login) throw notFound();
      const { repositories } = call.caller;
      const reached = [...call.state.repositories.values()].filter(
        (one) => repositories === 'all' || repositories.includes(one.name),
      );
      return page(call, reached, (one) => fullRepository(call.state, one));
    },
  },
];

/** The strongest role that a person has, by a team or as the organisation's owner. */
function roleOf(state: GithubState, repository: Repository, login: string): RepositoryRole | undefined {
  if (state.members.get(login) === 'admin') return 'admin';
  const order: readonly RepositoryRole[] = ['admin', 'maintain', 'push', 'triage', 'pull'];
  const roles = [...state.teams.values()]
    .filter((team) => team.members.has(login))
    .map((team) => team.repositories.get(repository.name));
  return order.find((role) => roles.includes(role)) ?? (state.members.has(login) ? 'pull' : undefined);
}
