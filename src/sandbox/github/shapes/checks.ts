/** Check runs, suites and commit statuses as https://docs.github.com/rest/checks and /rest/commits/statuses answer them. */
import type { CheckRun, CommitStatus, GithubState, Repository } from '../state.ts';
import { apiUrl, at, atOrNull, fullRepository, nodeId, simpleUser, userByLogin, webUrl } from './basics.ts';
import { simpleCommit } from './commits.ts';
import { appShape } from './people.ts';

export function checkRunShape(state: GithubState, repository: Repository, check: CheckRun) {
  const url = `${apiUrl(state, repository)}/check-runs/${check.id}`;
  return {
    id: check.id,
    name: check.name,
    node_id: nodeId('CR', check.id),
    head_sha: check.headSha,
    external_id: check.externalId,
    url,
    html_url: `${webUrl(state, repository)}/runs/${check.id}`,
    details_url: check.detailsUrl ?? `${webUrl(state, repository)}/runs/${check.id}`,
    status: check.status,
    conclusion: check.conclusion,
    started_at: atOrNull(check.startedAt),
    completed_at: atOrNull(check.completedAt),
    output: { ...check.output, annotations_count: 0, annotations_url: `${url}/annotations` },
    check_suite: { id: check.suiteId },
    app: checkApp(state, check.appSlug),
    pull_requests: [],
  };
}

export function checkSuiteShape(state: GithubState, repository: Repository, checks: readonly CheckRun[]) {
  const [first] = checks;
  const head = first && repository.commits.get(first.headSha);
  if (!first || !head) throw new Error('A check suite has at least one check run on a known commit.');
  const url = `${apiUrl(state, repository)}/check-suites/${first.suiteId}`;
  const isDone = checks.every((check) => check.status === 'completed');
  const conclusion = checks.some((check) => check.conclusion === 'failure') ? 'failure' : 'success';
  const moments = checks.flatMap((check) => [check.startedAt ?? 0, check.completedAt ?? 0]);
  return {
    id: first.suiteId,
    node_id: nodeId('CS', first.suiteId),
    head_branch: repository.defaultBranch,
    head_sha: first.headSha,
    status: isDone ? 'completed' : 'in_progress',
    conclusion: isDone ? conclusion : null,
    url,
    before: head.parents[0] ?? null,
    after: head.sha,
    pull_requests: [],
    app: checkApp(state, first.appSlug),
    repository: fullRepository(state, repository),
    created_at: at(first.startedAt ?? head.committer.at),
    updated_at: at(Math.max(head.committer.at, ...moments)),
    head_commit: simpleCommit(head),
    latest_check_runs_count: checks.length,
    check_runs_url: `${url}/check-runs`,
  };
}

export function statusShape(state: GithubState, repository: Repository, status: CommitStatus) {
  return {
    ...simpleStatusShape(state, repository, status),
    creator: userByLogin(state, status.creator),
  };
}

export function simpleStatusShape(state: GithubState, repository: Repository, status: CommitStatus) {
  return {
    url: `${apiUrl(state, repository)}/statuses/${status.sha}`,
    avatar_url: userByLogin(state, status.creator).avatar_url,
    id: status.id,
    node_id: nodeId('SC', status.id),
    state: status.state,
    description: status.description,
    target_url: status.targetUrl,
    context: status.context,
    created_at: at(status.createdAt),
    updated_at: at(status.createdAt),
  };
}

function checkApp(state: GithubState, slug: string) {
  if (slug === state.app.slug) return appShape(state);
  return {
    ...appShape(state),
    id: 15_368,
    client_id: 'Iv1.sandboxactions0000',
    slug,
    node_id: nodeId('A', 15_368),
    name: 'GitHub Actions',
    owner: simpleUser(state, state.org),
    html_url: `${state.baseUrl}/apps/${slug}`,
  };
}
