/**
 * The part of a webhook's body that belongs to its event. Events are told with what the box remembers; here it
 * becomes what https://docs.github.com/webhooks/webhook-events-and-payloads says.
 */
import type {
  CheckRun,
  Deployment,
  DeploymentStatus,
  GithubState,
  Job,
  Pull,
  Repository,
  Run,
} from '../state.ts';
import { workflowAt } from '../workflows.ts';
import { jobShape, runShape, workflowShape } from './actions.ts';
import { checkRunShape } from './checks.ts';
import { deploymentShape, deploymentStatusShape } from './deployments.ts';
import { pullShape } from './pulls.ts';

interface Told {
  readonly workflow_run?: Run;
  readonly workflow_job?: Job;
  readonly deployment?: Deployment;
  readonly deployment_status?: DeploymentStatus;
  readonly pull_request?: Pull;
  readonly check_run?: CheckRun;
}

export function webhookBody(state: GithubState, repository: Repository, event: string, told: Told): object {
  const { workflow_run: run, workflow_job: job, deployment, deployment_status: status } = told;
  switch (event) {
    case 'workflow_run':
      return run
        ? { workflow_run: runShape(state, repository, run), workflow: workflowOf(state, repository, run) }
        : {};
    case 'workflow_job':
      return run && job ? { workflow_job: jobShape(state, repository, run, job) } : {};
    case 'deployment':
      return deployment
        ? {
            deployment: deploymentShape(state, repository, deployment),
            workflow: run ? workflowOf(state, repository, run) : null,
            workflow_run: run ? runShape(state, repository, run) : null,
          }
        : {};
    case 'deployment_status':
      return deployment && status
        ? {
            deployment_status: deploymentStatusShape(state, repository, deployment, status),
            deployment: deploymentShape(state, repository, deployment),
          }
        : {};
    case 'pull_request':
      return told.pull_request
        ? { number: told.pull_request.number, pull_request: pullShape(state, repository, told.pull_request) }
        : {};
    case 'check_run':
      return told.check_run ? { check_run: checkRunShape(state, repository, told.check_run) } : {};
    default:
      return told;
  }
}

function workflowOf(state: GithubState, repository: Repository, run: Run) {
  const file = workflowAt(repository.commits.get(run.headSha), run.workflow) ?? run.file;
  return workflowShape(state, repository, run.workflow, file);
}
