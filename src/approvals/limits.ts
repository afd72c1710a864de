/**
 * How much of something there may be: requests in a span of time, environments alive, money in a period. What is used
 * up is counted before (desk/count-limits.ts) and comes as a fact; here it is held against the policy. Pure.
 */
import { formatDuration } from '../core/duration.ts';
import type { Facts, LimitFacts } from '../core/facts.ts';
import { moneyText } from '../core/prices.ts';
import type { Period } from '../core/time-zone.ts';
import { isChosen } from './chosen.ts';
import { isUnknown } from './facts-unknown.ts';
import type { Rule } from './policy.ts';

export interface Limit {
  /** As people call what is counted: "deploys of yours". */
  readonly title: string;
  /** Whose: the requester's, under all accounts; the target's team's; all of it. */
  readonly per: (typeof limitSides)[number];
  readonly measure: LimitMeasure;
}

export const limitSides = ['person', 'team', 'everybody'] as const;

export type LimitMeasure =
  | { readonly kind: 'requests'; readonly max: number; readonly withinMs: number }
  | { readonly kind: 'alive'; readonly max: number }
  | {
      readonly kind: 'money';
      readonly max: number;
      /** Instead of `max`, by the team's name. */
      readonly maxOf: Readonly<Record<string, number>>;
      readonly every: Period;
      readonly currency: string;
    };

/** A rule that matches once its limit would be passed. */
export interface LimitRule extends Rule {
  readonly limit: Limit;
}

/** Of a team's own amount, when it has one. */
export function maxOf({ measure }: Limit, team: string): number {
  if (measure.kind !== 'money') return measure.max;
  return new Map(Object.entries(measure.maxOf)).get(team) ?? measure.max;
}

export function isPassed(limit: Limit, { used, adds }: LimitFacts, team: string): boolean {
  // What adds nothing is no reason to stop it, however much is used up: an end need not be paid for.
  return adds > 0 && used + adds > maxOf(limit, team);
}

/** Those that this request is held to, as far as they could be counted: what people read before they ask. */
export function describeLimits(
  rules: readonly LimitRule[],
  {
    limits = {},
    unknown,
    target,
    service,
    input,
  }: Pick<Facts, 'limits' | 'unknown' | 'target' | 'service' | 'input'>,
): string[] {
  const covers = (list: readonly string[] | undefined, value: string) => list?.includes(value) ?? true;
  return rules.flatMap((rule) => {
    const counted = limits[rule.id];
    const isHeld =
      isChosen(rule.chosen, input) &&
      covers(rule.tiers, target.tier) &&
      covers(rule.services, service.name) &&
      covers(rule.teams, target.team);
    if (!counted || !isHeld || rule.mode === 'shadow' || isUnknown(`limits.${rule.id}`, unknown)) return [];
    return [limitText(rule.limit, counted, target.team)];
  });
}

/** "2 of 3 environments of the team", "12.40 of 50.00 EUR for environments this month". */
export function limitText(limit: Limit, { used, adds }: LimitFacts, team: string): string {
  const { measure, title } = limit;
  const max = maxOf(limit, team);
  switch (measure.kind) {
    case 'requests':
      return `${used} of ${max} ${title} in ${formatDuration(measure.withinMs)}`;
    case 'alive':
      return `${used} of ${max} ${title}`;
    case 'money': {
      const more = adds > 0 ? `, and ${moneyText(adds, measure)} more by this` : '';
      return `${used.toFixed(2)} of ${moneyText(max, measure)} for ${title} this ${measure.every}${more}`;
    }
  }
}
