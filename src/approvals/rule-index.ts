/**
 * Which of many rules can speak of some facts at all, by the most telling part of their headers: two thousand rules that
 * each name a service cost no more than the few of one service. Pure.
 */
import type { Facts } from '../core/facts.ts';
import { isUnknown } from './facts-unknown.ts';
import type { Rule } from './policy.ts';

export interface RuleIndex {
  readonly all: readonly Rule[];
  /** Whose header names neither service, team nor tier. */
  readonly open: readonly Rule[];
  readonly byService: ReadonlyMap<string, readonly Rule[]>;
  readonly byTeam: ReadonlyMap<string, readonly Rule[]>;
  readonly byTier: ReadonlyMap<string, readonly Rule[]>;
}

/** Each rule stands in one of the four places, under every name that it gives there. */
export function indexRules(rules: readonly Rule[]): RuleIndex {
  return {
    all: rules,
    open: rules.filter(({ services, teams, tiers }) => !services && !teams && !tiers),
    byService: grouped(rules, ({ services }) => services),
    byTeam: grouped(rules, ({ services, teams }) => (services ? undefined : teams)),
    byTier: grouped(rules, ({ services, teams, tiers }) => (services || teams ? undefined : tiers)),
  };
}

/** In several lists: none of the other rules covers these facts, and some of these may not either. */
export function rulesInReach(
  index: RuleIndex | undefined,
  { service, target, unknown }: Facts,
): readonly (readonly Rule[])[] {
  // Of an action that there is not no rule speaks.
  if (!index) return [];
  // A header is taken to cover what could not be found out.
  if (unknown.length > 0 && headerFacts.some((path) => isUnknown(path, unknown))) return [index.all];
  return [
    index.open,
    index.byService.get(service.name) ?? [],
    index.byTeam.get(target.team) ?? [],
    index.byTier.get(target.tier) ?? [],
  ];
}

const headerFacts = ['service.name', 'target.team', 'target.tier'];

function grouped(
  rules: readonly Rule[],
  namesOf: (rule: Rule) => readonly string[] | undefined,
): ReadonlyMap<string, readonly Rule[]> {
  const found = new Map<string, Rule[]>();
  for (const rule of rules) {
    for (const name of new Set(namesOf(rule) ?? [])) {
      const others = found.get(name);
      if (others) others.push(rule);
      else found.set(name, [rule]);
    }
  }
  return found;
}
