/** Files of a repository: https://docs.github.com/rest/repos/contents */
import { z } from 'zod';
import { signatureOf } from '../build-repository.ts';
import { addCommit, blobSha, resolveCommit, treeShaOf } from '../git.ts';
import { bodyOf, GithubError, json, notFound, type RepositoryCall, type RepositoryRoute } from '../http.ts';
import { apiUrl, webUrl } from '../shapes/basics.ts';
import { contentShape, gitCommitShape } from '../shapes/commits.ts';
import type { Commit } from '../state.ts';
import { moveRef } from './refs.ts';

const about = 'repository';
const contents = '/repos/:owner/:repo/contents/:path{.+}';

export const contentRoutes: readonly RepositoryRoute[] = [
  ...['/repos/:owner/:repo/contents', '/repos/:owner/:repo/contents/', contents].map(
    (path): RepositoryRoute => ({
      ...{ about, method: 'GET', path, needs: ['contents', 'read'] },
      docs: 'repos/contents#get-repository-content',
      handle: getContent,
    }),
  ),
  {
    ...{ about, method: 'PUT', path: contents, needs: ['contents', 'write'] },
    docs: 'repos/contents#create-or-update-file-contents',
    handle: putContent,
  },
  {
    ...{ about, method: 'DELETE', path: contents, needs: ['contents', 'write'] },
    docs: 'repos/contents#delete-a-file',
    handle: deleteContent,
  },
];

function getContent(call: RepositoryCall) {
  const { state, repository, query } = call;
  const ref = query.get('ref') ?? repository.defaultBranch;
  const commit = resolveCommit(repository, ref);
  if (!commit) throw new GithubError(404, `No commit found for the ref ${ref}`);
  const path = (call.params.path ?? '').replace(/\/$/, '');
  const text = commit.files.get(path);
  if (text === undefined) return json(200, folderShape(call, commit, ref, path));
  if (call.headers.get('accept')?.includes('.raw'))
    return {
      status: 200,
      body: text,
      headers: { 'content-type': 'application/vnd.github.v3.raw; charset=utf-8' },
    };
  return json(200, {
    ...contentShape(state, repository, ref, path, text),
    content: inLines(Buffer.from(text).toString('base64')),
    encoding: 'base64',
  });
}

function folderShape(call: RepositoryCall, commit: Commit, ref: string, folder: string) {
  const { state, repository } = call;
  const prefix = folder === '' ? '' : `${folder}/`;
  const inside = [...commit.files].filter(([path]) => path.startsWith(prefix));
  if (inside.length === 0) throw notFound();
  const byName = Map.groupBy(inside, ([path]) => path.slice(prefix.length).split('/')[0] ?? '');
  return [...byName].sort().map(([name, files]) => {
    const path = `${prefix}${name}`;
    const [only] = files;
    if (only && only[0] === path) return contentShape(state, repository, ref, path, only[1]);
    const sha = treeShaOf(new Map(files));
    const url = `${apiUrl(state, repository)}/contents/${path}?ref=${encodeURIComponent(ref)}`;
    const git = `${apiUrl(state, repository)}/git/trees/${sha}`;
    const html = `${webUrl(state, repository)}/tree/${ref}/${path}`;
    return {
      ...{ name, path, sha, size: 0, url, html_url: html, git_url: git, download_url: null, type: 'dir' },
      _links: { self: url, git, html },
    };
  });
}

const personSchema = z.object({ name: z.string(), email: z.string(), date: z.string().optional() });
const common = {
  message: z.string(),
  sha: z.string().optional(),
  branch: z.string().optional(),
  author: personSchema.optional(),
  committer: personSchema.optional(),
};
const putSchema = z.object({ ...common, content: z.string() });
const deleteSchema = z.object({ ...common, sha: z.string() });

function putContent(call: RepositoryCall) {
  const body = bodyOf(call, putSchema, 'Content');
  if (!/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(body.content))
    throw new GithubError(422, 'content is not valid Base64');
  const path = call.params.path ?? '';
  const isWorkflow = path.startsWith('.github/workflows/');
  if (isWorkflow && call.caller.permissions.workflows !== 'write')
    throw new GithubError(
      403,
      `refusing to allow an integration to create or update workflow \`${path}\` without \`workflows\` permission`,
    );
  const { branch, head } = branchOf(call, body.branch);
  const known = head.files.get(path);
  requireSha(path, known, body.sha);
  const text = Buffer.from(body.content, 'base64').toString('utf8');
  const files = new Map(head.files).set(path, text);
  const commit = commitFiles(call, branch, head, files, body);
  return json(known === undefined ? 201 : 200, {
    content: contentShape(call.state, call.repository, branch, path, text),
    commit: gitCommitShape(call.state, call.repository, commit),
  });
}

function deleteContent(call: RepositoryCall) {
  // Octokit sends the body; GitHub takes the same from the query as well.
  const given = call.body ?? Object.fromEntries(call.query);
  const body = bodyOf({ body: given }, deleteSchema, 'Content');
  const path = call.params.path ?? '';
  const { branch, head } = branchOf(call, body.branch);
  const known = head.files.get(path);
  if (known === undefined) throw notFound();
  requireSha(path, known, body.sha);
  const files = new Map(head.files);
  files.delete(path);
  const commit = commitFiles(call, branch, head, files, body);
  return json(200, { content: null, commit: gitCommitShape(call.state, call.repository, commit) });
}

/** An update without the file's sha is a 422, with an old one a 409: somebody else was faster. */
function requireSha(path: string, known: string | undefined, given: string | undefined): void {
  if (known === undefined) return;
  if (given === undefined) throw new GithubError(422, 'Invalid request.\n\n"sha" wasn\'t supplied.');
  if (given !== blobSha(known)) throw new GithubError(409, `${path} does not match ${given}`);
}

function branchOf(call: RepositoryCall, asked: string | undefined): { branch: string; head: Commit } {
  const branch = (asked ?? call.repository.defaultBranch).replace(/^refs\/heads\//, '');
  const head = call.repository.commits.get(call.repository.refs.get(`refs/heads/${branch}`) ?? '');
  if (!head) throw new GithubError(404, `Branch ${branch} not found`);
  return { branch, head };
}

function commitFiles(
  call: RepositoryCall,
  branch: string,
  head: Commit,
  files: ReadonlyMap<string, string>,
  body: { message: string; author?: z.infer<typeof personSchema> | undefined },
): Commit {
  const { state, repository } = call;
  const login = call.caller.account.login;
  const own = signatureOf(state, login, state.clock.now());
  const commit = addCommit(repository, {
    files,
    parents: [head.sha],
    message: body.message,
    author: body.author ? { ...own, name: body.author.name, email: body.author.email } : own,
    committer: own,
    salt: String(state.nextId()),
  });
  moveRef(state, repository, `refs/heads/${branch}`, commit.sha, login);
  return commit;
}

/** GitHub breaks base64 after 60 characters. */
function inLines(base64: string): string {
  return `${base64.match(/.{1,60}/g)?.join('\n') ?? ''}\n`;
}
