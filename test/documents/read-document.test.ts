import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { documentLimits, formatMistake } from '../../src/documents/document.ts';
import { readDocument } from '../../src/documents/read-document.ts';
import { listOrOne, oneOrMore } from '../../src/documents/zod-mistakes.ts';

const schema = z.strictObject({
  name: z.string(),
  tier: z.enum(['dev', 'staging', 'production']).optional(),
  on: oneOrMore(z.enum(['deploy', 'read'])).optional(),
  from: listOrOne(z.string()).default([]),
  parts: z
    .record(z.string().regex(/^[a-z]+$/, 'use small letters'), z.strictObject({ size: z.int() }))
    .optional(),
  title: z.string().min(1).max(3).optional(),
  share: z.number().gt(0).lt(100).max(90).optional(),
  way: z.literal('only').optional(),
  either: z.union([z.number(), z.strictObject({ deep: z.boolean() })]).optional(),
});

function mistakes(text: string): string[] {
  const read = readDocument({ file: 'a.yml', text }, schema);
  return read.ok ? [] : read.mistakes.map(formatMistake);
}

test.each([
  [
    'an unknown key names the nearest',
    'nam: x\nname: y',
    'a.yml:1:1 unknown key "nam". Did you mean "name"?',
  ],
  [
    'an unknown key deep inside names the nearest there',
    'name: y\nparts:\n  web: { size: 1, sze: 2 }',
    'a.yml:3:19 parts.web: unknown key "sze". Did you mean "size"?',
  ],
  [
    'a word that is none of the choices names the nearest',
    'name: y\ntier: prodution',
    'a.yml:2:7 tier: "prodution" is not one of dev, staging or production. Did you mean "production"?',
  ],
  [
    'a map for a word is named, also one that cannot be made a text of',
    'name: y\ntier: { toString: 1 }',
    'a.yml:2:7 tier: a map of keys is not one of dev, staging or production.',
  ],
  [
    'one item for a list is found where it stands',
    'name: y\non: deplo',
    'a.yml:2:5 on.0: "deplo" is not one of deploy or read. Did you mean "deploy"?',
  ],
  [
    'a list item is found where it stands',
    'name: y\non: [read, 7]',
    'a.yml:2:12 on.1: 7 is not one of deploy or read.',
  ],
  ['an empty list is refused where one is needed', 'name: y\non: []', 'a.yml:2:5 on: name at least 1.'],
  [
    'an empty text is told in plain words',
    'name: y\ntitle: ""',
    'a.yml:2:8 title: write at least 1 character.',
  ],
  ['a long one too', 'name: y\ntitle: abcd', 'a.yml:2:8 title: write at most 3 characters.'],
  ['a number that is none of these too', 'name: y\nshare: 0', 'a.yml:2:8 share: this must be more than 0.'],
  ['nor one that is too large', 'name: y\nshare: 100', 'a.yml:2:8 share: this must be less than 100.'],
  ['nor one a little too large', 'name: y\nshare: 91', 'a.yml:2:8 share: this must be at most 90.'],
  [
    'where there is one word only it is named',
    'name: y\nway: other',
    'a.yml:2:6 way: "other" cannot stand here: write only, or leave it out.',
  ],
  ['a wrong type is told in plain words', 'name: [y]', 'a.yml:1:7 name: this must be text, not a list.'],
  [
    'a map where text belongs is told',
    'name: { a: 1 }',
    'a.yml:1:7 name: this must be text, not a map of keys.',
  ],
  ['nothing where text belongs is told', 'name: null', 'a.yml:1:7 name: this must be text, not nothing.'],
  [
    'text where a number belongs is told',
    'name: y\nparts: { web: { size: big } }',
    'a.yml:2:23 parts.web.size: this must be a number, not text.',
  ],
  ['a missing key is told at its parent', 'tier: dev', 'a.yml:1:1 name: this is missing.'],
  [
    'a key of the wrong form is told at the key',
    'name: y\nparts:\n  Web: { size: 1 }',
    'a.yml:3:3 parts.Web: use small letters.',
  ],
  [
    'none of several forms is told',
    'name: y\neither: x',
    'a.yml:2:9 either: Invalid input: expected number, received string; or Invalid input: expected object, received string.',
  ],
  ['a key given twice is told at the second', 'name: y\nname: z', 'a.yml:2:1 The key "name" is here twice.'],
  ['a key that is no word is told', '? [x]\n: y', 'a.yml:1:3 A key must be a plain word.'],
  ['a list for a document is told', '- a', 'a.yml:1:1 this must be a map of keys, not a list.'],
  [
    'an alias inside itself is told',
    'name: &a [*a]',
    'a.yml:1:11 An alias cannot stand inside what it repeats.',
  ],
])('%s', (_promise, text, expected) => {
  expect(mistakes(text)).toContain(expected);
});

