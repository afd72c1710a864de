/** What could be acted on: what the catalog lists, one of each kind that rules could tell apart. */
import type { Catalog } from '../../core/catalog.ts';
import { tiers } from '../../core/names.ts';
import type { Branch } from '../../expressions/scope.ts';
import type { Choice, Put, Question, Readings } from './domain.ts';

interface Place {
  readonly kind: 'environment' | 'service' | 'workflow';
  readonly name: string;
  readonly tier: string;
  readonly team: string;
  readonly service: { readonly name: string; readonly owners: readonly string[] };
  readonly input: Readonly<Record<string, string>>;
}

export function targetChoices(question: Question, readings: Readings): Choice[] {
  const places = placesOf(question, readings);
  const named = new Set(
    ['service.name', 'input.service', 'input.workflow'].flatMap((path) => [...(readings.get(path) ?? [])]),
  );
  const one = new Map<string, Place>();
  for (const place of places) {
    const name = named.has(place.service.name) || named.has(place.input.service ?? '') ? place.name : '';
    const key = JSON.stringify([place.kind, place.tier, place.team, place.service.owners, name]);
    one.set(key, one.get(key) ?? place);
  }
  return [...one.values()].map(choiceOf);
}

function placesOf({ action, scope, catalog }: Question, readings: Readings): Place[] {
  const fields = inputFields(scope);
  if (fields.includes('workflow')) return workflows(catalog);
  if (action.startsWith('environment.')) return environments(catalog);
  const spoken = (readings.get('input.service') ?? []).map(String);
  return [
    ...services(catalog),
    ...spoken.flatMap((name) => (catalog.services[name] ? [] : everywhere(name))),
  ];
}

function inputFields({ fields: { input } }: Branch): string[] {
  return Object.keys((input as Branch).fields);
}

/** In every tier, also where it is not today: a rule for what the catalog may hold tomorrow is no dead one. */
function services({ services: all }: Catalog): Place[] {
  return Object.entries(all).flatMap(([name, { owners, environments: places }]) => {
    const real = Object.entries(places).map(([environment, { tier }]) => ({ environment, tier }));
    const missing = tiers.filter((tier) => !real.some((one) => one.tier === tier));
    return [...real, ...missing.map((tier) => ({ environment: tier, tier }))].map(
      ({ environment, tier }): Place => ({
        kind: 'service',
        name: `${name} in ${environment}`,
        tier,
        // A service has an owner at least.
        team: owners.slice(0, 1).join(),
        service: { name, owners },
        input: { service: name, environment },
      }),
    );
  });
}

/** A word that a rule knows and the catalog does not: `everything`. */
function everywhere(name: string): Place[] {
  return tiers.map((tier) => ({
    kind: 'service',
    name,
    tier,
    team: '',
    service: { name: '', owners: [] },
    input: { service: name },
  }));
}

function environments({ environments: { teams } }: Catalog): Place[] {
  return teams.map((team) => ({
    kind: 'environment',
    name: `an environment of ${team}`,
    // There are no others: actions/environment/ gives every one this tier.
    tier: 'dev',
    team,
    service: { name: '', owners: [] },
    input: {},
  }));
}

function workflows({ workflows: all }: Catalog): Place[] {
  return Object.entries(all).flatMap(([name, { tier: own, owners }]) =>
    [own, ...tiers.filter((tier) => tier !== own)].map(
      (tier): Place => ({
        kind: 'workflow',
        name,
        tier,
        // A service has an owner at least.
        team: owners.slice(0, 1).join(),
        service: { name, owners },
        input: { workflow: name },
      }),
    ),
  );
}

function choiceOf({ kind, name, tier, team, service, input }: Place): Choice {
  return {
    words: kind === 'environment' ? name : `${name}${name.includes(tier) ? '' : ` (${tier})`}`,
    puts: [
      ...putsBelow('target', { kind, name, tier, team }),
      ...putsBelow('service', { name: service.name, owners: [...service.owners] }),
      ...putsBelow('input', input),
    ],
  };
}

function putsBelow(parent: string, values: Readonly<Record<string, unknown>>): Put[] {
  return Object.entries(values).map(([name, value]) => ({ path: [parent, name], value }));
}
