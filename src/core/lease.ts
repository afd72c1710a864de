/** Until when something is ours alone: a moment in the store, which each replica holds against its own clock. */
import { secondMs } from './duration.ts';
import type { Moment } from './ids.ts';

/** Before it lapses we behave as if it had: what has just begun still arrives, and clocks of machines differ a little. */
export const leaseMarginMs = 1.5 * secondMs;

/** By how much a machine's clock may differ from the database's: two of them then differ by the margin at most. */
export const clockSkewMaxMs = leaseMarginMs / 2;

/** Whether it is ours at this very moment; ask right before each effect. @param leaseMs as long as was asked for. */
export function isOurs(until: Moment, now: Moment, leaseMs: number): boolean {
  const left = until - now;
  // More than was ever asked for: the clock was set back, and says nothing of how long it is ours.
  return left > leaseMarginMs && left <= leaseMs;
}
