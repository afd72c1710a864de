/**
 * An orderly end: stage after stage, the parts of each side by side. None may hold up or spoil the end of the others: what
 * fails is logged, what takes longer than its stage is left, since all that matters is in the store.
 */
import type { Log, Scheduler } from '../core/ports.ts';
import { problemFrom } from '../core/problem.ts';

export interface Stage {
  readonly withinMs: number;
  /** By what the log calls them. One that resolves with `false` says that it has left something. */
  readonly parts: Readonly<Record<string, (withinMs: number) => unknown>>;
}

/** The names of those that did not end in order, or not in time. Never throws. */
export async function endInOrder(
  stages: readonly Stage[],
  { scheduler, log }: { readonly scheduler: Scheduler; readonly log: Log },
): Promise<readonly string[]> {
  const left: string[] = [];
  for (const { withinMs, parts } of stages) {
    const late = Promise.withResolvers<'late'>();
    const timer = scheduler.after(withinMs, () => late.resolve('late'));
    const ends = Object.entries(parts).map(async ([name, end]) => {
      const ended = await Promise.race([tried(name, () => end(withinMs), log), late.promise]);
      if (ended === 'late') log.warn({ part: name, withinMs }, 'did not end in time; it is left');
      if (ended !== 'ended') left.push(name);
    });
    await Promise.all(ends);
    timer.cancel();
  }
  return left;
}

async function tried(name: string, end: () => unknown, log: Log): Promise<'ended' | 'left' | 'failed'> {
  try {
    if ((await end()) !== false) return 'ended';
    log.warn({ part: name }, 'left something in flight; another replica or the next start goes on with it');
    return 'left';
  } catch (error) {
    log.error({ part: name, problem: problemFrom(error) }, 'did not end in order');
    return 'failed';
  }
}
