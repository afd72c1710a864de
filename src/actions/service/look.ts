/** One environment of a service, with whatever could be had of it: half an answer at three in the morning beats none. */
import type { Mood, ReadContext } from '../../core/action.ts';
import type { WorkloadView } from '../../core/cluster-view.ts';
import { formatDuration } from '../../core/duration.ts';
import type { Deployment } from '../../core/forge.ts';
import { problemFrom } from '../../core/problem.ts';
import type { Service } from '../../core/service.ts';
import { type SeenWorkload, seen } from '../workload/words.ts';
import { viewOf } from './freshness.ts';
import { placeOf } from './place.ts';

export interface Look {
  /** The environment's. */
  readonly name: string;
  readonly cluster: string;
  readonly workload: SeenWorkload<WorkloadView>;
  readonly last: LastDeploy;
}

/** The last that worked, else the last at all; `unknown`: why it could not be asked. */
export type LastDeploy = Deployment | undefined | { readonly unknown: string };

export async function lookAt(
  serviceName: string,
  service: Service,
  name: string,
  context: ReadContext,
): Promise<Look> {
  const [health, last] = await Promise.all([
    healthOf(serviceName, name, context),
    context.forge.recentDeployments(service.repository, name, 5).then(
      (all): LastDeploy => all.find((one) => one.state === 'success') ?? all[0],
      (error: unknown): LastDeploy => ({ unknown: problemFrom(error).sentence }),
    ),
  ]);
  return { ...health, last };
}

/** How it runs, and nothing that another machine would have to be asked for. */
export async function healthOf(
  service: string,
  environment: string,
  context: ReadContext,
): Promise<Omit<Look, 'last'>> {
  const { cluster, namespace, deployment } = placeOf({ service, environment }, context.catalog);
  const look = async () => viewOf(cluster, context).workload(namespace, deployment);
  return { name: environment, cluster, workload: await seen(look()) };
}

/** What could be seen of it. */
export function knownOf({ workload }: Pick<Look, 'workload'>): WorkloadView | undefined {
  return workload !== undefined && !('unknown' in workload) ? workload : undefined;
}

/** The version that runs there, when that is known. */
export function versionOf(look: Pick<Look, 'workload'>): string | undefined {
  return knownOf(look)?.version;
}

export function deployWords(last: LastDeploy, now: number): string {
  if (last === undefined) return 'none that GitHub knows of';
  if ('unknown' in last) return `cannot be told: ${last.unknown}`;
  const how = last.state === 'success' ? '' : ` (${last.state.replace('_', ' ')})`;
  return `${last.ref} by ${last.by}, ${formatDuration(now - last.at)} ago${how}`;
}

/** Worst first: that decides the mood of the whole. */
export const moodOrder: readonly Mood[] = ['bad', 'unknown', 'busy', 'good'];

export function worstOf(moods: readonly Mood[]): Mood {
  return moodOrder.find((mood) => moods.includes(mood)) ?? 'unknown';
}