test('what is not YAML is told with its place', () => {
  expect(mistakes('name: "y')[0]).toMatch(/^a\.yml:1:9 This is not YAML: /);
});

test('mistakes come in the order of the file', () => {
  expect(mistakes('tier: x\nname: [1]\nzzz: 1').map((line) => line.split(' ')[0])).toEqual([
    'a.yml:1:7',
    'a.yml:2:7',
    'a.yml:3:1',
  ]);
});

test('one item may stand for a list', () => {
  expect(readDocument({ file: 'a', text: 'name: y\non: deploy\nfrom: x' }, schema)).toMatchObject({
    ok: true,
    value: { name: 'y', on: ['deploy'], from: ['x'] },
  });
});

test('an alias is followed to where its text stands', () => {
  const read = readDocument(
    { file: 'a', text: 'name: y\nparts:\n  a: &part { size: 1 }\n  b: *part' },
    schema,
  );
  expect(read.ok && read.positions.at(['parts', 'b', 'size'], 'here')).toMatchObject({ line: 3, column: 20 });
});

const places: [string, string, { line: number; column: number }][] = [
  ['plain text', 'name: abcdef', { line: 1, column: 10 }],
  ['quoted text', "name: 'abcdef'", { line: 1, column: 11 }],
  ['doubly quoted text', 'name: "abcdef"', { line: 1, column: 11 }],
  ['quoted text with escapes, where it begins', 'name: "ab\\tcdef"', { line: 1, column: 7 }],
  ['a literal block', 'name: |\n  ab\n  cdef\n', { line: 3, column: 3 }],
  ['a folded block', 'name: >-\n    ab\n    cdef\n', { line: 3, column: 5 }],
  ['text over several lines, where it begins', 'name: ab\n  cdef', { line: 1, column: 7 }],
];

test.each(places)('a place inside %s is found', (_kind, text, place) => {
  const read = readDocument({ file: 'a', text }, schema);
  expect(read.ok && read.positions.inside(['name'], 3, 'here')).toMatchObject(place);
});

test('a path that is not in the file leads to its nearest parent', () => {
  const read = readDocument({ file: 'a', text: 'name: y' }, schema);
  expect(read.ok && read.positions.at(['parts', 'web', 'size'], 'here')).toMatchObject({
    line: 1,
    column: 1,
  });
});

test.each([
  ['longer than allowed', 'x'.repeat(documentLimits.lengthMax + 1), 'longer than'],
  ['nested a hundred thousand times', '['.repeat(100_000), 'nested too deeply'],
  [
    'nested in lines',
    Array.from({ length: 60 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'),
    'nested too deeply',
  ],
  ['lists in lists', `name: ${'['.repeat(50)}${']'.repeat(50)}`, 'nested too deeply'],
  [
    'a billion laughs',
    `a: &a [x, x, x, x, x, x, x, x, x]\n${['b', 'c', 'd', 'e', 'f', 'g']
      .map((key, index) => `${key}: &${key} [${`*${'abcdef'[index]},`.repeat(9)}]`)
      .join('\n')}`,
    'used too often',
  ],
])('a file that is %s is refused at once', (_kind, text, message) => {
  expect(mistakes(text)[0]).toContain(message);
});

test('of a line of quotes the first mistakes are told, however costly traces are', () => {
  const text = `name:\n  ${'""'.repeat(20_000)}\n`;
  const limit = Error.stackTraceLimit;
  const workWith = (traced: number) => {
    Error.stackTraceLimit = traced;
    const before = process.threadCpuUsage();
    expect(mistakes(text)).toHaveLength(documentLimits.mistakesMax);
    expect(Error.stackTraceLimit).toBe(traced);
    return process.threadCpuUsage(before).user;
  };
  try {
    // The least of several: one that a collection of garbage falls into says nothing.
    const least = (traced: number) => Math.min(...Array.from({ length: 3 }, () => workWith(traced)));
    workWith(0);
    expect(least(100)).toBeLessThan(3 * least(0));
  } finally {
    Error.stackTraceLimit = limit;
  }
});

test('five thousand mistakes are found in a moment', () => {
  const text = `name: y\nparts:\n${Array.from({ length: 5_000 }, (_, n) => `  p${n}: { size: 1 }`).join('\n')}`;
  const started = performance.now();
  mistakes(text);
  expect(performance.now() - started).toBeLessThan(8_000);
});

test('any text is a value or a mistake', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.string({ unit: fc.constantFrom(...'ab:- \n[]{}&*!|>\'"#,?%@`~<=\t\u0000'), maxLength: 80 }),
      ),
      (text) => {
        const read = readDocument({ file: 'a.yml', text }, schema);
        expect(read.ok || read.mistakes.length > 0).toBe(true);
      },
    ),
    { numRuns: 500, seed: 7 },
  );
});
