/** The report that comes by itself: once, however many replicas run, however long they slept, whatever Slack says. */
import { expect, onTestFinished, test } from 'vitest';
import { startWeeklyReport, type WeeklyReport } from '../../src/background/weekly-report.ts';
import { dayMs, hourMs, minuteMs } from '../../src/core/duration.ts';
import type { Scheduler } from '../../src/core/ports.ts';
import { createWorldClock, type WorldClock } from '../../src/sandbox/clock.ts';
import { memoryStore } from '../store/ready-store.ts';

/** Wednesday, 10:00 in Berlin. */
const wednesday = Date.UTC(2026, 10, 18, 9);
const monday = Date.UTC(2026, 10, 23, 8);
const weekMs = 7 * dayMs;
const mondays = (after: number) => monday + Math.max(0, Math.floor((after - monday) / weekMs) + 1) * weekMs;

async function world() {
  const clock = createWorldClock({ mode: 'still', startAt: wednesday });
  const store = await memoryStore();
  onTestFinished(() => store.close());
  const posted: number[] = [];
  const logged: string[] = [];
  const log = { info: () => {}, warn: () => {}, error: (_fields: object, text: string) => logged.push(text) };
  const made: WeeklyReport[] = [];
  let isAway = false;
  let timesUnwritten = 0;
  const writing: typeof store = {
    ...store,
    async setTimer(...timer) {
      if (timesUnwritten-- > 0) throw new Error('the database is away');
      await store.setTimer(...timer);
    },
  };
  const start = (next: (after: number) => number | undefined = mondays, scheduler: Scheduler = clock) => {
    const one = startWeeklyReport({
      ...{ store: writing, clock, scheduler, log, next },
      async post() {
        if (isAway) throw new Error('Slack does not answer');
        posted.push(clock.now());
      },
    });
    made.push(one);
    onTestFinished(() => one.stop());
    return one;
  };
  /** Lets the store answer between any two steps of time, as it does between any two looks. */
  const pass = async (ms: number, stepMs = hourMs) => {
    for (let left = ms; left > 0; left -= stepMs) {
      await clock.advance(Math.min(stepMs, left));
      await Promise.all(made.map((one) => one.look()));
    }
  };
  const away = (is: boolean) => {
    isAway = is;
  };
  /** The timer is not set the next time. */
  const forget = () => {
    timesUnwritten = 1;
  };
  return { clock, store, posted, logged, start, pass, away, forget };
}

const days = (moments: readonly number[], { now }: WorldClock) =>
  moments.map((at) => `${new Date(at).toISOString().slice(0, 10)}${at > now() ? ' later' : ''}`);

test('it is posted every week at its time, and not before the first one', async () => {
  const { start, pass, posted, clock } = await world();
  await start().look();
  await pass(dayMs, 6 * hourMs);
  expect(posted).toEqual([]);
  await pass(2 * weekMs, 6 * hourMs);
  expect(days(posted, clock)).toEqual(['2026-11-23', '2026-11-30']);
});

test('of two replicas one posts it', async () => {
  const { start, pass, posted } = await world();
  await Promise.all([start().look(), start().look()]);
  await pass(weekMs, 12 * hourMs);
  expect(posted).toHaveLength(1);
});

test('it survives a restart, also one over the moment at which it was due', async () => {
  const { start, posted, clock } = await world();
  const first = start();
  await first.look();
  await first.stop();
  await clock.advance(6 * dayMs);
  expect(posted).toEqual([]);
  await start().look();
  expect(posted).toHaveLength(1);
  await start().look();
  expect(posted).toHaveLength(1);
});

test('after five weeks asleep it is posted once, and then at its time again', async () => {
  const { start, pass, posted, clock } = await world();
  // No timer fires in a process that sleeps.
  const one = start(mondays, { after: () => ({ cancel: () => {} }) });
  await one.look();
  await clock.advance(5 * weekMs + hourMs);
  await one.look();
  await one.look();
  expect(posted).toHaveLength(1);
  await pass(weekMs, 12 * hourMs);
  expect(posted).toHaveLength(2);
});

test('when Slack does not take it, it is tried again, and posted once', async () => {
  const { start, pass, posted, logged, clock, away } = await world();
  const one = start();
  await one.look();
  away(true);
  await clock.advance(monday - wednesday);
  await one.look();
  expect(posted).toEqual([]);
  expect(logged).toContain('the weekly report could not be posted');
  away(false);
  await pass(20 * minuteMs, minuteMs);
  expect(posted).toHaveLength(1);
});

test('what was posted and could not be written down is not posted again, here or elsewhere', async () => {
  const { start, pass, posted, clock, forget } = await world();
  let againInMs = 0;
  const after = (ms: number) => {
    againInMs = ms;
    return { cancel() {} };
  };
  const one = start(mondays, { after });
  await one.look();
  await clock.advance(monday - wednesday);
  forget();
  await one.look();
  expect(posted).toHaveLength(1);
  start();
  await clock.advance(againInMs);
  await pass(2 * hourMs, minuteMs);
  expect(posted).toHaveLength(1);
  await pass(weekMs, 12 * hourMs);
  expect(posted).toHaveLength(2);
});

test('another time is in force as soon as it is set', async () => {
  const { start, store } = await world();
  const first = start();
  await first.look();
  await first.stop();
  const tomorrow = wednesday + dayMs;
  await start((after) => (after < tomorrow ? tomorrow : mondays(after))).look();
  expect(await store.timer('weekly-report')).toEqual({ dueAt: tomorrow });
});

test('a time that never comes sets no timer', async () => {
  const { start, store } = await world();
  await start(() => undefined).look();
  expect(await store.timer('weekly-report')).toBeUndefined();
});
