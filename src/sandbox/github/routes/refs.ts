/** Git refs and tag objects: https://docs.github.com/rest/git/refs and /rest/git/tags */
import { z } from 'zod';
import { signatureOf } from '../build-repository.ts';
import { isAncestor, peel, sha1 } from '../git.ts';
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
import { apiUrl, webUrl } from '../shapes/basics.ts';
import { gitCommitShape, refShape, simpleCommit, tagObjectShape } from '../shapes/commits.ts';
import type { GithubState, Repository } from '../state.ts';
import { syncWorkflows } from '../workflows.ts';

const about = 'repository';
const git = '/repos/:owner/:repo/git';
const read = ['contents', 'read'] as const;
const write = ['contents', 'write'] as const;
const noSha = '0'.repeat(40);

export const refRoutes: readonly RepositoryRoute[] = [
  {
    ...{ about, method: 'GET', path: `${git}/ref/:ref{.+}`, needs: read },
    docs: 'git/refs#get-a-reference',
    handle(call) {
      const ref = `refs/${call.params.ref}`;
      return json(200, refShape(call.state, call.repository, ref, shaOf(call.repository, ref)));
    },
  },
  {
    ...{ about, method: 'GET', path: `${git}/matching-refs/:ref{.+}`, needs: read },
    docs: 'git/refs#list-matching-references',
    handle(call) {
      const found = [...call.repository.refs]
        .filter(([ref]) => ref.startsWith(`refs/${call.params.ref}`))
        .sort();
      return page(call, found, ([ref, sha]) => refShape(call.state, call.repository, ref, sha));
    },
  },
  {
    ...{ about, method: 'POST', path: `${git}/refs`, needs: write },
    docs: 'git/refs#create-a-reference',
    handle: createRef,
  },
  {
    ...{ about, method: 'PATCH', path: `${git}/refs/:ref{.+}`, needs: write },
    docs: 'git/refs#update-a-reference',
    handle: updateRef,
  },
  {
    ...{ about, method: 'DELETE', path: `${git}/refs/:ref{.+}`, needs: write },
    docs: 'git/refs#delete-a-reference',
    handle: deleteRef,
  },
  {
    ...{ about, method: 'POST', path: `${git}/tags`, needs: write },
    docs: 'git/tags#create-a-tag-object',
    handle: createTag,
  },
  {
    ...{ about, method: 'GET', path: `${git}/tags/:sha`, needs: read },
    docs: 'git/tags#get-a-tag',
    handle(call) {
      const tag = call.repository.tagObjects.get(call.params.sha ?? '');
      if (!tag) throw notFound();
      return json(200, tagObjectShape(call.state, call.repository, tag));
    },
  },
  {
    ...{ about, method: 'GET', path: `${git}/commits/:sha`, needs: read },
    docs: 'git/commits#get-a-commit-object',
    handle(call) {
      const commit = call.repository.commits.get(call.params.sha ?? '');
      if (!commit) throw notFound();
      return json(200, gitCommitShape(call.state, call.repository, commit));
    },
  },
];

/** Moves a ref and tells the webhooks; the one way in which a branch changes after the start. */
export function moveRef(
  state: GithubState,
  repository: Repository,
  ref: string,
  to: string | undefined,
  by: string,
): void {
  const before = repository.refs.get(ref);
  if (to === undefined) repository.refs.delete(ref);
  else repository.refs.set(ref, to);
  repository.pushedAt = state.clock.now();
  syncWorkflows(state, repository);
  followBranch(state, repository, ref, to, by);
  const commit = to === undefined ? undefined : repository.commits.get(peel(repository, to));
  const forced = before !== undefined && to !== undefined && !isAncestor(repository, before, to);
  const head = commit
    ? {
        ...simpleCommit(commit),
        distinct: true,
        url: `${webUrl(state, repository)}/commit/${commit.sha}`,
        added: [],
        removed: [],
        modified: [],
      }
    : null;
  const body = {
    ref,
    before: before ?? noSha,
    after: to ?? noSha,
    created: before === undefined,
    deleted: to === undefined,
    forced,
    base_ref: null,
    compare: `${webUrl(state, repository)}/compare/${(before ?? noSha).slice(0, 12)}...${(to ?? noSha).slice(0, 12)}`,
    commits: head && ref.startsWith('refs/heads/') ? [head] : [],
    head_commit: head,
    pusher: { name: by, email: signatureOf(state, by, 0).email },
  };
  state.emit('push', undefined, repository, body, by);
}

