/** `/env sleep`: nothing runs in an environment, everything stays, and it costs little. */
import { z } from 'zod';
import {
  type ChangeAction,
  defineAction,
  type FieldMeta,
  type Preview,
  type Step,
  type StepContext,
} from '../core/action.ts';
import { hourMs, minuteMs, parseDuration } from '../core/duration.ts';
import { awakeCost } from '../core/environment-record.ts';
import { type Moment, requestIdSchema } from '../core/ids.ts';
import { micros } from '../core/life.ts';
import { asleepProblem } from '../core/live-rules.ts';
import { asleepCost, costDuring, moneyText } from '../core/prices.ts';
import { ProblemError } from '../core/problem.ts';
import { count } from '../core/text.ts';
import { endFits } from './environment/end.ts';
import {
  agreedIfThere,
  agreedRecord,
  environmentField,
  knownTarget,
  livingRecord,
} from './environment/known.ts';
import { timeText } from './environment/life-words.ts';
import { namespaceThere } from './environment/namespace.ts';
import { lull, numbersOf, refsIn, rouse, sleepersOf } from './environment/sleepers.ts';

const spanMin = 10 * minuteMs;
const isSpan = (text: string) => (parseDuration(text) ?? 0) >= spanMin;
const wrongSpan = 'write a time like 4h, 30m or 1d12h, at least 10m';

const input = z.strictObject({
  name: environmentField('What runs in it stops; what it keeps stays.'),
  by: z
    .string()
    .refine(isSpan, wrongSpan)
    .optional()
    .meta({
      title: 'End later by',
      isSpan: true,
      description: 'Its end moves by this: 3d, 12h. It stays as it is when left empty.',
      decides: true,
    } satisfies FieldMeta),
  for: z
    .string()
    .refine(isSpan, wrongSpan)
    .optional()
    .meta({
      title: 'Sleeps for',
      isSpan: true,
      description: 'It wakes by itself after this: 12h. When left empty, it sleeps until somebody wakes it.',
    } satisfies FieldMeta),
});
type Input = z.infer<typeof input>;

const environmentSleep: ChangeAction<typeof input> = {
  title: 'Put an environment to sleep',
  summary: 'Stop what runs in an environment, keep the rest, and pay little.',
  effect: 'change',
  channel: 'requests',
  command: {
    slash: '/env',
    verb: 'sleep',
    spoken: 'put to sleep',
    positional: [{ field: 'name' }, { field: 'by', word: 'by' }, { field: 'for', word: 'for' }],
    examples: ['/env sleep checkout-pr-12', '/env sleep checkout-pr-12 by 1d for 12h'],
  },
  input,

  target(asked, { catalog, environments, now }) {
    const target = knownTarget(asked.name, environments);
    const end = environments.find((one) => one.name === asked.name)?.expiresAt;
    if (!target.ok || end === undefined || asked.by === undefined) return target;
    return endFits(asked.by, end, { catalog, now, name: asked.name }) ?? target;
  },

  async preview(asked, context): Promise<Preview> {
    const record = await livingRecord(asked.name, context);
    const { living, life, requestId } = record;
    if (life.sleep) throw new ProblemError(asleepProblem(living.name));
    const { prices } = context.catalog;
    const awake = awakeCost(record, context.catalog);
    const asleep = asleepCost(awake, prices);
    const added = spanOf(asked.by);
    const end = living.expiresAt + added;
    const until = asked.for === undefined ? 'until somebody wakes it' : `for ${asked.for}`;
    return {
      sentence: `Puts ${living.name} to sleep ${until}. Nothing runs in it then, and nothing it keeps is lost.`,
      details: [
        { label: 'Costs awake', value: `${moneyText(awake.perDay, prices)} a day` },
        { label: 'Costs asleep', value: `${moneyText(asleep.perDay, prices)} a day` },
        { label: added > 0 ? 'Would end' : 'Ends', value: timeText(end, context) },
        ...(added > 0 ? [{ label: 'Costs more', value: moneyText(costDuring(added, asleep), prices) }] : []),
      ],
      commits: [],
      // Where the end is moved, the end as it is now is part of what is agreed to.
      resolved: {
        environment: requestId,
        ...(added > 0 ? { end: new Date(living.expiresAt).toISOString() } : {}),
      },
      cautions: [],
      cost: asleep,
      addedHours: added / hourMs,
    };
  },

  steps: () => steps,

  outputs(asked, context) {
    const { sleep = {} } = context.results;
    const { requestId, wakesAt, from, until } = sleep;
    if (requestId === undefined) return { links: [], notes: [`${asked.name} stays awake: ${nightOver}.`] };
    const wakes = wakesAt === undefined ? '' : ` until ${timeText(Number(wakesAt), context)}`;
    return {
      links: [],
      notes: [`${asked.name} sleeps${wakes}. Wake it: \`/env wake ${asked.name}\`.`],
      environmentChange: {
        requestId: requestIdSchema.parse(requestId),
        change: {
          type: 'slept',
          perHour: Number(sleep.perHour),
          ...(wakesAt === undefined ? {} : { wakesAt: Number(wakesAt) }),
          ...(until === undefined ? {} : { end: { from: Number(from), until: Number(until) } }),
        },
      },
    };
  },
};

