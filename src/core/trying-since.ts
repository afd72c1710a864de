/** For how long the outside that a step needs has been tried in vain. Pure. */
import { minuteMs } from './duration.ts';
import type { Moment } from './ids.ts';
import type { RunStep } from './request.ts';

/** Whoever is there tries again on time, or this much later at most. */
const lateMax = minuteMs;

/** Since when; `now` when it has not been. Time in which nobody was there to try does not count: it moves on by that. */
export function tryingSince(
  { retryingSince, retryAt = Number.POSITIVE_INFINITY }: Pick<RunStep, 'retryingSince' | 'retryAt'>,
  now: Moment,
): Moment {
  if (retryingSince === undefined) return now;
  return retryingSince + Math.max(0, now - retryAt - lateMax);
}
