import { expect, test } from 'vitest';
import { traceRules } from '../../src/approvals/trace.ts';
import type { Facts } from '../../src/core/facts.ts';
import { deployFacts, policyOf } from './shipped.ts';

const windows = 'windows: { night: { title: the night, weekly: { from: mon 22:00, to: tue 06:00 } } }\n';

test.each<[string, string, Partial<Facts>, boolean, string]>([
  ['every such request', 'allow: x', {}, true, 'it speaks of every such request'],
  ['what is true of it', 'when: change.commits > 2, deny: x', {}, true, 'change.commits is 3'],
  [
    'a header that names others',
    'tier: [dev, staging], allow: x',
    {},
    false,
    'target.tier is production, not dev or staging',
  ],
  [
    'what is not true',
    'when: change.commits > 5, allow: x',
    {},
    false,
    'not true: change.commits > 5, where change.commits is 3',
  ],
  [
    'an exception',
    'unless: change.authors.size() > 1, allow: x',
    {},
    false,
    'left out by unless: change.authors.size() > 1, where change.authors is priya@acme.example, max@acme.example',
  ],
  [
    'an empty fact',
    'when: requester.manager != "", allow: x',
    {},
    false,
    'not true: requester.manager != "", where requester.manager is empty',
  ],
  ['a window that is closed', 'hold: { window: night, because: x }', {}, false, 'the night is not in force'],
  [
    'a window that is open',
    'hold: { outside: night, because: x }',
    { windows: ['night'] },
    false,
    'the night is in force',
  ],
  [
    'a window in force',
    'hold: { window: night, because: x }',
    { windows: ['night'] },
    true,
    'the night is in force',
  ],
  [
    'a window that is waited for',
    'when: change.commits > 2, hold: { outside: night, because: x }',
    {},
    true,
    'the night is not in force and change.commits is 3',
  ],
  [
    'a doubt that refuses',
    'when: change.commits > 5, deny: x',
    { unknown: ['change'] },
    true,
    'change.commits could not be found out, so it counts as if it matched',
  ],
  [
    'a doubt that allows nothing',
    'when: change.commits > 2, allow: x',
    { unknown: ['change'] },
    false,
    'change.commits could not be found out, and what is unknown allows nothing',
  ],
  [
    'nobody to ask',
    'require: { from: team, because: x }',
    { target: { ...deployFacts.target, team: '' } },
    true,
    'x, which needs 1 approval from team, and no such group is known here',
  ],
  [
    'what cannot be computed',
    'when: size(requester.groups) * 9007199254740991 * 9007199254740991 > 0, deny: x',
    {},
    true,
    expect.stringContaining('could not be computed') as unknown as string,
  ],
])('a rule says why it counts or does not: %s', (_what, says, more, counts, why) => {
  const policy = policyOf(
    `- { id: a, on: deploy, ${says.replace(/(when|unless): ([^{}]*?)(?=, (?:allow|deny|hold))/, "$1: '$2'")} }`,
    windows,
  );
  expect(traceRules(policy, { ...deployFacts, ...more })).toEqual([expect.objectContaining({ counts, why })]);
});

test('a limit says how much is used of it, whether it counts or not', () => {
  const policy = policyOf(
    '- { id: a, on: deploy, allow: x }',
    'limits: { asking: { title: deploys, on: deploy, requests: 3, within: 1h, beyond: { deny: x } } }\n',
  );
  const told = (used: number) =>
    traceRules(policy, { ...deployFacts, limits: { asking: { used, adds: 1 } } })
      .slice(1)
      .map(({ rule, counts, why }) => ({ id: rule.id, counts, why }));
  expect(told(2)).toEqual([{ id: 'asking', counts: false, why: '2 of 3 deploys in 1h' }]);
  expect(told(3)).toEqual([{ id: 'asking', counts: true, why: '3 of 3 deploys in 1h' }]);
  expect(traceRules(policy, deployFacts)).toHaveLength(1);
});

test('an action of which no rule speaks has none to tell', () => {
  expect(
    traceRules(policyOf('- { id: a, on: deploy, allow: x }'), {
      ...deployFacts,
      action: 'gone',
      limits: {},
    }),
  ).toEqual([]);
});
