/** Merging a pull request: three ways, one result: a commit on the base branch and a pull request that is closed. */
import { signatureOf } from './build-repository.ts';
import { addCommit, compare, mergeTrees } from './git.ts';
import { moveRef } from './routes/refs.ts';
import type { GithubState, Pull, Repository } from './state.ts';

export interface MergeOptions {
  readonly by: string;
  readonly method: 'merge' | 'squash' | 'rebase';
  readonly title: string | undefined;
  readonly message: string | undefined;
}

/** The sha of the commit that the base branch now ends in; `undefined` when the two conflict. */
export function mergePull(
  state: GithubState,
  repository: Repository,
  pull: Pull,
  options: MergeOptions,
): string | undefined {
  const base = repository.commits.get(repository.refs.get(`refs/heads/${pull.baseRef}`) ?? '');
  const head = repository.commits.get(pull.headSha);
  const mergeBase = base && head ? compare(repository, base, head)?.mergeBase : undefined;
  const files = base && head && mergeBase ? mergeTrees(mergeBase.files, base.files, head.files) : undefined;
  if (!base || !head || !files || pull.conflicting) return undefined;
  const now = state.clock.now();
  const title =
    options.title ??
    (options.method === 'merge'
      ? `Merge pull request #${pull.number} from ${repository.owner}/${pull.headRef}`
      : `${pull.title} (#${pull.number})`);
  const message = options.message ?? (options.method === 'merge' ? pull.title : '');
  const commit = addCommit(repository, {
    files,
    parents: options.method === 'merge' ? [base.sha, head.sha] : [base.sha],
    message: message === '' ? title : `${title}\n\n${message}`,
    author: signatureOf(state, options.method === 'merge' ? options.by : pull.author, now),
    committer: { name: 'GitHub', email: 'noreply@github.com', login: null, at: now },
    salt: String(state.nextId()),
  });
  Object.assign(pull, {
    state: 'closed',
    baseSha: base.sha,
    updatedAt: now,
    closedAt: now,
    mergedAt: now,
    mergedBy: options.by,
    mergeCommitSha: commit.sha,
  });
  moveRef(state, repository, `refs/heads/${pull.baseRef}`, commit.sha, options.by);
  state.emit('pull_request', 'closed', repository, { pull_request: pull }, options.by);
  return commit.sha;
}
