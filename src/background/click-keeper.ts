/** Clicks that this replica has in hand: kept before they are acknowledged, and held for as long as they are worked on. */
import type { Clock, Log, Scheduler } from '../core/ports.ts';
import { problemFrom } from '../core/problem.ts';
import type { Store } from '../core/store.ts';
import { clickLimits } from './lapsed-clicks.ts';

export interface ClickKeeperOptions {
  readonly store: Pick<Store, 'keepClick' | 'holdClick' | 'handled'>;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly log: Log;
  /** How long any delivery is remembered, in ms. */
  readonly keptMs: number;
}

export interface ClickKeeper {
  /** `false` when its key was here before. */
  keepClick(key: string, click: string): Promise<boolean>;
  /** It is ours from now on, until it is handled. */
  hold(key: string): void;
  handled(key: string): Promise<void>;
}

export function createClickKeeper(options: ClickKeeperOptions): ClickKeeper {
  const { store, clock, scheduler, log, keptMs } = options;
  const alarms = new Map<string, { cancel(): void }>();

  function hold(key: string): void {
    alarms.get(key)?.cancel();
    alarms.set(
      key,
      scheduler.after(clickLimits.heldMs / 3, () => {
        hold(key);
        // It lapses where this fails again and again, and is then another's.
        store.holdClick(key, clock.now(), clickLimits.heldMs).catch((error: unknown) => {
          log.warn({ problem: problemFrom(error) }, 'a click that takes long could not be held');
        });
      }),
    );
  }

  return {
    hold,
    async keepClick(key, click) {
      const isNew = await store.keepClick(key, click, clock.now(), clickLimits.heldMs);
      if (isNew) hold(key);
      return isNew;
    },
    async handled(key) {
      alarms.get(key)?.cancel();
      alarms.delete(key);
      await store.handled(key, clock.now(), keptMs);
    },
  };
}
