import { expect, test } from 'vitest';
import { checkPolicy, type PolicyCheck } from '../../src/approvals/proofs/check-policy.ts';
import type { Catalog } from '../../src/core/catalog.ts';
import { accepted, catalog, mistakesOf, readRules, subjects } from './shipped.ts';

function checked(rules: string, more = '', of: Catalog = catalog): PolicyCheck {
  return accepted(checkPolicy({ file: 'p', text: `${more}rules:\n${rules}` }, subjects, of));
}
const messages = (list: PolicyCheck['mistakes']) => list.map(({ line, message }) => `${line}: ${message}`);

test.each([
  [
    'what excludes itself',
    "- { id: a, on: deploy, when: \"input.service == 'payments' && service.name == 'checkout'\", allow: x }",
  ],
  [
    'a number between two that leave none',
    '- { id: a, on: environment.create, when: input.replicas > 15 && input.replicas < 12, deny: x }',
  ],
  [
    'an exception that is the rule',
    '- { id: a, on: deploy, when: change.migrations, unless: change.migrations, deny: x }',
  ],
])('a rule that no request can meet is found: %s', (_what, rule) => {
  expect(messages(checked(rule).mistakes)).toEqual([
    '2: rule "a": no request could ever meet it: what it asks for excludes itself.',
  ]);
});

test.each([
  'when: requester.manager == requester.email',
  'when: input.cpu * input.memoryGi > 100',
  'when: environment.ageHours > cost.perHour',
  'when: change.authors.exists(one, one == requester.email)',
  'when: target.team in requester.groups && requester.email == "dana@acme.example"',
  'when: change.commits > 2',
  'when: cost.perDay > 0.25 && cost.perDay < 0.5',
  'when: input.cpu > -0.5',
  'when: change.checks in ["green", "red", "pending", "none"]',
  'when: input.name == "x"',
  'when: input.team == ""',
  'when: input.name != requester.email',
  'when: input.ttlHours != 8',
  'when: \'"freeze" in windows && windows.size() == 1\'',
  'when: \'"a=b" in labels && "c=d" in labels && "e=f" in labels && "g=h" in labels\'',
])('a rule that some request can meet is not: %s', (when) => {
  const windows = 'windows: { freeze: { weekly: { from: mon 22:00, to: tue 06:00 } } }\n';
  expect(
    checked(
      `- { id: a, on: environment.create, ${when.replace(/^when: (?!')(.*)$/, "when: '$1'")}, deny: x }`,
      windows,
    ).mistakes,
  ).toEqual([]);
});

test.each([
  [
    'an allow that is always refused',
    '- { id: a, on: deploy, allow: x }\n- { id: b, on: change, deny: y }',
    'a',
    '"b" says',
  ],
  [
    'a requirement that another one holds',
    '- { id: a, on: deploy, require: { from: [sre, payments], because: x } }\n- { id: b, on: deploy, require: { count: 2, from: sre, because: y } }',
    'a',
    '"b" says',
  ],
  [
    'a deny within another',
    '- { id: a, on: deploy, tier: production, deny: x }\n- { id: b, on: deploy, deny: y }',
    'a',
    '"b" says',
  ],
  [
    'one that several others cover',
    '- { id: a, on: deploy, deny: x }\n- { id: b, on: deploy, when: change.migrations, deny: y }\n- { id: c, on: deploy, unless: change.migrations, deny: z }',
    'a',
    'others say',
  ],
])('a rule that never makes a difference is found: %s', (_what, rules, id, by) => {
  expect(messages(checked(rules).mistakes)).toContain(
    `2: rule "${id}": it never makes a difference: whenever it matches, ${by} the same or something stricter.`,
  );
});

test('a rule in shadow is only recorded, so it may say what others say', () => {
  const rules = '- { id: a, on: deploy, deny: x }\n- { id: b, on: deploy, mode: shadow, deny: y }';
  expect(checked(rules).mistakes).toEqual([]);
});

