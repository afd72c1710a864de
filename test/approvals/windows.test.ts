import fc from 'fast-check';
import { expect, test } from 'vitest';
import { activeWindows, timeFacts, windowEnd } from '../../src/approvals/windows.ts';
import { hourMs } from '../../src/core/duration.ts';
import { policyOf } from './shipped.ts';

function windowOf(weekly: string, zone = 'Europe/Berlin') {
  const windows = `windows: { w: { title: the freeze, zone: ${zone}, weekly: ${weekly} } }\n`;
  const policy = policyOf('- { id: a, allow: x }', windows);
  const window = policy.windows.get('w');
  if (!window) throw new Error('no window');
  return { policy, window };
}

const at = Date.parse;

test('a weekend begins on Friday afternoon and ends on Monday morning, as clocks in the zone show', () => {
  const { policy } = windowOf('{ from: fri 16:00, to: mon 06:00 }');
  const isActive = (moment: string) => activeWindows(policy, at(moment)).length > 0;
  expect(isActive('2026-11-20T14:59:59Z')).toBe(false);
  expect(isActive('2026-11-20T15:00:00Z')).toBe(true);
  expect(isActive('2026-11-23T04:59:59Z')).toBe(true);
  expect(isActive('2026-11-23T05:00:00Z')).toBe(false);
  expect(activeWindows(policy, at('2026-11-21T12:00:00Z'))).toEqual([
    { name: 'w', title: 'the freeze', until: at('2026-11-23T05:00:00Z') },
  ]);
});

test.each([
  [
    'the night an hour is skipped',
    '{ from: sat 22:00, to: sun 02:30 }',
    '2026-03-29T00:00:00Z',
    '2026-03-29T01:30:00Z',
  ],
  [
    'the night an hour comes twice',
    '{ from: sat 22:00, to: sun 02:30 }',
    '2026-10-25T00:00:00Z',
    '2026-10-25T00:30:00Z',
  ],
  [
    'the weekend clocks go forward',
    '{ from: fri 16:00, to: mon 06:00 }',
    '2026-03-28T12:00:00Z',
    '2026-03-30T04:00:00Z',
  ],
  [
    'the weekend clocks go back',
    '{ from: fri 16:00, to: mon 06:00 }',
    '2026-10-24T12:00:00Z',
    '2026-10-26T05:00:00Z',
  ],
])('%s has one end', (_night, weekly, during, end) => {
  const { window } = windowOf(weekly);
  expect(windowEnd(window, at(during))).toBe(at(end));
  expect(windowEnd(window, at(end))).toBeUndefined();
});

test('the second 02:15 of a night is after a window that ended at the first 02:30', () => {
  const { window } = windowOf('{ from: sat 22:00, to: sun 02:30 }');
  expect(windowEnd(window, at('2026-10-25T01:15:00Z'))).toBeUndefined();
});

test('a window of a whole week less an hour ends a week later', () => {
  const { window } = windowOf('{ from: wed 12:00, to: wed 11:00 }');
  expect(windowEnd(window, at('2026-11-25T11:00:00Z'))).toBe(at('2026-12-02T10:00:00Z'));
  expect(windowEnd(window, at('2026-11-25T10:30:00Z'))).toBeUndefined();
  expect(windowEnd(window, at('2026-11-25T09:59:00Z'))).toBe(at('2026-11-25T10:00:00Z'));
});

test('a window within one day ends that day', () => {
  const { window } = windowOf('{ from: wed 09:00, to: wed 17:00 }', 'UTC');
  expect(windowEnd(window, at('2026-11-25T09:00:00Z'))).toBe(at('2026-11-25T17:00:00Z'));
  expect(windowEnd(window, at('2026-11-25T08:00:00Z'))).toBeUndefined();
});

test('spans that touch end together', () => {
  const { window } = windowOf(
    '[{ from: sat 00:00, to: sun 00:00 }, { from: sun 00:00, to: mon 00:00 }, { from: sat 12:00, to: sat 13:00 }]',
    'UTC',
  );
  expect(windowEnd(window, at('2026-11-21T12:30:00Z'))).toBe(at('2026-11-23T00:00:00Z'));
});

test('a window that never closes has no end', () => {
  const { policy } = windowOf('{ from: mon 00:00, to: mon 00:00 }', 'UTC');
  expect(activeWindows(policy, at('2026-11-21T12:30:00Z'))).toEqual([
    { name: 'w', title: 'the freeze', until: undefined },
  ]);
});

test('the hour and the day are those of the zone', () => {
  expect(timeFacts('America/New_York', at('2026-11-23T03:30:00Z'))).toEqual({
    at: at('2026-11-23T03:30:00Z'),
    hour: 22,
    weekday: 'sunday',
    zone: 'America/New_York',
  });
});

test('an end is never in the past, and is the first moment out of the window', () => {
  const { window } = windowOf('[{ from: fri 16:00, to: mon 06:00 }, { from: tue 23:30, to: wed 02:30 }]');
  fc.assert(
    fc.property(fc.integer({ min: at('2026-01-01'), max: at('2027-12-31') }), (moment) => {
      const end = windowEnd(window, moment);
      if (end === undefined) return;
      expect(end).toBeGreaterThan(moment);
      expect(windowEnd(window, end)).toBeUndefined();
      expect(windowEnd(window, end - 1)).toBe(end);
    }),
    { numRuns: 300, seed: 5 },
  );
});

test('what was said of a moment is said of it again, also after more moments than anybody remembers', () => {
  const { window } = windowOf('{ from: fri 16:00, to: mon 06:00 }');
  const hours = Array.from({ length: 9 * 7 * 24 }, (_, hour) => at('2026-11-01T00:00:00Z') + hour * hourMs);
  const said = hours.map((moment) => windowEnd(window, moment));
  expect(said.filter((end) => end !== undefined)).toHaveLength(9 * 62);
  expect(hours.map((moment) => windowEnd(window, moment))).toEqual(said);
  const unasked = () => ({ ...window });
  expect(hours.map((moment) => windowEnd(unasked(), moment))).toEqual(said);
});
