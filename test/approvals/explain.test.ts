import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { evaluate } from '../../src/approvals/evaluate.ts';
import { describeRequirement, describeVerdict, pastText, progressOf } from '../../src/approvals/explain.ts';
import { mayAsk } from '../../src/approvals/may-ask.ts';
import { runPolicyTest } from '../../src/approvals/policy-test.ts';
import { subjectsOf } from '../../src/approvals/subjects.ts';
import type { Verdict } from '../../src/core/verdict.ts';
import {
  evaluated,
  person,
  requestAfter,
  requirement,
  review,
  sam,
  standing,
  verdict,
} from '../core/requests.ts';
import { facts, mistakesOf, policyOf, shippedPolicy, sourceOf, subjects } from './shipped.ts';

const titles = { 'platform-leads': 'Platform leads', sre: 'SRE' };

test('what runs at once says why', () => {
  expect(describeVerdict(evaluate(shippedPolicy, facts), titles)).toBe(
    'Runs at once: small dev environments run by themselves',
  );
});

test('what needs approval says whose and why', () => {
  const large = evaluate(shippedPolicy, { ...facts, input: { ...facts.input, cpu: 8 } });
  expect(describeVerdict(large, titles)).toBe('Needs 1 approval from Platform leads: more than 4 CPU');
  const two = {
    ...large,
    requirements: [
      ...large.requirements,
      requirement({ count: 2, from: ['sre', 'sre-eu'], not: ['author'] }),
    ],
  };
  expect(describeVerdict(two, titles)).toBe(
    'Needs 1 approval from Platform leads: more than 4 CPU; and 2 approvals from SRE or sre-eu, none of them an author of the change: x',
  );
});

test('what is refused says every reason once', () => {
  const reasons = [
    { code: 'rule_denies' as const, text: 'it is late.' },
    { code: 'rule_denies' as const, text: 'it is late' },
  ];
  expect(describeVerdict(verdict('deny', { reasons }), titles)).toBe('Refused: it is late');
});

test('what waits says until when, as clocks of the reader show, and what comes then', () => {
  const until = Date.parse('2026-11-23T05:00:00Z');
  const holding = { code: 'rule_holds' as const, rule: 'freeze', text: 'production rests' };
  const held = verdict('hold', {
    reasons: [holding, { code: 'rule_requires', rule: 'r', text: 'x' }],
    requirements: [requirement()],
    hold: { window: 'freeze', until },
  });
  expect(describeVerdict(held, titles, 'Europe/Berlin')).toBe(
    'Waits until Mon 23 Nov, 06:00 CET: production rests; then needs 1 approval from SRE: x',
  );
  expect(describeVerdict(verdict('hold', { reasons: [holding], hold: { window: 'freeze' } }), titles)).toBe(
    'Waits: production rests',
  );
  expect(
    describeVerdict(verdict('hold', { reasons: [holding], hold: { window: 'f', until } }), titles),
  ).toContain('05:00 UTC');
});

test('a requirement reads as a sentence', () => {
  expect(describeRequirement(requirement(), titles)).toBe('1 approval from SRE: x');
  expect(describeRequirement(requirement({ needsComment: true }), titles)).toBe(
    '1 approval from SRE, each with a comment: x',
  );
});

test('a card can say how far each requirement has come', () => {
  const requirements = [requirement({ count: 2 })];
  const request = requestAfter(evaluated('require_approval', { requirements }), {
    type: 'reviewed',
    at: 1,
    review: review(sam),
  });
  expect(progressOf(request)).toMatchObject([
    { text: '1 of 2 approvals', isMet: false, approvedBy: ['sam'] },
  ]);
});

test('help shows what some rule could let through, to members only', () => {
  const policy = policyOf(
    '- { id: a, on: deploy, require: { from: sre, because: x } }\n- { id: b, on: environment.create, deny: x }\n- { id: c, mode: shadow, on: environment.create, allow: x }',
  );
  expect(mayAsk(policy, 'deploy', standing(sam))).toBe(true);
  expect(mayAsk(policy, 'environment.create', standing(sam))).toBe(false);
  expect(mayAsk(policy, 'database.drop', standing(sam))).toBe(false);
  expect(mayAsk(policy, 'deploy', standing(person('gil', { kind: 'guest' })))).toBe(false);
});

test('every shipped action is a subject of the policy', () => {
  const files = readdirSync(new URL('../../src/actions/', import.meta.url));
  const actions = files.filter((file) => file.endsWith('.ts') && file !== 'load.ts');
  expect(Object.keys(subjects).map((name) => `${name}.ts`)).toEqual(actions.sort());
  expect(subjectsOf(new Map())).toEqual({});
});

function testOf(examples: string) {
  const [defaults] = sourceOf('data/policy.test.yml').text.split('examples:');
  return runPolicyTest(shippedPolicy, { file: 't.yml', text: `${defaults}examples:\n${examples}` });
}

test('a broken promise says what was expected, what was found and because of what', () => {
  const run = testOf(
    '  - { name: a, given: { input: { cpu: 8 } }, expect: { outcome: allow, requirements: [], warnings: [freeze] } }',
  );
  expect(run.ok && run.value[0]?.failures).toEqual([
    'outcome: expected allow, found require_approval (because of more-cpu: more than 4 CPU)',
    'requirements: expected none, found 1 from platform-leads (because of more-cpu: more than 4 CPU)',
    'warnings: expected freeze, found none (because of more-cpu: more than 4 CPU)',
  ]);
  const nothing = testOf(
    '  - { name: a, given: { target: { team: payments } }, expect: { outcome: allow } }',
  );
  expect(nothing.ok && nothing.value[0]?.failures[0]).toContain('no rule: no rule of the policy allows this');
});

test('a mistake in the examples is told where it is', () => {
  const lines = (examples: string) => mistakesOf(testOf(examples)).map((line) => line.replace(/^\d+:/, ''));
  expect(lines('  - { name: a, given: { target: { tier: prod } }, expect: { outcome: allow } }')).toEqual([
    expect.stringMatching(/^41 the fact target\.tier: Invalid option/),
  ]);
  expect(
    lines(
      '  - { name: first, expect: { outcome: allow } }\n  - { name: b, like: frist, expect: { outcome: allow } }',
    ),
  ).toContain('22 there is no example "frist" before this one. Did you mean "first"?');
  expect(lines('  - { nam: a, expect: { outcome: allow } }')).toContain(
    '7 examples.0: unknown key "nam". Did you mean "name"?',
  );
});

test('an emergency names each rule that it went past, and why that was there', () => {
  const verdict: Verdict = {
    ...{ outcome: 'allow', requirements: [], warnings: [], shadows: [], policyVersion: 'x' },
    reasons: [
      { code: 'glass_broken', rule: 'two', text: 'two people.' },
      { code: 'glass_broken', rule: 'rest', text: 'we rest' },
      { code: 'rule_allows', rule: 'two', text: 'allowed' },
    ],
    glass: { rules: ['two', 'rest'], review: ['sre'] },
  };
  expect(describeVerdict(verdict, {})).toBe(
    'Runs at once as an emergency, past "two" (two people) and "rest" (we rest)',
  );
  const { glass: _glass, ...ordinary } = verdict;
  expect(pastText(ordinary)).toBe('');
});
