/** Pull requests as https://docs.github.com/rest/pulls answers them. */
import { compare, mergeTrees } from '../git.ts';
import type { GithubState, Pull, Repository } from '../state.ts';
import { apiUrl, at, atOrNull, fullRepository, nodeId, userByLogin, userOrNull, webUrl } from './basics.ts';

/** A pull request in lists. */
export function simplePullShape(state: GithubState, repository: Repository, pull: Pull) {
  const api = apiUrl(state, repository);
  const url = `${api}/pulls/${pull.number}`;
  const html = `${webUrl(state, repository)}/pull/${pull.number}`;
  const issue = `${api}/issues/${pull.number}`;
  const statuses = `${api}/statuses/${pull.headSha}`;
  return {
    url,
    id: pull.id,
    node_id: nodeId('PR', pull.id),
    html_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    issue_url: issue,
    number: pull.number,
    state: pull.state,
    locked: false,
    title: pull.title,
    user: userByLogin(state, pull.author),
    body: pull.body,
    created_at: at(pull.createdAt),
    updated_at: at(pull.updatedAt),
    closed_at: atOrNull(pull.closedAt),
    merged_at: atOrNull(pull.mergedAt),
    merge_commit_sha: pull.mergeCommitSha,
    assignee: null,
    assignees: [],
    requested_reviewers: [],
    requested_teams: [],
    labels: [],
    milestone: null,
    draft: pull.draft,
    commits_url: `${url}/commits`,
    review_comments_url: `${url}/comments`,
    review_comment_url: `${api}/pulls/comments{/number}`,
    comments_url: `${issue}/comments`,
    statuses_url: statuses,
    head: side(state, repository, pull.headRef, pull.headSha),
    base: side(state, repository, pull.baseRef, pull.baseSha),
    _links: {
      self: { href: url },
      html: { href: html },
      issue: { href: issue },
      comments: { href: `${issue}/comments` },
      review_comments: { href: `${url}/comments` },
      review_comment: { href: `${api}/pulls/comments{/number}` },
      commits: { href: `${url}/commits` },
      statuses: { href: statuses },
    },
    author_association: 'MEMBER',
    auto_merge: null,
    active_lock_reason: null,
  };
}

/** A pull request by itself: with its counts and whether it can be merged. */
export function pullShape(state: GithubState, repository: Repository, pull: Pull) {
  const difference = pullDifference(repository, pull);
  const files = difference?.files ?? [];
  const mergeable = pull.state === 'open' ? isMergeable(repository, pull) : null;
  return {
    ...simplePullShape(state, repository, pull),
    merged: pull.mergedAt !== null,
    mergeable,
    rebaseable: mergeable,
    mergeable_state: mergeable === null ? 'unknown' : !mergeable ? 'dirty' : pull.draft ? 'draft' : 'clean',
    merged_by: userOrNull(state, pull.mergedBy),
    comments: 0,
    review_comments: 0,
    maintainer_can_modify: false,
    commits: difference?.ahead.length ?? 0,
    additions: files.reduce((sum, file) => sum + file.additions, 0),
    deletions: files.reduce((sum, file) => sum + file.deletions, 0),
    changed_files: files.length,
  };
}

export function pullDifference(repository: Repository, pull: Pull) {
  const base = repository.commits.get(pull.baseSha);
  const head = repository.commits.get(pull.headSha);
  return base && head ? compare(repository, base, head) : undefined;
}

function isMergeable(repository: Repository, pull: Pull): boolean {
  const base = repository.commits.get(repository.refs.get(`refs/heads/${pull.baseRef}`) ?? '');
  const head = repository.commits.get(pull.headSha);
  if (pull.conflicting || !base || !head) return false;
  const mergeBase = compare(repository, base, head)?.mergeBase;
  return mergeBase !== undefined && mergeTrees(mergeBase.files, base.files, head.files) !== undefined;
}

function side(state: GithubState, repository: Repository, ref: string, sha: string) {
  return {
    label: `${repository.owner}:${ref}`,
    ref,
    sha,
    user: userByLogin(state, repository.owner),
    repo: fullRepository(state, repository),
  };
}
