import { expect, test } from 'vitest';
import { activeWindows } from '../../src/approvals/windows.ts';
import { windowsNow } from '../../src/approvals/windows-now.ts';
import { policyOf } from './shipped.ts';

const windows = `windows:
  weekend: { title: the weekend, zone: Europe/Berlin, weekly: { from: fri 16:00, to: mon 06:00 } }
  nights: { title: nights, zone: America/New_York, cron: "30 22 * * *", for: 8h }
  year-end: { title: the year's end, rrule: FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=20, starts: 2025-12-20T18:00, for: 16d }
  long-ago: { title: a launch, rrule: FREQ=DAILY;COUNT=1, starts: 2025-06-01T08:00, for: 1d }
  always: { title: always, zone: UTC, weekly: { from: mon 00:00, to: mon 00:00 } }
`;

test('what is known of the windows is what the calendar says, at any moment, in any order', () => {
  const policy = policyOf('- { id: a, allow: x }', windows);
  const begin = Date.parse('2026-12-17T11:59:59.999Z');
  const moments = Array.from({ length: 100 }, (_, index) => begin + index * 9_427_001);
  const edges = ['2026-12-18T15:00:00Z', '2026-12-21T05:00:00Z', '2026-12-20T18:00:00Z'].map(Date.parse);
  const all = [...moments, ...edges.flatMap((at) => [at, at - 1, at + 1]), begin - 1, begin];
  for (const at of all) expect(windowsNow(policy, at)).toEqual(activeWindows(policy, at));
});

test('a policy without windows has none in force', () => {
  const policy = policyOf('- { id: a, allow: x }');
  expect(windowsNow(policy, 1)).toEqual([]);
  expect(windowsNow(policy, 2)).toEqual([]);
});