test('a requirement that nobody can ever meet is found, with the smallest request', () => {
  const { mistakes } = checked(
    '- { id: a, on: deploy, service: checkout, require: { count: 2, from: owners, because: x } }',
  );
  expect(messages(mistakes)).toEqual([
    '2: rule "a": nobody can ever meet it. The smallest such request: deploy of checkout in staging, asked for by dana@acme.example of checkout.',
  ]);
});

test('a requirement that nobody can meet for some is a note, by self-approval or by whose change it is', () => {
  const self = checked('- { id: a, on: environment.keep, require: { from: platform-leads, because: x } }');
  expect(self.mistakes).toEqual([]);
  expect(messages(self.notes)).toEqual([
    expect.stringContaining('asked for by lee@acme.example of platform-leads'),
  ]);
  const author = checked(
    '- { id: a, on: deploy, require: { from: platform-leads, not: author, because: x } }',
  );
  expect(messages(author.notes)).toEqual([expect.stringContaining('nobody could say yes to some requests')]);
});

test('an action with more cases than can be looked at is named', () => {
  const long = Array.from(
    { length: 8 },
    (_all, index) =>
      `input.cpu > ${index * 3} && input.memoryGi > ${index * 5} && input.replicas > ${index} && usage.environmentsAlive > ${index * 2} && usage.requestsLastDay > ${index * 2}`,
  );
  const rules = long.map(
    (when, index) => `- { id: r${index}, on: environment.create, when: "${when}", deny: x }`,
  );
  expect(checked(rules.join('\n')).leftOut).toEqual(['environment.create']);
  const invariant = 'invariants: [{ id: i, says: it holds, on: environment.create, never: hold }]\n';
  expect(mistakesOf(readRules(rules.join('\n'), invariant))).toEqual([
    expect.stringContaining('it holds: this cannot be proven. environment.create has'),
  ]);
});

test('what is refused in any case hides that nobody could say yes, and several rules may say the same', () => {
  const rules =
    '- { id: a, on: deploy, service: checkout, require: { count: 2, from: owners, because: x } }\n' +
    '- { id: b, on: deploy, deny: y }\n- { id: c, on: deploy, deny: z }';
  expect(messages(checked(rules).mistakes)).toEqual([
    '2: rule "a": nobody can ever meet it.',
    expect.stringContaining('"c" says'),
    expect.stringContaining('"b" says'),
  ]);
  const third = `${rules}\n- { id: d, on: deploy, allow: w }`;
  expect(messages(checked(third).mistakes)).toContainEqual(expect.stringContaining('"b" and "c" say'));
});

test.each([
  'on: environment.create, when: \'labels.exists(one, one in ["a", "b", "c", "d"])\'',
  'on: environment.create, when: input.replicas > 2 && input.replicas < 4',
  "on: deploy, when: \"bypass.kind == 'override' && requester.kind == 'member' && requester.onCall\"",
  'on: workflow.run, tier: dev, when: input.workflow != ""',
  'on: lock.take, when: input.service == "everything"',
])('a rule that some request can meet is none that is dead: %s', (header) => {
  expect(checked(`- { id: a, ${header}, deny: x }`).mistakes).toEqual([]);
});

test('a policy with a mistake is not looked at further', () => {
  expect(mistakesOf(checkPolicy({ file: 'p', text: 'rules: 3' }, subjects, catalog))).toHaveLength(1);
  expect(
    mistakesOf(
      checkPolicy({ file: 'p', text: 'rules: [{ id: a, allow: x, when: usage.x }]' }, subjects, catalog),
    ),
  ).toHaveLength(1);
});

test('a rule about workflows is tried in every tier, with the owners of each', () => {
  const rule =
    "- { id: a, on: workflow.run, when: \"input.workflow == 'reindex-search' && target.tier == 'staging'\", deny: x }";
  expect(checked(rule).mistakes).toEqual([]);
});

test('nobody is missed where a rule is only recorded', () => {
  const rules = `- { id: a, on: deploy, require: { from: sre, because: x } }
- { id: b, on: deploy, mode: shadow, require: { count: 2, from: sre, because: y } }`;
  expect(messages(checked(rules).notes).filter((note) => note.includes('"b"'))).toEqual([]);
});
