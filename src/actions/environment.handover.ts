/** `/env hand-over`: another team owns an environment: its rights, its costs, its end. */
import { z } from 'zod';
import {
  type ChangeAction,
  defineAction,
  type FieldMeta,
  type KnownEnvironment,
  type Preview,
  type Step,
} from '../core/action.ts';
import { requestIdSchema } from '../core/ids.ts';
import { problem, refuse } from '../core/problem.ts';
import { boundTo, teamBindingRef } from '../core/team-binding.ts';
import { didYouMean, listOf } from '../core/text.ts';
import {
  agreedIfThere,
  agreedRecord,
  environmentField,
  knownTarget,
  livingRecord,
} from './environment/known.ts';
import { teamTitle } from './environment/life-words.ts';
import { namespaceRef, namespaceThere } from './environment/namespace.ts';
import { someNames } from './people/some-names.ts';

const input = z.strictObject({
  name: environmentField('It stays as it is; only whose it is changes.'),
  team: z
    .string()
    .max(63)
    .meta({
      title: 'To team',
      description: 'Who owns it then. The members of that team get the rights in it, yours lose them.',
      placeholder: 'payments',
      decides: true,
    } satisfies FieldMeta),
});
type Input = z.infer<typeof input>;

const environmentHandover: ChangeAction<typeof input> = {
  title: 'Hand an environment over',
  summary: 'Give an environment to another team.',
  effect: 'change',
  channel: 'requests',
  command: {
    slash: '/env',
    verb: 'hand-over',
    spoken: 'hand over',
    positional: [{ field: 'name' }, { field: 'team', word: 'to' }],
    examples: ['/env hand-over checkout-pr-12 to payments'],
  },
  input,

  target(asked, { catalog, environments }) {
    const target = knownTarget(asked.name, environments);
    if (!target.ok) return target;
    const others = catalog.environments.teams.filter((team) => team !== target.value.team);
    if (others.includes(asked.team)) return target;
    const isOwner = asked.team === target.value.team;
    const sentence = isOwner
      ? `${asked.name} belongs to "${asked.team}" already.`
      : `There is no team "${asked.team}" with environments.${didYouMean(asked.team, others)}`;
    const next = others.length > 0 ? `Choose ${listOf(others, 'or')}.` : 'Ask the platform team to add one.';
    return refuse(problem('bad_input', sentence, next, { fields: { team: sentence } }));
  },

  async preview(asked, context): Promise<Preview> {
    const { living, requestId, team } = await livingRecord(asked.name, context);
    const members = await someNames(membersOf(asked.team, context), context);
    const [from, to] = [teamTitle(team, context), teamTitle(asked.team, context)];
    return {
      sentence: `Hands ${living.name} over from ${from} to ${to}, with the rights in it.`,
      details: [
        { label: 'From', value: from },
        { label: 'To', value: to },
        { label: 'Gets rights', value: members || 'nobody yet' },
        { label: 'Made by', value: requestId },
      ],
      commits: [],
      resolved: { environment: requestId, from: team },
      cautions: staysWords(living, from),
    };
  },

  steps: () => steps,

  outputs(asked, context) {
    return {
      links: [],
      notes: [
        `${asked.name} belongs to ${teamTitle(asked.team, context)} now.`,
        ...(context.results.owner?.stays === undefined ? [] : [context.results.owner.stays]),
      ],
      environmentChange: {
        requestId: requestIdSchema.parse(context.results.owner?.requestId),
        change: { type: 'handed_over', team: asked.team },
      },
    };
  },
};

export default defineAction(environmentHandover);

const steps: readonly Step<Input>[] = [
  {
    id: 'rights',
    title: 'Rights of the team',
    async do(asked, context) {
      const { living } = await agreedRecord(asked.name, context);
      const cluster = context.cluster(living.cluster);
      await namespaceThere(cluster, living);
      const done = await cluster.merge(teamBindingRef(living.namespace), bound(asked.team, context));
      return { state: 'done', ...(done === 'missing' ? { note: 'there were none to change' } : {}) };
    },
    async undo(asked, context) {
      const living = await agreedIfThere(asked.name, context);
      if (!living) return { state: 'done', note: 'it is gone' };
      const former = bound(context.resolved.from ?? '', context);
      await context.cluster(living.cluster).merge(teamBindingRef(living.namespace), former);
      return { state: 'done' };
    },
  },
  {
    id: 'owner',
    title: 'Labels of the owner',
    async do(asked, context) {
      const { living, requestId } = await agreedRecord(asked.name, context);
      const labels = { 'greenlight.dev/team': asked.team };
      await context.cluster(living.cluster).merge(namespaceRef(living.namespace), { metadata: { labels } });
      const [stays] = staysWords(living, teamTitle(context.resolved.from ?? '', context));
      return { state: 'done', result: { requestId, ...(stays === undefined ? {} : { stays }) } };
    },
    async undo(asked, context) {
      const living = await agreedIfThere(asked.name, context);
      if (!living) return { state: 'done', note: 'it is gone' };
      const labels = { 'greenlight.dev/team': context.resolved.from ?? null };
      await context.cluster(living.cluster).merge(namespaceRef(living.namespace), { metadata: { labels } });
      return { state: 'done' };
    },
  },
];

/**
 * What it has at GitHub was lent to whoever asked for it, and is not moved: another person's place is not ours to give,
 * and the reviewers are the blueprint's. It ends with the environment; until then somebody should know.
 */
function staysWords({ parts = [] }: KnownEnvironment, from: string): string[] {
  const named = parts.flatMap(({ kind, settings, result }) => {
    if (kind === 'team-membership' && result.lent === 'yes')
      return [`the place of ${result.login} in the GitHub team ${String(settings.team)}`];
    if (kind === 'github-environment')
      return [
        `the GitHub environment ${String(settings.name)} of ${String(settings.repository)} with its reviewers`,
      ];
    return [];
  });
  if (named.length === 0) return [];
  return [
    `${upperFirst(listOf(named))} ${named.length > 1 ? 'stay' : 'stays'} as for ${from} until the environment ends.`,
  ];
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

type Reading = Parameters<typeof teamTitle>[1];

function membersOf(team: string, { catalog }: Reading): readonly string[] {
  return catalog.groups[team]?.members ?? [];
}

function bound(team: string, reading: Reading) {
  const { annotations, subjects } = boundTo(membersOf(team, reading));
  return { metadata: { labels: { 'greenlight.dev/team': team }, annotations }, subjects };
}
