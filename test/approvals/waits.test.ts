/** What is promised of waiting holds to the minute: also over the nights when clocks change. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { evaluate } from '../../src/approvals/evaluate.ts';
import { findWays } from '../../src/approvals/unblock.ts';
import { factsAt, waitKnob } from '../../src/approvals/wait-knob.ts';
import { facts, policyOf } from './shipped.ts';

const minute = 60_000;
const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const two = (number: number) => String(number).padStart(2, '0');
const moment = fc
  .tuple(fc.constantFrom(...days), fc.nat(23), fc.nat(59))
  .map(([day, hour, minutes]) => `${day} ${two(hour)}:${two(minutes)}`);
const weekly = fc
  .tuple(moment, moment)
  .filter(([from, to]) => from !== to)
  .map(([from, to]) => `{ zone: Europe/Berlin, weekly: { from: ${from}, to: ${to} } }`);
const daily = fc
  .tuple(fc.nat(59), fc.nat(23), fc.integer({ min: 1, max: 20 }))
  .map(
    ([minutes, hour, hours]) =>
      `{ zone: America/New_York, cron: "${minutes} ${hour} * * *", for: ${hours}h }`,
  );
const rule = fc.constantFrom(
  'hold: { window: a, because: x }',
  'hold: { outside: b, because: x }',
  'when: time.hour >= 9 && time.hour < 20, deny: x',
  'when: \'"b" in windows\', deny: x',
  'when: \'time.weekday in ["saturday", "sunday"]\', require: { from: sre, because: x }',
);
const start = Date.UTC(2026, 0, 1);
const year = 365 * 24 * 60;

const ranks = { allow: 0, require_approval: 1, hold: 2, deny: 3 } as const;

test('a wait leads to what it promises, and a minute less of it does not', () => {
  let waits = 0;
  fc.assert(
    fc.property(
      fc.oneof(weekly, daily),
      fc.oneof(weekly, daily),
      fc.array(rule, { minLength: 1, maxLength: 3 }),
      // Some of them in the weeks when the clocks of Berlin or New York change.
      fc.oneof(
        fc.nat(year),
        fc.integer({ min: 66 * 1440, max: 90 * 1440 }),
        fc.integer({ min: 296 * 1440, max: 306 * 1440 }),
      ),
      (a, b, rules, at) => {
        const lines = rules.map((one, index) => `  - { id: r${index}, ${one} }`);
        const policy = policyOf(
          ['  - { id: any, allow: x }', ...lines].join('\n'),
          `windows: { a: ${a}, b: ${b} }\n`,
        );
        const now = factsAt(policy, facts, start + at * minute);
        const rankAt = (until: number) => ranks[evaluate(policy, factsAt(policy, now, until)).outcome];
        const { ways } = findWays(evaluate(policy, now), waitKnob(policy, now), ([change]) =>
          change?.kind === 'wait' ? evaluate(policy, factsAt(policy, now, change.until)) : undefined,
        );
        for (const { changes, leadsTo } of ways) {
          const [change] = changes;
          if (change?.kind !== 'wait') throw new Error('there is nothing else to change');
          waits += 1;
          expect(rankAt(change.until)).toBe(ranks[leadsTo]);
          expect(rankAt(change.until - minute)).toBeGreaterThan(ranks[leadsTo]);
        }
      },
    ),
    { numRuns: 12, seed: 31 },
  );
  expect(waits).toBeGreaterThan(3);
});
