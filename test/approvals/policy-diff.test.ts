import { expect, test } from 'vitest';
import { evaluate } from '../../src/approvals/evaluate.ts';
import type { Policy } from '../../src/approvals/policy.ts';
import { diffInWords, directionsOf, type PolicyDiff, startDiff } from '../../src/approvals/policy-diff.ts';
import type { Facts } from '../../src/core/facts.ts';
import { deployFacts, policyOf } from './shipped.ts';

const windows = 'windows: { noon: { zone: Europe/Berlin, weekly: { from: wed 11:00, to: wed 13:00 } } }\n';
const rule = (says: string, more = '') => policyOf(`- { id: a, on: deploy, ${says} }\n${more}`, windows);
const requiring = (one: string) => `require: { ${one}, because: x }`;

function diff(
  before: Policy,
  after: Policy,
  all: readonly (readonly [string | undefined, unknown])[],
): PolicyDiff {
  const started = startDiff(after);
  for (const [requestId, facts] of all) {
    started.add({ requestId, facts, verdict: evaluate(before, facts as Facts) });
  }
  return started.result();
}

test.each([
  [
    'a requirement that goes',
    requiring('from: sre'),
    'allow: x',
    '1 request would now run without anybody: REQ-1',
    'looser',
  ],
  ['a rule that refuses', 'allow: x', 'deny: y', '1 request would be denied: REQ-1', 'stricter'],
  [
    'a refusal that becomes a question',
    'deny: x',
    requiring('from: sre'),
    '1 request would no longer be refused, but could be approved: REQ-1',
    'looser',
  ],
  [
    'a question where none was',
    'allow: x',
    requiring('from: sre'),
    '1 request would now wait for approvals: REQ-1',
    'stricter',
  ],
  [
    'one more person',
    requiring('from: sre'),
    requiring('count: 2, from: sre'),
    '1 request would need more approvals, or from fewer people: REQ-1',
    'stricter',
  ],
  [
    'one person less',
    requiring('count: 2, from: sre'),
    requiring('from: sre'),
    '1 request would need fewer approvals, or from more people: REQ-1',
    'looser',
  ],
  [
    'other people',
    requiring('from: sre'),
    requiring('from: platform-leads'),
    '1 request would ask other people: REQ-1',
    'other',
  ],
  [
    'a window',
    'allow: x',
    'hold: { window: noon, because: y }',
    '1 request would now wait for a window: REQ-1',
    'stricter',
  ],
  [
    'people that there are not',
    'allow: x',
    `service: payments, ${requiring('count: 2, from: owners')}`,
    '1 request could never be approved: REQ-1',
    'stricter',
  ],
])('what would change is told: %s', (_what, before, after, words, direction) => {
  const facts: Facts = {
    ...deployFacts,
    requester: { ...deployFacts.requester, email: 'priya@acme.example' },
    windows: ['noon'],
  };
  const found = diff(rule(before), rule(after), [['REQ-1', facts]]);
  expect(diffInWords(found, 20)).toEqual([words]);
  expect([...directionsOf(found)]).toEqual([direction]);
});

test('a hold that goes and leaves the same question asks no fewer, and waits no longer', () => {
  const asks = `- { id: b, on: deploy, ${requiring('from: sre')} }`;
  const before = rule('hold: { window: noon, because: y }', asks);
  const found = diff(before, policyOf(asks), [['REQ-1', { ...deployFacts, windows: ['noon'] }]]);
  expect(diffInWords(found, 20)).toEqual([
    '1 request would need fewer approvals, or from more people: REQ-1',
  ]);
});

test.each(['allow: x', 'deny: x', requiring('from: sre')])(
  'what comes to the same is not told: %s',
  (says) => {
    const found = diff(rule(says), rule(says), [['REQ-1', deployFacts]]);
    expect(found).toMatchObject({ judged: 1, unreadable: 0 });
    expect(diffInWords(found, 20)).toEqual([]);
  },
);

