/** How an outside that does not answer is tried again. */
import { hourMs, minuteMs, secondMs } from '../core/duration.ts';
import { rarerIn } from '../core/look-again.ts';
import type { Problem } from '../core/problem.ts';

/** For how long a step is tried again before the run is taken back, and its undo before it is named as remaining. */
export const transientMax = 15 * minuteMs;

/** GitHub's limits begin anew after an hour at the latest. A proxy that asks for a day must not keep a lock for one. */
export const retryAtMost = 2 * hourMs;

/**
 * In how many milliseconds: rarer the longer it is away, or when it asks us to.
 * @param triedMs for how long it has been tried so far.
 */
export function retryIn({ retryAfterMs }: Problem, triedMs: number): number {
  return Math.min(retryAtMost, retryAfterMs ?? rarerIn(triedMs, secondMs));
}
