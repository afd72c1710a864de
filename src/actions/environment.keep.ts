/** `/env keep`: an environment stays, as long as the catalog lets one. */
import { z } from 'zod';
import { type ChangeAction, defineAction, type Preview } from '../core/action.ts';
import type { Catalog } from '../core/catalog.ts';
import { hourMs, parseDuration } from '../core/duration.ts';
import { costNow } from '../core/environment-record.ts';
import { requestIdSchema } from '../core/ids.ts';
import { endMovedProblem } from '../core/live-rules.ts';
import { costDuring, moneyText } from '../core/prices.ts';
import { ProblemError, problem, refuse } from '../core/problem.ts';
import { agreedRecord, environmentField, knownTarget, livingRecord } from './environment/known.ts';
import { timeText } from './environment/life-words.ts';

const input = z.strictObject({ name: environmentField('Its end moves as far away as the catalog allows.') });

const environmentKeep: ChangeAction<typeof input> = {
  title: 'Keep an environment',
  summary: 'Let an environment stay for weeks, if the platform team agrees.',
  effect: 'change',
  channel: 'requests',
  command: {
    slash: '/env',
    verb: 'keep',
    positional: [{ field: 'name' }],
    examples: ['/env keep checkout-pr-12'],
  },
  input,

  target(asked, { catalog, environments }) {
    if (keptFor(catalog) !== undefined) return knownTarget(asked.name, environments);
    const next = `Extend it instead: \`/env extend ${asked.name} by 1d\`.`;
    return refuse(problem('bad_input', 'Environments cannot be kept here.', next));
  },

  async preview(asked, context): Promise<Preview> {
    const record = await livingRecord(asked.name, context);
    const { living, requestId } = record;
    const until = Math.max(living.expiresAt, context.now + (keptFor(context.catalog) ?? 0));
    const added = until - living.expiresAt;
    const cost = costNow(record, context.catalog);
    const price = moneyText(costDuring(added, cost), context.catalog.prices);
    return {
      sentence: `Keeps ${living.name} until ${timeText(until, context)}.`,
      details: [
        { label: 'Ends', value: timeText(living.expiresAt, context) },
        { label: 'Would end', value: timeText(until, context) },
        { label: 'Costs', value: `${price} more` },
        { label: 'Made by', value: requestId },
      ],
      commits: [],
      resolved: { environment: requestId, end: new Date(living.expiresAt).toISOString() },
      cautions: [],
      cost,
      addedHours: added / hourMs,
    };
  },

  steps: () => [
    {
      id: 'end',
      title: 'New end',
      // Only looks: the new end is an event of the request that made the environment.
      async do(asked, context) {
        const { living, requestId } = await agreedRecord(asked.name, context);
        const from = living.expiresAt;
        if (new Date(from).toISOString() !== context.resolved.end)
          throw new ProblemError(endMovedProblem(asked.name));
        const until = Math.max(from, context.stepStartedAt + (keptFor(context.catalog) ?? 0));
        return { state: 'done', result: { requestId, from: String(from), until: String(until) } };
      },
    },
  ],

  outputs(asked, context) {
    const { end } = context.results;
    const until = Number(end?.until);
    return {
      links: [],
      notes: [`${asked.name} is kept until ${timeText(until, context)}.`],
      environmentChange: {
        requestId: requestIdSchema.parse(end?.requestId),
        change: { type: 'kept', from: Number(end?.from), until },
      },
    };
  },
};

export default defineAction(environmentKeep);

function keptFor({ environments }: Catalog): number | undefined {
  return environments.keep && parseDuration(environments.keep.for);
}
