import { expect, test } from 'vitest';
import { readPolicy } from '../../src/approvals/policy.ts';
import { catalog, mistakesOf, readRules, sourceOf, subjects } from './shipped.ts';

const rules = `
- { id: by-owners, on: deploy, when: "service.owners.exists(one, one in requester.groups)", allow: owners deploy }
- { id: others, on: deploy, tier: production, unless: "time.hour >= 9 && time.hour < 17", require: { from: sre, because: it is late } }
`;

function found(invariant: string, of: string = rules): string[] {
  return mistakesOf(readRules(of, `invariants:\n  - { id: i, says: night is quiet, ${invariant} }\n`));
}

test('a promise that every case keeps lets the policy take effect', () => {
  expect(found('on: deploy, tier: production, when: time.hour < 9 || time.hour >= 17, never: allow')).toEqual(
    [],
  );
});

test('a hole in a promise is told with the smallest case, and its place', () => {
  expect(found('on: deploy, tier: production, when: time.hour < 10, never: [allow]')).toEqual([
    '2:5 invariant "i": night is quiet: this does not hold. deploy of checkout in production, asked for by dana@acme.example of checkout, when time.hour is 9: it runs by itself, because of "by-owners".',
  ]);
});

test.each([
  [
    'a condition on the verdict',
    "on: deploy, must: \"verdict.outcome != 'require_approval' || 'payments' in verdict.from\"",
    'it waits for approvals, because of "others"',
  ],
  ['what nobody allows', 'on: lock.take, must: verdict.approvals > 0', 'it is refused.'],
  [
    'a promise that cannot be computed',
    'on: deploy, must: size(requester.groups) * 9007199254740991 * 9007199254740991 > 0',
    'does not hold',
  ],
])('a hole is told for %s', (_what, invariant, words) => {
  expect(found(invariant)).toEqual([expect.stringContaining(words)]);
});

// Actions are proven in the order of their names' files: those with a dot before `deploy`.
test.each([
  [
    'a rule reads its name',
    "on: [deploy, deploy.promote], when: 'size(action) == 6', allow: x",
    'never: allow',
  ],
  ['a promise reads its name', 'on: [deploy, deploy.promote], allow: x', "must: 'size(action) > 6'"],
  ['a rule speaks of it alone', 'on: deploy, allow: x', 'never: allow'],
  [
    'glass is broken for it',
    'on: [deploy, deploy.promote], require: { from: sre, because: x }',
    'never: allow',
  ],
])('a hole of one action is found after another was proven without it: %s', (_why, rule, invariant) => {
  const glass = rule.includes('require')
    ? 'break_glass: [{ who: sre, on: deploy, bypasses: [approvals], review: [sre] }]\n'
    : '';
  const about = 'on: [deploy, deploy.promote], when: \'bypass.kind != "override"\'';
  const told = mistakesOf(
    readRules(
      `- { id: a, ${rule} }`,
      `${glass}invariants:\n  - { id: i, says: x, ${about}, ${invariant} }\n`,
    ),
  );
  expect(told).toEqual([expect.stringContaining('this does not hold. deploy of')]);
});

test('a hole of what reads is found after what changes was proven without it', () => {
  const rule = '- { id: a, on: [deploy, service.status], when: \'effect == "read"\', allow: x }';
  const told = mistakesOf(
    readRules(rule, 'invariants:\n  - { id: i, says: x, on: [deploy, service.status], never: allow }\n'),
  );
  expect(told).toEqual([expect.stringContaining('this does not hold. service.status of')]);
});

test('a hold is a verdict like any other', () => {
  const held =
    '\n- { id: h, on: deploy, hold: { window: night, because: quiet } }\n- { id: a, on: deploy, allow: x }';
  const windows = 'windows: { night: { weekly: { from: mon 22:00, to: tue 06:00 } } }\n';
  const invariants =
    'invariants: [{ id: i, says: nothing waits, on: deploy, team: payments, service: payments, when: \'"night" in windows\', never: hold }]\n';
  expect(mistakesOf(readRules(held, windows + invariants))).toEqual([
    expect.stringContaining('when windows is night: it waits for a window, because of "h".'),
  ]);
});

test.each([
  [
    'neither never nor must',
    'on: deploy',
    '2:5 invariant "i": say either "never", an outcome, or "must", a condition.',
  ],
  [
    'an action that there is not',
    'on: deplyo, never: allow',
    '2:40 invariant "i", on: there is no action or effect "deplyo". Did you mean "deploy"?',
  ],
  [
    'a word that no verdict is',
    'must: verdict.outcome == "allowed"',
    '2:61 invariant "i", must: "allowed" is not one of allow, require_approval, hold or deny. Did you mean "allow"?',
  ],
  [
    'a fact that there is not',
    'must: verdict.aprovals > 1',
    '2:50 invariant "i", must: verdict has no "aprovals". Did you mean "approvals"?',
  ],
])('an invariant with %s is refused where it is wrong', (_what, invariant, expected) => {
  expect(found(invariant)).toEqual([expected]);
});

test('two invariants of one id are refused', () => {
  const twice = 'invariants: [{ id: i, says: x, never: hold }, { id: i, says: y, never: hold }]\n';
  expect(mistakesOf(readRules(rules, twice))).toEqual([
    expect.stringContaining('another invariant has this id already.'),
  ]);
});

test.each([
  [
    'production no longer takes two',
    'count: 2, from: [owners, sre, platform-leads]',
    'count: 1, from: [owners, sre, platform-leads]',
    'four-eyes',
  ],
  [
    'guests are let in',
    'requester.kind == "member" || requester.kind == "system"',
    'requester.kind != "bot"',
    'no-guests',
  ],
])('when %s, the shipped policy does not take effect', (_what, cut, put, broken) => {
  const { text, file } = sourceOf('data/policy.yml');
  const told = mistakesOf(readPolicy({ file, text: text.replace(cut, put) }, subjects, catalog));
  expect(told.map((line) => /invariant "([\w-]+)"/.exec(line)?.[1])).toEqual([broken]);
});