test('a request is told once, looks are counted, and the most come first', () => {
  const many = Array.from({ length: 3 }, (_all, index) => [`REQ-${index + 2}`, deployFacts] as const);
  const staging = { ...deployFacts, target: { ...deployFacts.target, tier: 'staging' as const } };
  const after = policyOf(
    '- { id: a, on: deploy, tier: staging, deny: y }\n- { id: b, on: deploy, tier: production, require: { from: sre, because: z } }',
  );
  const all = [
    ['REQ-1', staging],
    ['REQ-1', staging],
    ...many,
    [undefined, staging],
    [undefined, staging],
  ] as const;
  expect(diffInWords(diff(rule('allow: x'), after, all), 2)).toEqual([
    '3 requests would now wait for approvals: REQ-2, REQ-3, and 1 more',
    '1 request would be denied: REQ-1',
    '2 looks would be denied',
  ]);
});

test('a set is judged by the strictest of its parts, and windows are those of the new policy', () => {
  const search = { ...deployFacts, service: { name: 'search', owners: ['sre'] } };
  const after = policyOf(
    '- { id: a, on: deploy, allow: x }\n- { id: b, on: deploy, service: search, deny: no }',
  );
  const found = diff(rule('allow: x'), after, [['REQ-1', { ...deployFacts, parts: [deployFacts, search] }]]);
  expect(diffInWords(found, 20)).toEqual(['1 request would be denied: REQ-1']);
  const held = diff(rule('allow: x'), rule('hold: { window: noon, because: y }'), [
    ['REQ-1', deployFacts],
    ['REQ-2', deployFacts],
  ]);
  expect(diffInWords(held, 20)).toEqual(['2 requests would now wait for a window: REQ-1, REQ-2']);
});

test.each([[null], [{ action: 'deploy' }], [{ ...deployFacts, parts: [{}] }]])(
  'facts of another version are counted, never guessed: %j',
  (facts) => {
    const started = startDiff(rule('allow: x'));
    started.add({ requestId: 'REQ-1', facts, verdict: { outcome: 'allow', requirements: [] } });
    expect(started.result()).toMatchObject({ judged: 0, unreadable: 1 });
  },
);

test('a window that never comes again is told like any other', () => {
  const once =
    'windows: { sale: { zone: Europe/Berlin, rrule: FREQ=DAILY;COUNT=1, starts: 2020-01-01T00:00, for: 1h } }\n';
  const free = policyOf('- { id: a, on: deploy, allow: x }\n', once);
  const held = policyOf(
    '- { id: a, on: deploy, allow: x }\n- { id: b, on: deploy, hold: { window: sale, because: x } }\n',
    once,
  );
  expect(diffInWords(diff(free, held, [['REQ-1', deployFacts]]), 5)).toEqual([]);
});

test('a limit that was not counted then is named, and nobody is said to be refused by it', () => {
  const limited = (name: string) =>
    policyOf(
      '- { id: a, on: deploy, allow: x }\n',
      `limits: { ${name}: { on: deploy, requests: 3, within: 1h, beyond: { deny: slow down } } }\n`,
    );
  const facts = { ...deployFacts, limits: { asking: { used: 3, adds: 1 } } };
  const counted = diff(rule('allow: x'), limited('asking'), [['REQ-1', facts]]);
  expect(diffInWords(counted, 5)).toEqual(['1 request would be denied: REQ-1']);
  expect(counted.uncounted).toEqual([]);
  for (const known of [facts, deployFacts]) {
    const found = diff(rule('allow: x'), limited('deploys'), [['REQ-1', known]]);
    expect(diffInWords(found, 5)).toEqual([]);
    expect(found.uncounted).toEqual(['deploys']);
    expect([...directionsOf(found)]).toEqual(['stricter']);
  }
});

test('what was asked of an action that there is no more would be denied', () => {
  const gone = { ...deployFacts, action: 'gone' };
  const started = startDiff(rule('allow: x'));
  started.add({ requestId: 'REQ-1', facts: gone, verdict: { outcome: 'allow', requirements: [] } });
  expect(diffInWords(started.result(), 5)).toEqual(['1 request would be denied: REQ-1']);
});
