/** Groups of which nobody knows who is in them: whose answer counts, and how many could answer. */
import { expect, test } from 'vitest';
import { evaluate } from '../../src/approvals/evaluate.ts';
import { readPolicy } from '../../src/approvals/policy.ts';
import { judgeReviewer } from '../../src/approvals/quorum.ts';
import { personIdSchema } from '../../src/core/ids.ts';
import type { Person } from '../../src/core/person.ts';
import type { PlatformRequest } from '../../src/core/request.ts';
import { accepted, catalog, deployFacts, mistakesOf, subjects } from './shipped.ts';

const person = (id: string, name: string): Person => ({
  ...{ id: personIdSchema.parse(id), name, kind: 'member', email: `${name.toLowerCase()}@acme.example` },
});
const requirement = {
  ...{ id: 'a', rule: 'a', count: 1, from: ['sre', 'payments'], not: [], because: 'x', expiresAfterMs: 1 },
};
const request = {
  ...{ id: 'REQ-1', requester: person('U0DANA', 'Dana'), requirements: [requirement], reviews: [] },
} as unknown as PlatformRequest;

test('an answer counts by groups that are known, and one in doubt neither counts nor is called none', () => {
  const judged = (groups: string[], unknownGroups: Record<string, string>) =>
    judgeReviewer({
      ...{ request, authorEmails: [] },
      reviewer: { person: person('U0SAM', 'Sam'), groups, unknownGroups },
    });
  const doubt = { sre: 'the Slack user group @sre has not been heard of' };
  expect(judged(['payments'], doubt).ok).toBe(true);
  expect(judged([], doubt)).toMatchObject({
    problem: { code: 'membership_unknown', sentence: expect.stringContaining('@sre has not been heard of') },
  });
  expect(judged([], {})).toMatchObject({ problem: { code: 'not_eligible' } });
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
