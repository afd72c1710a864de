/**
 * Looks for people who have left when it starts and once a day: Slack tells of it once, and perhaps while nobody
 * listened. It needs no row in the store: it is the same however often and wherever it is done.
 */
import { dayMs } from '../core/duration.ts';
import type { Log, Scheduler } from '../core/ports.ts';
import { problemFrom } from '../core/problem.ts';
import { keepLooking, type Looking } from './keep-looking.ts';

export interface LeaversWatchOptions {
  readonly scheduler: Scheduler;
  readonly log: Log;
  /** Looks after nobody more once it was stopped. */
  lookAfterLeavers(isStopped: () => boolean): Promise<number>;
}

/** A look resolves when everybody was looked at, or it was stopped. */
export function watchLeavers({ scheduler, log, lookAfterLeavers }: LeaversWatchOptions): Looking {
  return keepLooking(scheduler, async (isStopped) => {
    try {
      const cancelled = await lookAfterLeavers(isStopped);
      if (cancelled > 0) log.info({ cancelled }, 'requests of people who have left were cancelled');
    } catch (error) {
      log.error({ problem: problemFrom(error) }, 'who has left could not be looked for');
    }
    return dayMs;
  });
}
