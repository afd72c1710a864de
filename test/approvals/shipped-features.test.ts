/** The files that are shipped show everything that the guardrails can say: whoever writes a policy finds an example. */
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { sourceOf } from './shipped.ts';

type Part = Readonly<Record<string, unknown>>;
const policy = parse(sourceOf('data/policy.yml').text);
const catalog = parse(sourceOf('data/catalog.yml').text);
const rules: readonly Part[] = policy.rules;
const listed = (value: unknown): readonly Part[] => (value === undefined ? [] : ([value].flat() as Part[]));
const required = [
  ...rules.flatMap(({ require }) => listed(require)),
  ...rules.flatMap(({ hold }) => listed((hold as Part | undefined)?.override)),
];
const limits: readonly Part[] = Object.values(policy.limits);
const windows: readonly Part[] = Object.values(policy.windows);
const groups: readonly Part[] = Object.values(catalog.groups);
const schedules: readonly Part[] = Object.values(catalog.schedules);
const some = (parts: readonly Part[], key: string) => parts.some((part) => part[key] !== undefined);
const holds = rules.filter(({ hold }) => hold !== undefined);
const text = sourceOf('data/policy.yml').text;

test.each([
  ...[
    'on',
    'tier',
    'service',
    'team',
    'blueprint',
    'workflow',
    'when',
    'unless',
    'mode',
    'allow',
    'deny',
  ].map((key) => [`a rule with ${key}`, some(rules, key)] as const),
  ...['count', 'from', 'not', 'because', 'expires_after', 'comment', 'escalate', 'step_up', 'delegates'].map(
    (key) => [`a requirement with ${key}`, some(required, key)] as const,
  ),
  ...['warn', 'shadow'].map(
    (mode) => [`the mode ${mode}`, rules.some((rule) => rule.mode === mode)] as const,
  ),
  ...['window', 'outside', 'override'].map(
    (key) =>
      [
        `a hold with ${key}`,
        some(
          holds.map(({ hold }) => hold as Part),
          key,
        ),
      ] as const,
  ),
  ['a window of one service', some(holds, 'service')] as const,
  ['a window of one team', some(holds, 'team')] as const,
  ...['weekly', 'cron', 'rrule', 'starts', 'for', 'zone', 'title'].map(
    (key) => [`a window with ${key}`, some(windows, key)] as const,
  ),
  ...['requests', 'within', 'alive', 'money', 'every', 'money_of', 'mode'].map(
    (key) => [`a limit with ${key}`, some(limits, key)] as const,
  ),
  ...['person', 'team', 'everybody'].map(
    (side) => [`a limit per ${side}`, limits.some(({ per }) => per === side)] as const,
  ),
  ...['deny', 'require'].map(
    (key) =>
      [
        `beyond a limit ${key}`,
        some(
          limits.map(({ beyond }) => beyond as Part),
          key,
        ),
      ] as const,
  ),
  ...['who', 'on', 'tier', 'bypasses', 'review'].map(
    (key) => [`an emergency with ${key}`, some(listed(policy.break_glass), key)] as const,
  ),
  ...['never', 'must', 'when', 'unless'].map(
    (key) => [`an invariant with ${key}`, some(policy.invariants, key)] as const,
  ),
  ...['members', 'includes', 'slack', 'github', 'onCall'].map(
    (key) => [`a group with ${key}`, some(groups, key)] as const,
  ),
  ...['members', 'http', 'pagerduty'].map((key) => [`a schedule with ${key}`, some(schedules, key)] as const),
  ...['owners', 'team'].map(
    (word) => [`${word} being asked`, required.some(({ from }) => [from].flat().includes(word))] as const,
  ),
  ...[
    ...[
      'requester.groups',
      'requester.onCall',
      'requester.kind',
      'requester.manager',
      'service.owners',
      'labels',
      'cost.',
      'usage.',
    ],
    ...[
      'change.checks',
      'change.order',
      'change.migrations',
      'change.commits',
      'change.size',
      'lock.',
      'environment.ageHours',
      'environment.',
      'target.team',
      'time.hour',
      'bypass.',
    ],
    ...['input.values.', 'Hours', 'verdict.', 'exists('],
  ].map((name) => [`the fact ${name}`, text.includes(name)] as const),
])('the shipped files have %s', (_what, isThere) => {
  expect(isThere).toBe(true);
});
