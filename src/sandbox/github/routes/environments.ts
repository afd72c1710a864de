/** Environments, and runs that wait for their reviewers: https://docs.github.com/rest/deployments/environments */
import { z } from 'zod';
import { addEnvironment } from '../automatic-deployments.ts';
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
import { currentJobs, type RunEngine } from '../runs.ts';
import { at, nodeId, userByLogin } from '../shapes/basics.ts';
import {
  deploymentShape,
  environmentLinks,
  environmentShape,
  reviewersShape,
} from '../shapes/deployments.ts';
import type { Environment, GithubState, Run } from '../state.ts';
import { runOf } from './runs.ts';

const about = 'repository';
const environments = '/repos/:owner/:repo/environments';
const run = '/repos/:owner/:repo/actions/runs/:run{[0-9]+}';
/** https://docs.github.com/rest/deployments/environments#create-or-update-an-environment */
const waitMinutesMax = 43_200;
const reviewersMax = 6;

export const environmentRoutes = (engine: RunEngine): readonly RepositoryRoute[] => [
  {
    ...{ about, method: 'GET', path: environments, needs: ['actions', 'read'] },
    docs: 'deployments/environments#list-environments',
    handle: (call) =>
      page(
        call,
        [...call.repository.environments.values()],
        (environment) => environmentShape(call.state, call.repository, environment),
        (shown, total) => ({ total_count: total, environments: shown }),
      ),
  },
  {
    ...{ about, method: 'GET', path: `${environments}/:environment`, needs: ['actions', 'read'] },
    docs: 'deployments/environments#get-an-environment',
    handle(call) {
      const environment = call.repository.environments.get(call.params.environment ?? '');
      if (!environment) throw notFound();
      return json(200, environmentShape(call.state, call.repository, environment));
    },
  },
  {
    ...{ about, method: 'PUT', path: `${environments}/:environment`, needs: ['administration', 'write'] },
    docs: 'deployments/environments#create-or-update-an-environment',
    handle: putEnvironment,
  },
  {
    ...{ about, method: 'DELETE', path: `${environments}/:environment`, needs: ['administration', 'write'] },
    docs: 'deployments/environments#delete-an-environment',
    handle(call) {
      if (!call.repository.environments.delete(call.params.environment ?? '')) throw notFound();
      return noContent;
    },
  },
  {
    ...{ about, method: 'GET', path: `${run}/pending_deployments`, needs: ['actions', 'read'] },
    docs: 'actions/workflow-runs#get-pending-deployments-for-a-workflow-run',
    handle(call) {
      const found = runOf(call);
      return json(
        200,
        pendingOf(call, found).map((environment) => pendingShape(call, found, environment)),
      );
    },
  },
  {
    ...{ about, method: 'POST', path: `${run}/pending_deployments`, needs: ['deployments', 'write'] },
    docs: 'actions/workflow-runs#review-pending-deployments-for-a-workflow-run',
    handle: (call) => review(call, engine),
  },
  {
    ...{ about, method: 'GET', path: `${run}/approvals`, needs: ['actions', 'read'] },
    docs: 'actions/workflow-runs#get-the-review-history-for-a-workflow-run',
    handle: (call) =>
      json(
        200,
        runOf(call).approvals.map((approval) => approvalShape(call, approval)),
      ),
  },
];

const putSchema = z
  .object({
    wait_timer: z.int().min(0).max(waitMinutesMax).default(0),
    prevent_self_review: z.boolean().default(false),
    reviewers: z
      .array(z.object({ type: z.enum(['User', 'Team']), id: z.int() }))
      .max(reviewersMax)
      .nullish(),
  })
  .nullish();

