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
  const { log } = options;
  const isOurs = () => leadership.current() !== undefined;
  const tasks = options.tasks.map((begin) => taskByTurns(begin, isOurs, log));

  async function settled(): Promise<void> {
    await Promise.all(tasks.map((task) => task.settled()));
  }

  const leadership: Leadership = startLeadership({
    ...options,
    name: 'leader',
    taken() {
      for (const task of tasks) task.begin();
    },
    lost() {
      for (const task of tasks) task.end();
      return settled();
    },
  });

  return {
    async settled() {
      await leadership.look();
      await settled();
    },
    async stop() {
      await leadership.stop();
      await settled();
    },
  };
}

interface TaskByTurns {
  begin(): void;
  end(): void;
  /** Resolves when it has begun or ended as it was told to last. */
  settled(): Promise<void>;
}

/**
 * One task, one after the other: what was lost has ended before it is begun anew. Each by itself, since one may take
 * minutes to end, and whoever leads again must not let all the others lie meanwhile.
 */
function taskByTurns(begin: () => LeaderTask, isOurs: () => boolean, log: Log): TaskByTurns {
  let running: LeaderTask | undefined;
  let changing: Promise<void> = Promise.resolve();

  function beginNow(): void {
    // Lost again while the last one ended.
    if (isOurs()) running = begin();
  }

  async function endNow(): Promise<void> {
    const ended = running;
    running = undefined;
    try {
      await ended?.stop();
    } catch (error) {
      log.error({ problem: problemFrom(error) }, 'a task of the leader did not end in order');
    }
  }

  return {
    begin() {
      changing = changing.then(beginNow);
    },
    end() {
      changing = changing.then(endNow);
    },
    settled: () => changing,
  };
}
