/** What CEL takes and nobody means is refused when the file is read, with the place and what to write instead. */
import { expect, test } from 'vitest';
import { mistakesOf, readRules } from './shipped.ts';

const read = (when: string, action = 'environment.create') =>
  mistakesOf(readRules(`- id: r\n  on: ${action}\n  when: ${JSON.stringify(when)}\n  allow: x\n`)).map(
    (line) => line.replace(/^4:\d+ rule "r", when: /, ''),
  );

test.each([
  [
    'a whole number with a point',
    'input.replicas > 4.0',
    'input.replicas is a whole number: write 4, not 4.0.',
  ],
  [
    'a fraction of a whole number',
    '2.5 < input.replicas',
    'input.replicas is a whole number, and 2.5 is none: write 2 or 3.',
  ],
  [
    'whole numbers in a list',
    'input.cpu in [1, 4]',
    'whole numbers in a list are written with a point: 4.0.',
  ],
  [
    'an hour that there is not',
    'time.hour == 24',
    'time.hour is from 0 to 23, so that this is the same every time.',
  ],
  [
    'less than nothing',
    'usage.requestsLastDay < 0',
    'usage.requestsLastDay is 0 at least, so that this is the same every time.',
  ],
  [
    'more than there can be',
    'input.cpu <= 256',
    'input.cpu is 256 at most, so that this is the same every time.',
  ],
  ['a fraction cut off', 'size(requester.groups) / 2 == 1', 'this leaves out the fraction: write 2.0.'],
  [
    'a fraction cut off of a count',
    'requester.groups.size() / 2 == 1',
    'this leaves out the fraction: write 2.0.',
  ],
  ['a division by nothing', 'input.cpu / 0 > 1', 'nothing can be divided by 0.'],
  [
    'a division by what may be nothing',
    'cost.perDay / input.cpu > 1',
    'what it is divided by may be 0: multiply the other side with it instead.',
  ],
  [
    'a division by a count',
    '8 / size(requester.groups) > 1',
    'what it is divided by may be 0: multiply the other side with it instead.',
  ],
  ['a remainder', 'input.cpu % 2 == 0', 'there is no remainder of a number that is asked for.'],
  [
    'a sum of numbers',
    'input.cpu > 5 / 2',
    'write what comes out of it: numbers that stand here are the same every time.',
  ],
  ['an overflow', 'input.cpu + 9223372036854775807 > 1', 'such a large number is not exact here.'],
  [
    'a number of another kind',
    'input.cpu > 4u',
    'write a plain number or a text: no u behind a number, no b before a text.',
  ],
  ['text and number', 'input.name + 1 == "x"', 'a text and a number do not go together with "+".'],
  ['number and yes', 'input.cpu == true', 'a number and true or false do not go together with "==".'],
  [
    'words in an order',
    'target.tier > "dev"',
    'target.tier is a text, and texts have no order here: ask with == or "in".',
  ],
  [
    'lists in an order',
    'requester.groups == ["sre"]',
    'lists are the same only in the same order: ask with "in", exists, all or size().',
  ],
  [
    'a key in facts',
    '"cpu" in input',
    expect.stringContaining('input holds several facts: name, blueprint, cpu'),
  ],
  ['a list in a list', 'requester.groups in ["sre"]', 'a list and a list do not go together with "in".'],
  [
    'a loop that makes a list',
    'requester.groups.map(one, one).size() > 1',
    'map() is not allowed: ask a list with "in", exists, all or size().',
  ],
  [
    'another time',
    'timestamp("2026-01-01T00:00:00Z") == 1',
    expect.stringContaining('timestamp() is not allowed: ask time.hour'),
  ],
  [
    'two kinds out of one',
    'input.cpu > (true ? 4 : 5.0)',
    'both outcomes of "?" must be of one kind; here are a whole number and one with a point.',
  ],
  ['what is no number', 'input.cpu > 1e400', 'Invalid number: Infinity.'],
  ['not of a number', '!input.cpu', '"!" stands before true or false, not before a number.'],
  ['less than nothing of a text', '-input.name == "a"', '"-" stands before a number, not before a text.'],
  [
    'lists of two facts',
    'requester.groups == change.authors',
    'lists are the same only in the same order: ask with "in", exists, all or size().',
  ],
  [
    'a list in a list of lists',
    'requester.groups in [["sre"]]',
    'a list in a list is never found: name its words.',
  ],
  [
    'a zone that it never is',
    'time.zone == "Europe/Berln"',
    '"Europe/Berln" is not one of Europe/Berlin. Did you mean "Europe/Berlin"?',
  ],
  ['lists that are larger', 'requester.groups < ["sre"]', 'a list and a list do not go together with "<".'],
  ['bytes', 'input.name.contains(b"a")', expect.stringContaining('no b before a text')],
  ['a negative too far', '-9223372036854775807 < input.cpu', 'such a large number is not exact here.'],
])('%s', (_what, when, expected) => {
  expect(read(when)).toContainEqual(expected);
});

