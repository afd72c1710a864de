/** Taking a namespace away, and staying with it until it is really gone. */
import type { StepContext, StepOutcome } from '../../core/action.ts';
import type { Cluster } from '../../core/cluster.ts';
import { formatDuration, minuteMs, secondMs } from '../../core/duration.ts';
import { ProblemError, problem } from '../../core/problem.ts';

/** A namespace that hangs longer than this hangs on something that waiting does not mend (a finalizer). */
const removalMax = 5 * minuteMs;

export async function removeNamespace(
  cluster: Cluster,
  name: string,
  onlyIf: Readonly<Record<string, string>>,
  context: Pick<StepContext, 'now' | 'waitingSince'>,
): Promise<StepOutcome> {
  const removal = await cluster.remove({ apiVersion: 'v1', kind: 'Namespace', name }, onlyIf);
  if (removal.state === 'gone') return { state: 'done', note: `${name} is gone` };
  if (context.now - context.waitingSince > removalMax) {
    throw new ProblemError(
      problem(
        'undo_failed',
        `The namespace ${name} is still there after ${formatDuration(removalMax)}: it waits for ${removal.waitsFor}.`,
        'Somebody with rights on the cluster must clear what it waits for; then it goes by itself.',
      ),
    );
  }
  return { state: 'waiting', note: `waiting for ${removal.waitsFor}`, againInMs: 2 * secondMs };
}
