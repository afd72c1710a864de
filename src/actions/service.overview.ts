/** `/svc`: my services at a glance, one line each, what is not well first. */
import { z } from 'zod';
import {
  type AnswerSection,
  defineAction,
  type Mood,
  type ReadAction,
  type ReadContext,
} from '../core/action.ts';
import { type Catalog, groupsOf } from '../core/catalog.ts';
import { ok } from '../core/problem.ts';
import { count, fit, listOf } from '../core/text.ts';
import { footnoteOf } from './service/freshness.ts';
import { healthOf, type Look, moodOrder, versionOf, worstOf } from './service/look.ts';
import { type Newest, newestDeploys } from './service/newest-deploys.ts';
import { healthWords, moodOf } from './workload/words.ts';

/** So that one long message of a cluster leaves room for the other environments on the line. */
const healthLengthMax = 100;
/** Of more, what is well is told in few words. */
const fewServices = 20;

/** Of more, nobody reads a line each, and to look at all of them would hold up everybody else. */
const lookedAtMax = 300;

/** Whoever is woken for every service sees every service. */
const everywhere = 'sre';

const input = z.strictObject({});

const serviceOverview: ReadAction<typeof input> = {
  title: 'My services',
  summary: 'See at a glance how your services are.',
  effect: 'read',
  command: { slash: '/svc', verb: 'overview', isBare: true, positional: [], examples: ['/svc'] },
  input,

  // About all at once, production among them.
  target: () => ok({ kind: 'service', name: 'services', tier: 'production', team: '' }),

  async answer(_asked, context) {
    const { isAll, names: those } = servicesOf(context.catalog, context.requester.email);
    const names = those.slice(0, lookedAtMax);
    const left = those.length - names.length;
    const [glances, deploys] = await Promise.all([
      Promise.all(names.map((name) => glanceAt(name, context))),
      newestDeploys(names, context),
    ]);
    const ill = glances.find((glance) => glance.mood === 'bad');
    const clusters = glances.flatMap(({ looks }) => looks.map(({ cluster }) => cluster));
    return {
      title: isAll ? 'All services' : 'My services',
      sentence: `${left > 0 ? `The first ${names.length} of ${those.length} services. ` : ''}${sentenceOf(glances)}`,
      mood: glances.length === 0 ? 'unknown' : worstOf(glances.map((glance) => glance.mood)),
      sections: [
        ...(left > 0 ? [leftOut(left)] : []),
        ...moodOrder.flatMap((mood) => sectionOf(mood, glances, deploys, context)),
      ],
      links: [],
      next: ill ? [{ label: `Look at ${ill.name}`, commandLine: `/svc ${ill.name}` }] : [],
      ...(await footnoteOf(clusters, context)),
    };
  },
};

export default defineAction(serviceOverview);

/** Those that the person's groups own; all of them for SRE, and for whoever owns none. */
function servicesOf(catalog: Catalog, email: string | undefined): { isAll: boolean; names: string[] } {
  const groups = groupsOf(catalog, email);
  const all = Object.keys(catalog.services);
  const mine = all.filter((name) => catalog.services[name]?.owners.some((owner) => groups.includes(owner)));
  const isAll = groups.includes(everywhere) || mine.length === 0;
  return { isAll, names: isAll ? all : mine };
}

function leftOut(left: number): AnswerSection {
  const lines = ['Find one by its name, its team or what it is for: /svc find <words>'];
  return { title: `${count(left, 'service')} not looked at`, fields: [], lines };
}

interface Glance {
  readonly name: string;
  readonly mood: Mood;
  readonly looks: readonly Omit<Look, 'last'>[];
}

async function glanceAt(name: string, context: ReadContext): Promise<Glance> {
  const environments = Object.keys(context.catalog.services[name]?.environments ?? {});
  const looks = await Promise.all(environments.map((environment) => healthOf(name, environment, context)));
  return { name, looks, mood: worstOf(looks.map((look) => moodOf(look.workload))) };
}

function sentenceOf(glances: readonly Glance[]): string {
  if (glances.length === 0) return 'There are no services in the catalog.';
  const named = (mood: Mood) => glances.filter((glance) => glance.mood === mood).map((glance) => glance.name);
  const [bad, unknown] = [named('bad'), named('unknown')];
  const parts = [
    ...(bad.length > 0 ? [`${listOf(bad)} ${bad.length === 1 ? 'is' : 'are'} not well`] : []),
    ...(unknown.length > 0
      ? [`how ${listOf(unknown)} ${unknown.length === 1 ? 'is' : 'are'} cannot be told`]
      : []),
  ];
  if (parts.length > 0) return `Of ${count(glances.length, 'service')}, ${listOf(parts)}.`;
  return glances.length === 1 ? 'It is well.' : `All ${glances.length} are well.`;
}

const titles: Readonly<Record<Mood, string>> = {
  bad: 'Not well',
  unknown: 'Cannot be told',
  busy: 'Changing',
  good: 'Healthy',
};

function sectionOf(
  mood: Mood,
  glances: readonly Glance[],
  deploys: Newest,
  { now }: ReadContext,
): AnswerSection[] {
  const those = glances.filter((glance) => glance.mood === mood);
  if (those.length === 0) return [];
  const isBrief = mood === 'good' && glances.length > fewServices;
  const lines = those.map((glance) => (isBrief ? briefLine(glance) : line(glance, deploys, now)));
  return [{ title: titles[mood], mood, fields: [], lines }];
}

/** `payments: staging 1.4.1 healthy · production 1.4.0 healthy; versions differ; last deploy v1.4.1 by …`. */
function line({ name, looks }: Glance, deploys: Newest, now: number): string {
  const environments = looks.map((look) => {
    const version = versionOf(look);
    const health = fit(healthWords(look.workload), healthLengthMax);
    return `${look.name} ${version === undefined ? '' : `${version} `}${health}`;
  });
  const versions = new Set(looks.flatMap((look) => versionOf(look) ?? []));
  const drift = versions.size > 1 ? '; versions differ' : '';
  const last = deploys.wordsOf(name, now);
  return `• ${name}: ${environments.join(' · ')}${drift}${last === undefined ? '' : `; last deploy ${last}`}`;
}

function briefLine({ name, looks }: Glance): string {
  return `• ${name}: ${looks.map((look) => `${look.name} ${versionOf(look) ?? 'unknown'}`).join(' · ')}`;
}
