/**
 * Just enough git: object names, refs, the commit graph and differences between two trees. Blob names are git's
 * own; trees and commits are named by a hash of what they hold but not of when, so that a seed whose dates are
 * relative to the start gives the same names on every start.
 */
import { createHash } from 'node:crypto';
import { structuredPatch } from 'diff';
import type { Commit, Repository, Signature } from './state.ts';

export interface NewCommit {
  readonly files: ReadonlyMap<string, string>;
  readonly parents: readonly string[];
  readonly message: string;
  readonly author: Signature;
  readonly committer?: Signature;
  /** Tells commits apart that are otherwise the same. */
  readonly salt?: string;
}

export interface FileChange {
  readonly filename: string;
  readonly status: 'added' | 'removed' | 'modified';
  readonly sha: string;
  readonly additions: number;
  readonly deletions: number;
  readonly patch: string;
}

/** Adds a commit to the repository and returns it. Moves no ref. */
export function addCommit(repository: Repository, input: NewCommit): Commit {
  const treeSha = treeShaOf(input.files);
  const named = [
    repository.owner,
    repository.name,
    treeSha,
    ...input.parents,
    input.author.email,
    input.message,
    input.salt ?? '',
  ];
  const commit: Commit = {
    sha: sha1(named.join('\0')),
    treeSha,
    files: new Map(input.files),
    parents: input.parents,
    message: input.message,
    author: input.author,
    committer: input.committer ?? input.author,
  };
  repository.commits.set(commit.sha, commit);
  return commit;
}

/**
 * The commit that a branch, tag, full ref name, sha or sha of seven and more characters stands for. A branch
 * wins over a tag of the same name, as on GitHub.
 */
export function resolveCommit(repository: Repository, ref: string): Commit | undefined {
  const name = ref === 'HEAD' ? repository.defaultBranch : ref.replace(/^refs\//, '');
  const target =
    repository.refs.get(`refs/heads/${name}`) ??
    repository.refs.get(`refs/tags/${name}`) ??
    repository.refs.get(`refs/${name}`);
  const sha = target ?? (/^[0-9a-f]{7,40}$/.test(ref) ? completeSha(repository, ref) : undefined);
  return sha === undefined ? undefined : repository.commits.get(peel(repository, sha));
}

/** Follows annotated tags to what they tag. */
export function peel(repository: Repository, sha: string): string {
  const tag = repository.tagObjects.get(sha);
  return tag ? peel(repository, tag.object.sha) : sha;
}

/** The commit and all that it descends from, newest first. */
export function history(repository: Repository, from: string): readonly Commit[] {
  const seen = new Set<string>();
  const found: Commit[] = [];
  const queue = [from];
  for (let sha = queue.shift(); sha !== undefined; sha = queue.shift()) {
    const commit = repository.commits.get(sha);
    if (!commit || seen.has(sha)) continue;
    seen.add(sha);
    found.push(commit);
    queue.push(...commit.parents);
  }
  // Breadth first keeps children before parents on a line; the date settles side branches.
  return found
    .map((commit, order) => ({ commit, order }))
    .sort((a, b) => b.commit.committer.at - a.commit.committer.at || a.order - b.order)
    .map(({ commit }) => commit);
}

export function isAncestor(repository: Repository, ancestor: string, of: string): boolean {
  return history(repository, of).some((commit) => commit.sha === ancestor);
}

export interface Comparison {
  readonly status: 'ahead' | 'behind' | 'diverged' | 'identical';
  readonly mergeBase: Commit;
  /** In head and not in base, oldest first, as GitHub lists them. */
  readonly ahead: readonly Commit[];
  readonly behindBy: number;
  readonly files: readonly FileChange[];
}

/** `undefined` when the two have no common ancestor. */
export function compare(repository: Repository, base: Commit, head: Commit): Comparison | undefined {
  const inBase = new Set(history(repository, base.sha).map((commit) => commit.sha));
  const headHistory = history(repository, head.sha);
  const inHead = new Set(headHistory.map((commit) => commit.sha));
  const mergeBase = headHistory.find((commit) => inBase.has(commit.sha));
  if (!mergeBase) return undefined;
  const ahead = headHistory.filter((commit) => !inBase.has(commit.sha)).reverse();
  const behindBy = [...inBase].filter((sha) => !inHead.has(sha)).length;
  const status =
    ahead.length > 0 ? (behindBy > 0 ? 'diverged' : 'ahead') : behindBy > 0 ? 'behind' : 'identical';
  return { status, mergeBase, ahead, behindBy, files: changesBetween(mergeBase.files, head.files) };
}

/** The files that differ, by path. */
export function changesBetween(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): readonly FileChange[] {
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
  return paths.flatMap((path) => {
    const old = before.get(path);
    const now = after.get(path);
    return old === now ? [] : [changeOf(path, old, now)];
  });
}

/** What `head` brings, merged into `ours`; `undefined` when both sides changed the same file differently. */
export function mergeTrees(
  base: ReadonlyMap<string, string>,
  ours: ReadonlyMap<string, string>,
  theirs: ReadonlyMap<string, string>,
): Map<string, string> | undefined {
  const merged = new Map(ours);
  for (const path of new Set([...base.keys(), ...theirs.keys()])) {
    const [was, mine, other] = [base.get(path), ours.get(path), theirs.get(path)];
    if (other === was || other === mine) continue;
    if (mine !== was) return undefined;
    if (other === undefined) merged.delete(path);
    else merged.set(path, other);
  }
  return merged;
}

/** Git's own name for a file's content. */
export function blobSha(content: string): string {
  return sha1(`blob ${Buffer.byteLength(content)}\0${content}`);
}

export function treeShaOf(files: ReadonlyMap<string, string>): string {
  const lines = [...files]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, text]) => `${path}\0${blobSha(text)}`);
  return sha1(`tree ${lines.join('\n')}`);
}

export function sha1(text: string): string {
  return createHash('sha1').update(text).digest('hex');
}

function completeSha(repository: Repository, start: string): string | undefined {
  if (start.length === 40) return start;
  return [...repository.commits.keys()].find((sha) => sha.startsWith(start));
}

function changeOf(path: string, old: string | undefined, now: string | undefined): FileChange {
  const { hunks } = structuredPatch(path, path, old ?? '', now ?? '', undefined, undefined, { context: 3 });
  const lines = hunks.flatMap((hunk) => hunk.lines);
  return {
    filename: path,
    status: old === undefined ? 'added' : now === undefined ? 'removed' : 'modified',
    sha: blobSha(now ?? old ?? ''),
    additions: lines.filter((line) => line.startsWith('+')).length,
    deletions: lines.filter((line) => line.startsWith('-')).length,
    patch: hunks
      .flatMap((hunk) => [
        `@@ -${span(hunk.oldStart, hunk.oldLines)} +${span(hunk.newStart, hunk.newLines)} @@`,
        ...hunk.lines,
      ])
      .join('\n'),
  };
}

/** As git writes it: no count for one line, and line 0 for none. */
function span(start: number, lines: number): string {
  return lines === 1 ? String(start) : `${lines === 0 ? start - 1 : start},${lines}`;
}
