/** `/svc find`: a service by words that somebody half remembers. */
import { z } from 'zod';
import { type AnswerSection, defineAction, type FieldMeta, type ReadAction } from '../core/action.ts';
import type { Catalog } from '../core/catalog.ts';
import { findServices } from '../core/find-services.ts';
import { ok } from '../core/problem.ts';
import type { Service } from '../core/service.ts';
import { count, listOf } from '../core/text.ts';

/** More would not be read: another word finds less. */
const shownMax = 10;

const input = z.strictObject({
  words: z
    .string()
    .min(1)
    .max(200)
    .meta({
      title: 'Words',
      description:
        'Of its name, its owners, its repository, what it is for. Slips of the finger are forgiven.',
      placeholder: 'artist lookup',
    } satisfies FieldMeta),
});

const serviceFind: ReadAction<typeof input> = {
  title: 'Find a service',
  summary: 'Find a service by its name, its owners or what it is for.',
  effect: 'read',
  command: {
    slash: '/svc',
    verb: 'find',
    positional: [{ field: 'words', isRest: true }],
    examples: ['/svc find paymnets', '/svc find payments team'],
  },
  input,

  // The catalog is about all services at once, and shows nothing of how they run.
  target: () => ok({ kind: 'service', name: 'services', tier: 'dev', team: '' }),

  async answer({ words }, { catalog, forge }) {
    const found = findServices(catalog, words, shownMax + 1);
    const shown = found.slice(0, shownMax);
    const [best] = shown;
    return {
      title: 'Services',
      sentence: sentenceOf(words, found.length),
      sections: shown.map(([name, service]) =>
        sectionOf(name, service, catalog, forge.repositoryUrl(service.repository)),
      ),
      links: [],
      next: best ? [{ label: `Look at ${best[0]}`, commandLine: `/svc --service ${best[0]}` }] : [],
    };
  },
};

export default defineAction(serviceFind);

function sentenceOf(words: string, found: number): string {
  if (found === 0)
    return `No service is called or described by "${words}". Try one word of its name or its team.`;
  if (found > shownMax) return `The ${shownMax} nearest; one word more finds fewer.`;
  return `${count(found, 'service')}, the nearest first.`;
}

function sectionOf(name: string, service: Service, catalog: Catalog, url: string): AnswerSection {
  const owners = service.owners.map((owner) => catalog.groups[owner]?.title ?? owner);
  const environments = Object.keys(service.environments);
  const about = [
    ...(service.description === undefined ? [] : [service.description]),
    ...(service.lifecycle === undefined ? [] : [`Lifecycle: ${service.lifecycle}.`]),
    ...(service.dependsOn.length > 0 ? [`Needs ${listOf(service.dependsOn)}.`] : []),
  ];
  return {
    title: service.title.toLowerCase() === name ? name : `${name}: ${service.title}`,
    fields: [
      { label: 'Owners', value: listOf(owners) },
      { label: 'Runs in', value: environments.length > 0 ? listOf(environments) : 'no environment yet' },
      { label: 'Code', value: url },
    ],
    lines: about,
  };
}
