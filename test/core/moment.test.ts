import { expect, test } from 'vitest';
import { readMoment, wallOf } from '../../src/core/moment.ts';

/** Saturday 2026-11-21 10:00 in Berlin. */
const now = Date.UTC(2026, 10, 21, 9);
const berlin = 'Europe/Berlin';
const utc = (text: string) => Date.parse(`${text}Z`);

test.each([
  ['in 2h', now + 2 * 3_600_000],
  ['30m', now + 30 * 60_000],
  ['2026-11-23 09:00', utc('2026-11-23T08:00')],
  ['2026-11-23T09:00', utc('2026-11-23T08:00')],
  ['11:30', utc('2026-11-21T10:30')],
  ['9:00', utc('2026-11-22T08:00')],
  ['Tomorrow 09:00', utc('2026-11-22T08:00')],
  ['tomorrow at 9:00', utc('2026-11-22T08:00')],
  ['today 23:15', utc('2026-11-21T22:15')],
  ['monday 09:00', utc('2026-11-23T08:00')],
  ['Fri 09:00', utc('2026-11-27T08:00')],
  ['saturday 11:00', utc('2026-11-21T10:00')],
  ['saturday 09:00', utc('2026-11-28T08:00')],
])('%s is read in the zone of whoever writes it', (text, at) => {
  expect(readMoment(text, now, berlin)).toEqual({ ok: true, value: at });
});

test('the same words are another moment in another zone', () => {
  const at = readMoment('2026-11-23 09:00', now, 'America/New_York');
  expect(at).toEqual({ ok: true, value: utc('2026-11-23T14:00') });
});

test('either side of a change of the clocks is read by its own offset', () => {
  const october = utc('2026-10-23T10:00');
  expect(readMoment('2026-10-24 09:00', october, berlin)).toEqual({
    ok: true,
    value: utc('2026-10-24T07:00'),
  });
  expect(readMoment('2026-10-26 09:00', october, berlin)).toEqual({
    ok: true,
    value: utc('2026-10-26T08:00'),
  });
  expect(readMoment('2026-10-25 01:30', october, berlin)).toEqual({
    ok: true,
    value: utc('2026-10-24T23:30'),
  });
  expect(readMoment('2026-10-25 03:30', october, berlin)).toEqual({
    ok: true,
    value: utc('2026-10-25T02:30'),
  });
});

test.each([
  ['2026-11-21 09:59', now, 'is over already'],
  ['0h', now, 'is over already'],
  ['in 15d', now, 'more than 14 days ahead'],
  ['tomorrow', now, 'is not a time'],
  ['someday 09:00', now, 'is not a time'],
  ['today 09:00', now, 'is over already'],
  ['tomorrow 02:30', utc('2026-03-28T10:00'), 'go past 02:30'],
  ['2026-11-23', now, 'is not a time'],
  ['24:00', now, 'is not a time'],
  ['12:60', now, 'is not a time'],
  ['2026-11-31 09:00', now, 'There is no day 2026-11-31'],
  ['2026-13-01 09:00', now, 'There is no day 2026-13-01'],
  ['2026-10-25 02:30', utc('2026-10-23T10:00'), 'show 02:30 twice'],
  ['2026-03-29 02:30', utc('2026-03-27T10:00'), 'go past 02:30'],
])('%s is refused in words', (text, at, sentence) => {
  expect(readMoment(text, at, berlin)).toMatchObject({ ok: false, problem: { code: 'bad_input' } });
  const read = readMoment(text, at, berlin);
  expect(read.ok ? '' : read.problem.sentence).toContain(sentence);
});

test('a moment that was read shows the same on the wall', () => {
  for (let day = 1; day <= 13; day++) {
    const read = readMoment(
      `2026-03-${String(19 + (day % 10)).padStart(2, '0')} 14:${10 + day}`,
      utc('2026-03-18T10:00'),
      berlin,
    );
    if (read.ok) expect(wallOf(read.value, berlin)).toMatch(/14:\d\d$/);
  }
});
