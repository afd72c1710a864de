import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readPolicy } from '../../src/approvals/policy.ts';
import { accepted, catalog, mistakesOf, policyOf, readRules, sourceOf, subjects } from './shipped.ts';

/** What is wrong with a rule `r` of these lines. */
function mistakesIn(lines: string, more = ''): string[] {
  const [first, ...rest] = lines.split('\n');
  return mistakesOf(
    readRules(`  - id: r\n${[first, ...rest].map((line) => `    ${line}\n`).join('')}`, more),
  ).map((line) => line.replace(/^(\S+) rule "r"/, '$1'));
}

test.each([
  [
    'an unknown fact',
    'when: requestr.kind == "member"\nallow: x',
    '3:11, when: there is no fact "requestr". Did you mean "requester"?',
  ],
  [
    'an unknown field',
    'on: environment.create\nwhen: input.cpuu > 4\nallow: x',
    '4:17, when: input has no "cpuu". Did you mean "cpu"?',
  ],
  [
    'a field that only some actions have',
    'on: [deploy, environment.create]\nwhen: input.cpu > 4\nallow: x',
    '4:17, when: input has no "cpu". (in deploy)',
  ],
  [
    'a field of what has none',
    'when: requester.kind.name == "x"\nallow: x',
    '3:11, when: requester.kind has no fields.',
  ],
  [
    'several facts at once',
    'when: requester == requester\nallow: x',
    '3:11, when: requester holds several facts: id, kind, email, groups, onCall and manager.',
  ],
  [
    'a word that a fact never is',
    'when: target.tier == "prodution"\nallow: x',
    '3:26, when: "prodution" is not one of dev, staging or production. Did you mean "production"?',
  ],
  [
    'such a word on the left',
    'when: \'"prodution" != target.tier\'\nallow: x',
    '3:12, when: "prodution" is not one of dev, staging or production. Did you mean "production"?',
  ],
  [
    'such a word in a list',
    'when: target.tier in ["dev", "stagin"]\nallow: x',
    '3:34, when: "stagin" is not one of dev, staging or production. Did you mean "staging"?',
  ],
  [
    'a group that there is not',
    'when: \'"sree" in requester.groups\'\nallow: x',
    '3:12, when: "sree" is not one of checkout, payments, sre, platform-leads, release-crew, payments-maintainers or first-line. Did you mean "sre"?',
  ],
  [
    'such a group inside exists',
    'when: requester.groups.exists(one, one == "sree")\nallow: x',
    '3:47, when: "sree" is not one of checkout, payments, sre, platform-leads, release-crew, payments-maintainers or first-line. Did you mean "sre"?',
  ],
  [
    'a service that there is not',
    'on: deploy\nwhen: input.service == "paymets"\nallow: x',
    '4:28, when: "paymets" is not one of payments, checkout or search. Did you mean "payments"?',
  ],
  [
    'a window that there is not',
    'when: \'"x" in windows\'\nallow: x',
    '3:12, when: "x" is not one of night.',
  ],
  [
    'a wrong type',
    'on: environment.create\nwhen: input.cpu > "4"\nallow: x',
    '4:11, when: a number and a text do not go together with ">".',
  ],
  [
    'what is neither true nor false',
    'when: usage.environmentsAlive\nallow: x',
    '3:11, when: this must be true or false; it is a number.',
  ],
  [
    'what is no expression',
    'when: usage.environmentsAlive >\nallow: x',
    '3:36, when: it ends here, and something is missing behind.',
  ],
  [
    'has()',
    'when: has(input.cpu)\nallow: x',
    '3:11, when: has() is not allowed: facts are always complete, so there is nothing to ask.',
  ],
  [
    'matches()',
    'when: requester.email.matches("^(a+)+$")\nallow: x',
    '3:11, when: matches() is not allowed: a pattern can take seconds; use startsWith, endsWith or contains.',
  ],
  [
    'a function that there is not',
    'when: requester.email.startWith("a")\nallow: x',
    '3:11, when: there is no function startWith() here. Did you mean "startsWith"?',
  ],
  [
    'square brackets',
    'when: requester.groups[0] == "sre"\nallow: x',
    '3:11, when: square brackets are not allowed: name a field with a dot, ask a list with "in" or exists.',
  ],
  [
    'loops within loops',
    'when: requester.groups.exists(a, service.owners.exists(b, a == b))\nallow: x',
    '3:38, when: exists and all cannot stand inside one another.',
  ],
  ['a map', 'when: \'{"a": 1} == {"a": 1}\'\nallow: x', '3:13, when: there are no maps here.'],
  [
    'a very long expression',
    `when: "${'true && '.repeat(200)}true"\nallow: x`,
    '3:12, when: this is longer than 1000 characters.',
  ],
  [
    'a very deep one',
    `when: "${'('.repeat(400)}true${')'.repeat(400)}"\nallow: x`,
    '3:32, when: this stands more than 20 levels deep: split it into two rules.',
  ],
  ['a wrong unless', 'unless: true && 1\nallow: x', expect.stringContaining(', unless: ')],
  [
    'an action that there is not',
    'on: environment.creat\nallow: x',
    '3:9, on: there is no action or effect "environment.creat". Did you mean "environment.create"?',
  ],
  [
    'an owner that is no group',
    'team: [sre, sree]\nallow: x',
    '3:17, team: there is no group "sree". Did you mean "sre"?',
  ],
  ['no outcome', 'on: deploy', '2:5: say exactly one of allow, deny, require or hold; here is none.'],
  [
    'two outcomes',
    'allow: x\ndeny: y',
    '2:5: say exactly one of allow, deny, require or hold; here is allow and deny.',
  ],
  [
    'a group to ask that there is not',
    'require: { from: [owners, sree], because: x }',
    '3:31, require: there is no group "sree". Did you mean "sre"?',
  ],
  [
    'more people than there are',
    'require: { count: 3, from: [sre], because: x }',
    '3:23, require: nobody could ever meet this: it asks for 3, and sre together have 2 people.',
  ],
  [
    'a fallback that comes after the end',
    'require: { from: [sre], expires_after: 2h, escalate: { to: payments, after: 2h }, because: x }',
    expect.stringContaining('it has ended unanswered by then: write a shorter time.'),
  ],
  [
    'a hold until an unknown window',
    'hold: { window: nigth, because: x }',
    '3:21, hold: there is no window "nigth". Did you mean "night"?',
  ],
])('a rule with %s is refused where it is wrong', (_what, lines, expected) => {
  const night = 'windows: { night: { weekly: { from: mon 22:00, to: tue 06:00 } } }\n';
  // The windows' line stands before: places are counted without it.
  const found = mistakesIn(lines, night).map((line) =>
    line.replace(/^(\d+):/, (_all, digits) => `${Number(digits) - 1}:`),
  );
  expect(found).toContainEqual(expected);
});

