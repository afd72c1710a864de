/**
 * The time of a chaos world: many times as fast as the machine's, from an origin that driver and bots share, so that a
 * restarted bot goes on in the same time.
 */
import type { WorldClock } from '../../src/sandbox/clock.ts';

export interface Pace {
  /** The moment it begins with, in milliseconds since the epoch. */
  readonly at: number;
  /** When that was by the machine's clock. */
  readonly realAt: number;
  readonly speed: number;
}

/** A Tuesday morning of no freeze: what runs must depend on the seed, not on the day of the run. */
export function paceFromNow(speed: number): Pace {
  return { at: Date.parse('2026-11-24T08:00:00Z'), realAt: Date.now(), speed };
}

export function fastNow({ at, realAt, speed }: Pace): number {
  return Math.floor(at + (Date.now() - realAt) * speed);
}

/** @param offsetMs by how much this clock is wrong, asked anew each time. */
export function fastClock(pace: Pace, offsetMs: () => number = () => 0): WorldClock {
  const after: WorldClock['after'] = (delayMs, fire) => {
    const timer = setTimeout(fire, Math.min(Math.max(0, delayMs / pace.speed), timeoutMax));
    return { cancel: () => clearTimeout(timer) };
  };
  const sleep = (delayMs: number) => new Promise<void>((resolve) => after(delayMs, resolve));
  // Nobody moves this time by hand: whoever asks for it waits until it has passed.
  return { now: () => fastNow(pace) + offsetMs(), after, sleep, advance: sleep };
}

/** Node's own, of `setTimeout`: a longer one would fire at once. */
const timeoutMax = 2 ** 31 - 1;
