/** Somebody may be in a group that nobody could ask about: that matters to a rule only where its word would be another. */
import { expect, test } from 'vitest';
import { evaluate } from '../../src/approvals/evaluate.ts';
import { traceRules } from '../../src/approvals/trace.ts';
import { facts, policyOf } from './shipped.ts';

const inDoubt = (mayBeIn: string[] | undefined, groups = ['payments']) => ({
  ...facts,
  requester: { ...facts.requester, groups },
  unknown: ['requester.groups'],
  ...(mayBeIn ? { mayBeIn } : {}),
});
const outcome = (when: string, ...[mayBeIn, groups]: Parameters<typeof inDoubt>) =>
  evaluate(
    policyOf(`- { id: r, on: environment.create, when: '${when}', allow: x }`),
    inDoubt(mayBeIn, groups),
  ).outcome;

test.each<[string, string[] | undefined, string]>([
  ['"payments" in requester.groups', ['crew'], 'allow'],
  ['"payments" in requester.groups', ['crew', 'sre'], 'allow'],
  ['"sre" in requester.groups', ['crew'], 'deny'],
  ['!("sre" in requester.groups)', ['crew'], 'allow'],
  ['!("sre" in requester.groups)', ['sre'], 'deny'],
  // Neither with both nor without either, but with one of them.
  ['("sre" in requester.groups) == ("checkout" in requester.groups)', ['sre', 'checkout'], 'deny'],
  ['size(requester.groups) == 1', ['crew'], 'deny'],
  ['"payments" in requester.groups', undefined, 'deny'],
  ['"payments" in requester.groups', ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'], 'deny'],
])('%s, perhaps also in %j: %s', (when, mayBeIn, expected) => {
  expect(outcome(when, mayBeIn)).toBe(expected);
});

test('what is stricter holds where it might be so, and says why; where it cannot be it is silent', () => {
  const policy = policyOf(`- { id: any, on: environment.create, allow: x }
- { id: strict, on: environment.create, when: '"sre" in requester.groups', deny: not for them }`);
  expect(evaluate(policy, inDoubt(['crew'])).outcome).toBe('allow');
  const denied = evaluate(policy, inDoubt(['sre']));
  expect(denied.reasons[0]).toMatchObject({
    code: 'fact_unknown',
    text: expect.stringContaining('requester.groups'),
  });
  const whys = traceRules(policy, inDoubt(['crew'])).map(({ why }) => why);
  expect(whys[1]).toContain('not true');
});

test('a rule that cannot be computed in one of the ways stays in doubt', () => {
  expect(outcome('size(requester.groups) * 9007199254740991 * 9007199254740991 > 0', ['crew'])).toBe('deny');
});
