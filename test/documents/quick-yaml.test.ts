/** A long document is read in another way than a short one, and nobody can tell. */
import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { formatMistake } from '../../src/documents/document.ts';
import { parseYaml } from '../../src/documents/parse-yaml.ts';
import { quickValue } from '../../src/documents/quick-yaml.ts';
import { readDocument } from '../../src/documents/read-document.ts';

const long = (text: string) => `${text}\n${'# filled up\n'.repeat(10_000)}`;

test('ten thousand services are read without their positions', () => {
  const services = Object.fromEntries(
    Array.from({ length: 10_000 }, (_, index) => [`service-${index}`, { title: `Service ${index}` }]),
  );
  const text = stringify({ services });
  expect(quickValue(text)).toEqual({ value: { services } });
});

test.each(['1_000', '0b1', '0o17', '0x1F', '1.', '1e3', '012', '.inf', '~', 'yes', '2026-11-21', '12:30'])(
  '%s means the same in a long document',
  (scalar) => {
    const text = `a: ${scalar}\nb: [${scalar}]\n"${scalar}": |\n  ${scalar}\n`;
    expect(quickValue(long(text))).toEqual({ value: parse(text) });
  },
);

test.each([
  ['an alias', 'a: &one [1]\nb: *one'],
  ['a key that is nothing', '~: 1'],
  ['a key that is a list', '[a]: 1'],
  ['a key given twice', 'a: 1\na: 2'],
  ['a tag', 'a: !secret x'],
  ['a second document', 'a: 1\n---\nb: 2'],
  ['what is no YAML', 'a: [1'],
  ['too many levels', `a: ${'['.repeat(60)}${']'.repeat(60)}`],
])('%s is judged as in a short document', (_title, text) => {
  const [short, filled] = [text, long(text)].map((one) => parseYaml({ file: 'a.yml', text: one }));
  expect(quickValue(long(text))).toBeUndefined();
  expect(filled?.ok).toBe(short?.ok);
  if (short?.ok && filled?.ok) expect(filled.value).toEqual(short.value);
});

test('a mistake in a long document says where it is', () => {
  const read = readDocument(
    { file: 'a.yml', text: long('size: 1\nname: 2') },
    z.object({ name: z.string() }),
  );
  expect(read.ok ? [] : read.mistakes.map(formatMistake)).toEqual([
    expect.stringMatching(/^a\.yml:2:7 name: /),
  ]);
});