function putEnvironment(call: RepositoryCall) {
  const { state, repository } = call;
  const body = bodyOf(call, putSchema, 'Environment') ?? { wait_timer: 0, prevent_self_review: false };
  if (body.wait_timer > 0)
    throw new GithubError(501, "The sandbox's GitHub does not keep wait timers; required reviewers it does.");
  for (const reviewer of body.reviewers ?? [])
    if (!knowsReviewer(state, reviewer))
      throw validationFailed([{ resource: 'Environment', field: 'reviewers', code: 'invalid' }]);
  const name = call.params.environment ?? '';
  const environment = repository.environments.get(name) ?? addEnvironment(state, repository, name);
  environment.preventSelfReview = body.prevent_self_review;
  environment.reviewers = body.reviewers ?? [];
  environment.updatedAt = state.clock.now();
  return json(200, environmentShape(state, repository, environment));
}

const reviewSchema = z.object({
  environment_ids: z.array(z.int()).min(1),
  state: z.enum(['approved', 'rejected']),
  comment: z.string(),
});

function review(call: RepositoryCall, engine: RunEngine) {
  const { state, repository } = call;
  const found = runOf(call);
  const body = bodyOf(call, reviewSchema, 'PendingDeployment');
  const waiting = pendingOf(call, found);
  const chosen = waiting.filter((environment) => body.environment_ids.includes(environment.id));
  if (chosen.length !== new Set(body.environment_ids).size)
    throw new GithubError(422, 'The specified environments are not pending for this workflow run');
  if (!chosen.every((environment) => mayReview(call, found, environment)))
    throw new GithubError(
      422,
      'There was 1 problem while processing your request: you cannot approve or reject this deployment',
    );
  const names = chosen.map((environment) => environment.name);
  const ids = currentJobs(found).map((job) =>
    names.includes(job.environment ?? '') ? job.deploymentId : null,
  );
  engine.review(repository, found, names, body.state, call.caller.account.login, body.comment);
  const deployments = repository.deployments.filter((deployment) => ids.includes(deployment.id));
  return json(
    200,
    deployments.map((deployment) => deploymentShape(state, repository, deployment)),
  );
}

function pendingOf(call: RepositoryCall, found: Run): readonly Environment[] {
  const names = new Set(
    currentJobs(found).flatMap((job) =>
      job.status === 'waiting' && job.environment !== null ? job.environment : [],
    ),
  );
  return [...names].flatMap((name) => call.repository.environments.get(name) ?? []);
}

function pendingShape(call: RepositoryCall, found: Run, environment: Environment) {
  const { state, repository } = call;
  return {
    environment: {
      id: environment.id,
      node_id: nodeId('EN', environment.id),
      name: environment.name,
      ...environmentLinks(state, repository, environment),
    },
    wait_timer: 0,
    wait_timer_started_at: null,
    current_user_can_approve: mayReview(call, found, environment),
    reviewers: reviewersShape(state, environment),
  };
}

/** Only people review, and only those that the environment names; an App cannot. */
function mayReview(call: RepositoryCall, found: Run, environment: Environment): boolean {
  const { account } = call.caller;
  if (account.type !== 'User') return false;
  if (environment.preventSelfReview && found.actor === account.login) return false;
  return environment.reviewers.some((one) =>
    one.type === 'User'
      ? one.id === account.id
      : [...call.state.teams.values()].some((team) => team.id === one.id && team.members.has(account.login)),
  );
}

function approvalShape(call: RepositoryCall, approval: Run['approvals'][number]) {
  const { state, repository } = call;
  const environment = repository.environments.get(approval.environment);
  return {
    state: approval.state,
    comment: approval.comment,
    environments: environment
      ? [
          {
            id: environment.id,
            node_id: nodeId('EN', environment.id),
            name: environment.name,
            ...environmentLinks(state, repository, environment),
            created_at: at(environment.createdAt),
            updated_at: at(environment.updatedAt),
          },
        ]
      : [],
    user: userByLogin(state, approval.login),
  };
}

function knowsReviewer(state: GithubState, reviewer: { type: 'User' | 'Team'; id: number }): boolean {
  const known: readonly { id: number }[] =
    reviewer.type === 'User' ? [...state.accounts.values()] : [...state.teams.values()];
  return known.some((one) => one.id === reviewer.id);
}
