/**
 * The shapes that everything else is made of: moments, node ids, people, repositories. Fields and their order as
 * https://docs.github.com/rest answers them.
 */
import type { Account, GithubState, Repository } from '../state.ts';

/** `2026-11-21T06:00:00Z`: GitHub answers whole seconds. */
export function at(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d{3}Z$/, 'Z');
}
export const atOrNull = (ms: number | null): string | null => (ms === null ? null : at(ms));

export function nodeId(kind: string, id: number | string): string {
  return `${kind}_${Buffer.from(String(id)).toString('base64url')}`;
}

export function apiUrl(state: GithubState, repository: Repository): string {
  return `${state.baseUrl}/repos/${repository.owner}/${repository.name}`;
}
export function webUrl(state: GithubState, repository: Repository): string {
  return `${state.baseUrl}/${repository.owner}/${repository.name}`;
}

export function accountOf(state: GithubState, login: string): Account {
  const account = state.accounts.get(login.toLowerCase());
  if (!account) throw new Error(`The sandbox's GitHub knows nobody called ${login}.`);
  return account;
}

export function simpleUser(state: GithubState, account: Account) {
  const url = `${state.baseUrl}/users/${account.login}`;
  return {
    login: account.login,
    id: account.id,
    node_id: nodeId(account.type === 'Organization' ? 'O' : 'U', account.id),
    avatar_url: `${state.baseUrl}/_avatars/${account.id}`,
    gravatar_id: '',
    url,
    html_url: `${state.baseUrl}/${account.login}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: account.type,
    user_view_type: 'public',
    site_admin: false,
  };
}

export const userByLogin = (state: GithubState, login: string) => simpleUser(state, accountOf(state, login));
export const userOrNull = (state: GithubState, login: string | null) =>
  login !== null && state.accounts.has(login.toLowerCase()) ? userByLogin(state, login) : null;

/** The account by itself (`GET /users/{username}`). */
export function publicUser(state: GithubState, account: Account) {
  return {
    ...simpleUser(state, account),
    name: account.name,
    company: null,
    blog: '',
    location: null,
    email: account.email,
    hireable: null,
    bio: null,
    twitter_username: null,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: '2020-01-01T00:00:00Z',
    updated_at: '2020-01-01T00:00:00Z',
  };
}

export function simpleRepository(state: GithubState, repository: Repository) {
  const url = apiUrl(state, repository);
  return {
    id: repository.id,
    node_id: nodeId('R', repository.id),
    name: repository.name,
    full_name: `${repository.owner}/${repository.name}`,
    private: repository.private,
    owner: userByLogin(state, repository.owner),
    html_url: webUrl(state, repository),
    description: repository.description,
    fork: false,
    url,
    forks_url: `${url}/forks`,
    keys_url: `${url}/keys{/key_id}`,
    collaborators_url: `${url}/collaborators{/collaborator}`,
    teams_url: `${url}/teams`,
    hooks_url: `${url}/hooks`,
    issue_events_url: `${url}/issues/events{/number}`,
    events_url: `${url}/events`,
    assignees_url: `${url}/assignees{/user}`,
    branches_url: `${url}/branches{/branch}`,
    tags_url: `${url}/tags`,
    blobs_url: `${url}/git/blobs{/sha}`,
    git_tags_url: `${url}/git/tags{/sha}`,
    git_refs_url: `${url}/git/refs{/sha}`,
    trees_url: `${url}/git/trees{/sha}`,
    statuses_url: `${url}/statuses/{sha}`,
    languages_url: `${url}/languages`,
    stargazers_url: `${url}/stargazers`,
    contributors_url: `${url}/contributors`,
    subscribers_url: `${url}/subscribers`,
    subscription_url: `${url}/subscription`,
    commits_url: `${url}/commits{/sha}`,
    git_commits_url: `${url}/git/commits{/sha}`,
    comments_url: `${url}/comments{/number}`,
    issue_comment_url: `${url}/issues/comments{/number}`,
    contents_url: `${url}/contents/{+path}`,
    compare_url: `${url}/compare/{base}...{head}`,
    merges_url: `${url}/merges`,
    archive_url: `${url}/{archive_format}{/ref}`,
    downloads_url: `${url}/downloads`,
    issues_url: `${url}/issues{/number}`,
    pulls_url: `${url}/pulls{/number}`,
    milestones_url: `${url}/milestones{/number}`,
    notifications_url: `${url}/notifications{?since,all,participating}`,
    labels_url: `${url}/labels{/name}`,
    releases_url: `${url}/releases{/id}`,
    deployments_url: `${url}/deployments`,
  };
}

/** The repository by itself and in lists, with its settings and counts. */
export function fullRepository(state: GithubState, repository: Repository) {
  const web = webUrl(state, repository);
  const open = repository.pulls.filter((pull) => pull.state === 'open').length;
  return {
    ...simpleRepository(state, repository),
    created_at: at(repository.createdAt),
    updated_at: at(repository.pushedAt),
    pushed_at: at(repository.pushedAt),
    git_url: `git://${new URL(web).host}/${repository.owner}/${repository.name}.git`,
    ssh_url: `git@${new URL(web).hostname}:${repository.owner}/${repository.name}.git`,
    clone_url: `${web}.git`,
    svn_url: web,
    homepage: null,
    size: 0,
    stargazers_count: 0,
    watchers_count: 0,
    language: null,
    has_issues: true,
    has_projects: true,
    has_downloads: true,
    has_wiki: false,
    has_pages: false,
    has_discussions: false,
    has_pull_requests: true,
    pull_request_creation_policy: 'all',
    forks_count: 0,
    mirror_url: null,
    archived: false,
    disabled: false,
    open_issues_count: open,
    license: null,
    allow_forking: false,
    is_template: false,
    web_commit_signoff_required: false,
    topics: [],
    visibility: repository.private ? 'private' : 'public',
    forks: 0,
    open_issues: open,
    watchers: 0,
    default_branch: repository.defaultBranch,
    permissions: { admin: false, maintain: false, push: true, triage: true, pull: true },
    network_count: 0,
    subscribers_count: 0,
  };
}
