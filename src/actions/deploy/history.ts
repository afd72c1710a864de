/** Deploys as they happened: GitHub's record, with what our own requests know of each. */
import type { ReadContext } from '../../core/action.ts';
import { formatDuration } from '../../core/duration.ts';
import type { Deployment, DeploymentState } from '../../core/forge.ts';
import type { PlatformRequest } from '../../core/request.ts';
import type { Service } from '../../core/service.ts';

export interface PastDeploy {
  readonly environment: string;
  readonly deployment: Deployment;
  /** It succeeded, and nothing newer has there: GitHub itself calls older ones of production successful for ever. */
  readonly isCurrent: boolean;
  /** The request that it belongs to; none when somebody deployed without us. */
  readonly request?: PlatformRequest;
}

/** Of one environment each; more than a screen of lines nobody reads. */
const deploymentsMax = 10;
const requestsMax = 200;
const actions = ['deploy', 'deploy.rollback', 'deploy.promote'];

/** Newest first, of the environments given. */
export async function pastDeploys(
  service: Service,
  environments: readonly string[],
  context: ReadContext,
): Promise<readonly PastDeploy[]> {
  const [requests, ...found] = await Promise.all([
    ourRequests(context),
    ...environments.map(async (environment) => ({
      environment,
      deployments: await context.forge.deployments(service.repository, environment, deploymentsMax),
    })),
  ]);
  return found
    .flatMap(({ environment, deployments }) => {
      const current = deployments.find(({ state }) => state === 'success')?.id;
      return deployments.map((deployment): PastDeploy => {
        const request = requests.find((one) => belongsTo(deployment, keyOf(one)));
        const isCurrent = deployment.id === current;
        return { environment, deployment, isCurrent, ...(request ? { request } : {}) };
      });
    })
    .sort((a, b) => b.deployment.at - a.deployment.at);
}

async function ourRequests(context: ReadContext): Promise<readonly PlatformRequest[]> {
  const lists = await Promise.all(actions.map((action) => context.requests({ action, limit: requestsMax })));
  return lists.flat();
}

/** Each service of a promotion has the request's key and its own name. */
function belongsTo({ key = '' }: Deployment, ours: string): boolean {
  return key === ours || key.startsWith(`${ours}-`);
}

/** As desk/context.ts writes it: the id, and when it was asked for. */
function keyOf({ id, createdAt }: PlatformRequest): string {
  return `${id}-${createdAt.toString(36)}`;
}

const words: Record<DeploymentState, string> = {
  success: 'ran until the next one',
  inactive: 'ran until the next one',
  failure: 'failed',
  error: 'failed',
  in_progress: 'under way',
  queued: 'under way',
  pending: 'under way',
};

/** `production: v1.4.2 by Dana Fox, 3h ago in 4m, runs now (REQ-12, back from 3f2a1b0)`. */
export function pastLine({ environment, deployment, isCurrent, request }: PastDeploy, now: number): string {
  const { ref, by, at, state, rolledBackFrom } = deployment;
  const took =
    request?.startedAt !== undefined && request.endedAt !== undefined
      ? ` in ${formatDuration(request.endedAt - request.startedAt)}`
      : '';
  const more = [
    ...(request ? [request.id] : []),
    ...(rolledBackFrom === undefined ? [] : [`back from ${rolledBackFrom.slice(0, 7)}`]),
  ];
  const aside = more.length === 0 ? '' : ` (${more.join(', ')})`;
  return `${environment}: ${ref} by ${by}, ${formatDuration(now - at)} ago${took}, ${isCurrent ? 'runs now' : words[state]}${aside}`;
}
