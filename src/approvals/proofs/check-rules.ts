/**
 * What is wrong with rules that are written right: one that no request could ever meet, one that never makes a
 * difference beside the others, and one that asks for people that there are not.
 */
import type { Catalog } from '../../core/catalog.ts';
import { listOf } from '../../core/text.ts';
import type { Verdict } from '../../core/verdict.ts';
import type { Branch } from '../../expressions/scope.ts';
import { conclude, type Finding } from '../evaluate.ts';
import type { Policy, Rule } from '../policy.ts';
import { isMetBy } from '../requirements.ts';
import type { Subjects } from '../subjects.ts';
import { counterExample } from './counter-example.ts';
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

/** Of one action. A look at them all takes some 10 s then; the policy that is shipped has less than a tenth of it. */
const casesMax = 2_000_000;

export function checkRules(input: RuleCheckInput): RuleCheck {
  const { policy, subjects, scopes, catalog } = input;
  const seen = new Map(policy.rules.map((rule) => [rule.id, nothingSeen(rule)]));
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
  return { faults: known.flatMap(faultsOf), cases, leftOut };
}

/** What was seen of a rule so far. */
interface Seen {
  readonly rule: Rule;
  hasMatched: boolean;
  /** It made a difference once. */
  hasCounted: boolean;
  hasBeenWeighed: boolean;
  /** Others that decided each time in its place. */
  instead: readonly string[];
  /** Somebody could have answered once. */
  couldBeMet: boolean;
  /** The smallest case in which nobody could. */
  unmet: string | undefined;
}

function nothingSeen(rule: Rule): Seen {
  return {
    rule,
    hasMatched: false,
    hasCounted: false,
    hasBeenWeighed: false,
    instead: [],
    couldBeMet: false,
    unmet: undefined,
  };
}

/** Whether all cases could be looked at. */
function look(cases: Cases, seen: ReadonlyMap<string, Seen>): boolean {
  const { policy } = cases;
  const unmet = new Set<string>();
  const isDone = eachDistinct(cases, (_facts, _picked, findings) => {
    const verdict = conclude(policy, findings);
    for (const finding of findings) {
      const one = seen.get(finding.rule.id) as Seen;
      one.hasMatched = true;
      if (!isUnmeetable(finding)) one.couldBeMet = true;
      else if (verdict.reasons.every(({ code }) => code === 'nobody_can_approve')) unmet.add(one.rule.id);
      if (!one.hasCounted && one.rule.mode === 'enforce') weigh(one, finding, findings, verdict, policy);
    }
    return true;
  });
  for (const id of unmet) {
    const one = seen.get(id) as Seen;
    one.unmet ??= caseOf(cases, id);
  }
  return isDone;
}

function isUnmeetable({ reasons }: Finding): boolean {
  return reasons.some(({ code }) => code === 'nobody_can_approve');
}

/** Whether anything would be otherwise without it. */
function weigh(
  one: Seen,
  finding: Finding,
  findings: readonly Finding[],
  verdict: Verdict,
  policy: Policy,
): void {
  const without = conclude(
    policy,
    findings.filter((other) => other !== finding),
  );
  one.hasCounted = !isSame(verdict, without);
  const others = new Set(without.reasons.flatMap(({ rule }) => rule ?? []));
  one.instead = one.hasBeenWeighed ? one.instead.filter((id) => others.has(id)) : [...others];
  one.hasBeenWeighed = true;
}

function isSame(verdict: Verdict, without: Verdict): boolean {
  return (
    verdict.outcome === without.outcome &&
    verdict.hold?.until === without.hold?.until &&
    // Refused in any case, but with nobody to say why.
    without.reasons.every(({ code }) => code !== 'nothing_matched') &&
    verdict.requirements.every((one) => without.requirements.some((other) => isMetBy(one, other)))
  );
}

function caseOf(cases: Cases, id: string): string | undefined {
  const found = counterExample(cases, (_facts, findings) => {
    const { reasons } = conclude(cases.policy, findings);
    return (
      reasons.some(({ rule }) => rule === id) && reasons.every(({ code }) => code === 'nobody_can_approve')
    );
  });
  // A rule that is only told or recorded decides nothing.
  return typeof found === 'object' ? found.words : undefined;
}

function faultsOf({ rule, hasMatched, hasCounted, instead, couldBeMet, unmet }: Seen): RuleFault[] {
  if (!hasMatched) {
    const text = 'no request could ever meet it: what it asks for excludes itself.';
    return [{ rule: rule.id, kind: 'unreachable', text }];
  }
  if (!couldBeMet) {
    const text = `nobody can ever meet it.${unmet === undefined ? '' : ` The smallest such request: ${unmet}.`}`;
    return [{ rule: rule.id, kind: 'unmeetable', text }];
  }
  if (rule.mode === 'enforce' && !hasCounted) {
    const names = instead.map((id) => `"${id}"`);
    const by = names.length > 0 ? `${listOf(names)} ${names.length > 1 ? 'say' : 'says'}` : 'others say';
    const text = `it never makes a difference: whenever it matches, ${by} the same or something stricter.`;
    return [{ rule: rule.id, kind: 'shadowed', text }];
  }
  if (unmet === undefined) return [];
  const text = `nobody could say yes to some requests, which are refused at once: ${unmet}.`;
  return [{ rule: rule.id, kind: 'sometimes_unmeetable', text }];
}
