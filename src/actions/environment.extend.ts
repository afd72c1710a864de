/** `/env extend`: an environment ends later. */
import { z } from 'zod';
import { type ChangeAction, defineAction, type FieldMeta, type Preview } from '../core/action.ts';
import { hourMs, parseDuration } from '../core/duration.ts';
import { costNow } from '../core/environment-record.ts';
import { type Moment, requestIdSchema } from '../core/ids.ts';
import { endMovedProblem } from '../core/live-rules.ts';
import { costDuring, moneyText } from '../core/prices.ts';
import { ProblemError } from '../core/problem.ts';
import { addedMin, endFits } from './environment/end.ts';
import { agreedRecord, environmentField, knownTarget, livingRecord } from './environment/known.ts';
import { timeText } from './environment/life-words.ts';

const input = z.strictObject({
  name: environmentField('It goes on as it is, and ends later.'),
  by: z
    .string()
    .default('4h')
    .refine(
      (text) => (parseDuration(text) ?? 0) >= addedMin,
      'write a time like 4h, 30m or 1d12h, at least 10m',
    )
    .meta({
      title: 'Longer by',
      isSpan: true,
      description: 'Added to the end that it has: 4h, 30m, 1d12h.',
      decides: true,
    } satisfies FieldMeta),
});

const environmentExtend: ChangeAction<typeof input> = {
  title: 'Extend an environment',
  summary: 'Let an environment live longer.',
  effect: 'change',
  channel: 'requests',
  command: {
    slash: '/env',
    verb: 'extend',
    positional: [{ field: 'name' }, { field: 'by', word: 'by' }],
    examples: ['/env extend checkout-pr-12 by 4h'],
  },
  input,
  narrows: { by: 'shorter' },

  target(asked, { catalog, environments, now }) {
    const target = knownTarget(asked.name, environments);
    const end = environments.find((one) => one.name === asked.name)?.expiresAt;
    if (!target.ok || end === undefined) return target;
    return endFits(asked.by, end, { catalog, now, name: asked.name }) ?? target;
  },

  async preview(asked, context): Promise<Preview> {
    const record = await livingRecord(asked.name, context);
    const environment = record.living;
    const added = addedBy(asked.by);
    const cost = costNow(record, context.catalog);
    const text = (at: Moment) => timeText(at, context);
    return {
      sentence: `Moves the end of ${environment.name} by ${asked.by}, to ${text(environment.expiresAt + added)}.`,
      details: [
        { label: 'Ends', value: text(environment.expiresAt) },
        { label: 'Would end', value: text(environment.expiresAt + added) },
        { label: 'Costs', value: `${moneyText(costDuring(added, cost), context.catalog.prices)} more` },
        { label: 'Made by', value: environment.requestId },
      ],
      commits: [],
      // The end as it is now is part of what is agreed to: two extensions at once are not twice as long.
      resolved: { environment: environment.requestId, end: new Date(environment.expiresAt).toISOString() },
      cautions: [],
      cost,
      addedHours: added / hourMs,
    };
  },

  steps: () => [
    {
      id: 'end',
      title: 'New end',
      // Only looks: the new end is an event of the request that made the environment, written with this one's own.
      async do(asked, context) {
        const { living: environment } = await agreedRecord(asked.name, context);
        const from = environment.expiresAt;
        if (new Date(from).toISOString() !== context.resolved.end)
          throw new ProblemError(endMovedProblem(asked.name));
        const until = from + addedBy(asked.by);
        return {
          state: 'done',
          result: { requestId: environment.requestId, from: String(from), until: String(until) },
        };
      },
    },
  ],

  outputs(asked, context) {
    const { end } = context.results;
    const environment = requestIdSchema.parse(end?.requestId);
    const until = Number(end?.until);
    return {
      links: [],
      notes: [`${asked.name} lives until ${timeText(until, context)} now.`],
      environmentChange: {
        requestId: environment,
        change: { type: 'extended', from: Number(end?.from), until },
      },
    };
  },
};

export default defineAction(environmentExtend);

function addedBy(by: string): number {
  return parseDuration(by) ?? 0;
}
