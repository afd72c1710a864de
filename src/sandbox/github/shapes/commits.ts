/** Commits, comparisons, files, refs and tags as https://docs.github.com/rest/commits and /rest/git answer them. */
import { blobSha, changesBetween, type FileChange } from '../git.ts';
import type { Commit, GithubState, Repository, Signature, TagObject } from '../state.ts';
import { apiUrl, at, nodeId, userOrNull, webUrl } from './basics.ts';

const unsigned = { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null };

const person = (signature: Signature) => ({
  name: signature.name,
  email: signature.email,
  date: at(signature.at),
});

/** A commit in lists and comparisons. */
export function commitShape(state: GithubState, repository: Repository, commit: Commit) {
  const url = `${apiUrl(state, repository)}/commits/${commit.sha}`;
  const git = `${apiUrl(state, repository)}/git`;
  return {
    sha: commit.sha,
    node_id: nodeId('C', commit.sha),
    commit: {
      author: person(commit.author),
      committer: person(commit.committer),
      message: commit.message,
      tree: { sha: commit.treeSha, url: `${git}/trees/${commit.treeSha}` },
      url: `${git}/commits/${commit.sha}`,
      comment_count: 0,
      verification: unsigned,
    },
    url,
    html_url: `${webUrl(state, repository)}/commit/${commit.sha}`,
    comments_url: `${url}/comments`,
    author: userOrNull(state, commit.author.login),
    committer: userOrNull(state, commit.committer.login),
    parents: parentsOf(state, repository, commit, 'commits'),
  };
}

/** A commit by itself: with its files and counts. */
export function commitWithFiles(
  state: GithubState,
  repository: Repository,
  commit: Commit,
  shown?: readonly FileChange[],
) {
  const files = filesOf(repository, commit);
  const additions = files.reduce((sum, file) => sum + file.additions, 0);
  const deletions = files.reduce((sum, file) => sum + file.deletions, 0);
  return {
    ...commitShape(state, repository, commit),
    stats: { total: additions + deletions, additions, deletions },
    files: (shown ?? files).map((file) => fileShape(state, repository, commit.sha, file)),
  };
}

export function filesOf(repository: Repository, commit: Commit): readonly FileChange[] {
  const [parent] = commit.parents;
  const before = parent === undefined ? undefined : repository.commits.get(parent);
  return changesBetween(before?.files ?? new Map(), commit.files);
}

export function fileShape(state: GithubState, repository: Repository, sha: string, file: FileChange) {
  const web = webUrl(state, repository);
  return {
    sha: file.sha,
    filename: file.filename,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes: file.additions + file.deletions,
    blob_url: `${web}/blob/${sha}/${file.filename}`,
    raw_url: `${web}/raw/${sha}/${file.filename}`,
    contents_url: `${apiUrl(state, repository)}/contents/${file.filename}?ref=${sha}`,
    patch: file.patch,
  };
}

/** A commit as git keeps it (`/git/commits`). */
export function gitCommitShape(state: GithubState, repository: Repository, commit: Commit) {
  const git = `${apiUrl(state, repository)}/git`;
  return {
    sha: commit.sha,
    node_id: nodeId('C', commit.sha),
    url: `${git}/commits/${commit.sha}`,
    html_url: `${webUrl(state, repository)}/commit/${commit.sha}`,
    author: person(commit.author),
    committer: person(commit.committer),
    tree: { sha: commit.treeSha, url: `${git}/trees/${commit.treeSha}` },
    message: commit.message,
    parents: parentsOf(state, repository, commit, 'git/commits'),
    verification: unsigned,
  };
}

/** The commit inside workflow runs, check suites and pushes. */
export function simpleCommit(commit: Commit) {
  return {
    id: commit.sha,
    tree_id: commit.treeSha,
    message: commit.message,
    timestamp: at(commit.committer.at),
    author: { name: commit.author.name, email: commit.author.email },
    committer: { name: commit.committer.name, email: commit.committer.email },
  };
}

export function refShape(state: GithubState, repository: Repository, ref: string, sha: string) {
  const git = `${apiUrl(state, repository)}/git`;
  const type = repository.tagObjects.has(sha) ? 'tag' : 'commit';
  return {
    ref,
    node_id: nodeId('REF', `${repository.id}:${ref}`),
    url: `${git}/${ref}`,
    object: { sha, type, url: `${git}/${type}s/${sha}` },
  };
}

export function tagObjectShape(state: GithubState, repository: Repository, tag: TagObject) {
  const git = `${apiUrl(state, repository)}/git`;
  return {
    node_id: nodeId('TA', tag.sha),
    sha: tag.sha,
    url: `${git}/tags/${tag.sha}`,
    tagger: person(tag.tagger),
    object: { ...tag.object, url: `${git}/${tag.object.type}s/${tag.object.sha}` },
    tag: tag.tag,
    message: tag.message,
    verification: unsigned,
  };
}

export function contentShape(
  state: GithubState,
  repository: Repository,
  ref: string,
  path: string,
  text: string,
) {
  const sha = blobSha(text);
  const url = `${apiUrl(state, repository)}/contents/${path}?ref=${encodeURIComponent(ref)}`;
  const gitUrl = `${apiUrl(state, repository)}/git/blobs/${sha}`;
  const htmlUrl = `${webUrl(state, repository)}/blob/${ref}/${path}`;
  return {
    name: path.split('/').at(-1) ?? path,
    path,
    sha,
    size: Buffer.byteLength(text),
    url,
    html_url: htmlUrl,
    git_url: gitUrl,
    download_url: `${webUrl(state, repository)}/raw/${ref}/${path}`,
    type: 'file',
    _links: { self: url, git: gitUrl, html: htmlUrl },
  };
}

function parentsOf(state: GithubState, repository: Repository, commit: Commit, kind: string) {
  return commit.parents.map((sha) => ({
    sha,
    url: `${apiUrl(state, repository)}/${kind}/${sha}`,
    html_url: `${webUrl(state, repository)}/commit/${sha}`,
  }));
}
