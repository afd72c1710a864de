/** Commits, comparisons, branches and tags: https://docs.github.com/rest/commits and /rest/branches */
import { compare, history, resolveCommit } from '../git.ts';
import {
  GithubError,
  json,
  notFound,
  page,
  pageOf,
  type RepositoryCall,
  type RepositoryRoute,
} from '../http.ts';
import { apiUrl, nodeId, webUrl } from '../shapes/basics.ts';
import { commitShape, commitWithFiles, fileShape, filesOf } from '../shapes/commits.ts';
import { simplePullShape } from '../shapes/pulls.ts';
import type { Commit, GithubState, Repository } from '../state.ts';

/** Without `per_page` 250, with it at most 100: https://docs.github.com/rest/commits/commits#compare-two-commits */
const comparePageSize = { normal: 250, max: 100 };
const filesMax = 300;
const about = 'repository';
const repo = '/repos/:owner/:repo';

export const commitRoutes: readonly RepositoryRoute[] = [
  {
    ...{ about, method: 'GET', path: `${repo}/compare/:basehead{.+}`, needs: ['contents', 'read'] },
    docs: 'commits/commits#compare-two-commits',
    handle: compareCommits,
  },
  {
    ...{ about, method: 'GET', path: `${repo}/commits`, needs: ['contents', 'read'] },
    docs: 'commits/commits#list-commits',
    handle: listCommits,
  },
  {
    ...{ about, method: 'GET', path: `${repo}/commits/:sha/pulls`, needs: ['pull_requests', 'read'] },
    docs: 'commits/commits#list-pull-requests-associated-with-a-commit',
    handle: listPullsOfCommit,
  },
  {
    ...{ about, method: 'GET', path: `${repo}/commits/:ref{.+}`, needs: ['contents', 'read'] },
    docs: 'commits/commits#get-a-commit',
    handle: getCommit,
  },
  {
    ...{ about, method: 'GET', path: `${repo}/branches`, needs: ['contents', 'read'] },
    docs: 'branches/branches#list-branches',
    handle: (call) =>
      page(call, branchesOf(call.repository), (name) => branchShape(call.state, call.repository, name)),
  },
  {
    ...{ about, method: 'GET', path: `${repo}/branches/:branch{.+}`, needs: ['contents', 'read'] },
    docs: 'branches/branches#get-a-branch',
    handle: getBranch,
  },
  {
    ...{ about, method: 'GET', path: `${repo}/tags`, needs: ['metadata', 'read'] },
    docs: 'repos/repos#list-repository-tags',
    handle: listTags,
  },
];

/** @throws GithubError 422 `No commit found for SHA`, GitHub's word for a ref that leads nowhere. */
export function commitOf(repository: Repository, ref: string): Commit {
  const commit = resolveCommit(repository, ref);
  if (!commit) throw new GithubError(422, `No commit found for SHA: ${ref}`);
  return commit;
}

function compareCommits(call: RepositoryCall) {
  const { state, repository } = call;
  const [base, head, ...rest] = (call.params.basehead ?? '')
    .split('...')
    .map((ref) => plainRef(repository, ref));
  const from = base && resolveCommit(repository, base);
  const to = head && resolveCommit(repository, head);
  const difference = from && to && rest.length === 0 ? compare(repository, from, to) : undefined;
  if (!from || !to || !difference) throw notFound();
  const commits = pageOf(call, difference.ahead, comparePageSize);
  const api = `${apiUrl(state, repository)}/compare/${base}...${head}`;
  const web = `${webUrl(state, repository)}/compare/${base}...${head}`;
  const permanent = [from, to].map((one) => `${repository.owner}:${one.sha.slice(0, 7)}`).join('...');
  return {
    ...json(200, {
      url: api,
      html_url: web,
      permalink_url: `${webUrl(state, repository)}/compare/${permanent}`,
      diff_url: `${web}.diff`,
      patch_url: `${web}.patch`,
      base_commit: commitShape(state, repository, from),
      merge_base_commit: commitShape(state, repository, difference.mergeBase),
      status: difference.status,
      ahead_by: difference.ahead.length,
      behind_by: difference.behindBy,
      total_commits: difference.ahead.length,
      commits: commits.shown.map((commit) => commitShape(state, repository, commit)),
      // Files come with the first page only.
      ...(commits.number === 1
        ? {
            files: difference.files
              .slice(0, filesMax)
              .map((file) => fileShape(state, repository, to.sha, file)),
          }
        : {}),
    }),
    headers: commits.headers,
  };
}

