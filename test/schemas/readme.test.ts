/** The table "Any schema becomes a form" in the README, held to what is implemented and to the tests that show it. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { understoodKeywords } from '../../src/schemas/dialects.ts';

const textOf = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

const rows = textOf('README.md')
  .split('## Any schema becomes a form')[1]
  ?.split('\n## ')[0]
  ?.split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, keywords = '', , title = '']) => ({
    keywords: [...keywords.matchAll(/`([^`]+)`/g)].map(([, keyword = '']) => keyword),
    title,
  }));

test('the README names every keyword that makes a difference, and no other', () => {
  const named = new Set(rows?.flatMap(({ keywords }) => keywords));
  expect([...named].sort()).toEqual([...new Set(understoodKeywords)].sort());
});

test('each row of the README names a test that there is', () => {
  const tests = ['test/schemas/keywords.test.ts', 'test/schemas/secrets.test.ts'].map(textOf).join('\n');
  expect(rows?.length).toBeGreaterThan(20);
  for (const { title } of rows ?? []) expect(tests.includes(`test('${title}'`), title).toBe(true);
});
