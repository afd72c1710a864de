/** `/env extend`: an environment ends later. */
import { z } from 'zod';
import {
  type ChangeAction,
  defineAction,
  type FieldMeta,
  type KnownEnvironment,
  type Preview,
} from '../core/action.ts';
import { formatDuration, hourMs, minuteMs, parseDuration } from '../core/duration.ts';
import { type Moment, requestIdSchema } from '../core/ids.ts';
import { endMovedProblem, timeOverProblem } from '../core/live-rules.ts';
import { costDuring, costOf, moneyText } from '../core/prices.ts';
import { ProblemError, problem, refuse } from '../core/problem.ts';
import { momentText } from '../core/time-zone.ts';
import { knownEnvironment, knownTarget } from './environment/known.ts';

const byMin = 10 * minuteMs;

const input = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(63)
    .meta({
      title: 'Environment',
      description: 'It goes on as it is, and ends later.',
      choices: 'environments',
      decides: true,
    } satisfies FieldMeta),
  by: z
    .string()
    .default('4h')
    .refine((text) => (parseDuration(text) ?? 0) >= byMin, 'write a time like 4h, 30m or 1d12h, at least 10m')
    .meta({
      title: 'By',
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

  target(asked, { catalog, environments, now }) {
    const target = knownTarget(asked.name, environments);
    const end = environments.find((one) => one.name === asked.name)?.expiresAt;
    if (!target.ok || end === undefined) return target;
    if (end <= now) return refuse(timeOverProblem(asked.name));
    const { max } = catalog.environments.ttl;
    const room = now + (parseDuration(max) ?? 0) - end;
    if (addedBy(asked.by) <= room) return target;
    const sentence = `An environment ends ${max} from now at the latest.`;
    const next =
      room < byMin
        ? 'Ask again when less of its time is left.'
        : `Choose ${formatDuration(room)} at most; it can be asked for again.`;
    return refuse(problem('bad_input', sentence, next, { fields: { by: `${sentence} ${next}` } }));
  },

  async preview(asked, context): Promise<Preview> {
    const environment = livingOn(asked.name, await context.environments(), context.now);
    const record = (await context.environmentRecords()).find(
      (one) => one.requestId === environment.requestId,
    );
    const added = addedBy(asked.by);
    const { prices } = context.catalog;
    const cost = record ? costOf(record.size, prices) : undefined;
    const text = (at: Moment) => momentText(at, context.requester.timeZone ?? context.catalog.zone);
    return {
      sentence: `Moves the end of ${environment.name} by ${asked.by}, to ${text(environment.expiresAt + added)}.`,
      details: [
        { label: 'Ends', value: text(environment.expiresAt) },
        { label: 'Would end', value: text(environment.expiresAt + added) },
        ...(cost ? [{ label: 'Costs', value: `${moneyText(costDuring(added, cost), prices)} more` }] : []),
        { label: 'Made by', value: environment.requestId },
      ],
      commits: [],
      // The end as it is now is part of what is agreed to: two extensions at once are not twice as long.
      resolved: { environment: environment.requestId, end: new Date(environment.expiresAt).toISOString() },
      cautions: [],
      cost: cost ?? 'unknown',
      addedHours: added / hourMs,
    };
  },

  steps: () => [
    {
      id: 'end',
      title: 'New end',
      // Only looks: the new end is an event of the request that made the environment, written with this one's own.
      async do(asked, context) {
        const environment = livingOn(asked.name, await context.environments(), context.now);
        const from = environment.expiresAt;
        if (environment.requestId !== context.resolved.environment) {
          throw new ProblemError(timeOverProblem(asked.name));
        }
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
    const zone = context.requester.timeZone ?? context.catalog.zone;
    return {
      links: [],
      notes: [`${asked.name} lives until ${momentText(until, zone)} now.`],
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

/** @throws ProblemError `not_found` when it is gone, or will be in a moment. */
function livingOn(name: string, environments: readonly KnownEnvironment[], now: Moment): KnownEnvironment {
  const environment = knownEnvironment(name, environments);
  if (environment.expiresAt <= now) throw new ProblemError(timeOverProblem(name));
  return environment;
}
