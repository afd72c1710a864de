/** `/policy`: which rules concern me, in words. */
import { z } from 'zod';
import {
  type Answer,
  type AnswerSection,
  defineAction,
  type FieldMeta,
  type ReadAction,
} from '../core/action.ts';
import type { RuleLine } from '../core/guardrails.ts';
import { count } from '../core/text.ts';
import { policyTarget } from './policy/target.ts';

const input = z.strictObject({
  about: z
    .string()
    .max(63)
    .optional()
    .meta({
      title: 'About',
      description: 'A part of an action’s name, like deploy or environment; all of them when left empty.',
      placeholder: 'deploy',
    } satisfies FieldMeta),
});

/** Of everything the first few of each kind; of what one asks about nearly all. */
const shownMax = { all: 5, about: 25 } as const;
const topicsMax = 3;

const policyMine: ReadAction<typeof input> = {
  title: 'Rules that concern me',
  summary: 'See which guardrails concern you, in words.',
  effect: 'read',
  command: {
    slash: '/policy',
    verb: 'mine',
    isBare: true,
    noun: 'the rules that concern me',
    positional: [{ field: 'about' }],
    examples: ['/policy', '/policy mine deploy'],
  },
  input,

  target: () => policyTarget,

  async answer({ about }, { guardrails }): Promise<Answer> {
    const word = about?.toLowerCase() ?? '';
    const lines = guardrails
      .concerning()
      .filter(({ actions }) => word === '' || actions.some((name) => name.includes(word)));
    const asking = lines.filter(({ asksReader }) => asksReader);
    const max = word === '' ? shownMax.all : shownMax.about;
    const section = (title: string, rules: readonly RuleLine[]) => sectionOf(title, rules, max);
    return {
      title: word === '' ? 'Rules that concern you' : `Rules that concern you, about ${about}`,
      sentence:
        lines.length === 0
          ? `No rule that concerns you speaks of "${about ?? ''}".`
          : `${count(lines.length, 'rule concerns', 'rules concern')} you; ${count(asking.length, 'of them asks', 'of them ask')} for your answer.`,
      sections: [
        ...section('Asks for your answer', asking),
        ...section('Runs by itself', of(lines, 'allow')),
        ...section(
          'Needs somebody’s yes',
          of(lines, 'require').filter(({ asksReader }) => !asksReader),
        ),
        ...section('Waits for a time', of(lines, 'hold')),
        ...section('Is refused', of(lines, 'deny')),
        ...section(
          'Only told you, or only recorded',
          lines.filter(({ mode }) => mode !== 'enforce'),
        ),
      ],
      links: [],
      isPersonal: true,
      next: [
        ...(word === '' ? topicsOf(lines) : []),
        { label: 'What they did lately', commandLine: '/policy report' },
      ],
    };
  },
};

export default defineAction(policyMine);

function of(lines: readonly RuleLine[], kind: RuleLine['kind']): readonly RuleLine[] {
  return lines.filter((line) => line.kind === kind && line.mode === 'enforce');
}

/** What most of the rules are about, as buttons: nobody reads sixty at once. */
function topicsOf(lines: readonly RuleLine[]): Answer['next'] {
  const counts = new Map<string, number>();
  for (const { actions } of lines) {
    const topics = new Set(actions.map((name) => name.split('.')[0] ?? name));
    for (const topic of topics) counts.set(topic, (counts.get(topic) ?? 0) + 1);
  }
  return [...counts]
    .toSorted(([, one], [, other]) => other - one)
    .slice(0, topicsMax)
    .map(([topic, rules]) => ({
      label: `About ${topic} (${rules})`,
      commandLine: `/policy mine ${topic}`,
    }));
}

function sectionOf(title: string, lines: readonly RuleLine[], max: number): AnswerSection[] {
  if (lines.length === 0) return [];
  const shown = lines.slice(0, max).map(({ id, text }) => `• ${text} (${id})`);
  const left = lines.length - shown.length;
  return [{ title, fields: [], lines: left > 0 ? [...shown, `and ${left} more`] : shown }];
}
