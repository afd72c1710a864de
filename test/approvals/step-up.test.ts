/** What the guardrails make of `step_up`: data only, whoever checks the code. */
import { expect, test } from 'vitest';
import { wantsFactor, withFactor } from '../../src/approvals/break-glass.ts';
import { evaluate } from '../../src/approvals/evaluate.ts';
import { describeRequirement } from '../../src/approvals/explain.ts';
import { countQuorum, judgeReviewer } from '../../src/approvals/quorum.ts';
import { isMetBy } from '../../src/approvals/requirements.ts';
import { strictestOf } from '../../src/approvals/strictest.ts';
import type { Facts } from '../../src/core/facts.ts';
import type { Review } from '../../src/core/verdict.ts';
import {
  dana,
  evaluated,
  requestAfter,
  requirement,
  review,
  sam,
  standing,
  standings,
} from '../core/requests.ts';
import { deployFacts, policyOf } from './shipped.ts';

const wanting = requirement({ stepUp: 'code' });

test('a rule that wants a second factor says so in its requirement, and in words', () => {
  const policy = policyOf('- { id: a, on: deploy, require: { from: sre, step_up: code, because: x } }');
  const { requirements } = evaluate(policy, deployFacts);
  expect(requirements).toEqual([expect.objectContaining({ stepUp: 'code' })]);
  expect(describeRequirement(wanting, {})).toContain(', each with a code of an authenticator app: x');
});

test('what a yes lacks is named whole, so that one form can ask for it', () => {
  const lacks = (more: object, said: { note?: string; hasCode?: boolean; decision?: Review['decision'] }) => {
    const request = requestAfter(
      evaluated('require_approval', { requirements: [requirement({ stepUp: 'code', ...more })] }),
    );
    const judged = judgeReviewer({
      ...{ request, reviewer: standing(sam, 'sre'), authorEmails: [], decision: 'approve' },
      ...said,
    });
    return judged.ok ? [] : [judged.problem.code, ...Object.keys(judged.problem.fields ?? {})];
  };
  expect(lacks({}, {})).toEqual(['code_needed', 'code']);
  expect(lacks({}, { hasCode: true })).toEqual([]);
  expect(lacks({}, { decision: 'deny' })).toEqual(['comment_needed']);
  expect(lacks({}, { decision: 'deny', note: 'not today' })).toEqual([]);
  expect(lacks({ needsComment: true }, {})).toEqual(['comment_needed', 'note', 'code']);
  expect(lacks({ needsComment: true }, { note: 'looked at it' })).toEqual(['code_needed', 'note', 'code']);
  expect(lacks({ needsComment: true }, { note: 'looked at it', hasCode: true })).toEqual([]);
  expect(lacks({ needsComment: true, stepUp: undefined }, {})).toEqual(['comment_needed', 'note']);
});

test('only a yes with the factor counts', () => {
  const counted = (one: Review) =>
    countQuorum({
      ...{ requirements: [wanting], reviews: [one], authorEmails: [], requester: dana },
      standings: standings(standing(sam, 'sre')),
    }).state;
  expect(counted(review(sam))).toBe('open');
  expect(counted({ ...review(sam), factor: 'code' })).toBe('met');
});

test('one without a second factor is met by one with it, and not the other way round', () => {
  const plain = requirement();
  expect([isMetBy(plain, wanting), isMetBy(wanting, plain), isMetBy(wanting, wanting)]).toEqual([
    true,
    false,
    true,
  ]);
});

const glass = `break_glass: { who: sre, on: deploy, bypasses: approvals, review: [sre, platform-leads], step_up: code }
`;
const rule =
  '\n  - { id: two, on: deploy, require: { count: 2, from: [sre, payments], because: two people } }\n';
const emergency: Facts = {
  ...deployFacts,
  requester: { ...deployFacts.requester, email: 'sam@acme.example', groups: ['sre'] },
  bypass: { kind: 'break_glass', reason: 'customers cannot pay' },
  debts: [],
};

test('an emergency that wants a second factor is none without it', () => {
  const verdict = evaluate(policyOf(rule, glass), emergency);
  expect(verdict).toMatchObject({ outcome: 'allow', glass: { stepUp: 'code' } });
  expect(withFactor(verdict, 'code')).toBe(verdict);
  const refused = withFactor(verdict, undefined);
  expect(refused).toMatchObject({ outcome: 'deny', reasons: [{ code: 'glass_refused' }] });
  expect(refused).not.toHaveProperty('glass');
  const plain = evaluate(policyOf(rule, glass.replace(', step_up: code', '')), emergency);
  expect(withFactor(plain, undefined)).toBe(plain);
});

test('a code is asked for where any emergency of theirs would want one', () => {
  const policy = policyOf(rule, glass);
  expect(wantsFactor(policy, 'deploy', ['sre'])).toBe(true);
  expect(wantsFactor(policy, 'deploy', ['payments'])).toBe(false);
  expect(wantsFactor(policy, 'service.scale', ['sre'])).toBe(false);
  expect(wantsFactor(policyOf(rule, glass.replace(', step_up: code', '')), 'deploy', ['sre'])).toBe(false);
});

test('of a set, one part that wants it is enough', () => {
  const verdict = evaluate(policyOf(rule, glass), emergency);
  const { glass: broken, ...rest } = verdict;
  const plain = { ...rest, glass: { rules: ['x'], review: broken?.review ?? [] } };
  const together = strictestOf({ name: 'payments', verdict: plain }, [{ name: 'checkout', verdict }]);
  expect(together.glass?.stepUp).toBe('code');
  const neither = strictestOf({ name: 'payments', verdict: plain }, [{ name: 'checkout', verdict: plain }]);
  expect(neither.glass).not.toHaveProperty('stepUp');
});