/** Open pull requests of a branch move with it, and are closed when it goes. */
function followBranch(
  state: GithubState,
  repository: Repository,
  ref: string,
  to: string | undefined,
  by: string,
): void {
  for (const pull of repository.pulls) {
    if (pull.state !== 'open' || ref !== `refs/heads/${pull.headRef}`) continue;
    pull.updatedAt = state.clock.now();
    if (to === undefined) {
      pull.state = 'closed';
      pull.closedAt = pull.updatedAt;
    } else {
      pull.headSha = to;
    }
    const action = to === undefined ? 'closed' : 'synchronize';
    state.emit('pull_request', action, repository, { pull_request: pull }, by);
  }
}

const createSchema = z.object({ ref: z.string(), sha: z.string() });

function createRef(call: RepositoryCall) {
  const { state, repository } = call;
  const { ref, sha } = bodyOf(call, createSchema, 'Reference');
  if (!/^refs\/[^/]+\/.+$/.test(ref))
    throw new GithubError(422, "Reference name must start with 'refs/' and contain at least two slashes.");
  if (/\.\.|[\s~^:?*[\\]|@\{|\/$|\.lock$|\/\//.test(ref))
    throw new GithubError(422, `${ref} is not a valid ref name.`);
  requireObject(repository, sha);
  if (repository.refs.has(ref)) throw new GithubError(422, 'Reference already exists');
  moveRef(state, repository, ref, sha, call.caller.account.login);
  return {
    ...json(201, refShape(state, repository, ref, sha)),
    headers: { location: `${apiUrl(state, repository)}/git/${ref}` },
  };
}

const updateSchema = z.object({ sha: z.string(), force: z.boolean().default(false) });

function updateRef(call: RepositoryCall) {
  const { state, repository } = call;
  const ref = `refs/${call.params.ref}`;
  const before = repository.refs.get(ref);
  if (before === undefined) throw new GithubError(422, 'Reference does not exist');
  const { sha, force } = bodyOf(call, updateSchema, 'Reference');
  requireObject(repository, sha);
  if (!force && !isAncestor(repository, peel(repository, before), peel(repository, sha)))
    throw new GithubError(422, 'Update is not a fast forward');
  moveRef(state, repository, ref, sha, call.caller.account.login);
  return json(200, refShape(state, repository, ref, sha));
}

function deleteRef(call: RepositoryCall) {
  const { state, repository } = call;
  const ref = `refs/${call.params.ref}`;
  if (!repository.refs.has(ref)) throw new GithubError(422, 'Reference does not exist');
  if (ref === `refs/heads/${repository.defaultBranch}`)
    throw validationFailed([`Cannot delete the default branch ${repository.defaultBranch}`]);
  moveRef(state, repository, ref, undefined, call.caller.account.login);
  return noContent;
}

const tagSchema = z.object({
  tag: z.string(),
  message: z.string(),
  object: z.string(),
  type: z.enum(['commit', 'tree', 'blob']),
  tagger: z.object({ name: z.string(), email: z.string(), date: z.string().optional() }).optional(),
});

/** Makes the object alone; a ref that points to it is a second call, as on GitHub. */
function createTag(call: RepositoryCall) {
  const { state, repository } = call;
  const body = bodyOf(call, tagSchema, 'Tag');
  if (body.type !== 'commit' || !repository.commits.has(body.object))
    throw new GithubError(422, `Could not verify object ${body.object}`);
  const now = state.clock.now();
  const own = signatureOf(state, call.caller.account.login, now);
  const date = Date.parse(body.tagger?.date ?? '');
  const tagger = body.tagger ? { ...own, ...body.tagger, at: Number.isNaN(date) ? now : date } : own;
  const tag = {
    sha: sha1(`tag\0${body.tag}\0${body.object}\0${body.message}\0${tagger.email}\0${tagger.at}`),
    tag: body.tag,
    message: body.message,
    object: { sha: body.object, type: body.type },
    tagger,
  };
  repository.tagObjects.set(tag.sha, tag);
  return json(201, tagObjectShape(state, repository, tag));
}

function shaOf(repository: Repository, ref: string): string {
  const sha = repository.refs.get(ref);
  if (sha === undefined) throw notFound();
  return sha;
}

function requireObject(repository: Repository, sha: string): void {
  if (!repository.commits.has(sha) && !repository.tagObjects.has(sha))
    throw new GithubError(422, 'Object does not exist');
}
