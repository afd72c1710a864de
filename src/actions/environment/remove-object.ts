/** Taking one object away, and staying with it until it is really gone. */
import type { StepContext, StepOutcome } from '../../core/action.ts';
import type { Cluster, Manifest, ManifestRef } from '../../core/cluster.ts';
import { formatDuration, minuteMs, secondMs } from '../../core/duration.ts';
import { ProblemError, problem } from '../../core/problem.ts';

/** An operator that ends a database or a stack in somebody's cloud takes its time; longer than this, it hangs. */
const removalMax = 15 * minuteMs;
const lookAgain = 2 * secondMs;

/**
 * One that does not carry all of these labels is somebody else's, and left alone.
 * @throws ProblemError `undo_failed` when it is still there after that time, with what it waits for.
 */
export async function removeObject(
  cluster: Cluster,
  ref: ManifestRef,
  labels: Readonly<Record<string, string>>,
  context: Pick<StepContext, 'now' | 'waitingSince'>,
): Promise<StepOutcome> {
  const found = await readIfKnown(cluster, ref);
  const isOurs = Object.entries(labels).every(([label, value]) => found?.metadata.labels?.[label] === value);
  if (!found || !isOurs) return { state: 'done', note: 'nothing of ours is there' };
  const removal = await cluster.remove(ref, labels);
  if (removal.state === 'gone') return { state: 'done', note: `${ref.kind} ${ref.name} is gone` };
  const waiting = context.now - context.waitingSince;
  // What is not gone in a minute takes long: looking often would only cost calls.
  const againInMs = waiting > minuteMs ? 10 * lookAgain : lookAgain;
  if (waiting <= removalMax) return { state: 'waiting', note: `waiting for ${removal.waitsFor}`, againInMs };
  throw new ProblemError(
    problem(
      'undo_failed',
      `The ${ref.kind} ${ref.name} is still there after ${formatDuration(removalMax)}: it waits for ${removal.waitsFor}.`,
      'Somebody with rights on the cluster must clear what it waits for; then it goes by itself.',
    ),
  );
}

/** The same for several, each when the one before it is gone. */
export async function removeObjects(
  cluster: Cluster,
  refs: readonly ManifestRef[],
  labels: Readonly<Record<string, string>>,
  context: Pick<StepContext, 'now' | 'waitingSince'>,
): Promise<StepOutcome> {
  for (const ref of refs) {
    const outcome = await removeObject(cluster, ref, labels, context);
    if (outcome.state === 'waiting') return outcome;
  }
  return { state: 'done' };
}

/** With its definition all objects of a kind are gone. */
async function readIfKnown(cluster: Cluster, ref: ManifestRef): Promise<Manifest | undefined> {
  try {
    return await cluster.read(ref);
  } catch (error) {
    if (error instanceof ProblemError && error.problem.code === 'not_found') return undefined;
    throw error;
  }
}
