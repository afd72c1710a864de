/** Teams, memberships, the App and its installation as https://docs.github.com/rest/teams and /rest/apps answer them. */
import type { GithubState, Permissions, RepositoryRole, Team } from '../state.ts';
import { at, nodeId, simpleUser } from './basics.ts';

export function teamShape(state: GithubState, team: Team) {
  const url = `${state.baseUrl}/organizations/${state.org.id}/team/${team.id}`;
  return {
    name: team.name,
    id: team.id,
    node_id: nodeId('T', team.id),
    slug: team.slug,
    description: team.description,
    privacy: 'closed',
    notification_setting: 'notifications_enabled',
    url,
    html_url: `${state.baseUrl}/orgs/${state.org.login}/teams/${team.slug}`,
    members_url: `${url}/members{/member}`,
    repositories_url: `${url}/repos`,
    type: 'organization',
    organization_id: state.org.id,
    permission: 'pull',
    parent: null,
  };
}

export function teamByItself(state: GithubState, team: Team) {
  return {
    ...teamShape(state, team),
    created_at: at(team.createdAt),
    updated_at: at(team.createdAt),
    members_count: team.members.size,
    repos_count: team.repositories.size,
    organization: {
      ...organizationShape(state),
      name: state.org.name,
      company: '',
      blog: '',
      location: '',
      email: '',
      is_verified: false,
      has_organization_projects: true,
      has_repository_projects: true,
      public_repos: 0,
      public_gists: 0,
      followers: 0,
      following: 0,
      html_url: `${state.baseUrl}/${state.org.login}`,
      created_at: at(team.createdAt),
      updated_at: at(team.createdAt),
      archived_at: null,
      type: 'Organization',
    },
  };
}

export function organizationShape(state: GithubState) {
  const url = `${state.baseUrl}/orgs/${state.org.login}`;
  return {
    login: state.org.login,
    id: state.org.id,
    node_id: nodeId('O', state.org.id),
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: `${state.baseUrl}/_avatars/${state.org.id}`,
    description: '',
  };
}

export function roleFlags(role: RepositoryRole) {
  const order: readonly RepositoryRole[] = ['pull', 'triage', 'push', 'maintain', 'admin'];
  const has = (needed: RepositoryRole) => order.indexOf(role) >= order.indexOf(needed);
  return {
    admin: has('admin'),
    maintain: has('maintain'),
    push: has('push'),
    triage: has('triage'),
    pull: true,
  };
}

export function appShape(state: GithubState) {
  const { app } = state;
  return {
    id: app.id,
    client_id: app.clientId,
    slug: app.slug,
    node_id: nodeId('A', app.id),
    owner: simpleUser(state, state.org),
    name: app.name,
    description: '',
    external_url: state.baseUrl,
    html_url: `${state.baseUrl}/apps/${app.slug}`,
    created_at: at(app.createdAt),
    updated_at: at(app.createdAt),
    permissions: app.permissions,
    events: app.events,
    installations_count: 1,
  };
}

export function installationShape(state: GithubState, permissions: Permissions = state.app.permissions) {
  const { app, org } = state;
  return {
    id: app.installationId,
    client_id: app.clientId,
    account: simpleUser(state, org),
    repository_selection: 'all',
    access_tokens_url: `${state.baseUrl}/app/installations/${app.installationId}/access_tokens`,
    repositories_url: `${state.baseUrl}/installation/repositories`,
    html_url: `${state.baseUrl}/organizations/${org.login}/settings/installations/${app.installationId}`,
    app_id: app.id,
    app_slug: app.slug,
    target_id: org.id,
    target_type: 'Organization',
    permissions,
    events: app.events,
    created_at: at(app.createdAt),
    updated_at: at(app.createdAt),
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by: null,
    suspended_at: null,
  };
}
