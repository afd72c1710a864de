import { expect, test } from 'vitest';
import { evaluate } from '../../src/approvals/evaluate.ts';
import type { Facts } from '../../src/core/facts.ts';
import { deployFacts, mistakesOf, policyOf, readRules } from './shipped.ts';

const more = `windows: { freeze: { weekly: { from: fri 16:00, to: mon 06:00 } } }
limits: { often: { per: person, requests: 3, within: 1h, beyond: { deny: slow down } } }
break_glass:
  who: sre
  on: deploy
  tier: production
  bypasses: [approvals, windows, limits, red]
  review: [sre, platform-leads]
`;
const rules = `
  - { id: two, on: deploy, require: { count: 2, from: [sre, payments], because: two people } }
  - { id: rest, on: deploy, hold: { window: freeze, because: rest } }
  - { id: red, on: deploy, when: change.checks == "red", deny: a check is red }
  - { id: never, on: deploy, when: input.version == "v0", deny: never }
`;
const policy = policyOf(rules, more);
const sam: Facts = {
  ...deployFacts,
  requester: { ...deployFacts.requester, email: 'sam@acme.example', groups: ['sre'] },
  bypass: { kind: 'break_glass', reason: 'customers cannot pay' },
  debts: [],
  windows: ['freeze'],
  limits: { often: { used: 3, adds: 1 } },
  change: { ...deployFacts.change, checks: 'red' },
};
const judged = (given: Partial<Facts> = {}) => evaluate(policy, { ...sam, ...given });

test('whoever the policy names goes past what it names at once, and each rule is named', () => {
  expect(judged()).toMatchObject({
    outcome: 'allow',
    requirements: [],
    glass: { review: ['sre', 'platform-leads'] },
  });
  expect(judged().reasons.map(({ code, rule }) => [code, rule])).toEqual([
    ['glass_broken', 'often'],
    ['glass_broken', 'red'],
    ['glass_broken', 'rest'],
    ['glass_broken', 'two'],
  ]);
});

test.each<[string, Partial<Facts>, string]>([
  [
    'somebody whom the policy does not name',
    { requester: { ...sam.requester, groups: ['payments'] } },
    'does not let you break glass here',
  ],
  ['who gives no reason', { bypass: { kind: 'break_glass', reason: ' ' } }, 'needs a reason'],
  ['a guest', { requester: { ...sam.requester, kind: 'guest' } }, 'only members'],
  ['who has an emergency open', { debts: ['REQ-3'] }, 'nobody has looked at REQ-3 yet'],
  [
    'when nobody knows the groups',
    { unknown: ['requester.groups'] },
    'requester.groups could not be found out',
  ],
  ['when nobody knows of debts', { unknown: ['debts'] }, 'debts could not be found out'],
  [
    'when debts were not asked for',
    { debts: undefined as unknown as string[] },
    'debts could not be found out',
  ],
  ['elsewhere than the policy says', { target: { ...sam.target, tier: 'staging' } }, 'does not let you'],
])('%s is refused, and not asked the usual way', (_who, given, why) => {
  const verdict = judged(given);
  expect(verdict.outcome).toBe('deny');
  expect(verdict.glass).toBeUndefined();
  expect(verdict.reasons).toContainEqual({ code: 'glass_refused', text: expect.stringContaining(why) });
});

test('what is not named is not gone past', () => {
  expect(judged({ input: { ...sam.input, version: 'v0' } })).toMatchObject({
    outcome: 'deny',
    reasons: [{ code: 'rule_denies', rule: 'never' }],
  });
});

test.each([
  ['windows', 'two people', { change: deployFacts.change, limits: { often: { used: 0, adds: 1 } } }],
  ['approvals', 'rest', { change: deployFacts.change, limits: { often: { used: 0, adds: 1 } } }],
])(
  'who may only go past %s goes past nothing where more is in the way: nobody would hear of it',
  (may, left, given) => {
    const some = policyOf(rules, more.replace('approvals, windows, limits, red', may));
    const verdict = evaluate(some, { ...sam, ...given });
    expect(verdict).toMatchObject({ outcome: 'deny', requirements: [] });
    const text = `breaking glass here does not go past this: ${left}`;
    expect(verdict.reasons).toContainEqual({ code: 'glass_refused', text });
    expect(verdict.glass).toBeUndefined();
  },
);

test('where nothing is in the way no glass is broken, and nothing is owed', () => {
  const free = policyOf('- { id: open, allow: x }', more.replace(', red]', ']'));
  // Whether they could have broken it or not.
  for (const debts of [[], ['REQ-3']]) {
    const verdict = evaluate(free, { ...sam, limits: { often: { used: 0, adds: 1 } }, debts });
    expect(verdict).toMatchObject({ outcome: 'allow', reasons: [{ code: 'rule_allows' }] });
    expect(verdict.glass).toBeUndefined();
  }
});

test('nobody goes past a rule that failed, for it says nothing of what it would have said', () => {
  const failing = policyOf(
    '- { id: red, on: deploy, when: "size(requester.groups) * 9007199254740991 * 9007199254740991 > 0", deny: no }',
    more,
  );
  expect(evaluate(failing, sam).outcome).toBe('deny');
});

test('a rule may not be called like a kind of rule that is gone past', () => {
  const text = 'break_glass: { who: sre, bypasses: limits, review: sre }\n';
  expect(mistakesOf(readRules('- { id: limits, allow: x }', text)).join()).toContain('give the rule another');
});

test.each([
  ['who: sr, bypasses: approvals, review: sre', 'there is no group "sr".'],
  ['who: sre, on: deplo, bypasses: approvals, review: sre', 'there is no action or effect "deplo".'],
  ['who: sre, service: pay, bypasses: approvals, review: sre', 'there is no service "pay".'],
  ['who: sre, team: pay, bypasses: approvals, review: sre', 'there is no group "pay".'],
  ['who: sre, bypasses: aprovals, review: sre', 'there is no kind of rule, rule or limit "aprovals".'],
  ['who: sre, bypasses: approvals, review: sr', 'there is no group "sr".'],
  ['who: sre, bypasses: approvals, review: platform-leads', 'two people at least'],
])('a break_glass that says "%s" is a mistake: %s', (text, message) => {
  expect(mistakesOf(readRules('- { id: a, allow: x }', `break_glass: { ${text} }\n`)).join()).toContain(
    message,
  );
});
