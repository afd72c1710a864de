/** `/policy explain`: what the guardrails say of a request or of a command line, and why, rule by rule. */
import { z } from 'zod';
import {
  type Answer,
  type AnswerSection,
  defineAction,
  type FieldMeta,
  type ReadAction,
} from '../core/action.ts';
import type { Explanation } from '../core/guardrails.ts';
import { policyTarget } from './policy/target.ts';

const input = z.strictObject({
  what: z
    .string()
    .trim()
    .min(1)
    .max(1_000)
    .meta({
      title: 'What',
      description: 'A request like REQ-12, or a whole command line.',
      placeholder: '/deploy payments v1.4.2 to production',
    } satisfies FieldMeta),
});

const shownMax = 20;

const policyExplain: ReadAction<typeof input> = {
  title: 'Explain a verdict',
  summary: 'See what the guardrails say of a request, rule by rule, and why.',
  effect: 'read',
  command: {
    slash: '/policy',
    verb: 'explain',
    noun: 'a verdict',
    positional: [{ field: 'what' }],
    examples: [
      '/policy explain "/env create load-test --cpu 32"',
      '/policy explain "/deploy payments v1.4.2 to production"',
    ],
  },
  input,

  target: () => policyTarget,

  async answer({ what }, { guardrails }): Promise<Answer> {
    const found = await guardrails.explain(what);
    return {
      title: `What the guardrails say of ${found.of}`,
      sentence: found.sentence,
      sections: [
        ...section(
          'What would let it run',
          found.ways.map((way, index) => (index === 0 ? way : `or ${way}`)),
        ),
        ...section('Rules that count here', rulesIn(found, true)),
        ...section('Rules that were looked at and do not count', rulesIn(found, false)),
      ],
      links: [],
      isPersonal: true,
      next: [],
    };
  },
};

export default defineAction(policyExplain);

function rulesIn({ rules }: Explanation, counts: boolean): string[] {
  return rules.filter((rule) => rule.counts === counts).map(({ id, why }) => `${id}: ${why}`);
}

function section(title: string, lines: readonly string[]): AnswerSection[] {
  if (lines.length === 0) return [];
  const left = lines.length - shownMax;
  const shown = lines.slice(0, shownMax).map((line) => `• ${line}`);
  return [{ title, fields: [], lines: left > 0 ? [...shown, `and ${left} more`] : shown }];
}
