/** Whom to ask about a service and what else to suspect: owners, who is on call, what it depends on. */
import type { AnswerSection, ReadContext } from '../../core/action.ts';
import type { Service } from '../../core/service.ts';
import { listOf } from '../../core/text.ts';
import { someNames } from '../people/some-names.ts';
import { healthWords, moodOf } from '../workload/words.ts';
import { healthOf, worstOf } from './look.ts';

/** More would not be read at three in the morning. */
const dependenciesShownMax = 8;

export async function aboutSection(service: Service, context: ReadContext): Promise<AnswerSection> {
  const { catalog } = context;
  const [owners, onCall, dependencies] = await Promise.all([
    Promise.all(service.owners.map((group) => ownerWords(group, context))),
    someNames(catalog.onCall, context),
    Promise.all(
      service.dependsOn.slice(0, dependenciesShownMax).map((name) => dependencyLine(name, context)),
    ),
  ]);
  return {
    title: 'Who and what else',
    fields: [
      { label: 'Owned by', value: listOf(owners) },
      { label: 'On call', value: onCall || 'nobody' },
    ],
    lines: [...(service.description === undefined ? [] : [service.description]), ...dependencies],
  };
}

async function ownerWords(group: string, context: ReadContext): Promise<string> {
  const known = context.catalog.groups[group];
  if (!known) return group;
  const names = await someNames(known.members, context);
  return names === '' ? known.title : `${known.title} (${names})`;
}

/** From the cache as well: the first suspects when a service is ill. */
async function dependencyLine(name: string, context: ReadContext): Promise<string> {
  const environments = Object.keys(context.catalog.services[name]?.environments ?? {});
  if (environments.length === 0) return `Depends on ${name}, which the catalog does not know.`;
  const looks = await Promise.all(environments.map((environment) => healthOf(name, environment, context)));
  if (worstOf(looks.map(({ workload }) => moodOf(workload))) === 'good')
    return `Depends on ${name}: healthy.`;
  const words = looks
    .filter(({ workload }) => moodOf(workload) !== 'good')
    .map((look) => `${look.name} ${healthWords(look.workload)}`);
  return `Depends on ${name}: ${words.join('; ')}.`;
}
