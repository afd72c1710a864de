/**
 * Deployments and their statuses: how everybody else's tools see what we deploy.
 * https://docs.github.com/rest/deployments
 */
import { z } from 'zod';
import type { Deployment, DeploymentState, Forge } from '../../core/forge.ts';
import type { Moment } from '../../core/ids.ts';
import { type GithubClient, partsOf } from './client.ts';
import { rememberDeployments, rememberEnded, type StateOf } from './remembered.ts';

/** What we write into a deployment to know it again, and who asked. Older servers hand it back as a string. */
const payloadSchema = z
  .preprocess(
    (payload) => (typeof payload === 'string' ? parseOrNothing(payload) : payload),
    z.object({
      greenlight_request: z.string().optional(),
      requested_by: z.string().optional(),
      rolled_back_from: z.string().optional(),
      greenlight_service: z.string().optional(),
      greenlight_fence: z.int().nonnegative().optional(),
    }),
  )
  .catch({});

const deploymentSchema = z.object({
  id: z.int(),
  ref: z.string(),
  sha: z.string(),
  created_at: z.string(),
  creator: z.object({ login: z.string(), type: z.string().optional() }).nullish(),
  payload: payloadSchema,
});
type GithubDeployment = z.infer<typeof deploymentSchema>;

const statusesSchema = z.array(z.object({ state: z.string() }));
const states: readonly DeploymentState[] = [
  'queued',
  'in_progress',
  'success',
  'failure',
  'error',
  'inactive',
  'pending',
];

/** Characters that GitHub takes in the description of a deployment's status; it refuses longer ones with 422. */
const descriptionCharactersMax = 140;
const pageItems = 100;

/** `isApp`: we write as a GitHub App, so what a person wrote is not ours, whatever it says of itself. */
export function createDeployments(
  client: GithubClient,
  isApp: boolean,
  now: () => Moment,
): Pick<
  Forge,
  | 'deployments'
  | 'recentDeployments'
  | 'findDeployment'
  | 'newestFence'
  | 'createDeployment'
  | 'setDeploymentStatus'
> {
  const list = async (
    repository: string,
    environment: string,
    limit: number,
  ): Promise<GithubDeployment[]> => {
    const { data } = await client.call(
      `the deployments of ${repository} to ${environment}`,
      'GET /repos/{owner}/{repo}/deployments',
      { ...partsOf(repository), environment, per_page: Math.min(limit, pageItems) },
    );
    return z
      .array(deploymentSchema)
      .parse(data)
      .map((one) => (isApp && one.creator?.type === 'User' ? { ...one, payload: {} } : one))
      .sort((a, b) => b.id - a.id);
  };

  const stateOf: StateOf = async (repository, id) => {
    const { data } = await client.call(
      `the deployment ${id} of ${repository}`,
      'GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses',
      // The newest status comes first, and only that one counts.
      { ...partsOf(repository), deployment_id: id, per_page: 1 },
    );
    const state = statusesSchema.parse(data)[0]?.state;
    return states.find((one) => one === state) ?? 'pending';
  };

  const asDeployment = (found: GithubDeployment, state: DeploymentState): Deployment => ({
    id: found.id,
    ref: found.ref,
    sha: found.sha,
    at: Date.parse(found.created_at),
    by: found.payload.requested_by ?? found.creator?.login ?? 'unknown',
    ...(isApp && found.creator?.type === 'User' ? { byHand: found.creator.login } : {}),
    state,
    ...(found.payload.greenlight_request === undefined ? {} : { key: found.payload.greenlight_request }),
    ...(found.payload.rolled_back_from === undefined
      ? {}
      : { rolledBackFrom: found.payload.rolled_back_from }),
  });

  const newest =
    (stateAsKnown: StateOf): Forge['deployments'] =>
    async (repository, environment, limit) => {
      const found = await list(repository, environment, limit);
      return Promise.all(
        found.slice(0, limit).map(async (one) => asDeployment(one, await stateAsKnown(repository, one.id))),
      );
    };

  return {
    deployments: newest(stateOf),
    recentDeployments: rememberDeployments(newest(rememberEnded(stateOf, now)), now),

    async findDeployment(repository, environment, key) {
      const found = (await list(repository, environment, pageItems)).find(
        (one) => one.payload.greenlight_request === key,
      );
      return found && asDeployment(found, await stateOf(repository, found.id));
    },

    async newestFence(repository, environment, service) {
      const fences = (await list(repository, environment, pageItems)).flatMap(({ payload }) =>
        payload.greenlight_service === service ? (payload.greenlight_fence ?? []) : [],
      );
      return fences.length === 0 ? undefined : Math.max(...fences);
    },

    async createDeployment(order) {
      const { repository, ref, environment, isProduction, key, by, rolledBackFrom, service, fence } = order;
      const { data } = await client.call(
        `the deployment of ${ref} in ${repository} to ${environment}`,
        'POST /repos/{owner}/{repo}/deployments',
        {
          ...partsOf(repository),
          ref,
          environment,
          production_environment: isProduction,
          description: shorten(order.description),
          payload: {
            greenlight_request: key,
            requested_by: by,
            greenlight_service: service,
            ...(fence === undefined ? {} : { greenlight_fence: fence }),
            ...(rolledBackFrom === undefined ? {} : { rolled_back_from: rolledBackFrom }),
          },
          // What was approved goes out, nothing merged into it, and our own guardrails have looked at its checks.
          auto_merge: false,
          required_contexts: [],
        },
      );
      return { id: z.object({ id: z.int() }).parse(data).id };
    },

    async setDeploymentStatus(order) {
      await client.call(
        `the deployment ${order.deploymentId} of ${order.repository}`,
        'POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses',
        {
          ...partsOf(order.repository),
          deployment_id: order.deploymentId,
          state: order.state,
          description: shorten(order.description),
          ...(order.logUrl === undefined ? {} : { log_url: order.logUrl }),
        },
      );
    },
  };
}

function shorten(description: string): string {
  return description.length <= descriptionCharactersMax
    ? description
    : `${description.slice(0, descriptionCharactersMax - 1)}…`;
}

function parseOrNothing(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
