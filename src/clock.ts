/** The machine's own time. */
import type { Clock, Scheduler } from './core/ports.ts';

export const systemClock: Clock = { now: () => Date.now() };

/** The longest delay that a Node timer takes, about 24.8 days; a longer one would fire at once (docs: timers). */
const longestDelayMs = 2 ** 31 - 1;

/** Fires early rather than never when the delay is beyond a timer's reach: whoever is called looks at the clock. */
export const systemScheduler: Scheduler = {
  after(delayMs, fire) {
    const timer = setTimeout(fire, Math.min(Math.max(0, delayMs), longestDelayMs));
    return { cancel: () => clearTimeout(timer) };
  },
};
