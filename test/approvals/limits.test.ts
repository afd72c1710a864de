import { expect, test } from 'vitest';
import { evaluate } from '../../src/approvals/evaluate.ts';
import { describeLimits, limitText, maxOf } from '../../src/approvals/limits.ts';
import type { Facts } from '../../src/core/facts.ts';
import { periodSpan } from '../../src/core/time-zone.ts';
import { facts, mistakesOf, policyOf, readRules } from './shipped.ts';

const limits = `limits:
  often: { title: requests of yours, per: person, requests: 3, within: 1h, beyond: { deny: slow down } }
  alive: { title: environments of the team, on: create, alive: 2, beyond: { require: { from: platform-leads, because: one more } } }
  budget: { title: environments, on: create, money: 50, every: month, money_of: { payments: 80 }, beyond: { deny: the month is spent } }
`;
const policy = policyOf('- { id: a, allow: x }', limits);
const none = { used: 0, adds: 0 };
const counted = (given: Facts['limits'], more: Partial<Facts> = {}) =>
  evaluate(policy, { ...facts, ...more, limits: { often: none, alive: none, budget: none, ...given } });

test('up to a limit nothing is said, and past it its word is said with how much is used', () => {
  expect(counted({ often: { used: 2, adds: 1 } }).outcome).toBe('allow');
  expect(counted({ often: { used: 3, adds: 1 } })).toMatchObject({
    outcome: 'deny',
    reasons: [{ code: 'limit_reached', rule: 'often', text: '3 of 3 requests of yours in 1h: slow down' }],
  });
  expect(counted({ alive: { used: 2, adds: 1 } })).toMatchObject({
    outcome: 'require_approval',
    reasons: [{ text: '2 of 2 environments of the team: one more' }],
    requirements: [{ id: 'alive', from: ['platform-leads'] }],
  });
});

test('a team may have an amount of its own', () => {
  const budget = { used: 50, adds: 1.2 };
  expect(counted({ budget }).reasons[0]?.text).toBe(
    '50.00 of 50.00 EUR for environments this month, and 1.20 EUR more by this: the month is spent',
  );
  expect(counted({ budget }, { target: { ...facts.target, team: 'payments' } }).outcome).toBe('allow');
});

test('what adds nothing is never stopped by a limit that is used up', () => {
  expect(counted({ budget: { used: 90, adds: 0 } }).outcome).toBe('allow');
});

test('a limit that nobody could count, or that came since the counting, counts as reached', () => {
  for (const given of [
    { limits: {} },
    { limits: { often: none, alive: none, budget: none }, unknown: ['limits.often'] },
  ]) {
    expect(evaluate(policy, { ...facts, ...given })).toMatchObject({
      outcome: 'deny',
      reasons: expect.arrayContaining([
        { code: 'fact_unknown', rule: 'often', text: 'limits.often could not be found out: slow down' },
      ]),
    });
  }
});

test('where nothing was counted at all, as in an example, no limit is looked at', () => {
  expect(evaluate(policy, facts).outcome).toBe('allow');
  expect(evaluate(policy, { ...facts, action: 'database.drop', limits: {} }).outcome).toBe('deny');
});

test('a fact that could not be had is named with why', () => {
  const unknown = { unknown: ['limits.often'], doubts: { 'limits.often': 'the store is away' } };
  const given = { limits: { often: none, alive: none, budget: none }, ...unknown };
  expect(evaluate(policy, { ...facts, ...given }).reasons[0]?.text).toBe(
    'limits.often (the store is away) could not be found out: slow down',
  );
});

test('what is used is told before anything is asked for', () => {
  const [often, alive, budget] = policy.limitsOf.get('environment.create') ?? [];
  expect(often && limitText(often.limit, { used: 1, adds: 1 }, '')).toBe('1 of 3 requests of yours in 1h');
  expect(alive && limitText(alive.limit, { used: 1, adds: 1 }, '')).toBe('1 of 2 environments of the team');
  expect(budget && limitText(budget.limit, { used: 12.4, adds: 0 }, 'payments')).toBe(
    '12.40 of 80.00 EUR for environments this month',
  );
  expect(alive && maxOf(alive.limit, 'payments')).toBe(2);
});

