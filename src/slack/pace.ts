/**
 * How fast we may talk to Slack, and how long to leave it alone after a failure: one lane per method, and per channel
 * where Slack counts them apart (limits.ts). What one lane must wait for holds up no other.
 */
import { hourMs, minuteMs, secondMs } from '../core/duration.ts';
import type { Moment } from '../core/ids.ts';
import type { ChatCall, Clock } from '../core/ports.ts';
import type { Problem } from '../core/problem.ts';
import type { ChatLane } from '../core/store.ts';
import { callRates } from './limits.ts';

export interface Pace {
  /** When this call may be made. Who is in a hurry minds only what Slack asked for, and failures. */
  at(call: ChatCall, isHurrying: boolean): Moment;
  /** The next place is this call's. */
  take(call: ChatCall): void;
  /** It is made now, maybe a little later than its place. */
  made(call: ChatCall): void;
  /** It was not made after all. */
  giveBack(call: ChatCall): void;
  /** It went well: what failed before has passed. */
  went(call: ChatCall): void;
  /** It failed in a way that the next may as well: the lane backs off until the moment given back, longer each time. */
  failed(call: ChatCall, cause: Problem, draw: number): Moment;
  /** No call at all before this. */
  pauseAll(until: Moment): void;
  /** Whether both wait for the same. */
  isSame(call: ChatCall, other: ChatCall): boolean;
  /** What whoever speaks after us has to mind of these. What failed is not among it: they may have more luck. */
  lanes(calls: readonly ChatCall[]): readonly ChatLane[];
  /** Begins anew, with what others have left to mind. */
  begin(lanes: readonly ChatLane[]): void;
}

interface Lane {
  /** By the spacing that the method's rate asks for. */
  freeAt: Moment;
  /** Slack asked for it, with Retry-After. */
  pausedUntil: Moment;
  failures: number;
  /** Ours, after a failure for which Slack asked nothing. */
  backoffUntil: Moment;
}

export function createPace(clock: Clock): Pace {
  const lanes = new Map<string, Lane>();
  let allPausedUntil: Moment = 0;

  function laneOf(call: ChatCall): Lane {
    const name = laneName(call);
    const known = lanes.get(name);
    if (known) return known;
    const lane: Lane = { freeAt: 0, pausedUntil: 0, failures: 0, backoffUntil: 0 };
    lanes.set(name, lane);
    return lane;
  }

  return {
    at(call, isHurrying) {
      const { freeAt, pausedUntil, backoffUntil } = laneOf(call);
      return Math.max(allPausedUntil, pausedUntil, backoffUntil, isHurrying ? 0 : freeAt);
    },

    // After a hurry it is paid back: on average it stays the pace that Slack allows.
    take(call) {
      const lane = laneOf(call);
      lane.freeAt = Math.max(lane.freeAt, clock.now()) + everyMs(call);
    },

    made(call) {
      const lane = laneOf(call);
      lane.freeAt = Math.max(lane.freeAt, clock.now() + everyMs(call));
    },

    giveBack(call) {
      laneOf(call).freeAt -= everyMs(call);
    },

    went(call) {
      laneOf(call).failures = 0;
    },

    failed(call, cause, draw) {
      const lane = laneOf(call);
      const until = retryAt(cause, lane.failures, clock.now(), draw);
      lane.failures++;
      if (cause.retryAfterMs === undefined) lane.backoffUntil = until;
      else lane.pausedUntil = until;
      return until;
    },

    pauseAll(until) {
      allPausedUntil = Math.max(allPausedUntil, until);
    },

    isSame: (call, other) => laneName(call) === laneName(other),

    lanes(calls) {
      const named = new Map(calls.map((call) => [laneName(call), laneOf(call)]));
      return [...named].map(([name, { freeAt, pausedUntil }]) => ({ name, freeAt, pausedUntil }));
    },

    begin(left) {
      lanes.clear();
      allPausedUntil = 0;
      // Whoever spoke before may have had a clock that was days ahead: nothing is to be left alone for longer than this.
      const last = clock.now() + backoff.hopelessMs + minuteMs;
      const believed = (at: Moment) => (at > last ? 0 : at);
      for (const { name, freeAt, pausedUntil } of left) {
        lanes.set(name, {
          ...{ freeAt: believed(freeAt), pausedUntil: believed(pausedUntil) },
          ...{ failures: 0, backoffUntil: 0 },
        });
      }
    },
  };
}

/** Of the lane in which it goes: what has the same waits for the same. */
export function laneName({ method, channel }: ChatCall): string {
  return callRates[method]?.per === 'workspace' ? method : `${method} ${channel}`;
}

function everyMs({ method }: ChatCall): number {
  return callRates[method]?.everyMs ?? secondMs;
}

/** First and longest wait after a failure; the last where nothing gets better by itself. */
const backoff = { firstMs: secondMs, longestMs: minuteMs, hopelessMs: hourMs } as const;

/**
 * When to try again after `attempts` failures before this one. What Slack asks for is obeyed; otherwise
 * the wait doubles, and a `draw` from 0 to 1 takes away up to half, so that what failed together does not return together.
 */
export function retryAt(
  cause: Problem,
  attempts: number,
  now: Moment,
  draw: number,
  isHopeless = false,
): Moment {
  if (cause.retryAfterMs !== undefined) return now + Math.max(cause.retryAfterMs, backoff.firstMs);
  const longestMs = isHopeless ? backoff.hopelessMs : backoff.longestMs;
  const waitMs = Math.min(longestMs, backoff.firstMs * 2 ** Math.min(attempts, 30));
  return now + Math.ceil(waitMs * (1 - draw / 2));
}
