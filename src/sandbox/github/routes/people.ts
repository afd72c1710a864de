/** People, teams and memberships: https://docs.github.com/rest/teams, /rest/orgs and /rest/users */
import { z } from 'zod';
import { bodyOf, type Call, GithubError, json, noContent, notFound, type PlainRoute, page } from '../http.ts';
import { accountOf, fullRepository, publicUser, userByLogin } from '../shapes/basics.ts';
import { organizationShape, roleFlags, teamByItself, teamShape } from '../shapes/people.ts';
import type { Account, Team } from '../state.ts';

const about = 'anything';
const teams = '/orgs/:org/teams';
const team = `${teams}/:team`;
const read = ['members', 'read'] as const;
const write = ['members', 'write'] as const;

export const peopleRoutes: readonly PlainRoute[] = [
  {
    ...{ about, method: 'GET', path: '/user', needs: 'any-token' },
    docs: 'users/users#get-the-authenticated-user',
    handle: getCaller,
  },
  {
    ...{ about, method: 'GET', path: '/users/:login', needs: 'any-token' },
    docs: 'users/users#get-a-user',
    handle: (call) => json(200, publicUser(call.state, personOf(call))),
  },
  {
    ...{ about, method: 'GET', path: '/orgs/:org/members', needs: read },
    docs: 'orgs/members#list-organization-members',
    handle(call) {
      requireOrg(call);
      const role = call.query.get('role') ?? 'all';
      const found = [...call.state.members].filter(([, its]) => role === 'all' || role === its);
      return page(call, found, ([login]) => userByLogin(call.state, login));
    },
  },
  {
    ...{ about, method: 'GET', path: '/orgs/:org/members/:login', needs: read },
    docs: 'orgs/members#check-organization-membership-for-a-user',
    handle(call) {
      requireOrg(call);
      if (!call.state.members.has(personOf(call).login)) throw notFound();
      return noContent;
    },
  },
  {
    ...{ about, method: 'GET', path: '/orgs/:org/memberships/:login', needs: read },
    docs: 'orgs/members#get-organization-membership-for-a-user',
    handle(call) {
      requireOrg(call);
      const { login } = personOf(call);
      const role = call.state.members.get(login);
      if (!role) throw notFound();
      const organization = organizationShape(call.state);
      return json(200, {
        url: `${organization.url}/memberships/${login}`,
        state: 'active',
        role,
        organization_url: organization.url,
        user: userByLogin(call.state, login),
        organization,
      });
    },
  },
  {
    ...{ about, method: 'GET', path: teams, needs: read },
    docs: 'teams/teams#list-teams',
    handle(call) {
      requireOrg(call);
      return page(call, [...call.state.teams.values()], (one) => teamShape(call.state, one));
    },
  },
  {
    ...{ about, method: 'GET', path: team, needs: read },
    docs: 'teams/teams#get-a-team-by-name',
    handle: (call) => json(200, teamByItself(call.state, teamOf(call))),
  },
  {
    ...{ about, method: 'GET', path: `${team}/members`, needs: read },
    docs: 'teams/members#list-team-members',
    handle(call) {
      const role = call.query.get('role') ?? 'all';
      const found = [...teamOf(call).members].filter(([, its]) => role === 'all' || role === its);
      return page(call, found, ([login, its]) => ({
        ...userByLogin(call.state, login),
        role: its,
        inherited: false,
      }));
    },
  },
  {
    ...{ about, method: 'GET', path: `${team}/teams`, needs: read },
    docs: 'teams/teams#list-child-teams',
    handle(call) {
      teamOf(call);
      return json(200, []);
    },
  },
  {
    ...{ about, method: 'GET', path: `${team}/repos`, needs: read },
    docs: 'teams/teams#list-team-repositories',
    handle: (call) =>
      page(call, [...teamOf(call).repositories], ([name, role]) => {
        const repository = call.state.repositories.get(name);
        if (!repository) throw notFound();
        return { ...fullRepository(call.state, repository), permissions: roleFlags(role), role_name: role };
      }),
  },
  {
    ...{ about, method: 'GET', path: `${team}/repos/:owner/:repo`, needs: read },
    docs: 'teams/teams#check-team-permissions-for-a-repository',
    handle(call) {
      const name = call.params.repo ?? '';
      const role = teamOf(call).repositories.get(name);
      const repository = call.state.repositories.get(name);
      if (!role || !repository) throw notFound();
      // The role itself is answered only to who asks for this media type.
      if (!call.headers.get('accept')?.includes('repository')) return noContent;
      return json(200, {
        ...fullRepository(call.state, repository),
        permissions: roleFlags(role),
        role_name: role,
      });
    },
  },
  {
    ...{ about, method: 'GET', path: `${team}/memberships/:login`, needs: read },
    docs: 'teams/members#get-team-membership-for-a-user',
    handle(call) {
      const found = teamOf(call);
      const { login } = personOf(call);
      if (!found.members.has(login)) throw notFound();
      return json(200, membershipShape(call, found, login));
    },
  },
  {
    ...{ about, method: 'PUT', path: `${team}/memberships/:login`, needs: write },
    docs: 'teams/members#add-or-update-team-membership-for-a-user',
    handle: putMembership,
  },
  {
    ...{ about, method: 'DELETE', path: `${team}/memberships/:login`, needs: write },
    docs: 'teams/members#remove-team-membership-for-a-user',
    handle(call) {
      if (!teamOf(call).members.delete(personOf(call).login)) throw notFound();
      return noContent;
    },
  },
];

function getCaller(call: Call) {
  const { account, kind } = call.caller;
  // An installation is nobody: GitHub refuses it here.
  if (kind === 'installation') throw new GithubError(403, 'Resource not accessible by integration');
  return json(200, publicUser(call.state, account));
}

const membershipSchema = z.object({ role: z.enum(['member', 'maintainer']).default('member') }).nullish();

/**
 * Somebody outside the organisation would be invited and stay `pending`; the sandbox knows nobody outside and
 * answers 404 for a login that it does not know.
 */
function putMembership(call: Call) {
  const found = teamOf(call);
  const person = personOf(call);
  const role = bodyOf(call, membershipSchema, 'TeamMembership')?.role ?? 'member';
  if (person.type !== 'User') throw new GithubError(422, 'Cannot add an organization as a member.');
  found.members.set(person.login, role);
  return json(200, membershipShape(call, found, person.login));
}

function membershipShape(call: Call, found: Team, login: string) {
  // The owners of the organisation are maintainers of every team.
  const role = call.state.members.get(login) === 'admin' ? 'maintainer' : found.members.get(login);
  const { url } = teamShape(call.state, found);
  return { state: 'active', role: role ?? 'member', url: `${url}/memberships/${login}` };
}

function requireOrg(call: Call): void {
  if (call.params.org?.toLowerCase() !== call.state.org.login) throw notFound();
}

function teamOf(call: Call): Team {
  requireOrg(call);
  const found = call.state.teams.get(call.params.team ?? '');
  if (!found) throw notFound();
  return found;
}

function personOf(call: Call): Account {
  const login = call.params.login ?? '';
  if (!call.state.accounts.has(login.toLowerCase())) throw notFound();
  return accountOf(call.state, login);
}
