/** What the selects of a form offer. */
import type { ChoiceSource } from '../core/action.ts';
import { findServices } from '../core/find-services.ts';
import type { LockTable } from '../core/lock.ts';
import { everything, overlap, readLockKey } from '../core/lock-key.ts';
import { keysText } from '../core/lock-words.ts';
import { callOf } from '../core/operations.ts';
import { isSamePerson, type Person } from '../core/person.ts';
import { searchable } from '../core/search.ts';
import { type DeskContext, livingEnvironments } from './context.ts';
import type { Choice } from './desk.ts';
import { standingOf } from './standing.ts';

/** More than any select shows: whoever has not found it by then types on. */
const choicesMax = 1_000;

export async function choices(
  context: DeskContext,
  source: ChoiceSource,
  viewer: Person,
  input: Readonly<Record<string, unknown>>,
  typed = '',
): Promise<readonly Choice[]> {
  // Of thousands of services only those that are looked for are made into choices; the other lists are short.
  if (source === 'services') return servicesCalled(context, typed);
  if (source === 'lockable') return [...everythingCalled(typed), ...servicesCalled(context, typed)];
  const all = await choicesOf(context, source, viewer, input);
  if (typed.trim() === '') return all;
  return searchable(all, ({ value, label, description = '' }) => [`${value} ${label}`, description])(
    typed,
    choicesMax,
  );
}

function servicesCalled(context: DeskContext, typed: string): Choice[] {
  return findServices(context.catalog(), typed, choicesMax).map(([value, service]) => ({
    value,
    label: service.title,
  }));
}

function everythingCalled(typed: string): Choice[] {
  const isMeant = everything.startsWith(typed.trim().toLowerCase());
  return isMeant
    ? [{ value: everything, label: 'Everything', description: 'every change of every service' }]
    : [];
}

async function choicesOf(
  context: DeskContext,
  source: Exclude<ChoiceSource, 'services' | 'lockable'>,
  viewer: Person,
  input: Readonly<Record<string, unknown>>,
): Promise<readonly Choice[]> {
  const catalog = context.catalog();
  const standing = standingOf(context, viewer);
  switch (source) {
    case 'serviceEnvironments': {
      const service = catalog.services[String(input.service)];
      const environments = service
        ? Object.keys(service.environments)
        : [...new Set(Object.values(catalog.services).flatMap((one) => Object.keys(one.environments)))];
      return environments.map((value) => ({ value, label: value }));
    }
    case 'blueprints':
      return Object.entries(catalog.blueprints)
        .map(([value, { title, description }]) => ({ value, label: title, description }))
        .toSorted((one, other) => one.label.localeCompare(other.label));
    case 'workflows':
      return Object.entries(catalog.workflows).map(([value, workflow]) => ({
        value,
        label: workflow.title,
        description: workflow.description,
      }));
    case 'teams':
      return catalog.environments.teams
        .filter((team) => standing.groups.includes(team))
        .map((value) => ({ value, label: catalog.groups[value]?.title ?? value }));
    case 'people':
      return [...new Set(Object.values(catalog.groups).flatMap(({ members }) => members))]
        .sort()
        .map((value) => ({ value, label: value }));
    case 'locks':
      return locksOfOthers(await context.store.locks(), viewer, input);
    case 'operations':
      return operationsOf(context, String(input.name ?? ''));
    case 'environments':
      return (await livingEnvironments(context.store)).map((one) => ({
        value: one.name,
        label: one.name,
        description: `${one.blueprint}, ${one.team}, ${one.requestId}`,
      }));
  }
}

/** Of the environment's blueprint; none before one is chosen. */
async function operationsOf(context: DeskContext, environment: string): Promise<Choice[]> {
  const catalog = context.catalog();
  const living = (await livingEnvironments(context.store)).find(({ name }) => name === environment);
  const blueprint = living && catalog.blueprints[living.blueprint];
  return (blueprint?.operations ?? []).map((operation) => ({
    value: blueprint ? callOf({ blueprint, operation }, catalog) : operation.name,
    label: operation.title,
    description: operation.description,
  }));
}

/** Of the place that was chosen; of everywhere before. Named by their request, so that no other is ever meant. */
function locksOfOthers(
  { held }: LockTable,
  viewer: Person,
  { service, environment }: Readonly<Record<string, unknown>>,
): Choice[] {
  const key =
    typeof service === 'string'
      ? readLockKey(service, typeof environment === 'string' ? environment : undefined)
      : undefined;
  return held.flatMap((lock) => {
    if (lock.kind === 'unreadable' || (key && !lock.keys.some((one) => overlap(one, key)))) return [];
    if (lock.kind === 'person' && isSamePerson(lock.holder, viewer)) return [];
    const label = `${lock.holder.name}: ${keysText(lock.keys)}`;
    return [{ value: lock.requestId, label, description: `${lock.requestId}: ${lock.reason}` }];
  });
}
