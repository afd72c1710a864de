/** `/env create`: a namespace of one's own with everything a team expects in it, for a while. */
import { z } from 'zod';
import {
  type ChangeAction,
  defineAction,
  type FieldMeta,
  type KnownEnvironment,
  type Preview,
  type ReadContext,
  type StepContext,
} from '../core/action.ts';
import type { Blueprint, Catalog } from '../core/catalog.ts';
import { dayMs, formatDuration, minuteMs, parseDuration, secondMs } from '../core/duration.ts';
import { ok, type Problem, ProblemError, problem, refuse } from '../core/problem.ts';
import { didYouMean, listOf } from '../core/text.ts';
import {
  blueprintOutputs,
  type EnvironmentOrder,
  environmentManifests,
  namespaceOf,
  ownershipLabels,
  readyDeployment,
  workloadManifests,
} from './environment/manifests.ts';
import { removeNamespace } from './environment/remove-namespace.ts';

/** A namespace's name has 63 characters at most (RFC 1123) and begins with `env-`. */
const nameCharactersMax = 50;
const ttlMin = 10 * minuteMs;

const input = z.strictObject({
  name: z
    .string()
    .min(2)
    .max(nameCharactersMax)
    .regex(
      /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/,
      'use small letters, digits and dashes, with a letter or digit at both ends',
    )
    .meta({
      title: 'Name',
      description: 'Small letters, digits and dashes. It becomes part of the address.',
      placeholder: 'checkout-pr-12',
      decides: true,
    } satisfies FieldMeta),
  blueprint: z
    .string()
    .default('web-service')
    .meta({
      title: 'Blueprint',
      description: 'What runs in it.',
      choices: 'blueprints',
      decides: true,
    } satisfies FieldMeta),
  cpu: z
    .number()
    .positive()
    .max(256)
    .default(2)
    .meta({
      title: 'CPU',
      description: 'Cores for the whole environment.',
      decides: true,
    } satisfies FieldMeta),
  memoryGi: z
    .number()
    .positive()
    .max(1024)
    .default(4)
    .meta({
      title: 'Memory',
      description: 'GiB for the whole environment.',
      decides: true,
    } satisfies FieldMeta),
  replicas: z
    .int()
    .min(1)
    .max(20)
    .default(1)
    .meta({ title: 'Replicas', description: 'How many Pods share that.' } satisfies FieldMeta),
  ttl: z
    .string()
    .default('8h')
    .refine(
      (text) => (parseDuration(text) ?? 0) >= ttlMin,
      'write a time like 8h, 30m or 2d12h, at least 10m',
    )
    .meta({
      title: 'Time to live',
      description: 'After this it is removed by itself: 8h, 30m, 2d12h. The time starts when it is ready.',
      decides: true,
    } satisfies FieldMeta),
  team: z
    .string()
    .optional()
    .meta({
      title: 'Team',
      description: 'Whose members get rights in it. Yours when left empty.',
      choices: 'teams',
    } satisfies FieldMeta),
});
type Input = z.infer<typeof input>;

/** How long Pods may take to get ready before the attempt counts as failed. */
const readyMax = 10 * minuteMs;
const lookAgain = 2 * secondMs;

