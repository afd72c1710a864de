/** `/svc payments`: how a service is, as a colleague would say it at three in the morning. */
import { z } from 'zod';
import {
  type Answer,
  type AnswerSection,
  defineAction,
  type FieldMeta,
  type ReadAction,
  type ReadContext,
} from '../core/action.ts';
import type { Warning } from '../core/cluster.ts';
import { hourMs } from '../core/duration.ts';
import type { Service } from '../core/service.ts';
import { count, listOf } from '../core/text.ts';
import { serviceField } from './service/fields.ts';
import { deployWords, type Look, lookAt, versionOf, worstOf } from './service/look.ts';
import { placeOf, serviceTarget } from './service/place.ts';
import { healthWords, moodOf, warningWords } from './workload/words.ts';

const input = z.strictObject({
  service: serviceField('Which one.'),
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
    const environments = Object.keys(service?.environments ?? {}).filter(
      (name) => asked.environment === undefined || name === asked.environment,
    );
    const looks = service
      ? await Promise.all(environments.map((name) => lookCloser(asked.service, service, name, context)))
      : [];
    const links = service
      ? [{ label: 'Repository', url: context.forge.repositoryUrl(service.repository) }]
      : [];
    return answerOf(asked.service, service, looks, links, context.now);
  },
};

export default defineAction(serviceStatus);

interface CloserLook extends Look {
  readonly warnings: readonly Warning[];
}

async function lookCloser(
  serviceName: string,
  service: Service,
  name: string,
  context: ReadContext,
): Promise<CloserLook> {
  const { cluster, namespace } = placeOf({ service: serviceName, environment: name }, context.catalog);
  const [look, warnings] = await Promise.all([
    lookAt(serviceName, service, name, context),
    // What is missing is said where the workload is.
    context
      .cluster(cluster)
      .warnings(namespace, 20)
      .catch(() => []),
  ]);
  return { ...look, warnings: warnings.filter((one) => context.now - one.lastAt < warningsSince) };
}

function sectionOf(look: CloserLook, now: number): AnswerSection {
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
          { label: 'Last deploy', value: deployWords(last, now) },
        ]
      : [],
    lines: [
      ...(known?.troubles.slice(1) ?? []),
      ...look.warnings.slice(0, warningsShownMax).map((warning) => warningWords(warning, now)),
    ],
  };
}

function answerOf(
  name: string,
  service: Service | undefined,
  looks: readonly CloserLook[],
  links: Answer['links'],
  now: number,
): Answer {
  const ill = looks.find((look) => moodOf(look.workload) === 'bad' && versionOf(look) !== undefined);
  return {
    title: service?.title ?? name,
    sentence: sentenceOf(name, looks),
    mood: worstOf(looks.map((look) => moodOf(look.workload))),
    sections: looks.map((look) => sectionOf(look, now)),
    links,
    next: [
      ...(ill ? [{ label: 'Logs', commandLine: `/svc logs ${name} ${ill.name}` }] : []),
      { label: 'Deploy', commandLine: `/deploy ${name}` },
    ],
  };
}

function sentenceOf(name: string, looks: readonly Look[]): string {
  const good = looks.filter((look) => moodOf(look.workload) === 'good').map((look) => look.name);
  const others = looks.filter((look) => moodOf(look.workload) !== 'good');
  const versions = new Set(looks.flatMap((look) => versionOf(look) ?? []));
  if (others.length === 0) {
    const drift = versions.size > 1 ? `, on ${count(versions.size, 'version')}` : '';
    return `${name} is healthy in ${listOf(good)}${drift}.`;
  }
  const bad = others.map((look) => `${look.name}: ${healthWords(look.workload)}`).join('; ');
  return good.length > 0
    ? `${name} is healthy in ${listOf(good)}, but not in ${bad}.`
    : `${name} is not well in ${bad}.`;
}
