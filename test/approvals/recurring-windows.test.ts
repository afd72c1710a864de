import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { expect, test } from 'vitest';
import { activeWindows, nextStart, type Window, windowEnd } from '../../src/approvals/windows.ts';
import { mistakesOf, policyOf, readRules } from './shipped.ts';

function windowOf(text: string): Window {
  const window = policyOf('- { id: a, allow: x }', `windows: { w: { ${text} } }\n`).windows.get('w');
  if (!window) throw new Error('no window');
  return window;
}

const at = Date.parse;
const iso = (moment: number | undefined) => moment && new Date(moment).toISOString();

test('a window by cron begins when it says and lasts as long as it says', () => {
  const window = windowOf('cron: "0 16 * * fri", for: 62h');
  expect(iso(windowEnd(window, at('2026-11-21T12:00Z')))).toBe('2026-11-23T05:00:00.000Z');
  expect(windowEnd(window, at('2026-11-20T14:59:59Z'))).toBeUndefined();
  expect(iso(nextStart(window, at('2026-11-21T12:00Z')))).toBe('2026-11-27T15:00:00.000Z');
});

test('a window by RFC 5545 comes every year, and ends with its rule', () => {
  const yearly = windowOf('rrule: FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=20, starts: 2025-12-20T18:00, for: 2w');
  expect(iso(windowEnd(yearly, at('2027-12-24T12:00Z')))).toBe('2028-01-03T17:00:00.000Z');
  expect(windowEnd(yearly, at('2024-12-24T12:00Z'))).toBeUndefined();
  const twice = windowOf('rrule: FREQ=DAILY;COUNT=2, starts: 2026-11-20T18:00, for: 1h');
  expect(iso(nextStart(twice, at('2026-11-20T18:00Z')))).toBe('2026-11-21T17:00:00.000Z');
  expect(nextStart(twice, at('2026-11-22T18:00Z'))).toBeUndefined();
  expect(windowEnd(twice, at('2026-11-22T17:30Z'))).toBeUndefined();
});

const daily = 'FREQ=DAILY';
test.each([
  // [window, a moment in it, when it began, when it ends]
  ['cron: "30 2 * * *", for: 1h', '2026-03-29T01:45Z', '2026-03-29T02:30Z', 'an hour that is skipped', ''],
  ['cron: "30 2 * * *", for: 1h', '2026-10-25T00:45Z', '2026-10-25T01:30Z', 'an hour that comes twice', ''],
  ['cron: "30 2 * * *", for: 1d', '2026-10-25T12:00Z', '2026-10-26T01:30Z', 'a day of 25 hours', '1'],
  [
    `rrule: ${daily}, starts: 2026-03-01T02:30, for: 1h`,
    '2026-03-29T01:45Z',
    '2026-03-29T02:30Z',
    'skipped',
    '',
  ],
  [
    `rrule: ${daily}, starts: 2026-03-01T02:30, for: 1h`,
    '2026-10-25T00:45Z',
    '2026-10-25T01:30Z',
    'twice',
    '',
  ],
])('%s holds at %s until %s: %s', (text, during, end, _what, isEndless = '') => {
  const window = windowOf(text);
  // Days that follow one another never end.
  expect(iso(windowEnd(window, at(during)))).toBe(isEndless ? undefined : iso(at(end)));
  if (!isEndless) expect(windowEnd(window, at(end))).toBeUndefined();
});

test('in the hours around both changes of clocks, what recurs agrees with every minute looked at by itself', () => {
  const nights = ['2026-03-28T22:00Z', '2026-10-24T22:00Z'].map(at);
  fc.assert(
    fc.property(
      fc.constantFrom(...nights),
      fc.nat({ max: 7 * 60 }),
      fc.integer({ min: 0, max: 4 }),
      fc.integer({ min: 0, max: 59 }),
      fc.integer({ min: 1, max: 200 }),
      fc.constantFrom('cron', 'rrule'),
      (night, minutes, hour, minute, lasts, kind) => {
        const two = (number: number) => String(number).padStart(2, '0');
        const begins =
          kind === 'cron'
            ? `cron: "${minute} ${hour} * * *"`
            : `rrule: ${daily}, starts: 2026-03-01T${two(hour)}:${two(minute)}`;
        const window = windowOf(`${begins}, for: ${lasts}m`);
        const moment = night + minutes * 60_000;
        const starts = [-1, 0, 1].map((days) => {
          const today = Temporal.Instant.fromEpochMilliseconds(night + 12 * 3_600_000)
            .toZonedDateTimeISO('Europe/Berlin')
            .toPlainDate();
          return today
            .add({ days })
            .toZonedDateTime({ timeZone: 'Europe/Berlin', plainTime: { hour, minute } }).epochMilliseconds;
        });
        const holding = starts.filter((start) => start <= moment && moment < start + lasts * 60_000);
        const end = holding.length === 0 ? undefined : Math.max(...holding) + lasts * 60_000;
        expect(iso(windowEnd(window, moment))).toBe(iso(end));
        const coming = starts.filter((start) => start > moment);
        expect(iso(nextStart(window, moment))).toBe(iso(Math.min(...coming)));
      },
    ),
    { numRuns: 150 },
  );
});

