/** `/svc scale`: a service gets more Pods, or fewer; a scale that does not settle goes back to the former number. */
import { z } from 'zod';
import {
  type ChangeAction,
  defineAction,
  type FieldMeta,
  type ReadContext,
  type Step,
  type StepContext,
} from '../core/action.ts';
import type { Workload } from '../core/cluster.ts';
import { count } from '../core/text.ts';
import { environmentField, serviceField } from './service/fields.ts';
import { agreedPlace, placeOf, placeText, serviceTarget } from './service/place.ts';
import { followRollout, readyWords, workloadOf } from './service/rollout.ts';

const input = z.strictObject({
  service: serviceField('What to scale.'),
  replicas: z
    .int()
    .min(0)
    // More than one service needs on purpose; a slip of the finger is caught here.
    .max(100)
    .meta({
      title: 'Replicas',
      description: 'How many Pods. 0 stops it.',
      decides: true,
    } satisfies FieldMeta),
  environment: environmentField('Where.'),
});
type Input = z.infer<typeof input>;

const serviceScale: ChangeAction<typeof input> = {
  title: 'Scale a service',
  summary: 'Give it more Pods, or fewer.',
  effect: 'change',
  channel: 'deploys',
  command: {
    slash: '/svc',
    verb: 'scale',
    positional: [
      { field: 'service' },
      { field: 'replicas', word: 'to' },
      { field: 'environment', word: 'in' },
    ],
    examples: ['/svc scale payments to 2 in staging', '/svc scale payments 5 in production'],
  },
  input,

  target: (asked, { catalog }) => serviceTarget(asked, catalog),

  async preview(asked, context) {
    const workload = await workloadOf(asked, context);
    return {
      sentence: sentenceOf(asked, workload),
      details: [
        { label: 'Version', value: workload.version },
        { label: 'Now', value: readyWords(workload) },
      ],
      commits: [],
      // An approval of two more is none of eight fewer.
      resolved: {
        'number of Pods': String(workload.wanted),
        place: placeText(asked, context.catalog),
      },
      cautions: [...cautionsOf(asked, workload), ...(await quotaCautions(asked, workload, context))],
    };
  },

  steps: () => scaleSteps,

  outputs: (asked) => ({
    links: [],
    notes: [
      asked.replicas === 0
        ? `${asked.service} in ${asked.environment} is stopped.`
        : `${asked.service} runs ${count(asked.replicas, 'Pod')} in ${asked.environment} now.`,
    ],
  }),
};

export default defineAction(serviceScale);

const scaleSteps: readonly Step<Input>[] = [
  {
    // A step of its own: once the number is changed, nobody could tell any more what it was.
    id: 'before',
    title: 'Former number remembered',
    async do(asked, context) {
      const { wanted } = await workloadOf(asked, context);
      return { state: 'done', note: String(wanted), result: { replicas: String(wanted) } };
    },
  },
  {
    id: 'scale',
    title: 'Replicas set',
    async do(asked, context) {
      await setReplicas(asked, asked.replicas, context);
      return { state: 'done' };
    },
    async undo(asked, context) {
      const former = formerOf(context);
      const { wanted } = await workloadOf(asked, context);
      if (wanted !== asked.replicas) {
        return { state: 'done', note: `left at ${wanted}: somebody has set it since` };
      }
      await setReplicas(asked, former, context);
      return { state: 'done', note: `back to ${former}` };
    },
  },
  {
    id: 'settled',
    title: 'Pods follow',
    async do(asked, context) {
      const workload = await workloadOf(asked, context);
      // Fewer Pods of something ill are what was asked for: they will not be well for it, and should not come back.
      if (asked.replicas <= formerOf(context) && !workload.isSettled && !workload.mayRecover) {
        return { state: 'done', note: `it was not well before and is not now: ${workload.troubles[0]}` };
      }
      return followRollout(asked, context);
    },
  },
];

function formerOf(context: StepContext): number {
  return Number(context.results.before?.replicas);
}

async function setReplicas(asked: Input, replicas: number, context: StepContext): Promise<void> {
  const { cluster, namespace, deployment } = agreedPlace(asked, context);
  await context.cluster(cluster).scale(namespace, deployment, replicas, context.fence);
}

function sentenceOf({ service, replicas, environment }: Input, { wanted }: Workload): string {
  if (replicas === wanted) return `Leaves ${service} in ${environment} at ${count(replicas, 'Pod')}.`;
  return `Scales ${service} in ${environment} from ${wanted} to ${count(replicas, 'Pod')}.`;
}

function cautionsOf({ service, replicas }: Input, { wanted, troubles }: Workload): string[] {
  const [worst] = troubles;
  return [
    ...(replicas === 0 ? [`Nothing of ${service} would run there any more.`] : []),
    ...(replicas > 0 && replicas < wanted ? [`${wanted - replicas} fewer than now.`] : []),
    ...(replicas === wanted ? ['It has that many already.'] : []),
    ...(worst === undefined ? [] : [`It is not well: ${worst}.`]),
  ];
}

/** A forecast: what cannot be told, because a right is missing or the server is slow, does not stop anybody. */
async function quotaCautions(asked: Input, { wanted }: Workload, context: ReadContext): Promise<string[]> {
  const more = asked.replicas - wanted;
  if (more <= 0) return [];
  const { cluster, namespace, deployment } = placeOf(asked, context.catalog);
  const room = await context
    .cluster(cluster)
    .room(namespace, deployment)
    .catch(() => undefined);
  if (room === undefined || room.pods >= more) return [];
  return [`The quota ${room.boundBy} leaves room for ${room.pods} more, not for ${more}.`];
}
