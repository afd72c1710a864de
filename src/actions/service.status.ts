/** `/svc payments`: how a service is, as a colleague would say it at three in the morning. */
import { z } from 'zod';
import { type Answer, defineAction, type ReadAction, type ReadContext } from '../core/action.ts';
import type { Service } from '../core/service.ts';
import { count, listOf } from '../core/text.ts';
import { aboutSection } from './service/about-section.ts';
import { type CloserLook, lookCloser, sectionOf } from './service/environment-section.ts';
import { anyEnvironmentField, serviceField } from './service/fields.ts';
import { footnoteOf } from './service/freshness.ts';
import { type Look, versionOf, worstOf } from './service/look.ts';
import { metricsLine } from './service/metrics-line.ts';
import { serviceTarget } from './service/place.ts';
import { healthWords, moodOf } from './workload/words.ts';

const input = z.strictObject({
  service: serviceField('Which one.'),
  environment: anyEnvironmentField(),
});
type Input = z.infer<typeof input>;

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
    if (!service) return gone(asked);
    const environments = Object.keys(service.environments).filter(
      (name) => asked.environment === undefined || name === asked.environment,
    );
    const [looks, about, numbers] = await Promise.all([
      Promise.all(environments.map((name) => lookCloser(asked.service, service, name, context))),
      aboutSection(service, context),
      numbersOf(asked, context),
    ]);
    const ill = looks.find((look) => moodOf(look.workload) === 'bad' && versionOf(look) !== undefined);
    return {
      title: service.title,
      sentence: sentenceOf(asked.service, looks),
      mood: worstOf(looks.map((look) => moodOf(look.workload))),
      sections: [...looks.map((look) => withNumbers(sectionOf(look, context.now), numbers)), about],
      links: linksOf(service, context),
      next: nextOf(asked, looks, ill, context.metrics !== undefined),
      ...(await footnoteOf(
        looks.map(({ cluster }) => cluster),
        context,
      )),
    };
  },
};

export default defineAction(serviceStatus);

/** It left the catalog between the question and the answer. */
function gone({ service }: Input): Answer {
  const sentence = `${service} is no longer in the catalog.`;
  return { title: service, sentence, mood: 'unknown', sections: [], links: [], next: [] };
}

/** Of one environment only: of each more, three more questions to Prometheus. */
async function numbersOf({ service, environment }: Input, context: ReadContext): Promise<string | undefined> {
  return environment === undefined ? undefined : metricsLine({ service, environment }, context);
}

function withNumbers(section: ReturnType<typeof sectionOf>, numbers: string | undefined) {
  return numbers === undefined
    ? section
    : { ...section, fields: [...section.fields, { label: 'Numbers', value: numbers }] };
}

function linksOf(service: Service, { forge }: ReadContext): Answer['links'] {
  return [
    { label: 'Repository', url: forge.repositoryUrl(service.repository) },
    ...service.links.map(({ title, url }) => ({ label: title, url })),
  ];
}

function nextOf(
  { service, environment }: Input,
  looks: readonly CloserLook[],
  ill: CloserLook | undefined,
  hasNumbers: boolean,
) {
  const isBusy = looks.some((look) => moodOf(look.workload) === 'busy');
  const where = environment === undefined ? '' : ` ${environment}`;
  return [
    ...(ill ? [{ label: 'Logs', commandLine: `/svc logs ${service} ${ill.name}` }] : []),
    ...(ill || isBusy ? [{ label: 'Watch', commandLine: `/svc watch ${service}${where}` }] : []),
    ...(hasNumbers ? [{ label: 'Metrics', commandLine: `/svc metrics ${service}${where}` }] : []),
    { label: 'Deploy', commandLine: `/deploy ${service}` },
  ];
}

function sentenceOf(name: string, looks: readonly Look[]): string {
  const good = looks.filter((look) => moodOf(look.workload) === 'good').map((look) => look.name);
  const others = looks.filter((look) => moodOf(look.workload) !== 'good');
  const versions = new Set(looks.flatMap((look) => versionOf(look) ?? []));
  if (others.length === 0) {
    const drift = versions.size > 1 ? `, on ${count(versions.size, 'version')}: ${driftWords(looks)}` : '';
    return `${name} is healthy in ${listOf(good)}${drift}.`;
  }
  const bad = others.map((look) => `${look.name}: ${healthWords(look.workload)}`).join('; ');
  return good.length > 0
    ? `${name} is healthy in ${listOf(good)}, but not in ${bad}.`
    : `${name} is not well in ${bad}.`;
}

function driftWords(looks: readonly Look[]): string {
  return listOf(looks.flatMap((look) => (versionOf(look) ? [`${look.name} ${versionOf(look)}`] : [])));
}
