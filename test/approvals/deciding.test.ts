/** What makes a difference in one case is what concluding without it would show, at the cost of one look. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { conclude, type Finding } from '../../src/approvals/evaluate.ts';
import { checkPolicy } from '../../src/approvals/proofs/check-policy.ts';
import { decisionOf } from '../../src/approvals/proofs/deciding.ts';
import { findingsFor } from '../../src/approvals/proofs/distinct.ts';
import { isMetBy } from '../../src/approvals/requirements.ts';
import { accepted, catalog, deployFacts, policyOf, subjects } from './shipped.ts';

/** How often a requirement is looked at, where so many rules ask for the same and each is weighed. */
function looksAmong(rules: number): number {
  let looks = 0;
  const text = Array.from(
    { length: rules },
    (_all, at) => `- { id: r${at}, on: deploy, require: { from: sre, because: x } }`,
  );
  const policy = policyOf(text.join('\n'));
  const findings = findingsFor({ policy, rules: policy.rules }, deployFacts).map((finding) => ({
    ...finding,
    requirements: finding.requirements.map(
      (one) =>
        new Proxy(one, {
          get(target, key, receiver) {
            looks += 1;
            return Reflect.get(target, key, receiver);
          },
        }),
    ),
  }));
  const { makesDifference } = decisionOf(findings);
  expect(findings.map(makesDifference)).toEqual(findings.map(() => false));
  return looks;
}

test('rules that all ask for the same are not compared each with each', () => {
  const few = looksAmong(10);
  expect(few).toBeGreaterThan(0);
  expect(looksAmong(100)).toBeLessThanOrEqual(few * 10);
});

test('an allow beside a requirement that escalates makes no difference', () => {
  const text =
    'rules:\n  - { id: a, on: deploy, allow: x }\n' +
    '  - { id: b, on: deploy, require: { from: sre, escalate: { to: payments, after: 1h }, because: x } }';
  const { mistakes } = accepted(checkPolicy({ file: 'p', text }, subjects, catalog));
  expect(mistakes.map(({ message }) => message)).toEqual([expect.stringContaining('rule "a": it never')]);
});

const windows =
  'windows: { w: { weekly: { from: mon 22:00, to: tue 06:00 } }, v: { weekly: { from: fri 22:00, to: sat 06:00 } } }\n';

const outcomes = [
  'allow: x',
  'deny: x',
  'hold: { window: w, because: x }',
  'hold: { window: v, because: x }',
  'require: { from: sre, because: x }',
  'require: { count: 2, from: sre, because: x }',
  'require: { from: [sre, payments], because: x }',
  'require: [{ from: sre, because: x }, { from: payments, because: y }]',
  'require: [{ from: sre, because: x }, { from: sre, because: y }]',
  'require: { from: sre, escalate: { to: payments, after: 1h }, because: x }',
  'mode: warn, deny: x',
];

/** The plain way: concluding again without it. */
function isOtherwiseWithout(policy: ReturnType<typeof policyOf>, findings: readonly Finding[], one: Finding) {
  const all = conclude(policy, findings);
  const without = conclude(
    policy,
    findings.filter((other) => other !== one),
  );
  return (
    all.outcome !== without.outcome ||
    all.hold?.until !== without.hold?.until ||
    without.reasons.some(({ code }) => code === 'nothing_matched') ||
    !all.requirements.every((asked) =>
      without.requirements.some((other) => other === asked || isMetBy(asked, other)),
    )
  );
}

test('a rule makes a difference where the verdict would be otherwise without it, and only there', () => {
  const facts = { ...deployFacts, windows: ['w', 'v'] };
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...outcomes), { minLength: 1, maxLength: 5 }), (list) => {
      const policy = policyOf(
        list.map((say, at) => `- { id: r${at}, on: deploy, ${say} }`).join('\n'),
        windows,
      );
      const findings = findingsFor({ policy, rules: policy.rules }, facts);
      const { deciders, makesDifference } = decisionOf(findings);
      const { reasons } = conclude(policy, findings);
      const told = reasons.flatMap(({ rule }) => rule ?? []);
      expect(deciders.map(({ rule }) => rule.id)).toEqual([...new Set(told)]);
      for (const one of findings.filter(({ rule }) => rule.mode === 'enforce')) {
        expect(makesDifference(one)).toBe(isOtherwiseWithout(policy, findings, one));
      }
    }),
    { numRuns: 120, seed: 21 },
  );
});
