/** One object on the cluster as it is wanted, marked as ours; and what is there of others. */
import { z } from 'zod';
import type { StepContext } from '../../../core/action.ts';
import type { Observed } from '../../../core/blueprint.ts';
import type { Cluster, Manifest, ManifestRef } from '../../../core/cluster.ts';
import { digestOf } from '../../../core/digest.ts';
import { secondMs } from '../../../core/duration.ts';
import { type Problem, ProblemError, problem } from '../../../core/problem.ts';
import { marksOf } from './room.ts';

/** Which version of the manifest is there: a step that only waits does not send it again. */
const appliedAnnotation = 'greenlight.dev/applied';

const jobSpecSchema = z.object({ ttlSecondsAfterFinished: z.number().optional() });

/** There, as wanted: made, made again when somebody deleted it, or changed when what it speaks of has changed. */
export async function bring(
  cluster: Cluster,
  ref: ManifestRef,
  manifest: Manifest,
  context: StepContext,
): Promise<Manifest> {
  const found = await cluster.read(ref);
  if (found) refuseForeign(ref, found, context);
  else refuseLostJob(manifest, context);
  if (
    found?.metadata.annotations?.[appliedAnnotation] === manifest.metadata.annotations?.[appliedAnnotation]
  ) {
    return found ?? manifest;
  }
  await cluster.apply(manifest);
  return (await cluster.read(ref)) ?? manifest;
}

/**
 * Applying takes over whatever has that name: somebody else's, outside the environment's namespace; or, inside it, a part
 * of the room such as its network policy, which bears our mark but was never applied by a blueprint.
 */
function refuseForeign(ref: ManifestRef, { metadata }: Manifest, context: StepContext): void {
  const isOurs = metadata.labels?.['greenlight.dev/request'] === context.request.key;
  if (isOurs && metadata.annotations?.[appliedAnnotation] !== undefined) return;
  throw new ProblemError(foreignObject(ref));
}

/**
 * The cluster removes a Job some time after its end. Where nobody was there for that long, or others of its step took that
 * long, one that has run looks like one that was never made; and so does one that waits for them before it is made.
 * Blueprints are held to an hour at least in an operation, so that only what takes very long comes to this.
 */
function refuseLostJob({ kind, metadata, spec }: Manifest, { now, stepStartedAt }: StepContext): void {
  const seconds = kind === 'Job' ? jobSpecSchema.safeParse(spec).data?.ttlSecondsAfterFinished : undefined;
  if (seconds === undefined || now - stepStartedAt < seconds * secondMs) return;
  throw new ProblemError(
    problem(
      'step_failed',
      `The Job ${metadata.name} is not there, and nobody can tell whether it has run.`,
      'Look at what it would have changed. Ask for it anew only if it has not run.',
    ),
  );
}

export function foreignObject({ kind, name }: ManifestRef): Problem {
  return problem(
    'conflict',
    `There is a ${kind} ${name} already, and it was not made by this request.`,
    'Ask again with another name for the environment, or ask whoever made it.',
  );
}

/** With what says that it is ours, and which version of it was applied. */
export function marked(
  manifest: Manifest,
  context: { readonly request: Pick<StepContext['request'], 'key' | 'target'> },
): Manifest {
  const { metadata } = manifest;
  const { key, target } = context.request;
  const marks = {
    ...marksOf({ requestKey: key, team: target.team }),
    'greenlight.dev/environment': target.name,
  };
  return {
    ...manifest,
    metadata: {
      ...metadata,
      labels: { ...metadata.labels, ...marks },
      annotations: { ...metadata.annotations, [appliedAnnotation]: digestOf(manifest).slice(0, 16) },
    },
  };
}

/**
 * As the cluster has them now; one that is not there reads as nothing. Neither does a Secret: a name that stands for
 * something else in the blueprint of today may have been one when it was made.
 */
export async function observe(
  cluster: Cluster,
  refs: readonly (readonly [string, ManifestRef])[],
): Promise<Observed> {
  const found = await Promise.all(
    refs.map(async ([name, ref]) => {
      const live = ref.kind === 'Secret' ? undefined : await cluster.read(ref);
      return [name, live ?? nothing(ref)] as const;
    }),
  );
  return Object.fromEntries(found);
}

function nothing({ apiVersion, kind, name }: ManifestRef): Manifest {
  return { apiVersion, kind, metadata: { name } };
}
