/**
 * A job with an `environment` makes a deployment of its own and keeps its statuses, as GitHub Actions does:
 * https://docs.github.com/actions/how-tos/deploy/configure-and-manage-deployments/control-deployments
 */
import type { Deployment, DeploymentState, GithubState, Job, Repository, Run } from './state.ts';

export interface AutomaticDeployments {
  jobWaits(repository: Repository, run: Run, job: Job): void;
  jobStarted(repository: Repository, run: Run, job: Job): void;
  jobEnded(repository: Repository, run: Run, job: Job): void;
}

export function automaticDeployments(state: GithubState): AutomaticDeployments {
  const report = (repository: Repository, run: Run, job: Job, to: DeploymentState) => {
    if (job.environment === null) return;
    const deployment = deploymentOf(state, repository, run, job, job.environment);
    addDeploymentStatus(state, repository, deployment, {
      state: to,
      creator: run.actor,
      description: '',
      logUrl: `${state.baseUrl}/${repository.owner}/${repository.name}/actions/runs/${run.id}/job/${job.id}`,
      environmentUrl: '',
      autoInactive: true,
    });
  };
  return {
    jobWaits: (repository, run, job) => report(repository, run, job, 'queued'),
    jobStarted: (repository, run, job) => report(repository, run, job, 'in_progress'),
    jobEnded(repository, run, job) {
      // A job that was skipped or never reached its environment made no deployment.
      if (job.conclusion === 'skipped' || (job.deploymentId === null && job.conclusion !== 'success')) return;
      report(repository, run, job, job.conclusion === 'success' ? 'success' : 'failure');
    },
  };
}

export interface NewDeploymentStatus {
  readonly state: DeploymentState;
  readonly creator: string;
  readonly description: string;
  readonly logUrl: string;
  readonly environmentUrl: string;
  /** On success, earlier non-transient deployments that are not for production of the same environment turn inactive. */
  readonly autoInactive: boolean;
}

/** https://docs.github.com/rest/deployments/statuses#create-a-deployment-status */
export function addDeploymentStatus(
  state: GithubState,
  repository: Repository,
  deployment: Deployment,
  input: NewDeploymentStatus,
): Deployment['statuses'][number] {
  const { autoInactive, ...said } = input;
  const status = {
    ...said,
    id: state.nextId(),
    environment: deployment.environment,
    createdAt: state.clock.now(),
  };
  deployment.statuses.push(status);
  deployment.updatedAt = status.createdAt;
  state.emit(
    'deployment_status',
    'created',
    repository,
    { deployment_status: status, deployment },
    input.creator,
  );
  if (input.state !== 'success' || !autoInactive) return status;
  for (const other of repository.deployments) {
    const isEarlier = other !== deployment && other.environment === deployment.environment;
    if (!isEarlier || other.transient || other.production || other.statuses.at(-1)?.state !== 'success')
      continue;
    addDeploymentStatus(state, repository, other, { ...input, state: 'inactive', autoInactive: false });
  }
  return status;
}

function deploymentOf(
  state: GithubState,
  repository: Repository,
  run: Run,
  job: Job,
  environment: string,
): Deployment {
  const known = repository.deployments.find((one) => one.id === job.deploymentId);
  if (known) return known;
  const now = state.clock.now();
  const deployment: Deployment = {
    id: state.nextId(),
    sha: run.headSha,
    ref: run.headRef,
    task: 'deploy',
    payload: {},
    environment,
    description: null,
    creator: run.actor,
    transient: false,
    production: environment === 'production',
    createdAt: now,
    updatedAt: now,
    statuses: [],
  };
  repository.deployments.push(deployment);
  job.deploymentId = deployment.id;
  if (!repository.environments.has(environment)) addEnvironment(state, repository, environment);
  state.emit('deployment', 'created', repository, { deployment, workflow_run: run }, run.actor);
  return deployment;
}

/** GitHub makes an environment when something first names it. */
export function addEnvironment(state: GithubState, repository: Repository, name: string) {
  const now = state.clock.now();
  const environment = {
    id: state.nextId(),
    name,
    createdAt: now,
    updatedAt: now,
    preventSelfReview: false,
    reviewers: [],
    variables: new Map(),
  };
  repository.environments.set(name, environment);
  return environment;
}
