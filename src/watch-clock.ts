/**
 * Notices that the machine's clock was set back. Forward is harmless: what is overdue happens. Back is not: what this
 * process knows of when to do what (paces, caches, leases) was reckoned from a time that is not yet, and would stand still
 * until then. Rows are brought forward at a start (core/store.ts `bringForward`), so a start is what helps.
 */
import { minuteMs, secondMs } from './core/duration.ts';
import type { Moment } from './core/ids.ts';
import type { Clock, Scheduler } from './core/ports.ts';

export interface ClockWatchOptions {
  /** `furthest`: where it tells by itself how far ahead it was, however short. */
  readonly clock: Clock & { furthest?(): Moment };
  readonly scheduler: Scheduler;
  /** Once, with by how many milliseconds. */
  setBack(byMs: number): void;
}

/** For the operator. With an exit code other than 0, so that a supervisor starts it again. */
export const clockSetBack =
  'the clock was set back: this process ends, and goes on from the database when it is started again';

const lookEveryMs = 5 * secondMs;
/** Less only lets something wait as long. */
const toleratedMs = minuteMs;

export function watchClock({ clock, scheduler, setBack }: ClockWatchOptions): { stop(): void } {
  let latest = clock.now();
  let alarm = scheduler.after(lookEveryMs, look);

  function look(): void {
    const now = clock.now();
    latest = Math.max(latest, clock.furthest?.() ?? now);
    if (latest - now > toleratedMs) {
      setBack(latest - now);
      return;
    }
    alarm = scheduler.after(lookEveryMs, look);
  }

  return { stop: () => alarm.cancel() };
}
