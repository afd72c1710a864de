/**
 * The sandbox's time. It runs with the real clock plus an offset, or stands still until it is told to move:
 * either way hours pass in an instant with `advance`, and every timer that falls due on the way fires in order.
 */

export interface Timer {
  cancel(): void;
}

export interface WorldClock {
  /** Milliseconds since the epoch, in the sandbox's time. */
  now(): number;
  /** Calls `fire` once, `delayMs` from now in the sandbox's time. Does not keep the process alive. */
  after(delayMs: number, fire: () => void): Timer;
  /** Resolves after `delayMs` of the sandbox's time. */
  sleep(delayMs: number): Promise<void>;
  /** Lets `ms` pass at once. Timers due on the way fire in order, each at its own moment. */
  advance(ms: number): Promise<void>;
}

export interface LeapingClock extends WorldClock {
  /** Lets `ms` pass like a machine that was asleep: what fell due on the way fires at the end, in order. */
  leap(ms: number): void;
}

interface Waiting {
  readonly at: number;
  readonly order: number;
  readonly fire: () => void;
}

export interface WorldClockOptions {
  /** `running`: follows the machine's clock. `still`: moves only with `advance`. */
  readonly mode: 'running' | 'still';
  /** The moment to start from, in milliseconds since the epoch; the machine's own when not given. */
  readonly startAt?: number;
}

export function createWorldClock(options: WorldClockOptions): LeapingClock {
  const startAt = options.startAt ?? Date.now();
  const origin = performance.now();
  const running = options.mode === 'running';
  const waiting = new Set<Waiting>();
  let offsetMs = 0;
  let order = 0;
  let alarm: NodeJS.Timeout | undefined;

  const now = () => startAt + offsetMs + (running ? Math.floor(performance.now() - origin) : 0);

  const earliest = (): Waiting | undefined => {
    let first: Waiting | undefined;
    for (const one of waiting) {
      if (!first || one.at < first.at || (one.at === first.at && one.order < first.order)) first = one;
    }
    return first;
  };

  const fireDue = () => {
    for (let next = earliest(); next && next.at <= now(); next = earliest()) {
      waiting.delete(next);
      next.fire();
    }
    arm();
  };

  // setTimeout takes at most 2^31-1 ms; a longer wait is armed again when that has passed.
  const arm = () => {
    clearTimeout(alarm);
    const next = earliest();
    if (!running || !next) return;
    alarm = setTimeout(fireDue, Math.min(Math.max(next.at - now(), 0), 2 ** 31 - 1));
    alarm.unref();
  };

  const after = (delayMs: number, fire: () => void): Timer => {
    // A clock shows whole milliseconds, also of a delay that was drawn by chance.
    const one = { at: now() + Math.ceil(Math.max(0, delayMs)), order: order++, fire };
    waiting.add(one);
    arm();
    return {
      cancel: () => {
        waiting.delete(one);
      },
    };
  };

  return {
    now,
    after,
    sleep: (delayMs) => new Promise((resolve) => after(delayMs, resolve)),
    async advance(ms) {
      const target = now() + ms;
      for (let next = earliest(); next && next.at <= target; next = earliest()) {
        offsetMs += Math.max(0, next.at - now());
        waiting.delete(next);
        next.fire();
        // What a timer started (promises, further timers) happens before the next one is due.
        await new Promise(setImmediate);
      }
      offsetMs += Math.max(0, target - now());
      arm();
    },
    leap(ms) {
      offsetMs += ms;
      fireDue();
    },
  };
}
