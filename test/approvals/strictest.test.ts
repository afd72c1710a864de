/** A set is judged for each of its parts. */
import { expect, test } from 'vitest';
import { strictestOf } from '../../src/approvals/strictest.ts';
import type { Outcome, Verdict } from '../../src/core/verdict.ts';

const requirement = (rule: string, from: string) => ({
  ...{ id: rule, rule, count: 1, from: [from], not: [], because: 'two people', expiresAfterMs: 1 },
});

function verdict(outcome: Outcome, more: Partial<Verdict> = {}): Verdict {
  return {
    outcome,
    reasons: [{ code: 'rule_requires', rule: outcome, text: `it says ${outcome}` }],
    ...{ requirements: [], warnings: [], shadows: [], policyVersion: 'p1' },
    ...more,
  };
}

const part = (name: string, of: Verdict) => ({ name, verdict: of });

test.each([
  ['allow', 'require_approval', 'require_approval'],
  ['require_approval', 'hold', 'hold'],
  ['deny', 'hold', 'deny'],
  ['allow', 'allow', 'allow'],
] as const)('%s and %s make %s, whichever comes first', (one, other, together) => {
  const [first, second] = [part('payments', verdict(one)), part('checkout', verdict(other))];
  expect(strictestOf(first, [second]).outcome).toBe(together);
  expect(strictestOf(second, [first]).outcome).toBe(together);
});

test('one alone stays as it is', () => {
  const alone = verdict('allow');
  expect(strictestOf(part('payments', alone), [])).toBe(alone);
});

test("the owners of each must say yes to theirs, and everybody's reasons are named", () => {
  const both = strictestOf(
    part('payments', verdict('require_approval', { requirements: [requirement('owners', 'payments')] })),
    [part('checkout', verdict('require_approval', { requirements: [requirement('owners', 'checkout')] }))],
  );
  expect(both.requirements.map(({ id, from, because }) => [id, from, because])).toEqual([
    ['owners.payments', ['payments'], 'payments: two people'],
    ['owners.checkout', ['checkout'], 'checkout: two people'],
  ]);
  expect(both.reasons.map((reason) => reason.text)).toEqual([
    'payments: it says require_approval',
    'checkout: it says require_approval',
  ]);
});

test('of several windows the one that ends last counts, and one without an end before all', () => {
  const held = (until?: number) =>
    verdict('hold', { hold: { window: `w${until}`, ...(until === undefined ? {} : { until }) } });
  expect(strictestOf(part('a', held(5)), [part('b', held(9))]).hold).toEqual({ window: 'w9', until: 9 });
  expect(strictestOf(part('a', held()), [part('b', held(9))]).hold).toEqual({ window: 'wundefined' });
  expect(strictestOf(part('a', held(9)), [part('b', held())]).hold).toEqual({ window: 'wundefined' });
});

test('what is denied asks nobody', () => {
  const denied = strictestOf(part('a', verdict('deny')), [
    part('b', verdict('require_approval', { requirements: [requirement('owners', 'b')] })),
  ]);
  expect(denied.requirements).toEqual([]);
});

test('whoever looks at an emergency afterwards looks at all of its parts', () => {
  const glass = (rule: string, group: string) =>
    verdict('allow', { glass: { rules: [rule], review: [group] } });
  const both = strictestOf(part('payments', glass('two', 'sre')), [part('checkout', glass('two', 'leads'))]);
  expect(both.glass).toEqual({ rules: ['two'], review: ['sre', 'leads'] });
  const denied = strictestOf(part('payments', glass('two', 'sre')), [part('checkout', verdict('deny'))]);
  expect(denied.glass).toBeUndefined();
});
