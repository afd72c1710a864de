/** When to look again at what takes its time. Pure. */
import { secondMs } from './duration.ts';
import type { StepContext } from './step.ts';

/** In how many milliseconds what a step waits for. */
export function lookAgainIn(
  { now, waitingSince }: Pick<StepContext, 'now' | 'waitingSince'>,
  firstMs: number,
): number {
  return rarerIn(now - waitingSince, firstMs);
}

/** In how many milliseconds: rarer the longer it has taken, as looking often would only cost calls. */
export function rarerIn(takenMs: number, firstMs: number): number {
  return Math.min(30 * secondMs, Math.max(firstMs, takenMs));
}
