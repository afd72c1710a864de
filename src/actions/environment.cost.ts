/** `/env cost`: what environments have cost, by team, blueprint or month; and as a file. */
import { z } from 'zod';
import {
  type Answer,
  defineAction,
  type FieldMeta,
  type ReadAction,
  type ReadContext,
} from '../core/action.ts';
import { type CostLine, type CostSum, costCsv, costLines, costSums } from '../core/cost-report.ts';
import { formatDuration } from '../core/duration.ts';
import { moneyText } from '../core/prices.ts';
import type { PlatformRequest } from '../core/request.ts';
import { count } from '../core/text.ts';
import { monthOf, periodSpan } from '../core/time-zone.ts';
import { blueprintTitle, teamTitle } from './environment/life-words.ts';
import { teamTarget } from './environment/team-target.ts';

const input = z.strictObject({
  month: z
    .string()
    .regex(/^(?:20\d\d-(?:0[1-9]|1[0-2])|all)$/, 'write a month like 2026-11, or all')
    .optional()
    .meta({
      title: 'Month',
      description: 'Like 2026-11, or all. This month when left empty.',
      placeholder: '2026-11',
    } satisfies FieldMeta),
  team: z
    .string()
    .max(63)
    .optional()
    .meta({
      title: 'Team',
      description: 'Whose environments; all of them when left empty.',
      placeholder: 'checkout',
    } satisfies FieldMeta),
  by: z
    .enum(['team', 'blueprint', 'month'])
    .default('team')
    .meta({ title: 'Summed up by', description: 'What makes a line of the report.' } satisfies FieldMeta),
});

/** Read at once; then the next ones, until there are no more. */
const pageItems = 1_000;

const environmentCost: ReadAction<typeof input> = {
  title: 'Cost of environments',
  summary: 'See what environments have cost, and take it along as a file.',
  effect: 'read',
  command: {
    slash: '/env',
    verb: 'cost',
    positional: [{ field: 'month' }],
    examples: ['/env cost', '/env cost 2026-11 --team checkout', '/env cost all --by month'],
  },
  input,

  target: ({ team }, { catalog }) => teamTarget(team, catalog),

  async answer(asked, context): Promise<Answer> {
    const { zone, prices } = context.catalog;
    const { team, by, month = monthOf(context.now, zone) } = asked;
    const scope = { team, month: month === 'all' ? undefined : month };
    const lines = costLines(await made(context, scope.month), scope, { zone, now: context.now });
    const sums = costSums(lines, by);
    const when = month === 'all' ? 'So far' : `In ${month}`;
    return {
      title: `Cost of environments, ${month === 'all' ? 'all months' : month}`,
      sentence:
        lines.length === 0
          ? `${when} there were no environments${team === undefined ? '' : ` of ${teamTitle(team, context)}`}.`
          : `${when} environments have cost ${moneyText(totalOf(lines) / 100, prices)}. The file has each of them.`,
      sections:
        lines.length === 0
          ? []
          : [{ title: `By ${by}`, fields: [], lines: sums.map((one) => sumLine(one, by, context)) }],
      links: [],
      files:
        lines.length === 0
          ? []
          : [
              {
                name: `environments-${month}.csv`,
                content: costCsv(lines, prices.currency),
                altText: `What each environment has cost, ${month === 'all' ? 'by month' : `in ${month}`}.`,
              },
            ],
      next: [{ label: 'List them', commandLine: '/env list' }],
    };
  },
};

export default defineAction(environmentCost);

/** Whose environments were there in that month or after, page by page: what was gone before costs nothing in it. */
async function made(context: ReadContext, month: string | undefined): Promise<readonly PlatformRequest[]> {
  const { zone } = context.catalog;
  const livedSince =
    month === undefined ? 0 : periodSpan('month', Date.parse(`${month}-15T12:00:00Z`), zone).from;
  const all: PlatformRequest[] = [];
  for (;;) {
    const last = all.at(-1);
    const page = await context.requests({
      ...{ livedSince, limit: pageItems },
      ...(last ? { before: last.id } : {}),
    });
    all.push(...page);
    if (page.length < pageItems) return all;
  }
}

function totalOf(lines: readonly CostLine[]): number {
  return lines.reduce((sum, line) => sum + line.cents, 0);
}

function sumLine(
  { key, environments, awakeMs, asleepMs, cents }: CostSum,
  by: 'team' | 'blueprint' | 'month',
  context: ReadContext,
): string {
  const titles = {
    team: () => teamTitle(key, context),
    blueprint: () => blueprintTitle(key, context),
    month: () => key,
  };
  const asleep = asleepMs > 0 ? `, asleep ${formatDuration(asleepMs)}` : '';
  const price = moneyText(cents / 100, context.catalog.prices);
  return `• ${titles[by]()}: ${price}, ${count(environments, 'environment')}, awake ${formatDuration(awakeMs)}${asleep}`;
}
