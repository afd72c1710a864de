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

  async answer({ days }, { guardrails }): Promise<Answer> {
    const report = await guardrails.report(days * dayMs);
    return {
      title: `The guardrails in the last ${count(days, 'day')}`,
      sentence: sentenceOf(report),
      sections: [
        totals(report),
        ...section('Only recorded so far: would have spoken of', report.shadows),
        ...section('Always answered with yes within a minute: could run by themselves', report.quick),
        ...section(
          'Spoke of no request',
          report.silent.map((rule) => ({ rule })),
        ),
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

function totals({ requests, letThrough, ranByThemselves, refused, medianMs }: PolicyReport): AnswerSection {
  return {
    title: 'All in all',
    fields: [
      { label: 'Requests', value: `${requests}` },
      { label: 'Ran by themselves', value: `${ranByThemselves}` },
      { label: 'Approved by people', value: `${letThrough - ranByThemselves}` },
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
