import { expect, test } from 'vitest';
import { dayMs, hourMs, minuteMs } from '../../src/core/duration.ts';
import { environmentRecord } from '../../src/core/environment-record.ts';
import { requestIdOf } from '../../src/core/ids.ts';
import { announceAt, endOffers } from '../../src/core/lifetime.ts';
import { costDuring, costOf, moneyText } from '../../src/core/prices.ts';
import { evaluated, requestAfter, requested } from './requests.ts';

test.each([
  ['an hour before a day is over', dayMs, dayMs - hourMs],
  ['an hour before four hours are over', 4 * hourMs, 3 * hourMs],
  ['a quarter before a shorter life is over', 2 * hourMs, 1.5 * hourMs],
  ['two and a half minutes before ten are over', 10 * minuteMs, 7.5 * minuteMs],
  ['never before it began', -5, -5],
])('an end is announced %s', (_what, end, at) => {
  expect(announceAt(0, end)).toBe(at);
});

test('what is offered before an end is a line that can be typed', () => {
  const lines = (isAsleep: boolean, mayKeep: boolean) =>
    endOffers('pr-12', { isAsleep, keepFor: mayKeep ? '30d' : undefined }).map((one) => one.commandLine);
  expect(lines(true, false)).toContain('/env wake pr-12');
  expect(lines(false, true)).toEqual([
    '/env extend pr-12 by 4h',
    '/env extend pr-12 by 1d',
    '/env sleep pr-12 by 3d',
    '/env keep pr-12',
    '/env destroy pr-12',
  ]);
});

test('an environment costs its size by the hour', () => {
  const prices = { currency: 'EUR', cpuHour: 0.04, memoryGiHour: 0.01 };
  const cost = costOf({ cpu: 2, memoryGi: 4 }, prices);
  expect(cost.perHour).toBeCloseTo(0.12);
  expect(moneyText(cost.perDay, prices)).toBe('2.88 EUR');
  expect(moneyText(costDuring(90 * minuteMs, cost), prices)).toBe('0.18 EUR');
});

test('an environment is known from the request that is about to make it', () => {
  const input = { blueprint: 'worker', cpu: 2, memoryGi: 4, replicas: 3 };
  expect(environmentRecord(requestAfter(evaluated('require_approval')))).toMatchObject({
    name: 'pr-12',
    requester: 'dana',
    status: 'waiting',
    since: 1_000,
    blueprint: '',
    size: { cpu: 0, memoryGi: 0, replicas: 1 },
    extensions: [],
    notes: [],
  });
  const waiting = { ...requestAfter(), input };
  expect(environmentRecord(waiting)).toMatchObject({ blueprint: 'worker', size: { cpu: 2, replicas: 3 } });
  expect(environmentRecord(waiting)).not.toHaveProperty('living');
});

test('a living one says what was handed over with it, and how its end was moved', () => {
  const environment = {
    name: 'pr-12',
    blueprint: 'worker',
    team: 'checkout',
    cluster: 'c',
    namespace: 'n',
    requestId: requested.type === 'requested' ? requested.id : requestIdOf(1),
    url: 'u',
    expiresAt: 90_000,
  };
  const request = requestAfter(
    evaluated('allow'),
    { type: 'approved', at: 2_000, because: 'policy' },
    { type: 'started', at: 3_000, plan: [] },
    { type: 'succeeded', at: 4_000, outputs: { links: [], notes: ['Read it so.'], environment } },
    { type: 'extended', at: 5_000, by: requestIdOf(20), from: 90_000, until: 100_000 },
  );
  expect(environmentRecord(request)).toMatchObject({
    since: 3_000,
    living: { expiresAt: 100_000 },
    extensions: [{ from: 90_000, until: 100_000 }],
    notes: ['Read it so.'],
  });
});
