/**
 * The report on the guardrails, posted by itself: one row says when it is due, so it survives restarts, comes once
 * however many replicas run, and once after a long sleep however many weeks that was.
 */
import { hourMs, minuteMs } from '../core/duration.ts';
import type { Moment } from '../core/ids.ts';
import type { Clock, Log, Scheduler } from '../core/ports.ts';
import { problemFrom } from '../core/problem.ts';
import type { Store } from '../core/store.ts';
import { keepLooking, type Looking } from './keep-looking.ts';

export interface WeeklyReportOptions {
  readonly store: Pick<Store, 'timer' | 'setTimer' | 'claimTimer'>;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly log: Log;
  /** When it is due next after a moment; the catalog may bring another time zone. */
  next(after: Moment): Moment | undefined;
  /** @throws ProblemError: it is tried again when the lease is over. */
  post(): Promise<void>;
}

/** A look resolves when what was due has been posted. */
export type WeeklyReport = Looking;

const timerName = 'weekly-report';
/** Longer than gathering and posting takes; how soon it is tried again when Slack does not answer. */
const leaseMs = 5 * minuteMs;
/** A process that slept, or a clock that was set, is noticed within this. */
const lookMs = hourMs;
/** When the store or Slack was away. Well within the lease: what was posted is written down before others may post it. */
const againMs = minuteMs;

export function startWeeklyReport(options: WeeklyReportOptions): WeeklyReport {
  const { store, clock, scheduler, log, next } = options;
  /** It is there for this moment, though that may not be written down: the store may have gone away just then. */
  let postedFor: Moment | undefined;

  /** When to look again. */
  async function postWhenDue(): Promise<Moment> {
    const now = clock.now();
    const coming = next(now) ?? Infinity;
    const timer = await store.timer(timerName);
    // Also when the setting was changed since: what is due by now stays due.
    if (!timer || (timer.dueAt > now && timer.dueAt !== coming)) {
      if (Number.isFinite(coming)) await store.setTimer(timerName, coming);
      return coming;
    }
    if (timer.dueAt > now) return timer.dueAt;
    if (postedFor !== timer.dueAt) {
      if (!(await store.claimTimer(timerName, now, leaseMs))) return timer.heldUntil ?? now + leaseMs;
      await options.post();
      postedFor = timer.dueAt;
    }
    const after = next(clock.now()) ?? Infinity;
    // A pattern that never comes again: far enough away to be no timer any more.
    await store.setTimer(timerName, Math.min(after, clock.now() + farMs));
    return after;
  }

  return keepLooking(scheduler, async () => {
    try {
      const wakeAt = Math.min(clock.now() + lookMs, await postWhenDue());
      return Math.max(minuteMs, wakeAt - clock.now());
    } catch (error) {
      log.error({ problem: problemFrom(error) }, 'the weekly report could not be posted');
      return againMs;
    }
  });
}

const farMs = 10 * 365 * 24 * hourMs;
