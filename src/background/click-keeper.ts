/** Clicks that this replica has in hand: kept before they are acknowledged, and held for as long as they are worked on. */
import type { Moment } from '../core/ids.ts';
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
  /** Not any more where it has lapsed in our hands: this process stood still, or the database was away. */
  isOurs(key: string): boolean;
  handled(key: string): Promise<void>;
}

interface Held {
  readonly until: Moment;
  readonly alarm: { cancel(): void };
}

export function createClickKeeper(options: ClickKeeperOptions): ClickKeeper {
  const { store, clock, scheduler, log, keptMs } = options;
  const held = new Map<string, Held>();

  function holdUntil(key: string, until: Moment): void {
    held.get(key)?.alarm.cancel();
    held.set(key, { until, alarm: scheduler.after(clickLimits.heldMs / 3, () => void holdAnew(key, until)) });
  }

  /** What has lapsed is let go: it is another's by now, or soon. */
  async function holdAnew(key: string, until: Moment): Promise<void> {
    if (!isOurs(key)) return;
    holdUntil(key, until);
    const now = clock.now();
    try {
      await store.holdClick(key, now, clickLimits.heldMs);
      if (held.has(key)) holdUntil(key, now + clickLimits.heldMs);
    } catch (error) {
      log.warn({ problem: problemFrom(error) }, 'a click that takes long could not be held');
    }
  }

  function isOurs(key: string): boolean {
    return clock.now() < (held.get(key)?.until ?? 0);
  }

  return {
    hold: (key) => holdUntil(key, clock.now() + clickLimits.heldMs),
    isOurs,
    async keepClick(key, click) {
      const now = clock.now();
      const isNew = await store.keepClick(key, click, now, clickLimits.heldMs);
      if (isNew) holdUntil(key, now + clickLimits.heldMs);
      return isNew;
    },
    async handled(key) {
      held.get(key)?.alarm.cancel();
      held.delete(key);
      await store.handled(key, clock.now(), keptMs);
    },
  };
}
