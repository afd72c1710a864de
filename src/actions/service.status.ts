/** `/svc`: how a service is, as a colleague would say it at three in the morning. */
import { z } from 'zod';
import {
  type Answer,
  type AnswerSection,
  defineAction,
  type FieldMeta,
  type Mood,
  type ReadAction,
  type ReadContext,
} from '../core/action.ts';
import type { Service, ServiceEnvironment } from '../core/catalog.ts';
import type { Warning } from '../core/cluster.ts';
import { formatDuration, hourMs } from '../core/duration.ts';
import type { Deployment } from '../core/forge.ts';
import { count, listOf } from '../core/text.ts';
import { serviceTarget } from './service/place.ts';
import { healthWords, moodOf, type SeenWorkload, seen, warningWords } from './workload/words.ts';

const input = z.strictObject({
  service: z
    .string()
    .min(1)
    .max(63)
    .meta({ title: 'Service', description: 'Which one.', choices: 'services' } satisfies FieldMeta),
  environment: z
    .string()
    .max(63)
    .optional()
    .meta({
      title: 'Environment',
      description: 'All of them when left empty.',
      choices: 'serviceEnvironments',
    } satisfies FieldMeta),
});

/** Older warnings are history, not news. */
const warningsSince = hourMs;
const warningsShownMax = 3;

const serviceStatus: ReadAction<typeof input> = {
  title: 'Status of a service',
  summary: 'See how a service is and what happened to it last.',
  effect: 'read',
  command: {
    slash: '/svc',
    positional: [{ field: 'service' }, { field: 'environment' }],
    examples: ['/svc payments', '/svc search staging'],
  },
  input,

  target: (asked, { catalog }) => serviceTarget(asked, catalog),

  async answer(asked, context) {
    const service = context.catalog.services[asked.service];
    const environments = Object.entries(service?.environments ?? {}).filter(
      ([name]) => asked.environment === undefined || name === asked.environment,
    );
    const looks = await Promise.all(
      environments.map(([name, environment]) => lookAt(asked.service, name, environment, service, context)),
    );
    const links = service
      ? [{ label: 'Repository', url: context.forge.repositoryUrl(service.repository) }]
      : [];
    return answerOf(asked.service, service, looks, links);
  },
};

export default defineAction(serviceStatus);

/** One environment of the service, with whatever could be had of it. */
interface Look {
  readonly name: string;
  readonly workload: SeenWorkload;
  readonly warnings: readonly Warning[];
  readonly last: Deployment | undefined;
  readonly now: number;
}

async function lookAt(
  serviceName: string,
  name: string,
  environment: ServiceEnvironment,
  service: Service | undefined,
  context: ReadContext,
): Promise<Look> {
  const cluster = context.cluster(environment.cluster);
  const [workload, warnings, deployments] = await Promise.all([
    seen(cluster.workload(environment.namespace, environment.deployment ?? serviceName)),
    // Half an answer at three in the morning beats none: what is missing is said where the workload is.
    cluster.warnings(environment.namespace, 20).catch(() => []),
    service ? context.forge.deployments(service.repository, name, 5).catch(() => []) : [],
  ]);
  return {
    name,
    workload,
    warnings: warnings.filter((one) => context.now - one.lastAt < warningsSince),
    last: deployments.find((one) => one.state === 'success') ?? deployments[0],
    now: context.now,
  };
}

function sectionOf(look: Look): AnswerSection {
  const { workload, last } = look;
  const known = workload !== undefined && !('unknown' in workload) ? workload : undefined;
  return {
    title: `${look.name}: ${healthWords(look.workload)}`,
    mood: moodOf(look.workload),
    fields: known
      ? [
          { label: 'Version', value: known.version },
          { label: 'Replicas', value: `${known.ready} of ${known.wanted} ready` },
          { label: 'Restarts', value: String(known.restarts) },
          { label: 'Last deploy', value: last ? deployWords(last, look.now) : 'none that GitHub knows of' },
        ]
      : [],
    lines: [
      ...(known?.troubles.slice(1) ?? []),
      ...look.warnings.slice(0, warningsShownMax).map((warning) => warningWords(warning, look.now)),
    ],
  };
}

function deployWords(deployment: Deployment, now: number): string {
  const how = deployment.state === 'success' ? '' : ` (${deployment.state.replace('_', ' ')})`;
  return `${deployment.ref} by ${deployment.by}, ${formatDuration(now - deployment.at)} ago${how}`;
}

/** Worst first: that decides the mood of the whole. */
const moodOrder: readonly Mood[] = ['bad', 'unknown', 'busy', 'good'];

function answerOf(
  name: string,
  service: Service | undefined,
  looks: readonly Look[],
  links: Answer['links'],
): Answer {
  const mood = moodOrder.find((one) => looks.some((look) => moodOf(look.workload) === one)) ?? 'unknown';
  return {
    title: service?.title ?? name,
    sentence: sentenceOf(name, looks),
    mood,
    sections: looks.map(sectionOf),
    links,
    next: [{ label: 'Deploy', commandLine: `/deploy ${name}` }],
  };
}

function sentenceOf(name: string, looks: readonly Look[]): string {
  const good = looks.filter((look) => moodOf(look.workload) === 'good').map((look) => look.name);
  const others = looks.filter((look) => moodOf(look.workload) !== 'good');
  const versions = new Set(
    looks.flatMap(({ workload }) =>
      workload !== undefined && !('unknown' in workload) ? [workload.version] : [],
    ),
  );
  if (others.length === 0) {
    const drift = versions.size > 1 ? `, on ${count(versions.size, 'version')}` : '';
    return `${name} is healthy in ${listOf(good)}${drift}.`;
  }
  const bad = others.map((look) => `${look.name}: ${healthWords(look.workload)}`).join('; ');
  return good.length > 0
    ? `${name} is healthy in ${listOf(good)}, but not in ${bad}.`
    : `${name} is not well in ${bad}.`;
}
