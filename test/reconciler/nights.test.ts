/** Nights, over the weekend and over the nights in which the clocks change. */
import { describe, expect, test } from 'vitest';
import type { Catalog } from '../../src/core/catalog.ts';
import type { Nights } from '../../src/core/life.ts';
import { nightEnd } from '../../src/reconciler/nights.ts';
import { catalog as shipped } from '../approvals/shipped.ts';

const berlin = (text: string) => Date.parse(text);

function end(at: string, nights?: Nights, sleep: Catalog['environments']['sleep'] = everyNight) {
  const { sleep: _sleep, ...environments } = shipped.environments;
  const catalog = {
    zone: 'Europe/Berlin',
    environments: { ...environments, ...(sleep ? { sleep } : {}) },
  };
  const found = nightEnd(nights ? { nights } : {}, catalog, berlin(at));
  return found === undefined ? 'day' : new Date(found).toISOString();
}

const everyNight = { from: '20:00', to: '07:00', weekends: false };
const withWeekends = { ...everyNight, weekends: true };

describe('a night', () => {
  test.each([
    ['before it', '2026-11-18T19:59:00+01:00', 'day'],
    ['from its first minute', '2026-11-18T20:00:00+01:00', '2026-11-19T06:00:00.000Z'],
    ['past midnight', '2026-11-19T03:00:00+01:00', '2026-11-19T06:00:00.000Z'],
    ['from its end on', '2026-11-19T07:00:00+01:00', 'day'],
    ['on Saturday at noon, when weekends are days', '2026-11-21T12:00:00+01:00', 'day'],
    [
      'in which the clocks go back ends an hour later',
      '2026-10-24T22:00:00+02:00',
      '2026-10-25T06:00:00.000Z',
    ],
    ['in which they go forward ends an hour sooner', '2026-03-28T22:00:00+01:00', '2026-03-29T05:00:00.000Z'],
  ])('%s', (_when, at, until) => {
    expect(end(at)).toBe(until);
  });

  test.each([
    ['begins on Friday evening and ends on Monday', '2026-11-20T20:00:00+01:00', '2026-11-23T06:00:00.000Z'],
    ['goes on at noon', '2026-11-22T12:00:00+01:00', '2026-11-23T06:00:00.000Z'],
    ['is no longer in the week', '2026-11-23T12:00:00+01:00', 'day'],
    ['spans the change of the clocks', '2026-10-24T12:00:00+02:00', '2026-10-26T06:00:00.000Z'],
  ])('of the weekend %s', (_which, at, until) => {
    expect(end(at, undefined, withWeekends)).toBe(until);
  });

  test('of its own is in place of everybody’s', () => {
    const own = { from: '01:00', to: '05:30' };
    expect(end('2026-11-18T21:00:00+01:00', own)).toBe('day');
    expect(end('2026-11-19T02:00:00+01:00', own)).toBe('2026-11-19T04:30:00.000Z');
    expect(end('2026-11-21T12:00:00+01:00', own, withWeekends)).toBe('2026-11-23T04:30:00.000Z');
  });

  test('never comes for one whose nights are off, and for none where the catalog says nothing', () => {
    expect(end('2026-11-19T03:00:00+01:00', 'off')).toBe('day');
    const { sleep: _sleep, ...environments } = shipped.environments;
    expect(nightEnd({}, { zone: 'Europe/Berlin', environments }, berlin('2026-11-19T03:00:00+01:00'))).toBe(
      undefined,
    );
  });
});
