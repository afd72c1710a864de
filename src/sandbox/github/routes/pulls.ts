/** Pull requests: https://docs.github.com/rest/pulls/pulls */
import { z } from 'zod';
import { compare, resolveCommit } from '../git.ts';
import {
  bodyOf,
  GithubError,
  json,
  noContent,
  notFound,
  page,
  type RepositoryCall,
  type RepositoryRoute,
  validationFailed,
} from '../http.ts';
import { mergePull } from '../merge.ts';
import { startPullChecks } from '../pull-checks.ts';
import { commitShape, fileShape } from '../shapes/commits.ts';
import { pullDifference, pullShape, simplePullShape } from '../shapes/pulls.ts';
import type { Pull, Repository } from '../state.ts';

const about = 'repository';
const pulls = '/repos/:owner/:repo/pulls';
const one = `${pulls}/:pull{[0-9]+}`;
const read = ['pull_requests', 'read'] as const;
const write = ['pull_requests', 'write'] as const;

export const pullRoutes: readonly RepositoryRoute[] = [
  {
    ...{ about, method: 'GET', path: pulls, needs: read },
    docs: 'pulls/pulls#list-pull-requests',
    handle: listPulls,
  },
  {
    ...{ about, method: 'POST', path: pulls, needs: write },
    docs: 'pulls/pulls#create-a-pull-request',
    handle: createPull,
  },
  {
    ...{ about, method: 'GET', path: one, needs: read },
    docs: 'pulls/pulls#get-a-pull-request',
    handle: (call) => json(200, pullShape(call.state, call.repository, pullOf(call))),
  },
  {
    ...{ about, method: 'PATCH', path: one, needs: write },
    docs: 'pulls/pulls#update-a-pull-request',
    handle: updatePull,
  },
  {
    ...{ about, method: 'GET', path: `${one}/commits`, needs: read },
    docs: 'pulls/pulls#list-commits-on-a-pull-request',
    handle: (call) =>
      page(call, pullDifference(call.repository, pullOf(call))?.ahead ?? [], (commit) =>
        commitShape(call.state, call.repository, commit),
      ),
  },
  {
    ...{ about, method: 'GET', path: `${one}/files`, needs: read },
    docs: 'pulls/pulls#list-pull-requests-files',
    handle(call) {
      const pull = pullOf(call);
      return page(call, pullDifference(call.repository, pull)?.files ?? [], (file) =>
        fileShape(call.state, call.repository, pull.headSha, file),
      );
    },
  },
  {
    ...{ about, method: 'GET', path: `${one}/reviews`, needs: read },
    docs: 'pulls/reviews#list-reviews-for-a-pull-request',
    handle(call) {
      pullOf(call);
      return json(200, []);
    },
  },
  {
    ...{ about, method: 'GET', path: `${one}/merge`, needs: read },
    docs: 'pulls/pulls#check-if-a-pull-request-has-been-merged',
    handle(call) {
      if (pullOf(call).mergedAt === null) throw notFound();
      return noContent;
    },
  },
  {
    ...{ about, method: 'PUT', path: `${one}/merge`, needs: ['contents', 'write'] },
    docs: 'pulls/pulls#merge-a-pull-request',
    handle: merge,
  },
];

function listPulls(call: RepositoryCall) {
  const { query, repository, state } = call;
  const wantedState = query.get('state') ?? 'open';
  const [base, head] = [query.get('base'), query.get('head')];
  const byUpdate = query.get('sort') === 'updated';
  const found = repository.pulls
    .filter(
      (pull) =>
        (wantedState === 'all' || pull.state === wantedState) &&
        (base === null || pull.baseRef === base) &&
        (head === null || `${repository.owner}:${pull.headRef}` === head),
    )
    .sort((a, b) => (byUpdate ? b.updatedAt - a.updatedAt : b.createdAt - a.createdAt));
  // Newest first, unless another order than the time of creation is asked for without a direction.
  const ascending = query.get('direction') === 'asc';
  return page(call, ascending ? found.reverse() : found, (pull) => simplePullShape(state, repository, pull));
}

const createSchema = z.object({
  title: z.string().min(1),
  head: z.string(),
  base: z.string(),
  body: z.string().nullish(),
  draft: z.boolean().default(false),
});