function listCommits(call: RepositoryCall) {
  const { state, repository, query } = call;
  const start = resolveCommit(repository, query.get('sha') ?? repository.defaultBranch);
  if (!start) throw notFound();
  const moment = (name: string) => (query.has(name) ? Date.parse(query.get(name) ?? '') : undefined);
  const [since, until] = [moment('since'), moment('until')];
  const author = query.get('author')?.toLowerCase();
  const path = query.get('path');
  const commits = history(repository, start.sha).filter(
    (commit) =>
      (since === undefined || commit.committer.at >= since) &&
      (until === undefined || commit.committer.at <= until) &&
      (author === undefined ||
        [commit.author.login, commit.author.email].some((one) => one?.toLowerCase() === author)) &&
      (path === null ||
        filesOf(repository, commit).some((file) =>
          `${file.filename}/`.startsWith(`${path.replace(/\/$/, '')}/`),
        )),
  );
  return page(call, commits, (commit) => commitShape(state, repository, commit));
}

function getCommit(call: RepositoryCall) {
  const { state, repository } = call;
  const commit = commitOf(repository, call.params.ref ?? '');
  // https://docs.github.com/rest/using-the-rest-api/getting-started-with-the-rest-api#media-types
  if (call.headers.get('accept')?.includes('.sha'))
    return {
      status: 200,
      body: commit.sha,
      headers: { 'content-type': 'application/vnd.github.v3.sha; charset=utf-8' },
    };
  const files = pageOf(call, filesOf(repository, commit), { normal: filesMax, max: filesMax });
  return { ...json(200, commitWithFiles(state, repository, commit, files.shown)), headers: files.headers };
}

function listPullsOfCommit(call: RepositoryCall) {
  const { state, repository } = call;
  const { sha } = commitOf(repository, call.params.sha ?? '');
  const pulls = repository.pulls.filter((pull) => pull.mergeCommitSha === sha || pull.headSha === sha);
  return page(call, pulls, (pull) => simplePullShape(state, repository, pull));
}

function getBranch(call: RepositoryCall) {
  const { state, repository } = call;
  const name = call.params.branch ?? '';
  const head = repository.commits.get(repository.refs.get(`refs/heads/${name}`) ?? '');
  if (!head) throw new GithubError(404, 'Branch not found');
  const shape = branchShape(state, repository, name);
  const url = `${apiUrl(state, repository)}/branches/${name}`;
  return json(200, {
    ...shape,
    commit: commitShape(state, repository, head),
    _links: { self: url, html: `${webUrl(state, repository)}/tree/${name}` },
  });
}

function branchShape(state: GithubState, repository: Repository, name: string) {
  const sha = repository.refs.get(`refs/heads/${name}`) ?? '';
  const rule = repository.protectedBranches.get(name);
  const contexts = rule?.requiredContexts ?? [];
  return {
    name,
    commit: { sha, url: `${apiUrl(state, repository)}/commits/${sha}` },
    protected: rule !== undefined,
    protection: {
      enabled: rule !== undefined,
      required_status_checks: {
        enforcement_level: rule && contexts.length > 0 ? 'non_admins' : 'off',
        contexts,
        checks: contexts.map((context) => ({ context, app_id: null })),
      },
    },
    protection_url: `${apiUrl(state, repository)}/branches/${name}/protection`,
  };
}

function branchesOf(repository: Repository): readonly string[] {
  return [...repository.refs.keys()]
    .filter((ref) => ref.startsWith('refs/heads/'))
    .map((ref) => ref.slice('refs/heads/'.length))
    .sort();
}

function listTags(call: RepositoryCall) {
  const { state, repository } = call;
  const api = apiUrl(state, repository);
  // GitHub lists tags by name, last first.
  const names = [...repository.refs.keys()]
    .filter((ref) => ref.startsWith('refs/tags/'))
    .sort()
    .reverse();
  return page(call, names, (ref) => {
    const name = ref.slice('refs/tags/'.length);
    const sha = resolveCommit(repository, ref)?.sha ?? '';
    return {
      name,
      zipball_url: `${api}/zipball/${ref}`,
      tarball_url: `${api}/tarball/${ref}`,
      commit: { sha, url: `${api}/commits/${sha}` },
      node_id: nodeId('REF', `${repository.id}:${ref}`),
    };
  });
}

/** `owner:ref` names a ref of a fork's network; here only the repository itself exists. */
function plainRef(repository: Repository, ref: string): string {
  const prefix = `${repository.owner}:`;
  return ref.startsWith(prefix) ? ref.slice(prefix.length) : ref;
}
