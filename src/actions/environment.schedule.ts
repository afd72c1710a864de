/** `/env schedule`: when an environment sleeps by itself, if not when all others do. */
import { z } from 'zod';
import { type ChangeAction, defineAction, type FieldMeta, type Preview } from '../core/action.ts';
import { requestIdSchema } from '../core/ids.ts';
import type { Nights } from '../core/life.ts';
import { nightsText } from '../core/lifetime.ts';
import { agreedRecord, environmentField, knownTarget, livingRecord } from './environment/known.ts';

const pattern = /^((?:[01]\d|2[0-3]):[0-5]\d)-((?:[01]\d|2[0-3]):[0-5]\d)$/;

const input = z.strictObject({
  name: environmentField('Whose nights change.'),
  nights: z
    .string()
    .refine(
      (text) => readNights(text) !== undefined,
      'write off, default, or two times like 20:00-07:00 that differ',
    )
    .meta({
      title: 'Sleeps',
      description:
        'From when to when it sleeps: 20:00-07:00. Or off for never, default for when all others do.',
      placeholder: '20:00-07:00',
    } satisfies FieldMeta),
});

const environmentSchedule: ChangeAction<typeof input> = {
  title: 'Change when an environment sleeps',
  summary: 'Give an environment nights of its own, or none.',
  effect: 'change',
  channel: 'requests',
  command: {
    slash: '/env',
    verb: 'schedule',
    spoken: 'change the nights of',
    positional: [{ field: 'name' }, { field: 'nights' }],
    examples: [
      '/env schedule checkout-pr-12 off',
      '/env schedule checkout-pr-12 22:00-06:30',
      '/env schedule checkout-pr-12 default',
    ],
  },
  input,

  target: (asked, { environments }) => knownTarget(asked.name, environments),

  async preview(asked, context): Promise<Preview> {
    const { life, living, requestId } = await livingRecord(asked.name, context);
    return {
      sentence: `${living.name} sleeps ${nightsText(readNights(asked.nights) ?? 'default')} from now on.`,
      details: [{ label: 'Until now', value: nightsText(life.nights ?? 'default') }],
      commits: [],
      resolved: { environment: requestId },
      cautions: life.sleep ? [`It sleeps now; wake it: \`/env wake ${living.name}\`.`] : [],
    };
  },

  steps: () => [
    {
      id: 'nights',
      title: 'New nights',
      async do(asked, context) {
        const { requestId } = await agreedRecord(asked.name, context);
        return { state: 'done', result: { requestId } };
      },
    },
  ],

  outputs(asked, context) {
    const nights = readNights(asked.nights) ?? 'default';
    return {
      links: [],
      notes: [`${asked.name} sleeps ${nightsText(nights)}.`],
      environmentChange: {
        requestId: requestIdSchema.parse(context.results.nights?.requestId),
        change: { type: 'scheduled', nights },
      },
    };
  },
};

export default defineAction(environmentSchedule);

function readNights(text: string): Nights | 'default' | undefined {
  if (text === 'off' || text === 'default') return text;
  const [, from, to] = pattern.exec(text.replaceAll(' ', '')) ?? [];
  return from === undefined || to === undefined || from === to ? undefined : { from, to };
}
