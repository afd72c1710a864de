import { expect, test } from 'vitest';
import { reportOf } from '../../src/approvals/report.ts';
import { linesFor } from '../../src/approvals/rule-lines.ts';
import { personIdSchema } from '../../src/core/ids.ts';
import type { Standing } from '../../src/core/person.ts';
import type { PlatformRequest } from '../../src/core/request.ts';
import { policyOf } from './shipped.ts';

const policy = policyOf(
  `  - { id: small, on: environment.create, allow: small ones run, when: "input.cpu <= 4" }
  - { id: large, on: environment.create, when: "input.cpu > 4", require: { from: [platform-leads, owners], because: it is large } }
  - { id: own, on: environment.destroy, when: 'requester.kind == "system"', allow: its time is over }
  - { id: guests, unless: 'requester.kind == "member"', deny: members only }
  - { id: rest, on: environment.create, when: '"sre" in requester.groups', hold: { window: rest, because: we rest } }
  - { id: looks, on: read, allow: look }
  - { id: dear, on: environment.create, mode: shadow, deny: dear }`,
  'windows: { rest: { title: the rest, weekly: { from: sat 00:00, to: sun 00:00 } } }\n',
);

function asked(more: object): PlatformRequest {
  return {
    status: 'succeeded',
    createdAt: 0,
    reviews: [],
    requirements: [],
    ...more,
  } as unknown as PlatformRequest;
}
const saying = (...rules: string[]) => ({
  verdict: {
    reasons: rules.map((rule) => ({ code: 'rule_allows', rule, text: '' })),
    warnings: [],
    shadows: [{ rule: 'dear', text: '' }, { text: 'nobody' }],
  },
});
const byPeople = (afterMs: number, rule: string) =>
  asked({
    ...saying(rule),
    approvedBecause: 'quorum',
    reviews: [{ at: afterMs }],
    requirements: [{ rule }, { rule: 'other' }],
  });

test('a report counts what ran by itself, how long answers took, and which rules did nothing', () => {
  const requests = [
    asked({ ...saying('small'), approvedBecause: 'policy' }),
    asked({ status: 'denied', verdict: undefined }),
    ...[5_000, 6_000, 7_000].map((ms) => byPeople(ms, 'large')),
  ];
  expect(reportOf(policy, requests, new Set(['environment.create', 'environment.destroy']))).toEqual({
    requests: 5,
    letThrough: 4,
    ranByThemselves: 1,
    emergencies: 0,
    refused: 1,
    medianMs: 6_000,
    shadows: [{ rule: 'dear', requests: 4 }],
    silent: ['own', 'guests', 'rest'],
    quick: [
      { rule: 'large', requests: 3 },
      { rule: 'other', requests: 3 },
    ],
  });
});

test('one slow answer, or too few, and a rule is not called automatic', () => {
  const slow = [
    byPeople(5_000, 'large'),
    byPeople(90_000, 'large'),
    byPeople(1_000, 'large'),
    byPeople(1_000, 'few'),
  ];
  expect(reportOf(policy, slow, new Set()).quick).toEqual([]);
  expect(reportOf(policy, [], new Set())).toMatchObject({ medianMs: undefined, requests: 0 });
});

const dana: Standing = {
  person: { id: personIdSchema.parse('U0DANA'), name: 'Dana', kind: 'member', email: 'dana@acme.example' },
  groups: ['checkout'],
};

test('somebody is told the rules of what they may ask for, and those that ask them', () => {
  const create = ['environment.create'];
  const idsFor = (standing: Standing) =>
    linesFor(policy, standing, create, { 'platform-leads': 'Platform leads' }).map(({ id }) => id);
  expect(idsFor(dana)).toEqual(['small', 'large', 'dear']);
  expect(idsFor({ ...dana, groups: 'unknown' })).toEqual(['small', 'large', 'dear']);
  expect(idsFor({ ...dana, groups: ['sre'] })).toEqual(['small', 'large', 'rest', 'dear']);
  const { email: _email, ...guest } = dana.person;
  expect(idsFor({ ...dana, person: { ...guest, kind: 'guest' } })).toContain('guests');
  const asking = linesFor(policy, { ...dana, groups: ['platform-leads'] }, [], {
    'platform-leads': 'Platform leads',
  });
  expect(asking).toEqual([
    {
      ...{ id: 'large', mode: 'enforce', kind: 'require', actions: ['environment.create'], asksReader: true },
      text: 'it is large: 1 approval from Platform leads or the owners of the service',
    },
  ]);
});

test('an emergency is no request that ran by itself', () => {
  const glass = { brokenAt: 0, rules: ['large'], review: ['sre'] };
  const requests = [
    asked({ ...saying('large'), approvedBecause: 'policy', glass }),
    asked({ ...saying('small'), approvedBecause: 'policy' }),
    // Judged again since, and let through by people after all.
    { ...byPeople(5_000, 'large'), glass },
  ];
  expect(reportOf(policy, requests, new Set())).toMatchObject({
    letThrough: 3,
    ranByThemselves: 1,
    emergencies: 1,
  });
});
