/** Deployments and their statuses: https://docs.github.com/rest/deployments */
import { z } from 'zod';
import { addDeploymentStatus, addEnvironment } from '../automatic-deployments.ts';
import { signatureOf } from '../build-repository.ts';
import { addCommit, compare, mergeTrees, resolveCommit } from '../git.ts';
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
import { deploymentShape, deploymentStatusShape } from '../shapes/deployments.ts';
import { type Commit, type Deployment, deploymentStates } from '../state.ts';
import { combinedState } from './checks.ts';

const about = 'repository';
const deployments = '/repos/:owner/:repo/deployments';
const one = `${deployments}/:deployment{[0-9]+}`;
const read = ['deployments', 'read'] as const;
const write = ['deployments', 'write'] as const;
const createDocs = 'deployments/deployments#create-a-deployment';

export const deploymentRoutes: readonly RepositoryRoute[] = [
  {
    ...{ about, method: 'GET', path: deployments, needs: read },
    docs: 'deployments/deployments#list-deployments',
    handle: listDeployments,
  },
  {
    ...{ about, method: 'POST', path: deployments, needs: write },
    docs: createDocs,
    handle: createDeployment,
  },
  {
    ...{ about, method: 'GET', path: one, needs: read },
    docs: 'deployments/deployments#get-a-deployment',
    handle: (call) => json(200, deploymentShape(call.state, call.repository, deploymentOf(call))),
  },
  {
    ...{ about, method: 'DELETE', path: one, needs: write },
    docs: 'deployments/deployments#delete-a-deployment',
    handle: deleteDeployment,
  },
  {
    ...{ about, method: 'GET', path: `${one}/statuses`, needs: read },
    docs: 'deployments/statuses#list-deployment-statuses',
    handle(call) {
      const deployment = deploymentOf(call);
      return page(call, deployment.statuses.toReversed(), (status) =>
        deploymentStatusShape(call.state, call.repository, deployment, status),
      );
    },
  },
  {
    ...{ about, method: 'GET', path: `${one}/statuses/:status{[0-9]+}`, needs: read },
    docs: 'deployments/statuses#get-a-deployment-status',
    handle(call) {
      const deployment = deploymentOf(call);
      const status = deployment.statuses.find((each) => String(each.id) === call.params.status);
      if (!status) throw notFound();
      return json(200, deploymentStatusShape(call.state, call.repository, deployment, status));
    },
  },
  {
    ...{ about, method: 'POST', path: `${one}/statuses`, needs: write },
    docs: 'deployments/statuses#create-a-deployment-status',
    handle: createStatus,
  },
];

const deploymentSchema = z.object({
  ref: z.string(),
  task: z.string().default('deploy'),
  auto_merge: z.boolean().default(true),
  required_contexts: z.array(z.string()).optional(),
  payload: z.union([z.record(z.string(), z.unknown()), z.string()]).default({}),
  environment: z.string().default('production'),
  description: z.string().nullish(),
  transient_environment: z.boolean().default(false),
  production_environment: z.boolean().optional(),
});

function createDeployment(call: RepositoryCall) {
  const { state, repository } = call;
  const body = bodyOf(call, deploymentSchema, 'Deployment');
  const commit = resolveCommit(repository, body.ref);
  if (!commit) throw new GithubError(422, `No ref found for: ${body.ref}`);
  const merged = body.auto_merge ? autoMerge(call, body.ref, commit) : undefined;
  if (merged) return merged;
  requireContexts(call, commit, body.ref, body.required_contexts);
  const now = state.clock.now();
  const creator = call.caller.account.login;
  const deployment: Deployment = {
    id: state.nextId(),
    sha: commit.sha,
    ref: body.ref,
    task: body.task,
    payload: body.payload,
    environment: body.environment,
    description: body.description ?? null,
    creator,
    transient: body.transient_environment,
    production: body.production_environment ?? body.environment === 'production',
    createdAt: now,
    updatedAt: now,
    statuses: [],
  };
  repository.deployments.push(deployment);
  if (!repository.environments.has(body.environment)) addEnvironment(state, repository, body.environment);
  state.emit('deployment', 'created', repository, { deployment }, creator);
  return json(201, deploymentShape(state, repository, deployment));
}

/**
 * A ref that is behind the default branch is brought up to date first: 202 with the merge, and nothing is deployed
 * yet. 409 when the two conflict, and for a tag or a sha, into which nothing can be merged: who deploys those asks
 * for `auto_merge: false` (https://github.com/simplytestme/website/issues/130 shows the answer).
 */
