/** `/env adopt`: a namespace that somebody made by hand gets an owner, a price and an end. */
import { z } from 'zod';
import {
  type ChangeAction,
  defineAction,
  type FieldMeta,
  type KnownEnvironment,
  type Preview,
  type ReadContext,
  type Step,
  type StepContext,
} from '../core/action.ts';
import type { Manifest } from '../core/cluster.ts';
import { requestIn } from '../core/compare-environments.ts';
import { minuteMs, parseDuration } from '../core/duration.ts';
import { dnsLabel } from '../core/names.ts';
import { costOf, moneyText } from '../core/prices.ts';
import { ProblemError, problem } from '../core/problem.ts';
import { count } from '../core/text.ts';
import { adoptTarget } from './environment/adopt-target.ts';
import { teamTitle } from './environment/life-words.ts';
import { namespaceRef } from './environment/namespace.ts';
import { agreedCluster, ownershipLabels } from './environment/order.ts';
import { sleepersOf } from './environment/sleepers.ts';

const size = (title: string, description: string) =>
  z
    .number()
    .min(0)
    .max(1024)
    .default(0)
    .meta({ title, description } satisfies FieldMeta);

const input = z.strictObject({
  name: dnsLabel.meta({
    title: 'Namespace',
    description: 'As it is called on the cluster; the environment gets that name.',
    placeholder: 'checkout-trial',
    decides: true,
  } satisfies FieldMeta),
  ttl: z
    .string()
    .default('3d')
    .refine(
      (text) => (parseDuration(text) ?? 0) >= 10 * minuteMs,
      'write a time like 8h or 2d12h, at least 10m',
    )
    .meta({
      title: 'Time to live',
      isSpan: true,
      description: 'After this it is removed by itself, with everything in it: 8h, 2d12h.',
      decides: true,
    } satisfies FieldMeta),
  team: z
    .string()
    .optional()
    .meta({
      title: 'Team',
      description: 'Who owns it. Yours when left empty.',
      choices: 'teams',
    } satisfies FieldMeta),
  cpu: size('CPU', 'Cores that it uses, for the cost report.'),
  memoryGi: size('Memory', 'GiB that it uses, for the cost report.'),
});
export type AdoptInput = z.infer<typeof input>;

const environmentAdopt: ChangeAction<typeof input> = {
  title: 'Adopt a namespace',
  summary: 'Give an owner and an end to a namespace that was made by hand.',
  effect: 'create',
  channel: 'requests',
  command: {
    slash: '/env',
    verb: 'adopt',
    positional: [{ field: 'name' }],
    examples: ['/env adopt checkout-trial --ttl 3d', '/env adopt checkout-trial --cpu 1 --memory-gi 2'],
  },
  input,

  target: adoptTarget,

  cost: (asked, { catalog }) => costOf(asked, catalog.prices),

  async preview(asked, context): Promise<Preview> {
    const found = await adoptable(asked.name, context);
    const cluster = context.cluster(context.catalog.environments.cluster);
    const running = (await sleepersOf(cluster, asked.name)).filter((one) => one.wanted > 0);
    const { prices } = context.catalog;
    return {
      sentence: `Adopts the namespace ${asked.name}. After ${asked.ttl} it is removed with everything in it.`,
      details: [
        { label: 'Cluster', value: context.catalog.environments.cluster },
        { label: 'Runs', value: count(running.length, 'workload') },
        { label: 'Lives', value: asked.ttl },
        { label: 'Costs', value: `${moneyText(costOf(asked, prices).perDay, prices)} a day` },
      ],
      commits: [],
      // This very namespace: one that bears the name later is another.
      resolved: { uid: uidOf(found), cluster: context.catalog.environments.cluster },
      cautions: ['Until now it had no end. Whoever made it should know.'],
      cost: costOf(asked, prices),
    };
  },

  steps: () => steps,

  outputs(asked, context) {
    const environment: KnownEnvironment = {
      name: asked.name,
      blueprint: 'adopted',
      team: context.request.target.team,
      cluster: agreedCluster(context),
      namespace: asked.name,
      requestId: context.request.id,
      url: '',
      expiresAt: Number(context.results.labels?.at) + (parseDuration(asked.ttl) ?? 0),
    };
    return {
      links: [],
      notes: [`Everything about it: \`kubectl -n ${asked.name} get all\``],
      environment,
    };
  },
};

