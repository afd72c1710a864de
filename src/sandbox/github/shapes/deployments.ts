/** Deployments, their statuses and environments as https://docs.github.com/rest/deployments answers them. */
import type { Deployment, DeploymentStatus, Environment, GithubState, Repository } from '../state.ts';
import { apiUrl, at, nodeId, simpleUser, userByLogin, webUrl } from './basics.ts';
import { teamShape } from './people.ts';

export function deploymentShape(state: GithubState, repository: Repository, deployment: Deployment) {
  const url = `${apiUrl(state, repository)}/deployments/${deployment.id}`;
  return {
    url,
    id: deployment.id,
    node_id: nodeId('DE', deployment.id),
    task: deployment.task,
    original_environment: deployment.environment,
    environment: deployment.environment,
    description: deployment.description,
    created_at: at(deployment.createdAt),
    updated_at: at(deployment.updatedAt),
    statuses_url: `${url}/statuses`,
    repository_url: apiUrl(state, repository),
    creator: userByLogin(state, deployment.creator),
    sha: deployment.sha,
    ref: deployment.ref,
    payload: deployment.payload,
    transient_environment: deployment.transient,
    production_environment: deployment.production,
    performed_via_github_app: null,
  };
}

export function deploymentStatusShape(
  state: GithubState,
  repository: Repository,
  deployment: Deployment,
  status: DeploymentStatus,
) {
  const deploymentUrl = `${apiUrl(state, repository)}/deployments/${deployment.id}`;
  return {
    url: `${deploymentUrl}/statuses/${status.id}`,
    id: status.id,
    node_id: nodeId('DES', status.id),
    state: status.state,
    creator: userByLogin(state, status.creator),
    description: status.description,
    environment: status.environment,
    target_url: status.logUrl,
    created_at: at(status.createdAt),
    updated_at: at(status.createdAt),
    deployment_url: deploymentUrl,
    repository_url: apiUrl(state, repository),
    environment_url: status.environmentUrl,
    log_url: status.logUrl,
    performed_via_github_app: null,
  };
}

export function environmentShape(state: GithubState, repository: Repository, environment: Environment) {
  const { reviewers, preventSelfReview } = environment;
  return {
    id: environment.id,
    node_id: nodeId('EN', environment.id),
    name: environment.name,
    ...environmentLinks(state, repository, environment),
    created_at: at(environment.createdAt),
    updated_at: at(environment.updatedAt),
    can_admins_bypass: true,
    protection_rules: [
      ...(reviewers.length > 0
        ? [
            {
              ...requiredReviewers(environment),
              prevent_self_review: preventSelfReview,
              reviewers: reviewersShape(state, environment),
            },
          ]
        : []),
    ],
    deployment_branch_policy: null,
  };
}

export function environmentLinks(state: GithubState, repository: Repository, environment: Environment) {
  const name = encodeURIComponent(environment.name);
  return {
    url: `${apiUrl(state, repository)}/environments/${name}`,
    html_url: `${webUrl(state, repository)}/deployments/activity_log?environments_filter=${name}`,
  };
}

export function reviewersShape(state: GithubState, environment: Environment) {
  return environment.reviewers.flatMap((one): readonly object[] => {
    if (one.type === 'User') {
      const account = [...state.accounts.values()].find((each) => each.id === one.id);
      return account ? [{ type: 'User', reviewer: simpleUser(state, account) }] : [];
    }
    const team = [...state.teams.values()].find((each) => each.id === one.id);
    return team ? [{ type: 'Team', reviewer: teamShape(state, team) }] : [];
  });
}

function requiredReviewers(environment: Environment) {
  const id = environment.id * 10;
  return { id, node_id: nodeId('GA', id), type: 'required_reviewers' };
}
