/** The machine's own zone is nobody's: windows and hours are those of the zone that the files name. */
import { afterEach, expect, test } from 'vitest';
import { evaluate } from '../../src/approvals/evaluate.ts';
import { activeWindows, timeFacts, windowEnd } from '../../src/approvals/windows.ts';
import { minuteMs } from '../../src/core/duration.ts';
import { periodSpan } from '../../src/core/time-zone.ts';
import { deployFacts, shippedPolicy } from './shipped.ts';

const own = process.env.TZ;
afterEach(() => {
  if (own === undefined) delete process.env.TZ;
  else process.env.TZ = own;
});

/** The two hours around both changes of clocks in Berlin, and both ends of the weekend freeze. */
const moments = [
  ['2026-03-29T00:00Z', 2],
  ['2026-10-25T00:00Z', 2],
  ['2026-11-20T14:30Z', 1],
  ['2026-11-23T04:30Z', 1],
  ['2026-12-20T16:30Z', 1],
].flatMap(([from, hours]) =>
  Array.from(
    { length: (Number(hours) * 60) / 30 },
    (_all, index) => Date.parse(String(from)) + index * 30 * minuteMs,
  ),
);

function said(): unknown {
  return moments.map((at) => {
    const windows = activeWindows(shippedPolicy, at).map(({ name }) => name);
    const facts = { ...deployFacts, windows, time: timeFacts('Europe/Berlin', at) };
    return {
      facts,
      verdict: evaluate(shippedPolicy, facts),
      ends: [...shippedPolicy.windows.values()].map((window) => windowEnd(window, at)),
      month: periodSpan('month', at, 'Europe/Berlin'),
    };
  });
}

process.env.TZ = 'Europe/Berlin';
const inBerlin = said();

test.each(['UTC', 'Pacific/Kiritimati', 'Pacific/Niue', 'America/New_York', 'Asia/Kathmandu'])(
  'a machine whose clock is in %s says the same, also around a change of clocks',
  (zone) => {
    process.env.TZ = zone;
    expect(new Date(Date.UTC(2026, 6, 1)).getTimezoneOffset()).not.toBe(-120);
    expect(said()).toEqual(inBerlin);
  },
);