test.each([
  ['input.cpu > 4 and true', '"and" cannot stand here. Did you mean "&&"?'],
  ['input.cpu = 4', '"=" cannot stand here. Did you mean "=="?'],
  ['input.name contains "a"', '"contains" cannot stand here. Did you mean ".contains(…)"?'],
  ['input.cpu => 4', '"=>" cannot stand here. Did you mean ">="?'],
  ['if (true) { 1 }', '"if" cannot stand here.'],
  ['input.cpu >', 'it ends here, and something is missing behind.'],
  ['(true', '")" is missing here.'],
  ['input.cpu > 3.', 'a name is missing here.'],
  ['input.name == "a', 'a text begins here and does not end: a quotation mark is missing.'],
  ['input.name == "a\nb"', 'a text cannot go on in the next line.'],
  ['target.tier == dev', 'there is no fact "dev". A text stands in quotation marks: "dev".'],
  ['requester.groups.any(one, one == "sre")', 'there is no function any() here. Did you mean "exists"?'],
  ['requester.groups.includes("sre")', 'there is no function includes() here. Did you mean "in"?'],
  ['requester.groups.contains("sre")', 'a list is asked with "in": "sre" in requester.groups.'],
  ['requester.groups.length > 1', 'requester.groups has no fields. Did you mean "size(requester.groups)"?'],
  ['input.name.contains()', 'contains() of a text with nothing means nothing.'],
  ['size(input.name, 1) > 4', 'size() of a text and a number means nothing.'],
  ['requester.groups.exists(one, one)', 'what exists asks of each must be true or false; it is a text.'],
  ['requester.groups.exists(1, true)', 'write a name first: exists(one, one == "word").'],
  ['input.cpu && true', 'both sides of "&&" and "||" must be true or false; here is a number.'],
  ['input.cpu ? true : false', 'what stands before "?" must be true or false; here is a number.'],
  [
    'true ? input.name : true',
    'both outcomes of "?" must be of one kind; here are a text and true or false.',
  ],
  ['input.name in ["a", 3]', 'what stands in a list must be of one kind; here are a text and a number.'],
  [
    '3 < input.cpu < 5',
    'true or false and a number do not go together with "<": two comparisons are joined by "&&".',
  ],
  ['"night" in windows', '"night" is none: there is nothing to name.'],
  ['input.name == "\\q"', 'Invalid escape sequence: \\q.'],
])('who does not know the language is told in plain words: %s', (when, expected) => {
  expect(read(when)).toEqual([expected]);
});

test.each([
  ['a thousand brackets', `${'('.repeat(1_000)}true${')'.repeat(1_000)}`, 'longer than 1000 characters'],
  [
    'brackets within a thousand characters',
    `${'('.repeat(400)}true${')'.repeat(400)}`,
    'more than 20 levels deep',
  ],
  ['lists in lists', `${'['.repeat(400)}${']'.repeat(400)} == []`, 'more than 20 levels deep'],
  ['a thousand minuses', `${'-'.repeat(900)}1 < 2`, 'more than 200 parts'],
  ['a long list', `input.cpu in [${'1.0, '.repeat(60)}2.0]`, 'a list has 50 entries at most.'],
  [
    'many arguments',
    'size(input.name, input.name, input.name, input.name)',
    'a function takes 3 values at most.',
  ],
  [
    'a loop in a loop in a loop',
    'requester.groups.exists(a, requester.groups.all(b, service.owners.exists(c, c == a)))',
    'cannot stand inside one another',
  ],
])('%s: more than anybody checks by reading', (_what, when, expected) => {
  expect(read(when).join()).toContain(expected);
});

test.each([
  'input.replicas == 4 && input.cpu == 4.0 && input.cpu > 0.5',
  'cost.perDay / 24 > 0.5 && cost.perDay / 24.0 > 0.5',
  'size(requester.groups) > 1 && requester.groups.all(one, one != "sre")',
  'input.replicas == 0 || input.cpu == -0.5 + input.memoryGi',
  'input.cpu > (input.replicas > 1 ? 4 : 5) && requester.email == requester.manager',
])('what is meant as it stands is taken: %s', (when) => {
  expect(read(when)).toEqual([]);
});