test('a window of the week says when it begins next', () => {
  const window = windowOf('weekly: { from: fri 16:00, to: mon 06:00 }');
  expect(iso(nextStart(window, at('2026-11-20T14:59Z')))).toBe('2026-11-20T15:00:00.000Z');
  expect(iso(nextStart(window, at('2026-11-20T15:00Z')))).toBe('2026-11-27T15:00:00.000Z');
});

test('spans that touch for ever are a window that never ends', () => {
  const window = windowOf('cron: "0 * * * *", for: 1h');
  const policy = { windows: new Map([['w', window]]) };
  expect(activeWindows(policy, at('2026-11-20T15:00Z'))).toEqual([
    { name: 'w', title: 'w', until: undefined },
  ]);
});

test.each([
  ['title: x', 'say exactly one of weekly, cron or rrule; here is none.'],
  [
    'cron: "0 1 * * *", rrule: FREQ=DAILY',
    'say exactly one of weekly, cron or rrule; here is cron and rrule.',
  ],
  ['cron: "0 1 * * *"', 'with cron, say "for" too.'],
  ['rrule: FREQ=DAILY, for: 1h', 'with rrule, say "starts" too.'],
  ['weekly: { from: fri 16:00, to: mon 06:00 }, for: 1h', '"for" says nothing with weekly.'],
  ['cron: "0 1 * *", for: 1h', 'windows.w.cron: it cannot be read'],
  ['cron: "0 8 * * mon-fry", for: 1h', 'Write minute, hour, day, month and weekday, like "0 8 * * mon-fri".'],
  [
    'rrule: FREQ=YERLY, starts: 2026-01-01T00:00, for: 1h',
    'FREQ cannot be "YERLY" here. Did you mean "YEARLY"?',
  ],
  ['rrule: FREQ=DAILY;BYDY=MO, starts: 2026-01-01T00:00, for: 1h', 'Did you mean "BYDAY"?'],
  ['cron: "0 0 30 2 *", for: 1h', 'windows.w.cron: it never begins.'],
  ['cron: "0 1 * * *", for: soon', 'for: "soon" is not a time span like 8h or 2d.'],
  ['rrule: FREQ=HOURLY, starts: 2026-01-01T00:00, for: 1h', 'FREQ cannot be "HOURLY" here.'],
  ['rrule: FREQ=YEARLY;BYMONTH=13, starts: 2026-01-01T00:00, for: 1h', 'BYMONTH cannot be "13" here.'],
  ['rrule: FREQ=YEARLY;FREQ=DAILY, starts: 2026-01-01T00:00, for: 1h', 'FREQ is said twice.'],
  ['rrule: COUNT=3, starts: 2026-01-01T00:00, for: 1h', 'say how often it comes'],
  ['rrule: FREQ=DAILY;EVERY=2, starts: 2026-01-01T00:00, for: 1h', '"EVERY" is no part of a recurrence here'],
  ['rrule: FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30, starts: 2026-01-01T00:00, for: 1h', 'it cannot be read'],
  ['rrule: FREQ=DAILY, starts: 2026-02-30T00:00, for: 1h', 'it cannot be read'],
  ['zone: Mars/Olympus, cron: "0 1 * * *", for: 1h', 'windows.w.zone'],
])('a window that says "%s" is a mistake: %s', (text, message) => {
  const found = mistakesOf(readRules('- { id: a, allow: x }', `windows: { w: { ${text} } }\n`));
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(message);
});
