/**
 * What runs in a namespace and can be put to sleep: Deployments and StatefulSets by their replicas, CronJobs by being
 * suspended. The number that each had before stands on the object itself, in the same write as the 0: whatever stops
 * us between two of them, no number is lost. An autoscaler leaves what has 0 replicas alone (Kubernetes, "Implicit
 * maintenance-mode deactivation").
 */
import { z } from 'zod';
import type { StepResult } from '../../core/action.ts';
import type { Cluster, Manifest, ManifestRef } from '../../core/cluster.ts';

export const sleeperKinds = { Deployment: 'apps/v1', StatefulSet: 'apps/v1', CronJob: 'batch/v1' } as const;
type Kind = keyof typeof sleeperKinds;

export interface Sleeper {
  readonly kind: Kind;
  readonly name: string;
  /** Replicas; of a CronJob 1, or 0 while it is suspended. */
  readonly wanted: number;
  readonly isReady: boolean;
  /** What it had before it was put to sleep. */
  readonly before?: number;
}

const beforeSleep = 'greenlight.dev/replicas-before-sleep';

export async function sleepersOf(cluster: Cluster, namespace: string): Promise<readonly Sleeper[]> {
  const kinds = Object.entries(sleeperKinds) as [Kind, string][];
  const lists = await Promise.all(
    kinds.map(async ([kind, apiVersion]) =>
      (await cluster.list({ apiVersion, kind, namespace })).map((object) => sleeperOf(kind, object)),
    ),
  );
  return lists.flat();
}

/** Put to sleep by us, and started by somebody else. */
export function runsByHand({ before, wanted }: Sleeper): boolean {
  return before !== undefined && wanted > 0;
}

/** By `Deployment/web`: what a step remembers of them. */
export function numbersOf(sleepers: readonly Sleeper[], of: (one: Sleeper) => number): StepResult {
  return Object.fromEntries(sleepers.map((one) => [nameOf(one), String(of(one))]));
}

export function nameOf({ kind, name }: Pick<ManifestRef, 'kind' | 'name'>): string {
  return `${kind}/${name}`;
}

export function refsIn(result: StepResult | undefined, namespace: string) {
  return Object.entries(result ?? {}).map(([key, number]) => {
    const [kind = '', name = ''] = key.split('/');
    const apiVersion = sleeperKinds[kind as Kind];
    return { ref: { apiVersion, kind, name, namespace }, number: Number(number) };
  });
}

/** To 0, and the number it had written on it. What is gone meanwhile sleeps well. */
export async function lull(cluster: Cluster, ref: ManifestRef, before: number): Promise<void> {
  await cluster.merge(ref, {
    metadata: { annotations: { [beforeSleep]: String(before) } },
    spec: ref.kind === 'CronJob' ? { suspend: true } : { replicas: 0 },
  });
}

/** Runs on as it does, with nothing of the sleep left on it. */
export async function forgetSleep(
  cluster: Cluster,
  { kind, name }: Sleeper,
  namespace: string,
): Promise<void> {
  const ref = { apiVersion: sleeperKinds[kind], kind, name, namespace };
  await cluster.merge(ref, { metadata: { annotations: { [beforeSleep]: null } } });
}

/** Back to a number, with nothing of the sleep left on it. */
export async function rouse(cluster: Cluster, ref: ManifestRef, number: number): Promise<void> {
  await cluster.merge(ref, {
    metadata: { annotations: { [beforeSleep]: null } },
    spec: ref.kind === 'CronJob' ? { suspend: number === 0 } : { replicas: number },
  });
}

const objectSchema = z.object({
  metadata: z.object({
    name: z.string(),
    generation: z.int().default(0),
    annotations: z.record(z.string(), z.string()).default({}),
  }),
  spec: z.object({ replicas: z.int().default(1), suspend: z.boolean().default(false) }).prefault({}),
  status: z
    .object({ observedGeneration: z.int().default(0), readyReplicas: z.int().default(0) })
    .prefault({}),
});

function sleeperOf(kind: Kind, object: Manifest): Sleeper {
  const { metadata, spec, status } = objectSchema.parse(object);
  const wanted = kind === 'CronJob' ? Number(!spec.suspend) : spec.replicas;
  const isSeen = status.observedGeneration >= metadata.generation;
  const before = Number(metadata.annotations[beforeSleep] ?? Number.NaN);
  return {
    kind,
    name: metadata.name,
    wanted,
    isReady: kind === 'CronJob' || (isSeen && status.readyReplicas >= wanted),
    // Written by whoever may write there: a number, or nothing.
    ...(Number.isInteger(before) && before >= 0 ? { before } : {}),
  };
}
