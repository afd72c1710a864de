import fc from 'fast-check';
import { expect, test } from 'vitest';
import { evaluate } from '../../src/approvals/evaluate.ts';
import { judgeGlassReviewer } from '../../src/approvals/judge-glass-reviewer.ts';
import { readPolicy } from '../../src/approvals/policy.ts';
import { judgeReviewer } from '../../src/approvals/quorum.ts';
import { personIdSchema } from '../../src/core/ids.ts';
import type { Person } from '../../src/core/person.ts';
import type { PlatformRequest } from '../../src/core/request.ts';
import { accepted, catalog, deployFacts, facts, mistakesOf, shippedPolicy, subjects } from './shipped.ts';

const person = (id: string, name: string): Person => ({
  ...{ id: personIdSchema.parse(id), name, kind: 'member', email: `${name.toLowerCase()}@acme.example` },
});
const requirement = {
  ...{ id: 'a', rule: 'a', count: 1, from: ['sre', 'payments'], not: [], because: 'x', expiresAfterMs: 1 },
};
const request = {
  id: 'REQ-1',
  requester: person('U0DANA', 'Dana'),
  requirements: [requirement],
  reviews: [],
  glass: { brokenAt: 0, rules: ['a'], review: ['sre'] },
} as unknown as PlatformRequest;
const unknownGroups = { sre: 'the Slack user group @sre has not been heard of' };
const answering = (groups: readonly string[], doubts: Readonly<Record<string, string>> = unknownGroups) => ({
  ...{ person: person('U0SAM', 'Sam'), groups, unknownGroups: doubts },
});

test('an answer counts by groups that are known, and one in doubt neither counts nor is called none', () => {
  const judged = (groups: string[], doubts?: Record<string, string>) =>
    judgeReviewer({ request, reviewer: answering(groups, doubts), authorEmails: [] });
  expect(judged(['payments']).ok).toBe(true);
  expect(judged([])).toMatchObject({
    problem: { code: 'membership_unknown', sentence: expect.stringContaining('@sre has not been heard of') },
  });
  expect(judged([], {})).toMatchObject({ problem: { code: 'not_eligible' } });
});

test('an emergency is looked at by nobody of whom it is not known whether they may', () => {
  const judged = (groups: string[], doubts?: Record<string, string>) =>
    judgeGlassReviewer(request, answering(groups, doubts));
  expect(judged([])).toMatchObject({ problem: { code: 'membership_unknown' } });
  expect(judged([], {})).toMatchObject({ problem: { code: 'not_eligible' } });
  expect(judged(['sre']).ok).toBe(true);
  expect(judgeGlassReviewer({ ...request, glass: undefined } as never, { ...answering([], {}) }).ok).toBe(
    false,
  );
});

test('how many could answer is not told of a group that only others know', () => {
  const open = {
    ...catalog,
    groups: { ...catalog.groups, sre: { title: 'SRE', members: [], slack: 'S0SRE' } },
  };
  const text = 'rules: [{ id: a, on: deploy, require: { count: 5, from: sre, because: x } }]';
  const policy = accepted(readPolicy({ file: 'policy.yml', text }, subjects, open));
  expect(evaluate(policy, deployFacts).outcome).toBe('require_approval');
  const glass = 'break_glass: { who: sre, bypasses: approvals, review: sre }\n';
  expect(mistakesOf(readPolicy({ file: 'policy.yml', text: glass + text }, subjects, open))).toEqual([]);
});

const paths = [
  ...[
    'requester',
    'requester.groups',
    'requester.onCall',
    'requester.kind',
    'target',
    'target.team',
    'target.tier',
  ],
  ...[
    'service',
    'service.owners',
    'change',
    'change.checks',
    'cost',
    'usage',
    'windows',
    'time',
    'environment',
  ],
  ...['lock', 'input', 'input.cpu', 'labels', 'bypass', 'limits.asking'],
];

test('what is not known never lets run by itself what would not, and takes no refusal and no window away', () => {
  const counted = Object.fromEntries(
    ['asking', 'environments-in-all', 'environment-budget'].map((name) => [name, { used: 0, adds: 0 }]),
  );
  fc.assert(
    fc.property(
      fc.constantFrom(facts, deployFacts),
      fc.subarray(paths),
      fc.record({
        groups: fc.subarray(['sre', 'payments', 'checkout', 'platform-leads']),
        onCall: fc.boolean(),
        windows: fc.subarray(['year-end', 'weekend-freeze']),
      }),
      (base, unknown, { groups, onCall, windows }) => {
        const known = { ...base, requester: { ...base.requester, groups, onCall }, windows, limits: counted };
        const [sure, doubted] = [
          evaluate(shippedPolicy, known),
          evaluate(shippedPolicy, { ...known, unknown }),
        ];
        if (doubted.outcome === 'allow') expect(sure.outcome).toBe('allow');
        if (sure.reasons.some(({ code }) => code === 'rule_denies')) expect(doubted.outcome).toBe('deny');
        if (sure.outcome === 'hold') expect(['hold', 'deny']).toContain(doubted.outcome);
      },
    ),
    { numRuns: 300 },
  );
});
