/**
 * One time for all replicas: that of the database they share. A lease, and whatever is due, is a moment that one of them
 * writes and another compares with its own clock. Of clocks that differ by more than the margins of the leases one would
 * take from the other what it is at work on, again and again. Where machines keep their time (NTP) nothing changes.
 */
import { secondMs } from '../core/duration.ts';
import type { Moment } from '../core/ids.ts';
import type { Clock, Log, Scheduler } from '../core/ports.ts';
import { problemFrom } from '../core/problem.ts';
import type { Store } from '../core/store.ts';
import { keepLooking, type Looking } from './keep-looking.ts';

export interface SharedClock extends Clock {
  /** The furthest moment that it has told anybody since it follows: what was reckoned from there stands still until then. */
  furthest(): Moment;
  /**
   * Goes by the server's time from now on, where there is one and ours differs; resolves when it was asked. Never throws:
   * as long as it does not answer, what is known of it goes on.
   */
  follow(
    store: Pick<Store, 'serverTime'>,
    tools: { readonly scheduler: Scheduler; readonly log: Log },
  ): Promise<Looking>;
}

/** Two replicas differ by twice as much at most: less than the margins (leadership.ts, runner/keep-claim.ts). */
const toleratedMs = 0.5 * secondMs;
/** An answer may be as wrong as half of what it took: one that took longer is believed where we are sure to be more wrong. */
const slowMs = 0.4 * secondMs;
const lookEveryMs = 5 * secondMs;
const lookAgainMs = secondMs;

/** @param own what this machine says. */
export function sharedClock(own: Clock): SharedClock {
  let aheadMs = 0;
  let furthest: Moment = 0;

  /** By how much the server is ahead of this machine; `undefined` when that cannot be told now. */
  async function ask(store: Pick<Store, 'serverTime'>): Promise<number | undefined> {
    const askedAt = own.now();
    const theirs = await store.serverTime();
    const tookMs = own.now() - askedAt;
    if (theirs === undefined) return aheadMs;
    // Less than nothing: our own clock was set meanwhile.
    if (tookMs < 0) return undefined;
    const found = Math.round(theirs - askedAt - tookMs / 2);
    const isTelling = tookMs <= slowMs || Math.abs(found - aheadMs) > tookMs + toleratedMs;
    return isTelling ? found : undefined;
  }

  function now(): Moment {
    const told = own.now() + aheadMs;
    furthest = Math.max(furthest, told);
    return told;
  }

  return {
    now,
    furthest: () => furthest,

    async follow(store, { scheduler, log }) {
      const looking = keepLooking(scheduler, async () => {
        try {
          const found = await ask(store);
          if (found === undefined) return lookAgainMs;
          if (Math.abs(found - aheadMs) <= toleratedMs) return lookEveryMs;
          log.warn(
            { aheadMs: found, knownMs: aheadMs },
            'this machine and its database tell different times: the one of the database counts; see to NTP on both',
          );
          aheadMs = found;
        } catch (error) {
          log.warn({ problem: problemFrom(error) }, 'the time of the database could not be asked for');
        }
        return lookEveryMs;
      });
      await looking.look();
      // At the start nothing has been reckoned yet.
      furthest = own.now() + aheadMs;
      return looking;
    },
  };
}
