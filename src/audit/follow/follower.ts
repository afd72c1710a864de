/**
 * Somebody who is told of the audit, in its order and at least once: up to where is a row, so a restart goes on from
 * there; when to try again is a row too, so a place that is down is left alone by every replica.
 */
import type { AuditStore } from '../../core/audit.ts';
import { minuteMs, secondMs } from '../../core/duration.ts';
import type { Moment } from '../../core/ids.ts';
import type { Clock, Log } from '../../core/ports.ts';
import { problemFrom } from '../../core/problem.ts';
import type { Store } from '../../core/store.ts';
import { claimWhenDue } from './due.ts';

export type FollowedStore = AuditStore & Pick<Store, 'timer' | 'setTimer' | 'claimTimer'>;

export interface Portion {
  readonly lines: readonly string[];
  /** The position of the last of them. */
  readonly upTo: number;
}

export interface FollowerOptions {
  /** In logs and as the name of its row: nothing secret. */
  readonly name: string;
  readonly store: FollowedStore;
  readonly clock: Clock;
  readonly log: Log;
  /** From 0 to 1: spreads retries. */
  draw(): number;
  /** What comes after a position; nothing when there is no more. */
  read(after: number): Promise<Portion | undefined>;
  /** Resolves when it is safely there. */
  deliver(portion: Portion): Promise<void>;
  /** At most so often. */
  readonly everyMs?: number;
}

export interface Follower {
  /** Delivers what there is; never throws. */
  look(): Promise<void>;
}

/** Longer than one delivery may take: while it lasts no other replica delivers, so that the order is kept. */
export const leaseMs = minuteMs;
const firstRetryMs = secondMs;
const lastRetryMs = 5 * minuteMs;
/** So much of the lease for beginning another portion. */
const roundMs = leaseMs / 2;

export function createFollower(options: FollowerOptions): Follower {
  const { name, store, clock, log, everyMs = 0 } = options;
  const timer = { name: `audit ${name}`, leaseMs, longestMs: Math.max(everyMs, 1.5 * lastRetryMs) };
  let failures = 0;

  async function look(): Promise<void> {
    if (!(await options.read(await store.cursor(name)))) return;
    if (!(await claimWhenDue(store, timer, clock.now()))) return;
    await store.setTimer(timer.name, await deliverAll(clock.now() + roundMs));
  }

  /** When to go on. */
  async function deliverAll(until: Moment): Promise<Moment> {
    try {
      do {
        const from = await store.cursor(name);
        const portion = await options.read(from);
        if (!portion) break;
        await options.deliver(portion);
        // Somebody took over while we were slow: they know how far it is.
        if (!(await store.moveCursor(name, from, portion.upTo))) break;
        if (failures > 0) log.info({ follower: name }, 'the audit arrives there again');
        failures = 0;
      } while (everyMs === 0 && clock.now() < until);
      return clock.now() + everyMs;
    } catch (error) {
      failures++;
      if (failures === 1)
        log.warn({ follower: name, problem: problemFrom(error) }, 'the audit does not arrive there');
      const backoffMs = Math.min(lastRetryMs, firstRetryMs * 2 ** (failures - 1));
      return clock.now() + backoffMs * (1 + options.draw() / 2);
    }
  }

  return {
    async look() {
      try {
        await look();
      } catch (error) {
        log.error({ follower: name, problem: problemFrom(error) }, 'the audit could not be followed');
      }
    },
  };
}
