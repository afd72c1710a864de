/** What was tried and what was found, as Markdown: printed, and kept in test/README.md between two marks. */
import { readFile, writeFile } from 'node:fs/promises';
import type { TrialOutcome } from './stage.ts';

const readme = new URL('../README.md', import.meta.url);
const begin = '<!-- chaos: written by `npm run chaos -- --write` -->';
const end = '<!-- /chaos -->';

export function tableOf(outcomes: readonly TrialOutcome[]): string {
  const rows = outcomes.map(({ trial, ...outcome }) => [
    trial.name,
    trial.tried,
    String(outcome.played?.times ?? ''),
    trial.mustHold,
    foundIn(outcome),
  ]);
  return [
    '| trial | tried | times | what must hold | found |',
    '|---|---|---|---|---|',
    ...rows.map((cells) => `| ${cells.map(oneCell).join(' | ')} |`),
  ].join('\n');
}

/** Replaces what stands between the marks. @throws Error when they are not there. */
export async function keepTable(table: string): Promise<void> {
  const text = await readFile(readme, 'utf8');
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error('test/README.md has no place for the table of chaos');
  await writeFile(readme, `${text.slice(0, from + begin.length)}\n\n${table}\n\n${text.slice(to)}`);
}

function foundIn({ skipped, played, kept, broken }: Omit<TrialOutcome, 'trial'>): string {
  if (skipped !== undefined) return `not tried here: ${skipped}`;
  const counted = kept
    ? ` (${kept.commands} commands acknowledged, ${kept.requests} requests, ${kept.effects} effects, ${kept.cards} cards, ${kept.notices} notices looked at)`
    : '';
  const verdict =
    broken.length === 0
      ? `all held${counted}`
      : `**broken**: ${broken.slice(0, brokenMax).join('; ')}${more(broken.length)}`;
  return [verdict, played?.found ?? ''].filter((one) => one !== '').join('. ');
}

/** The first ones say what it is about. */
const brokenMax = 3;

function more(count: number): string {
  return count > brokenMax ? `; and ${count - brokenMax} more` : '';
}

function oneCell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ').trim();
}