export default defineAction(environmentSleep);

const steps: readonly Step<Input>[] = [
  {
    // A step of its own: once the numbers are changed, an undo could not tell which of them this request changed.
    id: 'look',
    title: 'What runs is noted',
    async do(asked, context) {
      const { living } = await agreedRecord(asked.name, context);
      const cluster = context.cluster(living.cluster);
      await namespaceThere(cluster, living);
      const awake = (await sleepersOf(cluster, living.namespace)).filter((one) => one.wanted > 0);
      const result = numbersOf(awake, (one) => one.wanted);
      return { state: 'done', note: count(awake.length, 'workload'), result };
    },
  },
  {
    id: 'sleep',
    title: 'Stopped',
    async do(asked, context) {
      const record = await agreedRecord(asked.name, context);
      const { cluster, namespace, expiresAt } = record.living;
      const wakesAt = await wakesAtOf(asked, context);
      // Not by now: a former attempt, before it, may have stopped some of them.
      if (wakesAt !== undefined && wakesAt <= context.stepStartedAt)
        return { state: 'done', note: nightOver };
      for (const { ref, number } of refsIn(context.results.look, namespace)) {
        await lull(context.cluster(cluster), ref, number);
      }
      const cost = asleepCost(awakeCost(record, context.catalog), context.catalog.prices);
      const added = spanOf(asked.by);
      return {
        state: 'done',
        result: {
          requestId: record.requestId,
          perHour: String(micros(cost.perHour)),
          ...(wakesAt === undefined ? {} : { wakesAt: String(wakesAt) }),
          ...(added > 0 ? { from: String(expiresAt), until: String(expiresAt + added) } : {}),
        },
      };
    },
    undo: (asked, context) => wakeAgain(asked.name, context),
  },
];

const nightOver = 'the night is over';

/** Nobody decides when a night begins: it is asked for with what is left of it then, and ends when it ends. */
async function wakesAtOf(asked: Input, context: StepContext): Promise<Moment | undefined> {
  if (asked.for === undefined) return undefined;
  const isNight = context.requester.kind === 'system';
  const [submitted] = isNight ? await context.history(context.request.id) : [];
  return (submitted?.event.at ?? context.stepStartedAt) + spanOf(asked.for);
}

async function wakeAgain(name: string, context: StepContext) {
  const living = await agreedIfThere(name, context);
  if (!living) return { state: 'done' as const, note: 'it is gone' };
  for (const { ref, number } of refsIn(context.results.look, living.namespace)) {
    await rouse(context.cluster(living.cluster), ref, number);
  }
  return { state: 'done' as const };
}

function spanOf(text: string | undefined): number {
  return text === undefined ? 0 : (parseDuration(text) ?? 0);
}
