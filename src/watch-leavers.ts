/**
 * Looks for people who have left when it starts and once a day: Slack tells of it once, and perhaps while nobody
 * listened. It needs no row in the store: it is the same however often and wherever it is done.
 */
import { dayMs } from './core/duration.ts';
import type { Log, Scheduler } from './core/ports.ts';
import { problemFrom } from './core/problem.ts';

export interface LeaversWatch {
  /** Looks now; resolves when everybody was looked at. */
  look(): Promise<void>;
  stop(): Promise<void>;
}

export interface LeaversWatchOptions {
  readonly scheduler: Scheduler;
  readonly log: Log;
  lookAfterLeavers(): Promise<number>;
}

export function watchLeavers({ scheduler, log, lookAfterLeavers }: LeaversWatchOptions): LeaversWatch {
  let looking: Promise<void> = Promise.resolve();
  let alarm: { cancel(): void } | undefined;
  let isStopped = false;

  async function lookOnce(): Promise<void> {
    alarm?.cancel();
    try {
      const cancelled = await lookAfterLeavers();
      if (cancelled > 0) log.info({ cancelled }, 'requests of people who have left were cancelled');
    } catch (error) {
      log.error({ problem: problemFrom(error) }, 'who has left could not be looked for');
    }
    if (!isStopped) alarm = scheduler.after(dayMs, () => void look());
  }

  function look(): Promise<void> {
    if (!isStopped) looking = looking.then(lookOnce);
    return looking;
  }

  void look();
  return {
    look,
    async stop() {
      isStopped = true;
      alarm?.cancel();
      await looking;
    },
  };
}