function autoMerge(call: RepositoryCall, ref: string, head: Commit) {
  const { state, repository } = call;
  const base = resolveCommit(repository, repository.defaultBranch);
  if (!base || ref === repository.defaultBranch) return undefined;
  const difference = compare(repository, head, base);
  if (!difference || difference.ahead.length === 0) return undefined;
  const conflict = new GithubError(409, `Conflict merging ${repository.defaultBranch} into ${ref}.`);
  if (!repository.refs.has(`refs/heads/${ref}`)) throw conflict;
  const files = mergeTrees(difference.mergeBase.files, head.files, base.files);
  if (!files) throw conflict;
  const merge = addCommit(repository, {
    files,
    parents: [head.sha, base.sha],
    message: `Merge branch '${repository.defaultBranch}' into ${ref}`,
    author: signatureOf(state, call.caller.account.login, state.clock.now()),
    salt: String(state.nextId()),
  });
  repository.refs.set(`refs/heads/${ref}`, merge.sha);
  return json(202, { message: `Auto-merged ${repository.defaultBranch} into ${ref} on deployment.` });
}

/** Without `required_contexts` everything reported must be green; an empty list asks for nothing. */
function requireContexts(
  call: RepositoryCall,
  commit: Commit,
  ref: string,
  required: readonly string[] | undefined,
): void {
  const contexts = combinedState(call.repository, commit.sha);
  const asked = required ?? [...contexts.keys()];
  const states = asked.map((context) => ({ context, state: contexts.get(context) ?? 'pending' }));
  if (states.every((one) => one.state === 'success')) return;
  throw new GithubError(409, `Conflict: Commit status checks failed for ${ref}.`, {
    errors: [
      { contexts: states, resource: 'Deployment', field: 'required_contexts', code: 'invalid' } as const,
    ],
  });
}

function listDeployments(call: RepositoryCall) {
  const { query, repository, state } = call;
  const is = (name: string, value: string) => !query.has(name) || query.get(name) === value;
  const found = repository.deployments.filter(
    (deployment) =>
      is('sha', deployment.sha) &&
      is('ref', deployment.ref) &&
      is('task', deployment.task) &&
      is('environment', deployment.environment),
  );
  const newestFirst = found.toSorted((a, b) => b.createdAt - a.createdAt || b.id - a.id);
  return page(call, newestFirst, (deployment) => deploymentShape(state, repository, deployment));
}

function deleteDeployment(call: RepositoryCall) {
  const { repository } = call;
  const deployment = deploymentOf(call);
  const last = deployment.statuses.at(-1)?.state;
  const isOnlyOne = repository.deployments.length === 1;
  if (!isOnlyOne && last !== undefined && last !== 'inactive')
    throw new GithubError(
      422,
      'We cannot delete an active deployment unless it is the only deployment in a given environment.',
    );
  repository.deployments.splice(repository.deployments.indexOf(deployment), 1);
  return noContent;
}

const statusSchema = z.object({
  state: z.enum(deploymentStates),
  target_url: z.string().default(''),
  log_url: z.string().optional(),
  description: z.string().max(140).default(''),
  environment: z.string().optional(),
  environment_url: z.string().default(''),
  auto_inactive: z.boolean().default(true),
});

function createStatus(call: RepositoryCall) {
  const { state, repository } = call;
  const deployment = deploymentOf(call);
  const body = bodyOf(call, statusSchema, 'DeploymentStatus');
  if (body.log_url !== undefined && !/^https?:\/\//.test(body.log_url))
    throw validationFailed([
      {
        resource: 'DeploymentStatus',
        code: 'custom',
        field: 'log_url',
        message: 'log_url must use http(s) scheme',
      },
    ]);
  const status = addDeploymentStatus(state, repository, deployment, {
    state: body.state,
    creator: call.caller.account.login,
    description: body.description,
    logUrl: body.log_url ?? body.target_url,
    environmentUrl: body.environment_url,
    autoInactive: body.auto_inactive,
  });
  return json(201, deploymentStatusShape(state, repository, deployment, status));
}

function deploymentOf(call: RepositoryCall): Deployment {
  const found = call.repository.deployments.find((each) => String(each.id) === call.params.deployment);
  if (!found) throw notFound();
  return found;
}
