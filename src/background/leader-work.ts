/**
 * What one replica does for all of them: begun when it becomes the leader, ended when it is that no more. Each of these
 * may overlap for a moment with the one before, when that one was paused, and is made so that this changes nothing.
 */
import type { Log } from '../core/ports.ts';
import { problemFrom } from '../core/problem.ts';
import { type Leadership, type LeadershipOptions, startLeadership } from './leadership.ts';

export interface LeaderTask {
  /** Begins nothing more; resolves when nothing is under way. */
  stop(): Promise<unknown>;
}

export interface LeaderWork {
  /** Resolves when what the newest news of our leadership brings has begun or ended. */
  settled(): Promise<void>;
  /** Ends it and lets another replica begin. */
  stop(): Promise<void>;
}

export interface LeaderWorkOptions extends Omit<LeadershipOptions, 'name' | 'taken' | 'lost'> {
  readonly log: Log;
  /** Each begins one task. */
  readonly tasks: readonly (() => LeaderTask)[];
}

export function startLeaderWork(options: LeaderWorkOptions): LeaderWork {
  const { log, tasks } = options;
  let running: readonly LeaderTask[] = [];
  /** One after the other: what was lost has ended before it is begun anew. */
  let changing: Promise<void> = Promise.resolve();

  async function end(): Promise<void> {
    const ended = running;
    running = [];
    for (const result of await Promise.allSettled(ended.map((task) => task.stop()))) {
      if (result.status === 'rejected') {
        log.error({ problem: problemFrom(result.reason) }, 'a task of the leader did not end in order');
      }
    }
  }

  const leadership: Leadership = startLeadership({
    ...options,
    name: 'leader',
    taken() {
      changing = changing.then(() => {
        // Lost again while the last one ended.
        if (leadership.current()) running = tasks.map((begin) => begin());
      });
    },
    lost() {
      changing = changing.then(end);
      return changing;
    },
  });

  return {
    async settled() {
      await leadership.look();
      await changing;
    },
    async stop() {
      await leadership.stop();
      await changing;
    },
  };
}
