/** What runs in an environment now, by GitHub's record and by the cluster itself: the two can disagree. */
import type { ReadContext } from '../../core/action.ts';
import { formatDuration } from '../../core/duration.ts';
import type { Deployment } from '../../core/forge.ts';
import { problemFrom } from '../../core/problem.ts';
import { placeOf } from '../service/place.ts';
import type { Route } from './delivery.ts';
import { serviceOf } from './service.ts';

export interface Running {
  /** The newest that succeeded, as GitHub has it. */
  readonly deployment: Deployment | undefined;
  /** What the cluster's Deployment is labelled with; why it could not be asked. */
  readonly cluster: { readonly version: string } | { readonly unknown: string } | undefined;
}

/** Looked through for what succeeded last; GitHub is asked once more for the state of each. */
const deploymentsSeenMax = 10;

/** @throws ProblemError when GitHub cannot be asked; a cluster that cannot is said, not thrown. */
export async function whatRuns(route: Route, context: ReadContext): Promise<Running> {
  const { repository } = serviceOf(context.catalog, route);
  const [deployments, cluster] = await Promise.all([
    context.forge.deployments(repository, route.environment, deploymentsSeenMax),
    onCluster(route, context),
  ]);
  return { deployment: deployments.find((one) => one.state === 'success'), cluster };
}

export async function onCluster(route: Route, context: ReadContext): Promise<Running['cluster']> {
  try {
    const { cluster, namespace, deployment } = placeOf(route, context.catalog);
    const workload = await context.cluster(cluster).workload(namespace, deployment);
    return workload && { version: workload.version };
  } catch (error) {
    return { unknown: problemFrom(error).sentence };
  }
}

export function runningWords({ deployment, cluster }: Running, now: number): string {
  const recorded = deployment
    ? `${deployment.ref}, for ${formatDuration(now - deployment.at)}, by ${deployment.by}`
    : 'nothing that GitHub knows of';
  if (cluster === undefined) return `${recorded}; nothing on the cluster`;
  if ('unknown' in cluster) return `${recorded}; the cluster cannot be asked`;
  return deployment && sameVersion(deployment.ref, cluster.version)
    ? recorded
    : `${recorded}; the cluster says ${cluster.version}`;
}

/** A sentence for whoever decides; nothing when the two agree, or one of them does not know. */
export function disagreement({ deployment, cluster }: Running): string | undefined {
  if (!deployment || !cluster || 'unknown' in cluster || sameVersion(deployment.ref, cluster.version)) {
    return undefined;
  }
  return `GitHub's record says ${deployment.ref}, but the cluster runs ${cluster.version}: somebody has changed it by hand, or a deploy did not end.`;
}

/** `v1.4.2` and `1.4.2` are one. A branch or a hash says nothing of a version: then they are not compared. */
export function sameVersion(ref: string, version: string): boolean {
  const isVersion = /^v?\d+(?:\.\d+)+/.test(ref);
  return !isVersion || version === '' || ref.replace(/^v/, '') === version.replace(/^v/, '');
}