export default defineAction(environmentAdopt);

const steps: readonly Step<AdoptInput>[] = [
  {
    id: 'before',
    title: 'Former labels noted',
    async do(asked, context) {
      const found = await adoptable(asked.name, context);
      const former = found.metadata.labels ?? {};
      const names = Object.keys(labelsFor(asked, context)).filter((name) => name in former);
      return { state: 'done', result: Object.fromEntries(names.map((name) => [name, former[name] ?? ''])) };
    },
  },
  {
    id: 'labels',
    title: 'Labels of the owner',
    async do(asked, context) {
      const found = await adoptable(asked.name, context);
      const { resourceVersion } = z.object({ resourceVersion: z.string() }).parse(found.metadata);
      // Only if it is as it was looked at: somebody else may be labelling it at this moment.
      const metadata = {
        resourceVersion,
        labels: labelsFor(asked, context),
        annotations: { 'greenlight.dev/owner': context.requester.email ?? context.requester.id },
      };
      await clusterOf(context).merge(namespaceRef(asked.name), { metadata });
      return {
        state: 'done',
        note: teamTitle(context.request.target.team, context),
        result: { at: String(context.stepStartedAt) },
      };
    },
    async undo(asked, context) {
      const found = await clusterOf(context).read(namespaceRef(asked.name));
      const isOurs = found?.metadata.labels?.['greenlight.dev/request'] === context.request.key;
      if (!isOurs) return { state: 'done', note: 'it is not ours' };
      const former = context.results.before ?? {};
      const names = Object.keys(labelsFor(asked, context));
      const labels = Object.fromEntries(names.map((name) => [name, former[name] ?? null]));
      const metadata = { labels, annotations: { 'greenlight.dev/owner': null } };
      await clusterOf(context).merge(namespaceRef(asked.name), { metadata });
      return { state: 'done' };
    },
  },
];

function labelsFor({ name }: AdoptInput, { request }: StepContext): Readonly<Record<string, string>> {
  return {
    ...ownershipLabels(request.key),
    'greenlight.dev/team': request.target.team,
    'greenlight.dev/environment': name,
  };
}

/**
 * The namespace, when it is nobody else's.
 * @throws ProblemError `not_found`, or `conflict` naming whose it is.
 */
async function adoptable(
  name: string,
  context: ReadContext & Partial<Pick<StepContext, 'request' | 'resolved'>>,
): Promise<Manifest> {
  const found = await clusterOf(context).read(namespaceRef(name));
  const agreed = context.resolved?.uid;
  if (!found || 'deletionTimestamp' in found.metadata || (agreed !== undefined && uidOf(found) !== agreed)) {
    throw new ProblemError(
      problem('not_found', `There is no namespace ${name} to adopt.`, 'See `kubectl get namespaces`.'),
    );
  }
  const { labels = {} } = found.metadata;
  const key = labels['greenlight.dev/request'];
  if (key !== undefined && key === context.request?.key) return found;
  await refuseOwned(found, context);
  const manager = labels['app.kubernetes.io/managed-by'];
  if (manager === undefined || manager === 'greenlight') return found;
  throw new ProblemError(
    problem(
      'conflict',
      `The namespace ${name} is managed by ${manager}.`,
      'Ask whoever runs that; two masters would take turns at changing it.',
    ),
  );
}

/**
 * By now somebody may have it who had not when the target was looked up, or who is still making it: that one's
 * end would take it away from whoever adopts it. What an ended request has left behind is nobody's.
 * @throws ProblemError `conflict` naming whose it is.
 */
async function refuseOwned(found: Manifest, context: ReadContext): Promise<void> {
  const { name } = found.metadata;
  const records = await context.environmentRecords();
  const owner = records.find(
    ({ requestId, living }) =>
      requestId === requestIn(found) || living?.namespace === name || living?.name === name,
  );
  if (!owner) return;
  throw new ProblemError(
    problem(
      'conflict',
      `The namespace ${name} has an owner already (${owner.requestId}).`,
      owner.living ? `See \`/env show ${owner.name}\`.` : 'Look again when that request has ended.',
    ),
  );
}

function uidOf({ metadata }: Manifest): string {
  return z.object({ uid: z.string().default('') }).parse(metadata).uid;
}

function clusterOf(context: ReadContext & Partial<Pick<StepContext, 'resolved'>>) {
  return context.cluster(agreedCluster(context));
}
