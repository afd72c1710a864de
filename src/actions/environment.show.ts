/** `/env show`: one environment, how it is and what can be done with it. */
import { z } from 'zod';
import {
  type Answer,
  type AnswerSection,
  defineAction,
  type FieldMeta,
  type KnownEnvironment,
  type ReadAction,
  type ReadContext,
} from '../core/action.ts';
import { formatDuration, hourMs, minuteMs } from '../core/duration.ts';
import type { EnvironmentRecord } from '../core/environment-record.ts';
import { nightsText } from '../core/lifetime.ts';
import { ProblemError } from '../core/problem.ts';
import { count } from '../core/text.ts';
import { driftWords } from './environment/drift.ts';
import { type Inside, lookInside } from './environment/inside.ts';
import { goneProblem, knownTarget } from './environment/known.ts';
import { blueprintTitle, costWords, endWords, sleepWords, teamTitle } from './environment/life-words.ts';
import { healthMoods, objectSection } from './environment/object-health.ts';
import { healthWords, moodOf, type SeenWorkload, warningWords } from './workload/words.ts';

const input = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(63)
    .meta({ title: 'Environment', description: 'Which one.', choices: 'environments' } satisfies FieldMeta),
});

/** Older warnings are history, not news. */
const warningsSince = hourMs;
const warningsShownMax = 3;

const environmentShow: ReadAction<typeof input> = {
  title: 'Show an environment',
  summary: 'See how an environment is, how to reach it and when it ends.',
  effect: 'read',
  command: {
    slash: '/env',
    verb: 'show',
    positional: [{ field: 'name' }],
    examples: ['/env show checkout-pr-12'],
  },
  input,

  target: (asked, { environments }) => knownTarget(asked.name, environments),

  async answer(asked, context): Promise<Answer> {
    const record = (await context.environmentRecords()).find((one) => one.living?.name === asked.name);
    if (!record?.living) throw new ProblemError(goneProblem(asked.name));
    const { living } = record;
    const inside = await lookInside({ ...record, living }, context);
    const { workload, healths, drift, warnings } = typeof inside === 'string' ? unseen(inside) : inside;
    const news = warnings
      .filter((one) => context.now - one.lastAt < warningsSince)
      .slice(0, warningsShownMax)
      .map((one) => warningWords(one, context.now));
    const { sleep } = record.life;
    // What operators make has no Deployment of ours: then their word is all there is.
    const [told] = workload === undefined ? healths : [];
    const awake = told
      ? told.why.replace(/\.$/, '')
      : `Its workload: ${healthWords(workload).replace(/\.$/, '')}`;
    const now = sleep ? `It sleeps ${sleepWords(sleep, context)}` : awake;
    const drifted = 'unknown' in drift ? [] : drift;
    return {
      title: living.name,
      sentence: `${living.name} ends ${endWords(living.expiresAt, context)}. ${now}.`,
      // Nothing of what sleeps is well or ill.
      ...(sleep
        ? {}
        : { mood: told ? healthMoods[told.state] : workload === undefined ? 'unknown' : moodOf(workload) }),
      sections: [
        ...(sleep || told ? [] : [healthSection(workload, news)]),
        ...(healths.length === 0 ? [] : [objectSection(healths, told ? news : [])]),
        ...driftSections(drift),
        lifeSection(record, living, context),
      ],
      links: living.url === '' ? [] : [{ label: 'Open it', url: living.url }],
      next: nextOf(living.name, { isAsleep: sleep !== undefined, hasDrift: drifted.length > 0 }),
    };
  },
};

export default defineAction(environmentShow);

/** An answer has room for three: what is most wanted comes first. */
function nextOf(name: string, { isAsleep, hasDrift }: { isAsleep: boolean; hasDrift: boolean }) {
  return [
    ...(hasDrift ? [{ label: 'Repair', commandLine: `/env repair ${name}` }] : []),
    isAsleep
      ? { label: 'Wake', commandLine: `/env wake ${name}` }
      : { label: 'Sleep', commandLine: `/env sleep ${name}` },
    { label: 'Extend by 4h', commandLine: `/env extend ${name} by 4h` },
    { label: 'Destroy now', commandLine: `/env destroy ${name}` },
  ];
}

/** Somebody may not look, or nobody can at this moment: said where the workload would stand. */
function unseen(why: string): Inside {
  return { workload: { unknown: why }, healths: [], drift: [], warnings: [] };
}

function healthSection(workload: SeenWorkload, warnings: readonly string[]): AnswerSection {
  const known = workload !== undefined && !('unknown' in workload) ? workload : undefined;
  return {
    title: 'Workload',
    mood: moodOf(workload),
    fields: known
      ? [
          { label: 'Version', value: known.version },
          { label: 'Replicas', value: `${known.ready} of ${known.wanted} ready` },
          { label: 'Restarts', value: String(known.restarts) },
        ]
      : [],
    lines: [...(known?.troubles.slice(1) ?? []), ...warnings],
  };
}

function driftSections(drift: Inside['drift']): AnswerSection[] {
  if ('unknown' in drift) {
    const line = `Whether it was changed by hand cannot be told: ${drift.unknown}`;
    return [{ title: 'Changed by hand?', mood: 'unknown', fields: [], lines: [line] }];
  }
  if (drift.length === 0) return [];
  const lines = drift.map((one) => `• ${driftWords(one)}`);
  return [{ title: 'Changed by hand', mood: 'busy', fields: [], lines }];
}

function lifeSection(
  record: EnvironmentRecord,
  living: KnownEnvironment,
  context: ReadContext,
): AnswerSection {
  const { soFar, perDay } = costWords(record, context);
  return {
    title: 'Life',
    fields: [
      { label: 'Blueprint', value: blueprintTitle(living.blueprint, context) },
      { label: 'Team', value: teamTitle(living.team, context) },
      { label: 'Asked for by', value: `${record.requester}, ${record.requestId}` },
      { label: 'Began', value: `${formatDuration(context.now - record.since)} ago` },
      { label: 'Ends', value: endWords(living.expiresAt, context) },
      { label: 'Extended', value: extendedWords(record) },
      { label: 'Last used', value: usedWords(record, context) },
      { label: 'Sleeps', value: nightsWords(record, context) },
      { label: 'Costs', value: `${soFar} so far, ${perDay} a day` },
      { label: 'Namespace', value: `${living.namespace} on ${living.cluster}` },
    ],
    lines: [...record.notes],
  };
}

function extendedWords({ extensions }: EnvironmentRecord): string {
  if (extensions.length === 0) return 'not yet';
  const ms = extensions.reduce((sum, { from, until }) => sum + until - from, 0);
  return `${count(extensions.length, 'time')}, ${formatDuration(ms)} in all`;
}

/** By its team as far as Greenlight sees it: a request about it, or traffic where that is measured. */
function usedWords({ life }: EnvironmentRecord, { now }: ReadContext): string {
  const ms = now - life.usedAt;
  return ms < minuteMs ? 'just now' : `${formatDuration(ms)} ago`;
}

function nightsWords({ life }: EnvironmentRecord, { catalog }: ReadContext): string {
  return nightsText(life.nights ?? catalog.environments.sleep ?? 'off');
}