test.each([
  [
    'two rules of one id',
    '- { id: a, allow: x }\n- { id: a, deny: x }',
    '3:9 rule "a", id: another rule has this id already.',
  ],
  ['an unknown key', '- { id: a, alow: x }', '2:12 rules.0: unknown key "alow". Did you mean "allow"?'],
  [
    'an unknown mode',
    '- { id: a, allow: x, mode: wran }',
    '2:28 rules.0.mode: "wran" is not one of enforce, warn or shadow. Did you mean "warn"?',
  ],
  [
    'a time span that is none',
    '- { id: a, require: { from: sre, because: x, expires_after: 3 days } }',
    '2:61 rules.0.require.0.expires_after: "3 days" is not a time span like 8h or 2d.',
  ],
])('a policy with %s is refused', (_what, rules, expected) => {
  expect(mistakesOf(readRules(rules))).toContain(expected);
});

test('a window in a zone that there is not is refused', () => {
  const windows = 'windows: { night: { zone: Europe/Berln, weekly: { from: mon 22:00, to: tue 06:00 } } }\n';
  expect(mistakesOf(readRules('- { id: a, allow: x }', windows))).toEqual([
    '1:27 windows.night.zone: "Europe/Berln" is not a time zone like Europe/Berlin. Did you mean "Europe/Berlin"?',
  ]);
});

