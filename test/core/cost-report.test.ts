/** The cost report says to the cent what the events say, computed once more in another way. */
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { type CostLine, costCsv, costLines, costSums } from '../../src/core/cost-report.ts';
import { dayMs, hourMs, minuteMs } from '../../src/core/duration.ts';
import { fold } from '../../src/core/fold.ts';
import { requestIdOf } from '../../src/core/ids.ts';
import type { PlatformRequest, RequestEvent } from '../../src/core/request.ts';
import { monthOf, monthSpan } from '../../src/core/time-zone.ts';
import { dana, evaluated, requested } from './requests.ts';

const zones = ['Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'UTC'] as const;
const teams = ['checkout', 'payments', 'search'] as const;

/** A life: made at some moment of two years, then anything that may become of it, each some time after the last. */
const lives = fc
  .record({
    start: fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 10, 1) }),
    perHour: fc.double({ min: 0, max: 20, noNaN: true }),
    steps: fc.array(
      fc.record({
        after: fc.integer({ min: 1, max: 9 * dayMs }),
        kind: fc.constantFrom('sleep', 'wake', 'reprice', 'hand over', 'extend', 'keep', 'use'),
        rate: fc.nat({ max: 20_000_000 }),
        team: fc.constantFrom(...teams),
      }),
      { maxLength: 20 },
    ),
    end: fc.constantFrom('retired', 'gone', 'none'),
  })
  .map(eventsOf);

interface Plan {
  readonly start: number;
  readonly perHour: number;
  readonly steps: readonly { after: number; kind: string; rate: number; team: (typeof teams)[number] }[];
  readonly end: string;
}

function eventsOf({ start, perHour, steps, end }: Plan): RequestEvent[] {
  let at = start + 3 * minuteMs;
  let number = 20;
  const happened = steps.map(({ after, kind, rate, team }): RequestEvent => {
    at += after;
    number += 1;
    const base = { at, by: requestIdOf(number), isUse: true };
    const far = at + 30 * dayMs;
    switch (kind) {
      case 'sleep':
        return { ...base, type: 'slept', perHour: rate, end: { from: at, until: far } };
      case 'wake':
        return { ...base, type: 'woken', perHour: rate };
      case 'reprice':
        return { at, type: 'repriced', perHour: rate };
      case 'hand over':
        return { ...base, type: 'handed_over', team };
      case 'extend':
        return { ...base, type: 'extended', from: at, until: far };
      case 'keep':
        return { ...base, type: 'kept', from: at, until: far };
      default:
        return { at, type: 'used' };
    }
  });
  const last: RequestEvent[] =
    end === 'none'
      ? []
      : end === 'gone'
        ? [{ at: at + hourMs, type: 'gone' }]
        : [{ at: at + hourMs, type: 'retired', by: requestIdOf(99), isUse: true }];
  const judged = evaluated('allow');
  if (judged.type !== 'evaluated') throw new Error('no judgement');
  return [
    { ...requested, at: start },
    { ...judged, at: start, preview: { ...judged.preview, cost: { perHour, perDay: perHour * 24 } } },
    { type: 'approved', at: start, because: 'policy' },
    { type: 'started', at: start, plan: [] },
    { type: 'succeeded', at: start + 3 * minuteMs, outputs: { links: [], notes: [], environment } },
    ...happened,
    ...last,
  ];
}

const environment = {
  name: 'pr-12',
  blueprint: 'worker',
  team: 'checkout',
  cluster: 'c',
  namespace: 'n',
  requestId: requestIdOf(12),
  url: '',
  expiresAt: Date.UTC(2030, 0, 1),
};

/** From the events alone, moment after moment: who pays how much from when, and whose month that is. */
function recomputed(events: readonly RequestEvent[], zone: string, now: number): Map<string, number> {
  let since = 0;
  let payer = '';
  let rate = 0n;
  const sums = new Map<string, bigint>();
  const spend = (until: number) => {
    while (since !== 0 && since < until) {
      const local = Temporal.Instant.fromEpochMilliseconds(since).toZonedDateTimeISO(zone);
      const next = local.with({ day: 1 }).startOfDay().add({ months: 1 }).epochMilliseconds;
      const to = Math.min(until, next);
      const key = `${local.year}-${String(local.month).padStart(2, '0')} ${payer}`;
      sums.set(key, (sums.get(key) ?? 0n) + BigInt(to - since) * rate);
      since = to;
    }
  };
  for (const event of events) {
    if (event.at > now) break;
    spend(event.at);
    if (event.type === 'requested') payer = event.target.team;
    if (event.type === 'evaluated' && event.preview.cost && event.preview.cost !== 'unknown')
      rate = BigInt(Math.round(event.preview.cost.perHour * 1e6));
    if (event.type === 'started') since = event.at;
    if (event.type === 'slept' || event.type === 'woken' || event.type === 'repriced')
      rate = BigInt(event.perHour);
    if (event.type === 'handed_over') payer = event.team;
    if (event.type === 'retired' || event.type === 'gone') since = 0;
  }
  spend(now);
  const perCent = 36_000_000_000n;
  return new Map([...sums].map(([key, sum]) => [key, Number((sum + perCent / 2n) / perCent)]));
}

