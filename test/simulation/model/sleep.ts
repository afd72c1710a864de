/** Whether what runs in an environment is what was recorded of it, whenever nothing is under way there. */
import type { RequestEvent } from '../../../src/core/request.ts';
import { BrokenPromise } from '../broken-promise.ts';
import type { Running } from '../world/cluster.ts';
import type { Known } from './known.ts';

export interface Sleep {
  follow(known: Known, event: RequestEvent): void;
  /** What runs in this environment is about to be stopped or started. */
  reaches(environment: string): void;
}

export interface SleepOptions {
  readonly requests: ReadonlyMap<string, Known>;
  running(environment: string): readonly Running[];
}

const actions = ['environment.sleep', 'environment.wake'];

export function createSleep({ requests, running }: SleepOptions): Sleep {
  const about = (environment: string) =>
    [...requests.values()].filter(
      ({ action, input }) => actions.includes(action) && input.name === environment,
    );

  function check(environment: string): void {
    // What could not be taken back is named there, and somebody's to mend.
    const isHalf = about(environment).some(({ steps }) =>
      [...steps.values()].some(({ state }) => state === 'remains'),
    );
    if (isHalf) return;
    for (const { key, replicas, isMarked } of running(environment)) {
      const maker = [...requests.values()].find((one) => one.key === key);
      if (maker?.ending !== 'succeeded') continue;
      if ((replicas === 0) === maker.isAsleep && isMarked === maker.isAsleep) continue;
      throw new BrokenPromise(
        'undone is undone',
        `${environment} is ${maker.isAsleep ? 'asleep' : 'awake'} by what is recorded, and runs ${replicas} replicas`,
      );
    }
  }

  return {
    follow({ action, input, state, steps }, { type }) {
      const isOver = actions.includes(action) && state === 'ended' && steps.size > 0;
      // It has the environment for itself: nothing else is under way there.
      const isLast = action === 'environment.destroy' && type === 'started';
      if (isOver || isLast) check(String(input.name));
    },
    reaches(environment) {
      if (about(environment).some(({ state }) => state === 'running' || state === 'going back')) return;
      throw new BrokenPromise(
        'no effect without a yes',
        `${environment} is about to be stopped or started, and no run is about it`,
      );
    },
  };
}
