/**
 * What is wrong with rules that are written right: one that no request could ever meet, one that never makes a
 * difference beside the others, and one that asks for people that there are not.
 */
import type { Catalog } from '../../core/catalog.ts';
import { listOf } from '../../core/text.ts';
import type { Branch } from '../../expressions/scope.ts';
import type { Finding } from '../evaluate.ts';
import type { Policy, Rule } from '../policy.ts';
import type { Subjects } from '../subjects.ts';
import { differencesOf, told } from './counter-example.ts';
import { decisionOf } from './deciding.ts';
import { type Cases, eachDistinct } from './distinct.ts';
import { domainOf } from './domain.ts';

export interface RuleFault {
  readonly rule: string;
  readonly kind: 'unreachable' | 'shadowed' | 'unmeetable' | 'sometimes_unmeetable';
  readonly text: string;
}

export interface RuleCheck {
  /** In the order of the rules. */
  readonly faults: readonly RuleFault[];
  /** How many cases were looked at. */
  readonly cases: number;
  /** Actions with more cases than are looked at: nothing is said of rules that speak of one of them. */
  readonly leftOut: readonly string[];
}

export interface RuleCheckInput {
  readonly policy: Policy;
  readonly subjects: Subjects;
  readonly scopes: ReadonlyMap<string, Branch>;
  readonly catalog: Catalog;
}

/** Looks at one action: some 3 s. The policy that is shipped has less than a tenth of it. */
const casesMax = 2_000_000;

export function checkRules(input: RuleCheckInput): RuleCheck {
  const { policy, subjects, scopes, catalog } = input;
  const seen = new Map(policy.rules.map((rule, index) => [rule.id, nothingSeen(rule, index)]));
  const leftOut: string[] = [];
  let cases = 0;
  for (const [action, { effect }] of Object.entries(subjects)) {
    const domain = domainOf({
      ...{ policy, catalog, action, effect, conditions: [] },
      scope: scopes.get(action) as Branch,
      rules: policy.rulesOf.get(action) as readonly Rule[],
    });
    const rules = policy.rulesOf.get(action) as readonly Rule[];
    if (look({ policy, domain, rules, kept: [], max: casesMax }, seen)) cases += domain.countCases();
    else leftOut.push(action);
  }
  const known = [...seen.values()].filter(({ rule }) => !rule.actions.some((one) => leftOut.includes(one)));
  return { faults: known.flatMap((one) => faultsOf(one, policy.rules)), cases, leftOut };
}

/** What was seen of a rule so far. */
interface Seen {
  readonly rule: Rule;
  /** Its own, by its place among the rules. */
  readonly bit: bigint;
  hasMatched: boolean;
  /** It made a difference once. */
  hasCounted: boolean;
  /** Others that decided each time in its place: a bit for each, for every rule that is idle asks in every case. */
  instead: bigint | undefined;
  /** Somebody could have answered once. */
  couldBeMet: boolean;
  /** The smallest case in which nobody could. */
  unmet: string | undefined;
}

function nothingSeen(rule: Rule, index: number): Seen {
  return {
    rule,
    bit: 1n << BigInt(index),
    hasMatched: false,
    hasCounted: false,
    instead: undefined,
    couldBeMet: false,
    unmet: undefined,
  };
}

/** Whether all cases could be looked at. */
function look(cases: Cases, seen: ReadonlyMap<string, Seen>): boolean {
  const unmet = new Map<string, Unmet>();
  const isDone = eachDistinct(cases, (_facts, picked, findings) => {
    const { deciders, makesDifference } = decisionOf(findings);
    let bits: bigint | undefined;
    for (const finding of findings) {
      const one = seen.get(finding.rule.id) as Seen;
      one.hasMatched = true;
      if (!isUnmeetable(finding)) one.couldBeMet = true;
      // A rule that is only told or recorded decides nothing.
      if (one.hasCounted || one.rule.mode !== 'enforce') continue;
      if (makesDifference(finding)) one.hasCounted = true;
      else {
        bits ??= deciders.reduce((sum, { rule }) => sum | (seen.get(rule.id) as Seen).bit, 0n);
        one.instead = (one.instead ?? bits) & bits;
      }
    }
    if (deciders.every(isUnmeetable)) for (const { rule } of deciders) keepSmallest(unmet, rule.id, picked);
    return true;
  });
  for (const [id, { picked }] of isDone ? unmet : []) {
    const one = seen.get(id) as Seen;
    one.unmet ??= told(cases, picked, (_facts, findings) => isUnmetBy(id, findings)).words;
  }
  return isDone;
}

function isUnmeetable({ reasons }: Finding): boolean {
  return reasons.some(({ code }) => code === 'nobody_can_approve');
}

/** A case that nobody could say yes to, and in how much it differs from a plain request. */
interface Unmet {
  readonly picked: readonly number[];
  readonly differences: number;
}

function keepSmallest(unmet: Map<string, Unmet>, id: string, picked: readonly number[]): void {
  const differences = differencesOf(picked);
  if (differences < (unmet.get(id)?.differences ?? Infinity)) {
    unmet.set(id, { picked: [...picked], differences });
  }
}

function isUnmetBy(id: string, findings: readonly Finding[]): boolean {
  const { deciders } = decisionOf(findings);
  return deciders.some(({ rule }) => rule.id === id) && deciders.every(isUnmeetable);
}

function faultsOf(
  { rule, bit, hasMatched, hasCounted, instead, couldBeMet, unmet }: Seen,
  rules: readonly Rule[],
): RuleFault[] {
  if (!hasMatched) {
    const text = 'no request could ever meet it: what it asks for excludes itself.';
    return [{ rule: rule.id, kind: 'unreachable', text }];
  }
  if (!couldBeMet) {
    const text = `nobody can ever meet it.${unmet === undefined ? '' : ` The smallest such request: ${unmet}.`}`;
    return [{ rule: rule.id, kind: 'unmeetable', text }];
  }
  if (rule.mode === 'enforce' && !hasCounted) {
    const others = (instead as bigint) & ~bit;
    const names = rules.flatMap(({ id }, index) => ((others >> BigInt(index)) & 1n ? [`"${id}"`] : []));
    const by = names.length > 0 ? `${listOf(names)} ${names.length > 1 ? 'say' : 'says'}` : 'others say';
    const text = `it never makes a difference: whenever it matches, ${by} the same or something stricter.`;
    return [{ rule: rule.id, kind: 'shadowed', text }];
  }
  if (unmet === undefined) return [];
  const text = `nobody could say yes to some requests, which are refused at once: ${unmet}.`;
  return [{ rule: rule.id, kind: 'sometimes_unmeetable', text }];
}
