/** The table of attacks in test/README.md: one row for each that was promised, and the test that it names is there. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { promised } from './issue.ts';

const folder = new URL('../', import.meta.url);
const rows = tableOf(readFileSync(new URL('README.md', folder), 'utf8'));

test('every attack that was promised has its row, and no row is of another', () => {
  expect(rows.map(({ attack }) => attack)).toEqual([...promised]);
});

test.each(rows)('$attack: its test is there', ({ file, title }) => {
  const source = readFileSync(new URL(`${file}.test.ts`, folder), 'utf8');
  expect(source.includes(`'${title}'`) || source.includes(`"${title}"`), `${file}: ${title}`).toBe(true);
});

/** The rows below `## Attacks`: what is tried, and where, by the title of its test. */
function tableOf(text: string): { attack: string; file: string; title: string }[] {
  const [, section = ''] = text.split('\n## Attacks\n');
  const [table = ''] = section.split('\n## ');
  const lines = table.split('\n').filter((line) => line.startsWith('| '));
  return lines.slice(1).map((line) => {
    const [, attack = '', , file = '', title = ''] = line.split('|').map((cell) => cell.trim());
    return { attack: unquoted(attack), file: unquoted(file), title: unquoted(title) };
  });
}

function unquoted(cell: string): string {
  return cell.replaceAll('`', '');
}
