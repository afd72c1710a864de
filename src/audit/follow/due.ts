/** What comes again and again: done by one replica at a time, when its row says so. */
import { minuteMs } from '../../core/duration.ts';
import type { Moment } from '../../core/ids.ts';
import type { Store } from '../../core/store.ts';

export interface Recurring {
  readonly name: string;
  /** How long one time of it may take. */
  readonly leaseMs: number;
  /** The furthest that it is ever put off. */
  readonly longestMs: number;
}

/** `true` when it is due and nobody is at it: it is ours to do until the lease is over. */
export async function claimWhenDue(
  store: Pick<Store, 'timer' | 'setTimer' | 'claimTimer'>,
  { name, leaseMs, longestMs }: Recurring,
  now: Moment,
): Promise<boolean> {
  const set = await store.timer(name);
  // By a clock that was ahead then: it would stand still until that time has come.
  const isTooFar =
    set && (set.dueAt > now + longestMs + skewMs || (set.heldUntil ?? 0) > now + leaseMs + skewMs);
  if (!set || isTooFar) await store.setTimer(name, now);
  return store.claimTimer(name, now, leaseMs);
}

/** Clocks of machines differ a little. */
const skewMs = minuteMs;
