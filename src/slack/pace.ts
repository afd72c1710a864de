/** How fast we may talk to Slack, and how long to leave it alone after a failure. */
import { minuteMs, secondMs } from '../core/duration.ts';
import type { Moment } from '../core/ids.ts';
import type { Problem } from '../core/problem.ts';

export interface Pace {
  /** Between two new messages in one channel. */
  readonly postMs: number;
  /** Between two edits of one message. */
  readonly editMs: number;
  /** Between any two edits. */
  readonly anyEditMs: number;
}

export const slackPace: Pace = {
  // docs: rate-limits, "chat.postMessage generally allows posting one message per second per channel".
  postMs: secondMs,
  // Ours: a card that changes more often than this cannot be read; Slack's own streaming advice is 2 to 3 s.
  editMs: 2 * secondMs,
  // docs: chat.update is in tier 3, 50 calls a minute.
  anyEditMs: minuteMs / 50,
};

/** First and longest wait after a failure. */
const backoff = { firstMs: secondMs, longestMs: minuteMs } as const;

/**
 * When to try again after `attempts` failures before this one. What Slack asks for is obeyed; otherwise
 * the wait doubles, and a `draw` from 0 to 1 takes away up to half, so that what failed together does not return together.
 */
export function retryAt(cause: Problem, attempts: number, now: Moment, draw: number): Moment {
  if (cause.retryAfterMs !== undefined) return now + Math.max(cause.retryAfterMs, backoff.firstMs);
  const waitMs = Math.min(backoff.longestMs, backoff.firstMs * 2 ** Math.min(attempts, 30));
  return now + Math.ceil(waitMs * (1 - draw / 2));
}
