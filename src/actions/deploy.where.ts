/** `/deploys`: what runs where, service by service: versions, how long, and where environments have drifted apart. */
import { z } from 'zod';
import {
  type Answer,
  type AnswerSection,
  defineAction,
  type ReadAction,
  type ReadContext,
} from '../core/action.ts';
import { type Catalog, groupsOf } from '../core/catalog.ts';
import { formatDuration } from '../core/duration.ts';
import { ok, problemFrom } from '../core/problem.ts';
import type { Service } from '../core/service.ts';
import { count, listOf } from '../core/text.ts';
import { type Running, sameVersion, whatRuns } from './deploy/running.ts';

const input = z.strictObject({});

/** Each is two calls to GitHub and four to a cluster for every environment: past these people name a service. */
const servicesShownMax = 12;

const where: ReadAction<typeof input> = {
  title: 'What runs where',
  summary: 'See which version of each service runs in which environment.',
  effect: 'read',
  command: { slash: '/deploys', isBare: true, verb: 'where', positional: [], examples: ['/deploys'] },
  input,

  target: () => ok({ kind: 'service', name: 'services', tier: 'production', team: '' }),

  async answer(_asked, context): Promise<Answer> {
    const all = ownFirst(context.catalog, context.requester.email);
    const shown = all.slice(0, servicesShownMax);
    const rows = await Promise.all(shown.map(([name, service]) => rowOf(name, service, context)));
    const drifted = rows.filter((row) => row.hasDrifted).map((row) => row.name);
    const left = all.length - shown.length;
    return {
      title: 'What runs where',
      sentence:
        drifted.length === 0
          ? `${count(rows.length, 'service')}: every environment runs what the one before it does.`
          : `${listOf(drifted)} ${drifted.length === 1 ? 'runs' : 'run'} other versions in one environment than in another.`,
      sections: [
        ...rows.map((row) => row.section),
        ...(left > 0
          ? [
              {
                title: `and ${count(left, 'more service')}`,
                fields: [],
                lines: ['Name one: /deploys <service>. Find one: /svc find <words>'],
              },
            ]
          : []),
      ],
      links: [],
      next: drifted
        .slice(0, 3)
        .map((name) => ({ label: `Deploys of ${name}`, commandLine: `/deploys ${name}` })),
    };
  },
};

export default defineAction(where);

/** Those of the person's groups, and then the others, each in the catalog's order. */
function ownFirst(catalog: Catalog, email: string | undefined): [name: string, service: Service][] {
  const groups = groupsOf(catalog, email);
  const isOwn = ([, { owners }]: [string, Service]) => owners.some((owner) => groups.includes(owner));
  const all = Object.entries(catalog.services);
  return [...all.filter(isOwn), ...all.filter((one) => !isOwn(one))];
}

async function rowOf(name: string, service: Service, context: ReadContext) {
  const places = Object.keys(service.environments);
  const seen = await Promise.all(
    places.map(async (environment) => ({
      environment,
      running: await whatRuns({ service: name, environment }, context).catch((error: unknown) => ({
        unknown: problemFrom(error).sentence,
      })),
    })),
  );
  const versions = seen.flatMap(({ running }) => versionOf(running) ?? []);
  const hasDrifted = versions.some((version) => !sameVersion(version, versions[0] ?? ''));
  const section: AnswerSection = {
    title: `${service.title}${hasDrifted ? ': versions differ' : ''}`,
    fields: seen.map(({ environment, running }) => ({
      label: environment,
      value: cell(running, context.now),
    })),
    lines: [],
  };
  return { name, hasDrifted, section };
}

type Seen = Running | { readonly unknown: string };

function versionOf(running: Seen): string | undefined {
  if ('unknown' in running) return undefined;
  const { cluster, deployment } = running;
  return cluster && 'version' in cluster ? cluster.version : deployment?.ref;
}

/** The cluster's word counts for what runs, GitHub's for since when and by whom. */
function cell(running: Seen, now: number): string {
  if ('unknown' in running) return `cannot be told: ${running.unknown}`;
  const { cluster, deployment } = running;
  const runs = versionOf(running);
  if (runs === undefined) return 'nothing';
  if (!deployment) return `${runs}, by no deploy that GitHub knows of`;
  const since = `${formatDuration(now - deployment.at)}, by ${deployment.by}`;
  const isDifferent = cluster && 'version' in cluster && !sameVersion(deployment.ref, cluster.version);
  return isDifferent
    ? `${runs} (GitHub says ${deployment.ref}, for ${since})`
    : `${deployment.ref}, for ${since}`;
}