const environmentCreate: ChangeAction<typeof input> = {
  title: 'Create an environment',
  summary: 'Make an environment of your own for a while.',
  effect: 'create',
  channel: 'requests',
  command: {
    slash: '/env',
    verb: 'create',
    positional: [{ field: 'name' }],
    examples: [
      '/env create checkout-pr-12 --blueprint web-service --ttl 8h',
      '/env create load-test --blueprint web-service --cpu 8 --memory-gi 16 --replicas 3 --ttl 2d',
    ],
  },
  input,

  target(asked, { catalog, requesterGroups, environments }) {
    if (!catalog.blueprints[asked.blueprint]) {
      const names = Object.keys(catalog.blueprints);
      return refuse(
        badField(
          'blueprint',
          `There is no blueprint "${asked.blueprint}".${didYouMean(asked.blueprint, names)}`,
          `Choose ${listOf(names, 'or')}.`,
        ),
      );
    }
    const longest = parseDuration(catalog.environments.ttl.max) ?? dayMs;
    if ((parseDuration(asked.ttl) ?? 0) > longest) {
      return refuse(
        badField(
          'ttl',
          `An environment lives ${catalog.environments.ttl.max} at most.`,
          'Choose a shorter time; it can be asked for again.',
        ),
      );
    }
    const taken = environments.find((one) => one.name === asked.name);
    if (taken) {
      return refuse(
        badField(
          'name',
          `There is an environment "${asked.name}" already (${taken.requestId}).`,
          'Choose another name, or destroy that one first.',
        ),
      );
    }
    const mine = catalog.environments.teams.filter((team) => requesterGroups.includes(team));
    const team = asked.team ?? mine[0];
    if (team === undefined || !mine.includes(team)) {
      const sentence =
        asked.team === undefined
          ? 'You are in no team that may have environments.'
          : `You are not in the team "${asked.team}".`;
      return refuse(
        badField(
          'team',
          sentence,
          mine.length > 0 ? `Choose ${listOf(mine, 'or')}.` : 'Ask the platform team to add you to one.',
        ),
      );
    }
    return ok({ kind: 'environment', name: asked.name, tier: 'dev', team });
  },

  async preview(asked, context): Promise<Preview> {
    const { prices } = context.catalog;
    const perHour = asked.cpu * prices.cpuHour + asked.memoryGi * prices.memoryGiHour;
    const money = (amount: number) => `${amount.toFixed(2)} ${prices.currency}`;
    const blueprint = blueprintOf(context.catalog, asked.blueprint);
    return {
      sentence: `Creates the environment ${asked.name} from the blueprint ${blueprint.title} with ${asked.cpu} CPU and ${asked.memoryGi} GiB for ${asked.ttl}.`,
      details: [
        { label: 'Namespace', value: namespaceOf(asked.name) },
        { label: 'Cluster', value: context.catalog.environments.cluster },
        {
          label: 'Size',
          value: `${asked.cpu} CPU, ${asked.memoryGi} GiB, ${asked.replicas} × ${blueprint.title}`,
        },
        { label: 'Lives', value: asked.ttl },
        { label: 'Costs', value: `${money(perHour)} an hour, ${money(perHour * 24)} a day` },
      ],
      commits: [],
      resolved: {},
      cautions: [],
      cost: { perHour, perDay: perHour * 24 },
    };
  },

  steps: () => [
    {
      id: 'namespace',
      title: 'Namespace',
      async do(asked, context) {
        await refuseForeignNamespace(asked, context);
        await environmentCluster(context).apply(manifestsFor(asked, context).namespace);
        return { state: 'done', note: namespaceOf(asked.name) };
      },
      // Everything else lies in the namespace and goes with it, so no later step has an undo of its own.
      undo: (asked, context) =>
        removeNamespace(
          environmentCluster(context),
          namespaceOf(asked.name),
          ownershipLabels(context.request.key),
          context,
        ),
    },
    applyStep('quota', 'Quota', 'quota'),
    applyStep('limit-range', 'Limit range', 'limitRange'),
    applyStep('network-policy', 'Network policy', 'networkPolicy'),
    applyStep('service-account', 'Service account', 'serviceAccount'),
    applyStep('role-binding', 'Role binding for the team', 'roleBinding'),
    {
      id: 'workload',
      title: 'Workload',
      async do(asked, context) {
        const blueprint = blueprintOf(context.catalog, asked.blueprint);
        const manifests = workloadManifests(blueprint, orderFor(asked, context));
        for (const manifest of manifests) await environmentCluster(context).apply(manifest);
        return { state: 'done', note: listOf(manifests.map((one) => one.kind)) };
      },
    },
    {
      id: 'ready',
      title: 'Ready',
      async do(asked, context) {
        const workload = await environmentCluster(context).workload(
          namespaceOf(asked.name),
          deploymentOf(asked, context),
        );
        const ready = `${workload?.ready ?? 0} of ${workload?.wanted ?? asked.replicas} ready`;
        if (workload?.isSettled)
          return { state: 'done', note: ready, result: { readyAt: String(context.now) } };
        const trouble = workload?.troubles[0];
        if (workload && !workload.mayRecover)
          throw new ProblemError(notReady(trouble ?? 'its Pods cannot start'));
        if (context.now - context.stepStartedAt > readyMax) {
          throw new ProblemError(notReady(trouble ?? `${ready} after ${formatDuration(readyMax)}`));
        }
        return { state: 'waiting', note: trouble ?? ready, againInMs: lookAgain };
      },
    },
  ],

  outputs(asked, context) {
    const blueprint = blueprintOf(context.catalog, asked.blueprint);
    const { url, secret } = blueprintOutputs(blueprint, orderFor(asked, context));
    const expiresAt = Number(context.results.ready?.readyAt ?? context.now) + (parseDuration(asked.ttl) ?? 0);
    const environment: KnownEnvironment = {
      name: asked.name,
      blueprint: asked.blueprint,
      team: context.request.target.team,
      cluster: context.catalog.environments.cluster,
      namespace: namespaceOf(asked.name),
      requestId: context.request.id,
      url,
      expiresAt,
    };
    return {
      links: [{ label: 'Open it', url }],
      notes: [
        secret === undefined
          ? `Everything about it: \`kubectl -n ${environment.namespace} get all\``
          : `Connection details: \`kubectl -n ${environment.namespace} get secret ${secret} -o yaml\` (read with your own rights)`,
      ],
      environment,
    };
  },
};