function reported(lines: readonly CostLine[]): Map<string, number> {
  return new Map(lines.map(({ month, team, cents }) => [`${month} ${team}`, cents]));
}

test('the report says to the cent what the events say, whatever became of an environment', () => {
  fc.assert(
    fc.property(lives, fc.constantFrom(...zones), fc.nat({ max: 400 }), (events, zone, days) => {
      const now = (events[0]?.at ?? 0) + days * dayMs;
      const known = events.filter((event, index) => index < 5 || event.at <= now);
      const moment = Math.max(now, known.at(-1)?.at ?? 0);
      const lines = costLines([fold(known)], {}, { zone, now: moment });
      expect(reported(lines)).toEqual(recomputed(known, zone, moment));
    }),
    { numRuns: 300, seed: 4 },
  );
});

test('each month by itself says what it says among all of them', () => {
  fc.assert(
    fc.property(lives, fc.constantFrom(...zones), (events, zone) => {
      const request = fold(events);
      const now = (events.at(-1)?.at ?? 0) + dayMs;
      const all = costLines([request], {}, { zone, now });
      const single = [...new Set(all.map((line) => line.month))].flatMap((month) =>
        costLines([request], { month }, { zone, now }),
      );
      expect(single).toEqual(all);
      const sum = (sums: readonly { cents: number }[]) => sums.reduce((total, one) => total + one.cents, 0);
      for (const by of ['team', 'blueprint', 'month'] as const) expect(sum(costSums(all, by))).toBe(sum(all));
    }),
    { numRuns: 100, seed: 5 },
  );
});

describe('a month', () => {
  test.each(zones)('in %s begins and ends where the calendar says', (zone) => {
    for (let number = 0; number < 60; number++) {
      const first = Temporal.PlainDate.from('2024-01-01').add({ months: number });
      const begin = (date: Temporal.PlainDate) => date.toZonedDateTime(zone).epochMilliseconds;
      const month = first.toString().slice(0, 7);
      const span = { from: begin(first), to: begin(first.add({ months: 1 })) };
      expect(monthSpan(month, zone), month).toEqual(span);
      expect([monthOf(span.from, zone), monthOf(span.to - 1, zone)]).toEqual([month, month]);
    }
  });

  test('in which the clocks change is an hour longer or shorter, and costs it', () => {
    const made = (start: number) => fold(eventsOf({ start, perHour: 1, steps: [], end: 'none' }));
    const whole = (request: PlatformRequest, month: string) =>
      costLines([request], { month }, { zone: 'Europe/Berlin', now: Date.UTC(2027, 0, 1) })[0]?.cents;
    const request = made(Date.UTC(2026, 0, 1));
    expect(whole(request, '2026-03')).toBe((31 * 24 - 1) * 100);
    expect(whole(request, '2026-04')).toBe(30 * 24 * 100);
    expect(whole(request, '2026-10')).toBe((31 * 24 + 1) * 100);
  });
});

test('the file keeps its columns, and no cell of it is a formula', () => {
  const line: CostLine = {
    month: '2026-11',
    team: 'checkout',
    blueprint: 'worker',
    name: 'pr-12',
    requestId: requestIdOf(12),
    requester: `=HYPERLINK("x"), ${dana.name}`,
    awakeMs: 90 * minuteMs,
    asleepMs: 0,
    cents: 123,
  };
  expect(costCsv([line], 'EUR').split('\r\n')).toEqual([
    'month,team,blueprint,environment,request,requested_by,awake_hours,asleep_hours,cost,currency',
    `2026-11,checkout,worker,pr-12,REQ-12,"'=HYPERLINK(""x""), ${dana.name}",1.50,0.00,1.23,EUR`,
    '',
  ]);
});