test.each([
  'input.cpu == 4',
  '4 == input.cpu',
  'input.cpu in [1.0, 4.0]',
  'input.cpu + 1 == 5',
  '1 + input.cpu == 5',
  'input.cpu - 1 == 3',
  '5 - input.cpu == 1',
  'input.cpu * 2 == 8',
  '2 * input.cpu == 8',
  'input.cpu / 2 == 2',
  '-input.cpu < 0',
  'input.cpu > 3 ? true : false',
  'size(requester.groups) == 1',
  'requester.groups.size() == 1',
  'input.team == ""',
  '!(input.cpu == 3)',
  'size({}) == 0',
])('whole numbers and others go together in %s', (when) => {
  const [rule] = policyOf(`- { id: a, on: environment.create, when: '${when}', allow: x }`).rules;
  const values = { input: { cpu: 4, team: '' }, requester: { groups: ['sre'] } };
  expect(rule?.when?.test(values)).toBe(true);
});

test('whole numbers in a list are told how to be written', () => {
  expect(mistakesIn('on: environment.create\nwhen: input.cpu in [1, 4]\nallow: x')).toEqual([
    '4:11, when: whole numbers in a list are written with a point: 4.0.',
  ]);
});

test('nothing is no value of a fact', () => {
  expect(mistakesIn('on: environment.create\nwhen: input.cpu != null\nallow: x')).toEqual([
    '4:11, when: a number and nothing do not go together with "!=".',
  ]);
});

test('an input may have parts, and they read as nothing when they were left out', () => {
  const size = { type: 'object', properties: { cpu: { type: 'number' } } };
  const subject = { effect: 'create' as const, input: { type: 'object', properties: { size } } };
  const text = 'rules: [{ id: a, when: input.size.cpu > 4, allow: x }]';
  const policy = accepted(readPolicy({ file: 'p', text }, { thing: subject }, catalog));
  expect(policy.blanks.get('thing')).toEqual({ size: { cpu: 0 } });
});

test('the version changes with the text', () => {
  const versions = ['- { id: a, allow: x }', '- { id: a, allow: y }'].map((rules) => policyOf(rules).version);
  expect(new Set(versions).size).toBe(2);
});

test('what a rule reads is known without running it', () => {
  const [rule] = policyOf(
    '- { id: a, on: deploy, when: "service.owners.exists(one, one in requester.groups) && change.checks == \'red\'", deny: x }',
  ).rules;
  expect(rule?.when?.reads).toEqual(['service.owners', 'requester.groups', 'change.checks']);
});

test('a policy of any text, or with any part cut out, is a value or a mistake', () => {
  // Its beginning has every kind of thing but invariants; reading all of it each time would take a minute.
  const shipped = sourceOf('data/policy.yml').text.split('\n').slice(0, 130).join('\n');
  const cut = fc
    .tuple(fc.nat(shipped.length), fc.nat(300), fc.string({ unit: 'binary', maxLength: 5 }))
    .map(([start, length, put]) => shipped.slice(0, start) + put + shipped.slice(start + length));
  const expression = fc
    .string({ unit: fc.constantFrom(...'input.cpu<=4&&!()[]{}"\\\' ?:+-*/% in true'), maxLength: 60 })
    .map((text) => `rules:\n  - id: a\n    when: ${JSON.stringify(text)}\n    allow: x\n`);
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), cut, expression), (text) => {
      const read = readPolicy({ file: 'p', text }, subjects, catalog);
      expect(read.ok || read.mistakes.length > 0).toBe(true);
    }),
    { numRuns: 60, seed: 11 },
  );
});
