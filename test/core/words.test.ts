import { expect, test } from 'vitest';
import { groupsOf, groupTitles, isOnCall } from '../../src/core/catalog.ts';
import { canonicalJson, digestOf } from '../../src/core/digest.ts';
import { formatDuration, parseDuration } from '../../src/core/duration.ts';
import { readRequestId } from '../../src/core/ids.ts';
import { isSamePerson } from '../../src/core/person.ts';
import { ok, ProblemError, problem, problemFrom, refuse } from '../../src/core/problem.ts';
import { count, didYouMean, fit as fitted, listOf, nearestWord } from '../../src/core/text.ts';
import { timeZoneProblem } from '../../src/core/time-zone.ts';
import { catalog } from '../approvals/shipped.ts';
import { dana, person } from './requests.ts';

test.each([
  ['8h', 28_800_000],
  ['2d12h', 216_000_000],
  ['1w 1d', 691_200_000],
  ['90s', 90_000],
  ['30M', 1_800_000],
  ['', undefined],
  ['8', undefined],
  ['1.5h', undefined],
  ['3mo', undefined],
  ['1h2d', undefined],
  ['-1h', undefined],
])('the time span "%s" is read as %s', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each([
  [28_800_000, '8h'],
  [216_000_000, '2d 12h'],
  [90_061_000, '1d 1h'],
  [86_460_000, '1d'],
  [45_000, '45s'],
  [999, '0s'],
  [-5, '0s'],
])('%i ms read as %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test('the same value has the same digest, whatever the order of its keys', () => {
  expect(digestOf({ b: [1, null], a: { d: 'x', c: undefined } })).toBe(
    digestOf({ a: { d: 'x' }, b: [1, null] }),
  );
  expect(canonicalJson({ b: 1, a: [{ d: 1, c: 2 }] })).toBe('{"a":[{"c":2,"d":1}],"b":1}');
});

test.each([
  ['REQ-12', 'REQ-12'],
  ['req-7', 'REQ-7'],
  ['#3', 'REQ-3'],
  [' 012 ', 'REQ-12'],
  ['0', undefined],
  ['REQ', undefined],
])('people may type a request as "%s"', (typed, id) => expect(readRequestId(typed)).toBe(id));

test('lists read as people say them', () => {
  expect([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map((words) => listOf(words))).toEqual([
    '',
    'a',
    'a and b',
    'a, b and c',
  ]);
  expect([count(1, 'person', 'people'), count(2, 'approval')]).toEqual(['1 person', '2 approvals']);
});

test.each([
  ['prodution', 'production'],
  ['prod', 'production'],
  ['stagnig', 'staging'],
  ['dve', 'dev'],
  ['DEV', 'dev'],
  ['x', undefined],
  ['', undefined],
  ['banana', undefined],
])('"%s" was meant to be %s', (typed, word) => {
  expect(nearestWord(typed, ['dev', 'staging', 'production'])).toBe(word);
});

test('of several near words the nearest is meant', () => {
  expect(nearestWord('stagin', ['stamina', 'stagnate', 'staging'])).toBe('staging');
  expect(nearestWord('paymets', ['payment', 'payments'])).toBe('payments');
});

test('without a near word no word is suggested', () => {
  expect([didYouMean('tll', ['ttl']), didYouMean('banana', ['ttl'])]).toEqual([' Did you mean "ttl"?', '']);
});

test('a text is cut between characters, never inside one', () => {
  expect([fitted('short', 5), fitted('longer', 5), fitted('ab😀cd', 4)]).toEqual(['short', 'long…', 'ab…']);
});

test('two accounts are one person by id or e-mail', () => {
  const second = person('dana2', { email: 'DANA@acme.example' });
  const nameless = person('x', { email: undefined });
  expect([
    isSamePerson(dana, dana),
    isSamePerson(dana, second),
    isSamePerson(dana, nameless),
    isSamePerson(nameless, dana),
    isSamePerson(nameless, person('y', { email: undefined })),
  ]).toEqual([true, true, false, false, false]);
});

test('groups and duty are found by e-mail, whatever its case', () => {
  expect([groupsOf(catalog, 'Dana@acme.example'), groupsOf(catalog, undefined)]).toEqual([['checkout'], []]);
  expect([
    isOnCall(catalog, 'SAM@acme.example'),
    isOnCall(catalog, 'dana@acme.example'),
    isOnCall(catalog, undefined),
  ]).toEqual([true, false, false]);
});

test('groups have names for people', () => {
  expect(groupTitles(catalog)).toMatchObject({ sre: 'SRE', 'platform-leads': 'Platform leads' });
});

test('a zone is known or the nearest is named', () => {
  expect(timeZoneProblem('Europe/Berlin')).toBeUndefined();
  expect(timeZoneProblem('Europe/Berln')).toContain('Did you mean "Europe/Berlin"?');
});

test('an unexpected error shows the person nothing of its text', () => {
  const cause = problem('busy', 'Busy.', 'Wait.');
  expect(problemFrom(new ProblemError(cause))).toBe(cause);
  for (const thrown of [new Error('secret'), 'secret']) {
    const { sentence, next, detail } = problemFrom(thrown);
    expect(`${sentence} ${next}`).not.toContain('secret');
    expect(detail).toContain('secret');
  }
  expect([ok(1), refuse(cause)]).toEqual([
    { ok: true, value: 1 },
    { ok: false, problem: cause },
  ]);
});
