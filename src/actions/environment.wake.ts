/** `/env wake`: what slept runs again, with as many replicas as before. */
import { z } from 'zod';
import {
  type ChangeAction,
  defineAction,
  type Preview,
  type Step,
  type StepContext,
} from '../core/action.ts';
import type { Cluster } from '../core/cluster.ts';
import { formatDuration, minuteMs, secondMs } from '../core/duration.ts';
import { awakeCost } from '../core/environment-record.ts';
import { requestIdSchema } from '../core/ids.ts';
import { micros } from '../core/life.ts';
import { awakeProblem } from '../core/live-rules.ts';
import { moneyText } from '../core/prices.ts';
import { ProblemError, problem } from '../core/problem.ts';
import { count } from '../core/text.ts';
import {
  agreedIfThere,
  agreedRecord,
  environmentField,
  knownTarget,
  type LivingRecord,
  livingRecord,
} from './environment/known.ts';
import { sleepWords, timeText } from './environment/life-words.ts';
import { namespaceThere } from './environment/namespace.ts';
import {
  forgetSleep,
  lull,
  nameOf,
  numbersOf,
  refsIn,
  rouse,
  runsByHand,
  type Sleeper,
  sleepersOf,
} from './environment/sleepers.ts';

const input = z.strictObject({ name: environmentField('It goes on where it stopped.') });
type Input = z.infer<typeof input>;

/** How long Pods may take to get ready before it is put back to sleep. */
const readyMax = 10 * minuteMs;
const lookAgain = 2 * secondMs;

const environmentWake: ChangeAction<typeof input> = {
  title: 'Wake an environment',
  summary: 'Start again what was put to sleep, and wait until it is ready.',
  effect: 'change',
  channel: 'requests',
  command: {
    slash: '/env',
    verb: 'wake',
    positional: [{ field: 'name' }],
    examples: ['/env wake checkout-pr-12'],
  },
  input,

  target: (asked, { environments }) => knownTarget(asked.name, environments),

  async preview(asked, context): Promise<Preview> {
    const record = await livingRecord(asked.name, context);
    const { living, life, requestId } = record;
    if (!life.sleep) throw new ProblemError(awakeProblem(living.name));
    const cost = awakeCost(record, context.catalog);
    return {
      sentence: `Wakes ${living.name} and waits until it is ready.`,
      details: [
        { label: 'Sleeps', value: sleepWords(life.sleep, context) },
        { label: 'Costs awake', value: `${moneyText(cost.perDay, context.catalog.prices)} a day` },
        { label: 'Ends', value: timeText(living.expiresAt, context) },
      ],
      commits: [],
      resolved: { environment: requestId },
      cautions: [],
      cost,
    };
  },

  steps: () => steps,

  outputs(asked, context) {
    const { wake } = context.results;
    return {
      links: [],
      notes: [`${asked.name} is awake.`],
      environmentChange: {
        requestId: requestIdSchema.parse(wake?.requestId),
        change: { type: 'woken', perHour: Number(wake?.perHour) },
      },
    };
  },
};

export default defineAction(environmentWake);

const steps: readonly Step<Input>[] = [
  {
    id: 'look',
    title: 'What sleeps is noted',
    async do(asked, context) {
      const { living } = await agreedRecord(asked.name, context);
      const cluster = context.cluster(living.cluster);
      await namespaceThere(cluster, living);
      const asleep = (await sleepersOf(cluster, living.namespace)).filter((one) => one.before !== undefined);
      // Somebody scaled it by hand meanwhile: that is the newer wish.
      const result = numbersOf(asleep, ({ wanted, before = 0 }) => (wanted > 0 ? wanted : before));
      return { state: 'done', note: count(asleep.length, 'workload'), result };
    },
  },
  {
    id: 'wake',
    title: 'Started',
    async do(asked, context) {
      const record = await agreedRecord(asked.name, context);
      const cluster = context.cluster(record.living.cluster);
      for (const { ref, number } of await stillOurs(record.living, cluster, context))
        await rouse(cluster, ref, number);
      const { perHour } = awakeCost(record, context.catalog);
      return { state: 'done', result: { requestId: record.requestId, perHour: String(micros(perHour)) } };
    },
    async undo(asked, context) {
      const living = await agreedIfThere(asked.name, context);
      if (!living) return { state: 'done', note: 'it is gone' };
      const cluster = context.cluster(living.cluster);
      for (const { ref, number } of await stillOurs(living, cluster, context))
        await lull(cluster, ref, number);
      return { state: 'done', note: 'asleep again' };
    },
  },
  {
    id: 'ready',
    title: 'Ready',
    async do(asked, context) {
      const { living } = await agreedRecord(asked.name, context);
      const cluster = context.cluster(living.cluster);
      const names = new Set(Object.keys(context.results.look ?? {}));
      const woken = (await sleepersOf(cluster, living.namespace)).filter((one) => names.has(nameOf(one)));
      const [first] = woken.filter((one) => !one.isReady);
      if (!first) {
        for (const one of woken.filter(runsByHand)) await forgetSleep(cluster, one, living.namespace);
        return { state: 'done', note: `${names.size} of ${names.size} ready` };
      }
      const trouble = await troubleOf(cluster, living, first);
      if (context.now - context.waitingSince > readyMax)
        throw new ProblemError(notReady(asked.name, trouble));
      return { state: 'waiting', note: trouble, againInMs: lookAgain };
    },
  },
];

/**
 * What was noted, without what runs by hand: it is neither started nor stopped, and what the sleep wrote on it stays until
 * the environment is awake. So an undo still sees on the cluster what is not its own.
 */
async function stillOurs({ namespace }: LivingRecord['living'], cluster: Cluster, { results }: StepContext) {
  const byHand = new Set((await sleepersOf(cluster, namespace)).filter(runsByHand).map(nameOf));
  return refsIn(results.look, namespace).filter(({ ref }) => !byHand.has(nameOf(ref)));
}

/** Why it is not ready, in words: a quota without room says so here. */
async function troubleOf(
  cluster: Cluster,
  { namespace }: LivingRecord['living'],
  { kind, name }: Sleeper,
): Promise<string> {
  const seen = kind === 'Deployment' ? await cluster.workload(namespace, name) : undefined;
  return seen?.troubles[0] ?? `${name} is not ready yet`;
}

function notReady(name: string, why: string) {
  return problem(
    'step_failed',
    `${name} was not ready ${formatDuration(readyMax)} after it was woken: ${why}.`,
    'It was put back to sleep. Mend the cause and wake it again.',
  );
}
