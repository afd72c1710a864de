/** `/svc events`: what the cluster complained about lately, the same complaint told once. */
import { z } from 'zod';
import { type AnswerSection, defineAction, type ReadAction, type ReadContext } from '../core/action.ts';
import type { Warning } from '../core/cluster.ts';
import { formatDuration } from '../core/duration.ts';
import { problemFrom } from '../core/problem.ts';
import { fitRedacted } from '../core/redact.ts';
import { count } from '../core/text.ts';
import { anyEnvironmentField, serviceField } from './service/fields.ts';
import { footnoteOf, viewOf } from './service/freshness.ts';
import { placeOf, serviceTarget } from './service/place.ts';

const input = z.strictObject({
  service: serviceField('Whose.'),
  environment: anyEnvironmentField(),
});

/** Kinds of complaints for each environment. */
const shownMax = 15;
const messageLengthMax = 250;

const serviceEvents: ReadAction<typeof input> = {
  title: 'Events of a service',
  summary: 'See what the cluster complained about lately.',
  effect: 'read',
  command: {
    slash: '/svc',
    verb: 'events',
    positional: [{ field: 'service' }, { field: 'environment', word: 'in' }],
    examples: ['/svc events search staging', '/svc events payments'],
  },
  input,

  target: (asked, { catalog }) => serviceTarget(asked, catalog),

  async answer({ service, environment }, context) {
    const environments = Object.keys(context.catalog.services[service]?.environments ?? {}).filter(
      (name) => environment === undefined || name === environment,
    );
    const found = await Promise.all(environments.map((name) => eventsOf(service, name, context)));
    const all = found.flatMap(({ warnings }) => warnings);
    const [newest] = all.toSorted((one, other) => other.lastAt - one.lastAt);
    return {
      title: `${service}: warnings`,
      sentence: newest
        ? `${count(all.length, 'warning')} in the last hour or so, the same ones told once; the newest ${formatDuration(context.now - newest.lastAt)} ago: ${newest.reason}.`
        : 'The cluster has not complained lately.',
      sections: found.map((one) => sectionOf(one, context.now)),
      links: [],
      next: newest ? [{ label: 'Status', commandLine: `/svc ${service}` }] : [],
      ...(await footnoteOf(
        found.map(({ cluster }) => cluster),
        context,
      )),
    };
  },
};

export default defineAction(serviceEvents);

interface Found {
  readonly name: string;
  readonly cluster: string;
  readonly warnings: readonly Warning[];
  readonly unknown?: string;
}

async function eventsOf(service: string, name: string, context: ReadContext): Promise<Found> {
  const { cluster, namespace, deployment } = placeOf({ service, environment: name }, context.catalog);
  try {
    const warnings = await viewOf(cluster, context).warnings(namespace, 100, deployment);
    return { name, cluster, warnings: groupedByReason(warnings) };
  } catch (error) {
    return { name, cluster, warnings: [], unknown: problemFrom(error).sentence };
  }
}

/** Ten Pods that say the same are one line: what differs between them is the name. */
function groupedByReason(warnings: readonly Warning[]): Warning[] {
  const groups = new Map<string, { warning: Warning; objects: Set<string> }>();
  for (const warning of warnings) {
    const [kind = '', name = ''] = warning.object.split(' ');
    const key = [
      warning.reason,
      kind,
      name === '' ? warning.message : warning.message.replaceAll(name, ''),
    ].join('\n');
    const group = groups.get(key) ?? { warning: { ...warning, count: 0 }, objects: new Set() };
    group.objects.add(warning.object);
    group.warning = { ...group.warning, count: group.warning.count + warning.count };
    groups.set(key, group);
  }
  return [...groups.values()].map(({ warning, objects }) =>
    objects.size === 1 ? warning : { ...warning, object: `${warning.object} and ${objects.size - 1} more` },
  );
}

function sectionOf({ name, warnings, unknown }: Found, now: number): AnswerSection {
  if (unknown !== undefined) {
    return { title: `${name}: cannot be told: ${unknown}`, mood: 'unknown', fields: [], lines: [] };
  }
  const left = warnings.length - shownMax;
  return {
    title: warnings.length === 0 ? `${name}: none` : name,
    mood: warnings.length === 0 ? 'good' : 'bad',
    fields: [],
    lines: [
      ...warnings.slice(0, shownMax).map((warning) => lineOf(warning, now)),
      ...(left > 0 ? [`and ${left} more`] : []),
    ],
  };
}

function lineOf({ reason, object, message, count: times, lastAt }: Warning, now: number): string {
  const often = times > 1 ? ` ×${times}` : '';
  return `• ${reason}${often} on ${object}, ${formatDuration(now - lastAt)} ago: ${fitRedacted(message, messageLengthMax)}`;
}
