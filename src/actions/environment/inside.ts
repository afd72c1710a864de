/** What goes on inside an environment, seen with the eyes of whoever asks: nobody sees more than their own rights. */
import type { KnownEnvironment, ReadContext } from '../../core/action.ts';
import type { Cluster, Warning } from '../../core/cluster.ts';
import { problemFrom } from '../../core/problem.ts';
import type { Health } from '../../core/readiness.ts';
import { viewOf } from '../service/freshness.ts';
import { type SeenWorkload, seen } from '../workload/words.ts';
import { type Drifted, driftOf } from './drift.ts';
import type { LivingRecord } from './known.ts';
import { objectHealth } from './object-health.ts';

export interface Inside {
  /** The first of its Deployments that is not well, or the first; none when its blueprint makes none. */
  readonly workload: SeenWorkload;
  /** Of what operators make, worst first. */
  readonly healths: readonly Health[];
  /** Changed by hand since; `unknown`: why nobody can tell. */
  readonly drift: readonly Drifted[] | { readonly unknown: string };
  /** Newest first. */
  readonly warnings: readonly Warning[];
}

const warningsLookedAt = 20;

/** A sentence when the asker may not look inside, or the cluster cannot be asked whether they may. */
export async function lookInside(record: LivingRecord, context: ReadContext): Promise<Inside | string> {
  const { living } = record;
  const view = viewOf(living.cluster, context);
  const cluster = context.cluster(living.cluster);
  let warnings: readonly Warning[];
  try {
    // Asked for first: what follows is read with our own rights, and only for somebody who may look here.
    warnings = await view.warnings(living.namespace, warningsLookedAt);
  } catch (error) {
    return problemFrom(error).sentence;
  }
  const [workload, healths, drift] = await Promise.all([
    seen(workloadOf(living, context)),
    objectHealth(living, cluster),
    driftOf(record, context).catch((error: unknown) => ({ unknown: problemFrom(error).sentence })),
  ]);
  return { workload, healths, drift, warnings };
}

async function workloadOf(living: KnownEnvironment, context: ReadContext) {
  const cluster = context.cluster(living.cluster);
  const view = viewOf(living.cluster, context);
  // What was adopted was not made from a list.
  const objects = living.objects ?? (await deploymentsIn(cluster, living.namespace));
  const deployments = objects.filter(({ kind }) => kind === 'Deployment');
  const workloads = await Promise.all(deployments.map(({ name }) => view.workload(living.namespace, name)));
  return workloads.find((one) => one?.isSettled !== true) ?? workloads[0];
}

async function deploymentsIn(cluster: Cluster, namespace: string) {
  const found = await cluster.list({ apiVersion: 'apps/v1', kind: 'Deployment', namespace });
  return found.map(({ kind, metadata }) => ({ kind, name: metadata.name }));
}
