/** What will be made and what it costs, before anything is. */
import type { Preview, ReadContext } from '../../../core/action.ts';
import type { Blueprint, BlueprintScope } from '../../../core/blueprint.ts';
import { type Catalog, groupsOf } from '../../../core/catalog.ts';
import { dayMs, formatDuration, hourMs, parseDuration } from '../../../core/duration.ts';
import type { CostFacts } from '../../../core/facts.ts';
import { costOf, moneyText, type Prices } from '../../../core/prices.ts';
import { count, listOf } from '../../../core/text.ts';
import type { Input } from '../create-input.ts';
import { blueprintOf, digestText, namespaceOf, ownerOf, scopeOf } from '../order.ts';
import { partStepId } from '../parts/part.ts';
import { partBuilders } from '../parts.ts';
import { planOf } from './plan.ts';

export async function previewCreate(asked: Input, context: ReadContext): Promise<Preview> {
  const { catalog } = context;
  const { prices } = catalog;
  const blueprint = blueprintOf(catalog, asked.blueprint);
  const scope = scopeFor(asked, context);
  const cost = costOfCreate(asked, context);
  return {
    sentence: `Creates the environment ${asked.name} from the blueprint ${blueprint.title} with ${asked.cpu} CPU and ${asked.memoryGi} GiB for ${asked.ttl}.`,
    details: [
      { label: 'Namespace', value: namespaceOf(asked.name) },
      { label: 'Cluster', value: catalog.environments.cluster },
      {
        label: 'Size',
        value: `${asked.cpu} CPU, ${asked.memoryGi} GiB, ${count(asked.replicas, 'replica')}`,
      },
      { label: 'Makes', value: madeWords(blueprint, scope, catalog) },
      { label: 'Lives', value: asked.ttl },
      {
        label: 'Costs',
        value: costText(cost, asked, prices),
      },
    ],
    commits: [],
    // An edited blueprint is another one: nobody has agreed to it.
    resolved: { blueprint: digestText(blueprint), cluster: catalog.environments.cluster },
    cautions: ageCaution(context),
    cost,
  };
}

/** With all that its time costs when nobody lets it sleep: what an approver agrees to. */
function costText({ perHour, perDay }: CostFacts, { ttl }: Input, prices: Prices): string {
  const lives = parseDuration(ttl) ?? 0;
  const rate = lives < dayMs ? `${moneyText(perHour, prices)} an hour` : `${moneyText(perDay, prices)} a day`;
  return `${rate}, at most ${moneyText((perHour * lives) / hourMs, prices)} in ${ttl}`;
}

type Asker = Pick<ReadContext, 'catalog' | 'requester'>;

export function costOfCreate(asked: Input, context: Asker): CostFacts {
  const { prices } = context.catalog;
  const size = costOf(asked, prices);
  const extra = blueprintOf(context.catalog, asked.blueprint).extraPerHour(scopeFor(asked, context), prices);
  return { perHour: size.perHour + extra, perDay: size.perDay + extra * 24 };
}

function scopeFor(asked: Input, { catalog, requester }: Asker): BlueprintScope {
  const team =
    asked.team ?? groupsOf(catalog, requester.email).find((one) => catalog.environments.teams.includes(one));
  const blueprint = blueprintOf(catalog, asked.blueprint);
  return scopeOf(blueprint, asked, { team: team ?? '', owner: ownerOf(requester) });
}

/** "its room, 1 ConfigMap, 2 Services and a GitHub environment". */
function madeWords(
  blueprint: Blueprint,
  scope: BlueprintScope,
  { environments }: Pick<Catalog, 'environments'>,
): string {
  const { objects, parts } = planOf(blueprint, scope);
  const byKind = Map.groupBy(objects, ({ kind }) => kind);
  for (const part of parts) partBuilders[part.kind].allow?.(part, environments);
  return listOf([
    'a namespace (with quota, limits, network policy, rights)',
    ...[...byKind].map(([kind, all]) => count(all.length, kind, all.length > 1 ? pluralOf(kind) : kind)),
    // Wrong settings are told here, before anybody is asked to agree to them.
    ...parts.map((part) => partBuilders[part.kind].step({ ...part, id: partStepId(part.name) }).title),
  ]);
}

function pluralOf(kind: string): string {
  if (/(?:s|x|ch)$/.test(kind)) return `${kind}es`;
  return /[^aeiou]y$/.test(kind) ? `${kind.slice(0, -1)}ies` : `${kind}s`;
}

/** A repository that does not answer leaves the last good version in force, which may no longer be what is there. */
function ageCaution({ catalog, now }: ReadContext): string[] {
  const { blueprintsSeenAt } = catalog;
  if (blueprintsSeenAt === undefined || now - blueprintsSeenAt < hourMs) return [];
  return [`The blueprints were last looked at ${formatDuration(now - blueprintsSeenAt)} ago.`];
}