function createPull(call: RepositoryCall) {
  const { state, repository } = call;
  const body = bodyOf(call, createSchema, 'PullRequest');
  const headRef = body.head.startsWith(`${repository.owner}:`)
    ? body.head.slice(repository.owner.length + 1)
    : body.head;
  const invalid = (field: string) => validationFailed([{ resource: 'PullRequest', field, code: 'invalid' }]);
  const custom = (message: string) =>
    validationFailed([{ resource: 'PullRequest', code: 'custom', message }]);
  if (!repository.refs.has(`refs/heads/${body.base}`)) throw invalid('base');
  if (!repository.refs.has(`refs/heads/${headRef}`)) throw invalid('head');
  const base = resolveCommit(repository, `refs/heads/${body.base}`);
  const head = resolveCommit(repository, `refs/heads/${headRef}`);
  const difference = base && head ? compare(repository, base, head) : undefined;
  if (!base || !head || !difference)
    throw custom(`The ${body.base} branch has no history in common with ${headRef}`);
  if (difference.ahead.length === 0) throw custom(`No commits between ${body.base} and ${headRef}`);
  const isThere = repository.pulls.some(
    (pull) => pull.state === 'open' && pull.headRef === headRef && pull.baseRef === body.base,
  );
  if (isThere) throw custom(`A pull request already exists for ${repository.owner}:${headRef}.`);
  const now = state.clock.now();
  const author = call.caller.account.login;
  const pull: Pull = {
    id: state.nextId(),
    number: Math.max(0, ...repository.pulls.map((each) => each.number)) + 1,
    title: body.title,
    body: body.body ?? null,
    author,
    headRef,
    headSha: head.sha,
    baseRef: body.base,
    baseSha: base.sha,
    state: 'open',
    draft: body.draft,
    createdAt: now,
    updatedAt: now,
    closedAt: null,
    mergedAt: null,
    mergedBy: null,
    mergeCommitSha: null,
    conflicting: false,
  };
  repository.pulls.push(pull);
  state.emit('pull_request', 'opened', repository, { pull_request: pull }, author);
  startPullChecks(state, repository, head.sha);
  return json(201, pullShape(state, repository, pull));
}

const updateSchema = z.object({
  title: z.string().min(1).optional(),
  body: z.string().nullish(),
  state: z.enum(['open', 'closed']).optional(),
  base: z.string().optional(),
});

function updatePull(call: RepositoryCall) {
  const { state, repository } = call;
  const pull = pullOf(call);
  const body = bodyOf(call, updateSchema, 'PullRequest');
  if (body.base !== undefined && !repository.refs.has(`refs/heads/${body.base}`))
    throw validationFailed([{ resource: 'PullRequest', field: 'base', code: 'invalid' }]);
  if (body.state === 'open' && pull.mergedAt !== null)
    throw validationFailed([
      {
        resource: 'PullRequest',
        code: 'custom',
        field: 'state',
        message: 'state cannot be changed. The pull request was merged.',
      },
    ]);
  pull.title = body.title ?? pull.title;
  pull.baseRef = body.base ?? pull.baseRef;
  if (body.body !== undefined) pull.body = body.body;
  const action =
    body.state === undefined || body.state === pull.state
      ? 'edited'
      : body.state === 'closed'
        ? 'closed'
        : 'reopened';
  pull.state = body.state ?? pull.state;
  pull.updatedAt = state.clock.now();
  if (action === 'closed') pull.closedAt = pull.updatedAt;
  if (action === 'reopened') pull.closedAt = null;
  state.emit('pull_request', action, repository, { pull_request: pull }, call.caller.account.login);
  return json(200, pullShape(state, repository, pull));
}

const mergeSchema = z.object({
  sha: z.string().optional(),
  merge_method: z.enum(['merge', 'squash', 'rebase']).default('merge'),
  commit_title: z.string().optional(),
  commit_message: z.string().optional(),
});

function merge(call: RepositoryCall) {
  const { state, repository } = call;
  const pull = pullOf(call);
  const body = bodyOf(call, mergeSchema, 'PullRequest');
  if (body.sha !== undefined && body.sha !== pull.headSha)
    throw new GithubError(409, 'Head branch was modified. Review and try the merge again.');
  const refusal = mergeRefusal(repository, pull);
  if (refusal) throw new GithubError(405, refusal);
  const sha = mergePull(state, repository, pull, {
    by: call.caller.account.login,
    method: body.merge_method,
    title: body.commit_title,
    message: body.commit_message,
  });
  if (sha === undefined) throw new GithubError(405, 'Pull Request is not mergeable');
  return json(200, { sha, merged: true, message: 'Pull Request successfully merged' });
}

function mergeRefusal(repository: Repository, pull: Pull): string | undefined {
  if (pull.state === 'closed') return 'Pull Request is not mergeable';
  if (pull.draft) return 'Pull Request is still a draft';
  const required = repository.protectedBranches.get(pull.baseRef)?.requiredContexts ?? [];
  const missing = required.filter(
    (context) =>
      !repository.checkRuns.some(
        (check) => check.headSha === pull.headSha && check.name === context && check.conclusion === 'success',
      ),
  );
  if (missing.length === 1) return `Required status check "${missing[0]}" is expected.`;
  if (missing.length > 1)
    return `${missing.length} of ${required.length} required status checks are expected.`;
  return undefined;
}

function pullOf(call: RepositoryCall): Pull {
  const found = call.repository.pulls.find((pull) => String(pull.number) === call.params.pull);
  if (!found) throw notFound();
  return found;
}
