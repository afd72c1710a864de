/** Most documents are read in a quicker way than the others, and nobody can tell. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { formatMistake } from '../../src/documents/document.ts';
import { quickValue } from '../../src/documents/quick-yaml.ts';
import { readDocument } from '../../src/documents/read-document.ts';

test('ten thousand services are read without their positions', () => {
  const services = Object.fromEntries(
    Array.from({ length: 10_000 }, (_, index) => [`service-${index}`, { title: `Service ${index}` }]),
  );
  const text = stringify({ services });
  expect(quickValue(text)).toEqual({ value: { services } });
});

test.each(['1_000', '0b1', '0o17', '0x1F', '1.', '1e3', '012', '.inf', '~', 'yes', '2026-11-21', '12:30'])(
  '%s means the same when it is read quickly',
  (scalar) => {
    const text = `a: ${scalar}\nb: [${scalar}]\n"${scalar}": |\n  ${scalar}\n`;
    expect(quickValue(text)).toEqual({ value: parse(text) });
  },
);

test.each([
  ['a condition that goes on', 'when: >-\n  a\n  && b\n  || !c\n'],
  ['a star in a comment', '# `env-*`\na: 1\n'],
  ['line ends of another system', 'a: 1\r\nb: |\r\n  x\r\n'],
  ['a document that says it begins', '---\na: 1\n'],
  ['a list in a map that is no deeper', 'a:\n- 1\n- "2"\n'],
  ['the name of a prototype', '__proto__: 1\na: { __proto__: 2 }\n'],
  ['a map that stands again by its name', 'a: &web\n  name: x\nb:\n  c: *web\n'],
  ['a list that stands again by its name', 'a: &web\n- 1\nb:\n- c: *web\n'],
  ['a name for nothing', 'a: &web\nb: *web\n'],
  ['a name that is given again', 'a: &web\n  b: 1\nc: *web\nd: &web\n  e: 2\nf: *web\n'],
  ['items in quotes and in braces', `a:\n- "b: c"\n- 'd'\n- { e: f, g: 1 }\n`],
])('%s is read quickly', (_title, text) => {
  expect(quickValue(text)).toEqual({ value: parse(text) });
});

test.each([
  ['an alias of what stands on its line', 'a: &one [1]\nb: *one'],
  ['an alias in a list', '- &one 1\n- *one'],
  ['an alias that nobody has named', 'a: *one'],
  ['an alias inside what it repeats', 'a: &one\n  b: *one\n'],
  [
    'a multitude of aliases',
    ['a: &one\n  b: 1', ...Array.from({ length: 13 }, (_, at) => `c${at}: *one`)].join('\n'),
  ],
  ['a key after a quoted item', 'a:\n- "b"c: d'],
  ['a key after a list in a list', 'a:\n- []b: c'],
  ['a tag of no name', 'a: ! : 1'],
  ['a text with a comment in it', '>\n# b'],
  ['an alias beside a quoted key', '{ "a": &one 1, "b":*one }'],
  ['a key that is nothing', '~: 1'],
  ['a key that is nothing in a map of one line', '{ a, : 1 }'],
  ['a key that is nothing after a question mark', '? \n'],
  ['a key that is a list', '[a]: 1'],
  ['a key given twice', 'a: 1\na: 2'],
  ['a tag', 'a: !secret x'],
  ['a tag of YAML itself', '- !!str 1'],
  ['a directive', '%FOO\n---\na: 1'],
  ['a second document', 'a: 1\n---\nb: 2'],
  ['an end before the document', '...\n- 1'],
  ['a beginning that is indented', ' ---\na: 1'],
  ['a tab', '\ta: 1'],
  ['a byte order mark', 'a: \uFEFF1'],
  ['a lone carriage return', 'a: 1\r'],
  ['a block that says how far it is indented', '|2\n    a'],
  ['what is no YAML', 'a: [1'],
  ['too many levels', `a: ${'['.repeat(60)}${']'.repeat(60)}`],
])('%s is left to the other way', (_title, text) => {
  expect(quickValue(text)).toBeUndefined();
});

/** Bits of which short texts meet most of what the two readers could see in different ways. */
const bits = [
  ...['a', 'key', '1', '0x1F', '1.5', 'true', '~', '.', '\\', '%', '@', '`', '!', '<<', '12:30', '\u00e9'],
  ...[
    '"',
    "'",
    '"q"',
    "'s'",
    '""',
    "''",
    ': ',
    ':',
    ', ',
    '- ',
    '? ',
    ' ',
    '[',
    ']',
    '{',
    '}',
    '[]',
    '[a]',
    '{}',
  ],
  ...['\n', '\n  ', '\n    ', '\n- ', '\n  - ', 'x: y', 'k: v\n', 'list:\n- ', '# c', ' # c', '|', '>-'],
  ...[': &a\n', ': *a\n', '&a\n', '*a\n', '---', '\n---\n', '...'],
];

test('whatever is read quickly means what it means to yaml', () => {
  const texts = fc.array(fc.constantFrom(...bits), { maxLength: 10 }).map((some) => some.join(''));
  fc.assert(
    fc.property(fc.constantFrom('', 'a: '), texts, (start, rest) => {
      const quick = quickValue(start + rest);
      if (quick) expect(quick).toEqual({ value: parse(start + rest, { logLevel: 'error' }) });
    }),
    { numRuns: 3_000 },
  );
});

test.each(['\n', ' ', '- ', ', ', '? ', ': ', '[', '&', '!'])(
  'a hundred thousand of "%s" takes no time',
  (bit) => {
    // A control character, so that nothing is left to parse.
    const begunAt = performance.now();
    quickValue(`${bit.repeat(100_000)}\u0000`);
    expect(performance.now() - begunAt).toBeLessThan(2_000);
  },
);

test('a mistake in what was read quickly says where it is', () => {
  const read = readDocument({ file: 'a.yml', text: 'size: 1\nname: 2' }, z.object({ name: z.string() }));
  expect(read.ok ? [] : read.mistakes.map(formatMistake)).toEqual([
    expect.stringMatching(/^a\.yml:2:7 name: /),
  ]);
});
