/** `/env list`: what there is, whose it is, when it ends and what it costs. */
import { z } from 'zod';
import {
  type Answer,
  type AnswerSection,
  defineAction,
  type FieldMeta,
  type ReadAction,
  type ReadContext,
} from '../core/action.ts';
import { groupsOf } from '../core/catalog.ts';
import type { Manifest } from '../core/cluster.ts';
import { compareEnvironments, namespaceLabels } from '../core/compare-environments.ts';
import { costNow, type EnvironmentRecord } from '../core/environment-record.ts';
import { moneyText } from '../core/prices.ts';
import { problemFrom } from '../core/problem.ts';
import type { RequestStatus } from '../core/request.ts';
import { count } from '../core/text.ts';
import {
  blueprintTitle,
  costWords,
  endWords,
  type Reader,
  sleepWords,
  teamTitle,
} from './environment/life-words.ts';
import { teamTarget } from './environment/team-target.ts';

const input = z.strictObject({
  team: z
    .string()
    .max(63)
    .optional()
    .meta({
      title: 'Team',
      description: 'Whose environments; all of them when left empty.',
      placeholder: 'checkout',
    } satisfies FieldMeta),
});

const environmentList: ReadAction<typeof input> = {
  title: 'List environments',
  summary: 'See which environments there are, when they end and what they cost.',
  effect: 'read',
  command: {
    slash: '/env',
    verb: 'list',
    positional: [],
    examples: ['/env list', '/env list --team checkout'],
  },
  input,

  target: ({ team }, { catalog }) => teamTarget(team, catalog),

  async answer({ team }, context): Promise<Answer> {
    const records = (await context.environmentRecords()).filter(
      (one) => team === undefined || one.team === team,
    );
    const mine = groupsOf(context.catalog, context.requester.email);
    const teams = [...new Set(records.map((one) => one.team))].toSorted(
      (one, other) => Number(mine.includes(other)) - Number(mine.includes(one)) || one.localeCompare(other),
    );
    return {
      title: team === undefined ? 'Environments' : `Environments of ${teamTitle(team, context)}`,
      sentence: sentenceOf(records, context),
      sections: [
        ...teams.map((one) => sectionOf(one, records, context)),
        ...(team === undefined ? await unknownSections(context) : []),
      ],
      links: [],
      next: [{ label: 'Create one', commandLine: '/env create' }],
    };
  },
};

export default defineAction(environmentList);

function sentenceOf(records: readonly EnvironmentRecord[], reader: Reader): string {
  if (records.length === 0) return 'There are no environments.';
  const { prices } = reader.catalog;
  const living = records.filter((one) => one.living);
  const perDay = living.reduce((sum, one) => sum + costNow(one, reader.catalog).perDay, 0);
  const costs = living.length > 0 ? `, ${moneyText(perDay, prices)} a day` : '';
  const coming = records.length - living.length;
  const also = coming > 0 ? `; ${count(coming, 'more is', 'more are')} on the way` : '';
  return `${count(living.length, 'environment')}${costs}${also}. What ends first comes first.`;
}

function sectionOf(team: string, all: readonly EnvironmentRecord[], reader: Reader): AnswerSection {
  const records = all
    .filter((one) => one.team === team)
    .toSorted((one, other) => endOf(one) - endOf(other) || one.name.localeCompare(other.name));
  return {
    title: `${teamTitle(team, reader)}: ${numbersOf(records)}`,
    fields: [],
    lines: records.map((one) => line(one, reader)),
  };
}

function numbersOf(records: readonly EnvironmentRecord[]): string {
  const living = records.filter((one) => one.living).length;
  const coming = records.length - living;
  if (living === 0) return `${coming} on the way`;
  return `${count(living, 'environment')}${coming > 0 ? `, ${coming} on the way` : ''}`;
}

/** Namespaces with our labels that no request knows of, or why nobody can tell. */
async function unknownSections(context: ReadContext): Promise<AnswerSection[]> {
  const { cluster } = context.catalog.environments;
  const query = { apiVersion: 'v1', kind: 'Namespace', labels: namespaceLabels };
  let found: readonly Manifest[];
  try {
    found = await context.cluster(cluster).list(query);
  } catch (error) {
    const { sentence } = problemFrom(error);
    return [
      {
        title: 'Whether there are others nobody can tell',
        mood: 'unknown',
        fields: [],
        lines: [`• ${sentence}`],
      },
    ];
  }
  // Read once more, after the list: what was made in between is known by now.
  const { unknown } = compareEnvironments(cluster, await context.environmentRecords(), found);
  if (unknown.length === 0) return [];
  const lines = unknown.map(({ namespace, request }) => {
    const by = request === '' ? '' : `, its labels name ${request}`;
    return `• ${namespace}${by}`;
  });
  return [{ title: 'Not recorded: look after them by hand', mood: 'busy', fields: [], lines }];
}

/** What has no end yet comes last. */
function endOf({ living }: EnvironmentRecord): number {
  return living?.expiresAt ?? Number.POSITIVE_INFINITY;
}

function line(record: EnvironmentRecord, reader: Reader): string {
  const { living, name, requester, requestId } = record;
  const { soFar, perDay } = costWords(record, reader);
  const what = `${name}: ${blueprintTitle(record.blueprint, reader)}, ${requester}`;
  if (!living) return `• ${what}, ${comingWords[record.status]} (${requestId}), ${perDay} a day`;
  const end = endWords(living.expiresAt, reader);
  const { sleep } = record.life;
  const asleep = sleep ? `, asleep ${sleepWords(sleep, reader)}` : '';
  return `• ${what}${asleep}, ends ${end}, ${soFar} so far, ${perDay} a day${living.url === '' ? '' : `, ${living.url}`}`;
}

const comingWords: Readonly<Partial<Record<RequestStatus, string>>> = {
  submitted: 'being checked',
  waiting: 'waiting for approval',
  held: 'on hold',
  approved: 'about to be made',
  running: 'being made',
  undoing: 'being taken back',
};
