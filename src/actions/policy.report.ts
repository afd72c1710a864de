/** `/policy report`: what the guardrails did lately, and which of them could be mended. */
import { z } from 'zod';
import {
  type Answer,
  type AnswerSection,
  defineAction,
  type FieldMeta,
  type ReadAction,
} from '../core/action.ts';
import { dayMs, formatDuration } from '../core/duration.ts';
import type { PolicyReport } from '../core/guardrails.ts';
import type { Moment } from '../core/ids.ts';
import { count } from '../core/text.ts';
import { policyTarget } from './policy/target.ts';

const input = z.strictObject({
  days: z
    .int()
    .min(1)
    .max(90)
    .default(7)
    .meta({ title: 'Days', description: 'How far back to look.' } satisfies FieldMeta),
});

const shownMax = 10;
/** In characters, and how many such lines: what is longer is cut where it is drawn. */
const lineMax = 200;
const linesMax = 5;

const policyReport: ReadAction<typeof input> = {
  title: 'Report on the guardrails',
  summary: 'See how much runs by itself, how long answers take, and which rules do nothing.',
  effect: 'read',
  command: {
    slash: '/policy',
    verb: 'report',
    noun: 'on the guardrails',
    positional: [],
    examples: ['/policy report', '/policy report --days 30'],
  },
  input,

  target: () => policyTarget,

  async answer({ days }, { guardrails, now }): Promise<Answer> {
    const report = await guardrails.report(days * dayMs);
    return {
      title: `The guardrails in the last ${count(days, 'day')}`,
      sentence: sentenceOf(report),
      sections: [
        totals(report),
        ...debts(report, now),
        ...section('Rules in shadow, which only record: what they would have spoken of', report.shadows),
        ...section('Always approved within a minute: these could run by themselves', report.quick),
        ...silent(report),
      ],
      links: [],
      next: [{ label: 'The rules that concern me', commandLine: '/policy' }],
    };
  },
};

export default defineAction(policyReport);

function sentenceOf({ requests, letThrough, ranByThemselves }: PolicyReport): string {
  if (requests === 0) return 'Nobody has asked for anything.';
  if (letThrough === 0) return `${count(requests, 'request')}, and none of them was let through.`;
  return `${count(requests, 'request')}; of the ${letThrough} let through, ${share(ranByThemselves, letThrough)} needed nobody.`;
}

function share(part: number, whole: number): string {
  return `${Math.round((part / whole) * 100)} %`;
}

/** Names only, and there may be many of them: side by side, a few lines of them. */
function silent({ silent: rules, requests }: PolicyReport): AnswerSection[] {
  // Where nobody asked, that no rule matched says nothing.
  if (rules.length === 0 || requests === 0) return [];
  const lines: string[] = [];
  let shown = 0;
  for (const rule of rules) {
    const last = lines.at(-1) ?? '';
    const isFull = last === '' || last.length + rule.length > lineMax;
    if (isFull && lines.length === linesMax) break;
    if (isFull) lines.push(rule);
    else lines[lines.length - 1] = `${last}, ${rule}`;
    shown += 1;
  }
  const left = rules.length - shown;
  const title = 'Rules that never matched: too narrow, or no longer needed';
  return [{ title, fields: [], lines: left > 0 ? [...lines, `and ${left} more`] : lines }];
}

/** Until somebody has looked, whoever broke glass cannot do so again. */
function debts({ debts: open }: PolicyReport, now: Moment): AnswerSection[] {
  if (open.length === 0) return [];
  const lines = open
    .slice(0, shownMax)
    .map(({ id, by, brokenAt }) => `• ${id} by ${by}, ${formatDuration(now - brokenAt)} ago`);
  const left = open.length - lines.length;
  return [
    {
      title: 'Broken glass that nobody has looked at yet',
      fields: [],
      lines: left > 0 ? [...lines, `and ${left} more`] : lines,
    },
  ];
}

function totals({
  requests,
  letThrough,
  ranByThemselves,
  emergencies,
  refused,
  medianMs,
  reads,
}: PolicyReport): AnswerSection {
  return {
    title: 'All in all',
    fields: [
      { label: 'Requests', value: `${requests}` },
      { label: 'Looks, which change nothing', value: `${reads}` },
      { label: 'Ran by themselves', value: `${ranByThemselves}` },
      { label: 'Approved by people', value: `${letThrough - ranByThemselves - emergencies}` },
      ...(emergencies === 0 ? [] : [{ label: 'Broke glass', value: `${emergencies}` }]),
      { label: 'Denied', value: `${refused}` },
      ...(medianMs === undefined
        ? []
        : [{ label: 'Time to decide', value: `half of them within ${formatDuration(medianMs)}` }]),
    ],
    lines: [],
  };
}

function section(
  title: string,
  rules: readonly { readonly rule: string; readonly requests?: number }[],
): AnswerSection[] {
  if (rules.length === 0) return [];
  const shown = rules
    .slice(0, shownMax)
    .map(
      ({ rule, requests }) => `• ${rule}${requests === undefined ? '' : `: ${count(requests, 'request')}`}`,
    );
  const left = rules.length - shown.length;
  return [{ title, fields: [], lines: left > 0 ? [...shown, `and ${left} more`] : shown }];
}