test.each([
  ['alive: 2, beyond: { }', 'say either "deny" or "require".'],
  ['alive: 2, beyond: { deny: x, require: { from: sre, because: y } }', 'say either "deny" or "require".'],
  ['beyond: { deny: x }', 'say exactly one of requests, alive or money; here is none.'],
  ['alive: 2, money: 3, every: day, beyond: { deny: x }', 'here is alive and money.'],
  ['requests: 2, beyond: { deny: x }', 'with requests, say "within" too.'],
  ['alive: 2, every: day, beyond: { deny: x }', '"every" says nothing with alive.'],
  ['alive: 2, money_of: { sre: 2 }, beyond: { deny: x }', 'only money per team'],
  ['money: 2, every: day, money_of: { sr: 2 }, beyond: { deny: x }', 'no group "sr". Did you mean "sre"?'],
  ['alive: 2, on: deplo, beyond: { deny: x }', 'there is no action or effect "deplo".'],
  ['alive: 2, service: pay, beyond: { deny: x }', 'there is no service "pay".'],
  ['alive: 2, team: sr, beyond: { deny: x }', 'there is no group "sr".'],
  ['alive: 2, beyond: { require: { from: sr, because: x } }', 'there is no group "sr".'],
])('a limit that says "%s" is a mistake: %s', (text, message) => {
  const found = mistakesOf(readRules('- { id: a, allow: x }', `limits: { l: { ${text} } }\n`));
  expect(found.join()).toContain(message);
});

test('a limit and a rule cannot have one name', () => {
  const more = 'limits: { a: { alive: 1, beyond: { deny: x } } }\n';
  expect(mistakesOf(readRules('- { id: a, allow: x }', more))).toEqual([
    expect.stringContaining('a rule has this name already.'),
  ]);
});

test('a period is a day, a week from Monday on or a month, as the calendar of the zone has it', () => {
  const at = Date.parse('2026-10-25T12:00Z');
  const span = (period: 'day' | 'week' | 'month') =>
    Object.values(periodSpan(period, at, 'Europe/Berlin')).map((one) => new Date(one).toISOString());
  expect(span('day')).toEqual(['2026-10-24T22:00:00.000Z', '2026-10-25T23:00:00.000Z']);
  expect(span('week')).toEqual(['2026-10-18T22:00:00.000Z', '2026-10-25T23:00:00.000Z']);
  expect(span('month')).toEqual(['2026-09-30T22:00:00.000Z', '2026-10-31T23:00:00.000Z']);
});

test('only limits that a request is held to, and that could be counted, are told', () => {
  const more = `limits:
  a: { alive: 2, tier: production, beyond: { deny: x } }
  b: { alive: 2, service: payments, beyond: { deny: x } }
  c: { alive: 2, team: sre, beyond: { deny: x } }
  d: { alive: 2, mode: shadow, beyond: { deny: x } }
  e: { alive: 2, beyond: { deny: x } }
  f: { alive: 2, beyond: { deny: x } }
  g: { alive: 2, tier: dev, beyond: { deny: x } }
`;
  const rules = policyOf('- { id: rule, allow: x }', more).limitsOf.get('environment.create') ?? [];
  const { f: _uncounted, ...limits } = Object.fromEntries(rules.map(({ id }) => [id, { used: 1, adds: 1 }]));
  expect(describeLimits(rules, { ...facts, limits, unknown: ['limits.e'] })).toEqual(['1 of 2 g']);
  expect(describeLimits(rules, facts)).toEqual([]);
});

test('a limit may be for one blueprint alone, named as rules name it', () => {
  const limited = (blueprint: string) => `limits:
  workers: { title: workers, on: environment.create, blueprint: ${blueprint}, alive: 1, beyond: { deny: one is enough } }
`;
  const onlyWorkers = policyOf('- { id: a, allow: x }', limited('worker'));
  const outcome = (blueprint: string) =>
    evaluate(onlyWorkers, {
      ...facts,
      input: { ...facts.input, blueprint },
      limits: { workers: { used: 1, adds: 1 } },
    }).outcome;
  expect([outcome('worker'), outcome('web-service')]).toEqual(['deny', 'allow']);
  expect(mistakesOf(readRules('- { id: a, allow: x }', limited('workr'))).join()).toContain(
    'there is no blueprint "workr". Did you mean "worker"?',
  );
});
