/** Workflows, runs and jobs as https://docs.github.com/rest/actions answers them. */
import type { GithubState, Job, Repository, Run, WorkflowRef } from '../state.ts';
import type { WorkflowFile } from '../workflow-file.ts';
import { apiUrl, at, atOrNull, nodeId, simpleRepository, userByLogin, webUrl } from './basics.ts';
import { simpleCommit } from './commits.ts';

export function workflowShape(
  state: GithubState,
  repository: Repository,
  workflow: WorkflowRef,
  file: WorkflowFile,
) {
  const web = webUrl(state, repository);
  const created = workflowMoment(workflow.createdAt);
  return {
    id: workflow.id,
    node_id: nodeId('W', workflow.id),
    name: file.name,
    path: workflow.path,
    state: workflow.state,
    created_at: created,
    updated_at: created,
    url: `${apiUrl(state, repository)}/actions/workflows/${workflow.id}`,
    html_url: `${web}/blob/${repository.defaultBranch}/${workflow.path}`,
    badge_url: `${web}/workflows/${encodeURIComponent(file.name)}/badge.svg`,
  };
}

export function runShape(
  state: GithubState,
  repository: Repository,
  run: Run,
  attempt: number = run.attempt,
) {
  const url = `${apiUrl(state, repository)}/actions/runs/${run.id}`;
  const head = repository.commits.get(run.headSha);
  const isCurrent = attempt === run.attempt;
  const jobs = run.jobs.filter((job) => job.attempt === attempt);
  return {
    id: run.id,
    name: run.file.name,
    node_id: nodeId('WFR', run.id),
    head_branch: run.headRef,
    head_sha: run.headSha,
    path: run.workflow.path,
    display_title: run.displayTitle,
    run_number: run.number,
    event: run.event,
    status: isCurrent ? run.status : 'completed',
    conclusion: isCurrent ? run.conclusion : earlierConclusion(jobs),
    workflow_id: run.workflow.id,
    check_suite_id: run.suiteId,
    check_suite_node_id: nodeId('CS', run.suiteId),
    url,
    html_url: `${webUrl(state, repository)}/actions/runs/${run.id}`,
    pull_requests: [],
    created_at: at(run.createdAt),
    updated_at: at(run.updatedAt),
    actor: userByLogin(state, run.actor),
    run_attempt: attempt,
    referenced_workflows: [],
    run_started_at: at(isCurrent ? run.startedAt : (jobs[0]?.createdAt ?? run.createdAt)),
    triggering_actor: userByLogin(state, run.triggeringActor),
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: `${apiUrl(state, repository)}/check-suites/${run.suiteId}`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    previous_attempt_url: attempt > 1 ? `${url}/attempts/${attempt - 1}` : null,
    workflow_url: `${apiUrl(state, repository)}/actions/workflows/${run.workflow.id}`,
    head_commit: head ? simpleCommit(head) : null,
    repository: simpleRepository(state, repository),
    head_repository: simpleRepository(state, repository),
  };
}

export function jobShape(state: GithubState, repository: Repository, run: Run, job: Job) {
  const api = apiUrl(state, repository);
  const hasRunner = job.startedAt !== null && job.conclusion !== 'skipped';
  return {
    id: job.id,
    run_id: run.id,
    workflow_name: run.file.name,
    head_branch: run.headRef,
    run_url: `${api}/actions/runs/${run.id}`,
    run_attempt: job.attempt,
    node_id: nodeId('CR', job.id),
    head_sha: run.headSha,
    url: `${api}/actions/jobs/${job.id}`,
    html_url: `${webUrl(state, repository)}/actions/runs/${run.id}/job/${job.id}`,
    status: job.status,
    conclusion: job.conclusion,
    created_at: at(job.createdAt),
    // GitHub gives a job that has not begun the moment of its creation.
    started_at: at(job.startedAt ?? job.createdAt),
    completed_at: atOrNull(job.completedAt),
    name: job.name,
    steps: job.conclusion === 'skipped' || job.startedAt === null ? [] : job.steps.map(stepShape),
    check_run_url: `${api}/check-runs/${job.id}`,
    labels: job.labels,
    runner_id: hasRunner ? 1 : null,
    runner_name: hasRunner ? 'GitHub Actions 1' : null,
    runner_group_id: hasRunner ? 0 : null,
    runner_group_name: hasRunner ? 'GitHub Actions' : null,
  };
}

/** The log of a job in GitHub's format: a moment in front of every line. */
export function jobLog(job: Job): string {
  return job.steps
    .flatMap((step) => {
      const failure = step.conclusion === 'failure' && job.fails?.step === step.name ? job.fails.log : [];
      const exit = step.conclusion === 'failure' ? ['##[error]Process completed with exit code 1.'] : [];
      const cancelled = step.conclusion === 'cancelled' ? ['##[error]The operation was canceled.'] : [];
      const { startedAt } = step;
      return startedAt === null
        ? []
        : [...step.log, ...failure, ...exit, ...cancelled].map((line) => `${logMoment(startedAt)} ${line}`);
    })
    .join('\n');
}

function stepShape(step: Job['steps'][number]) {
  return {
    name: step.name,
    status: step.status,
    conclusion: step.conclusion,
    number: step.number,
    started_at: atOrNull(step.startedAt),
    completed_at: atOrNull(step.completedAt),
  };
}

function earlierConclusion(jobs: readonly Job[]): string {
  if (jobs.some((job) => job.conclusion === 'failure')) return 'failure';
  return jobs.some((job) => job.conclusion === 'cancelled') ? 'cancelled' : 'success';
}

/** Workflows alone answer milliseconds and an offset. */
function workflowMoment(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '+00:00');
}

const logMoment = (ms: number): string => new Date(ms).toISOString().replace('Z', '0000Z');
