/**
 * Clicks that were acknowledged, and whose process has ended before it had dealt with them: handed out by the leader, to be
 * carried out as if they were clicked now, or to be given back to whoever clicked.
 */
import { minuteMs, secondMs } from '../core/duration.ts';
import type { Clock, Log, Scheduler } from '../core/ports.ts';
import { problemFrom } from '../core/problem.ts';
import type { KeptClick, LapsedClick, Store } from '../core/store.ts';
import type { ClickKeeper } from './click-keeper.ts';
import { keepLooking, type Looking } from './keep-looking.ts';

export interface LapsedClicksOptions {
  readonly store: Pick<Store, 'lapsedClicks'>;
  readonly keeper: Pick<ClickKeeper, 'hold'>;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly log: Log;
  /** Whether anything that came in would be handled now. */
  isReady(): boolean;
  /** Never throws. */
  resume(clicks: readonly LapsedClick[]): Promise<void>;
}

export const clickLimits = {
  /** Held anew at a third of it by whoever is alive. */
  heldMs: 4.5 * secondMs,
  /** By then all that a process had in hand has lapsed, as each was last held in the third of `heldMs` before its end. */
  settledMs: 2 * secondMs,
  /** A process that is killed hands nothing over: with what it held, and until the next look, 9 s. */
  lookMs: 2.5 * secondMs,
  /** Whoever clicked has gone on: what they wanted then may be wrong by now. */
  lateMs: 10 * minuteMs,
  /** A click that ends every process that takes it up must not end all of them. */
  timesMax: 5,
} as const;

/** A look resolves when what it found is taken up; `stop` also waits until that is carried out. */
export function carryLapsedClicks(options: LapsedClicksOptions): Looking {
  const { store, keeper, clock, scheduler, log, isReady, resume } = options;
  const underWay = new Set<Promise<void>>();

  const isLate = ({ at, times }: KeptClick) =>
    times > clickLimits.timesMax || clock.now() - at > clickLimits.lateMs;

  const looking = keepLooking(scheduler, async () => {
    try {
      if (!isReady()) return clickLimits.lookMs;
      const lapsed = await store.lapsedClicks(clock.now(), clickLimits.heldMs, clickLimits.settledMs);
      if (lapsed.length === 0) return clickLimits.lookMs;
      log.info({ clicks: lapsed.length }, 'clicks that nobody had in hand are taken up');
      for (const { key } of lapsed) keeper.hold(key);
      // Not waited for: one whose guardrails wait for a slow GitHub must not hold up what others die over meanwhile.
      const carried = resume(lapsed.map((click) => ({ ...click, isLate: isLate(click) }))).finally(() =>
        underWay.delete(carried),
      );
      underWay.add(carried);
    } catch (error) {
      log.warn({ problem: problemFrom(error) }, 'clicks that nobody has in hand could not be looked for');
    }
    return clickLimits.lookMs;
  });

  return {
    look: looking.look,
    async stop() {
      await looking.stop();
      await Promise.all(underWay);
    },
  };
}