export default defineAction(environmentCreate);

function applyStep(
  id: string,
  title: string,
  object: 'quota' | 'limitRange' | 'networkPolicy' | 'serviceAccount' | 'roleBinding',
) {
  return {
    id,
    title,
    async do(asked: Input, context: StepContext) {
      await environmentCluster(context).apply(manifestsFor(asked, context)[object]);
      return { state: 'done' as const };
    },
  };
}

/** Two requests for one name may both be allowed; the second to come finds the first one's namespace and stops. */
async function refuseForeignNamespace(asked: Input, context: StepContext): Promise<void> {
  const name = namespaceOf(asked.name);
  const found = await environmentCluster(context).read({ apiVersion: 'v1', kind: 'Namespace', name });
  const isOurs = Object.entries(ownershipLabels(context.request.key)).every(
    ([label, value]) => found?.metadata.labels?.[label] === value,
  );
  if (!found || isOurs) return;
  throw new ProblemError(
    problem(
      'conflict',
      `The namespace ${name} exists already and belongs to somebody else.`,
      'Ask again with another name.',
    ),
  );
}

function manifestsFor(asked: Input, context: StepContext) {
  return environmentManifests(orderFor(asked, context));
}

function orderFor(asked: Input, context: StepContext): EnvironmentOrder {
  const { team } = context.request.target;
  return {
    name: asked.name,
    cpu: asked.cpu,
    memoryGi: asked.memoryGi,
    replicas: asked.replicas,
    team,
    teamMembers: context.catalog.groups[team]?.members ?? [],
    requestKey: context.request.key,
    owner: context.requester.email ?? context.requester.id,
  };
}

function deploymentOf(asked: Input, context: StepContext): string {
  return readyDeployment(blueprintOf(context.catalog, asked.blueprint), orderFor(asked, context));
}

function environmentCluster(context: ReadContext) {
  return context.cluster(context.catalog.environments.cluster);
}

function blueprintOf(catalog: Catalog, name: string): Blueprint {
  const blueprint = catalog.blueprints[name];
  if (blueprint) return blueprint;
  throw new ProblemError(
    problem(
      'not_found',
      `The blueprint "${name}" is no longer in the catalog.`,
      'Ask again with another blueprint.',
    ),
  );
}

function badField(field: string, sentence: string, next: string): Problem {
  return problem('bad_input', sentence, next, { fields: { [field]: `${sentence} ${next}` } });
}

function notReady(why: string): Problem {
  return problem(
    'step_failed',
    `The environment did not become ready: ${why}.`,
    'It was removed again. Mend the cause and ask again.',
  );
}
