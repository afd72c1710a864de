/**
 * Clicks that were acknowledged, and whose process has ended before it had dealt with them: carried out by the leader, or
 * refused with a sentence when that comes too late. What the click means is judged then, as it is at any click.
 */
import { minuteMs, secondMs } from '../core/duration.ts';
import type { Clock, Log, Scheduler } from '../core/ports.ts';
import { problemFrom } from '../core/problem.ts';
import type { KeptClick, Store } from '../core/store.ts';
import { keepLooking, type Looking } from './keep-looking.ts';

export interface LapsedClicksOptions {
  readonly store: Pick<Store, 'lapsedClicks'>;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly log: Log;
  /** Whether anything that came in would be handled now. */
  isReady(): boolean;
  /** Never throws. */
  resume(click: KeptClick, isLate: boolean): Promise<void>;
}

export const clickLimits = {
  /** A click that takes longer is carried out twice, which is as if somebody had clicked twice. */
  heldMs: 7 * secondMs,
  /** A process that is killed hands nothing over: with what it held, and until the next look, 9.5 s. */
  lookMs: 2.5 * secondMs,
  /** Whoever clicked has gone on: what they wanted then may be wrong by now. */
  lateMs: 10 * minuteMs,
} as const;

export function carryLapsedClicks(options: LapsedClicksOptions): Looking {
  const { store, clock, scheduler, log, isReady, resume } = options;
  return keepLooking(scheduler, async () => {
    try {
      if (!isReady()) return clickLimits.lookMs;
      const clicks = await store.lapsedClicks(clock.now(), clickLimits.heldMs);
      if (clicks.length > 0)
        log.info({ clicks: clicks.length }, 'clicks that nobody had in hand are carried out');
      await Promise.all(clicks.map((click) => resume(click, clock.now() - click.at > clickLimits.lateMs)));
    } catch (error) {
      log.warn({ problem: problemFrom(error) }, 'clicks that nobody has in hand could not be looked for');
    }
    return clickLimits.lookMs;
  });
}
