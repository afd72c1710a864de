/**
 * An emergency: whoever the policy names goes past what it names, at once, and answers for it afterwards. Whoever may
 * not is refused, never treated as if they had asked the usual way: they would believe it had run. Pure.
 */
import type { Facts } from '../core/facts.ts';
import type { Bypass } from '../core/glass.ts';
import type { Tier } from '../core/names.ts';
import { listOf } from '../core/text.ts';
import type { Verdict } from '../core/verdict.ts';
import type { Finding } from './evaluate.ts';
import { isUnknown } from './facts-unknown.ts';
import type { Policy } from './policy.ts';

export interface BreakGlass {
  /** Groups. */
  readonly who: readonly string[];
  readonly actions: readonly string[];
  readonly tiers: readonly Tier[] | undefined;
  readonly services: readonly string[] | undefined;
  readonly teams: readonly string[] | undefined;
  /** What they go past: all rules of a kind, or rules and limits that refuse, by id. */
  readonly bypasses: readonly string[];
  /** Groups of which somebody looks at it afterwards. */
  readonly review: readonly string[];
  /** Only with this second factor. */
  readonly stepUp?: 'code';
}

export const bypassable = ['approvals', 'windows', 'limits'] as const;

/** What an emergency comes to: the reason why it is none, or the rules that it goes past. */
export type Emergency =
  | { readonly kind: 'none' }
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'broken'; readonly glass: BreakGlass };

export function emergencyOf(policy: Pick<Policy, 'breakGlass'>, facts: Facts): Emergency {
  const { bypass, requester, unknown, debts } = facts;
  if (bypass.kind !== 'break_glass') return { kind: 'none' };
  const refused = (why: string): Emergency => ({ kind: 'refused', why });
  if (requester.kind !== 'member') return refused('only members of this workspace break glass');
  if (bypass.reason.trim() === '') return refused('breaking glass needs a reason');
  const doubted = ['requester.groups', 'target', 'service.name', 'debts'].filter((one) =>
    isUnknown(one, unknown),
  );
  if (debts === undefined || doubted.length > 0) {
    return refused(`${listOf(doubted.length > 0 ? doubted : ['debts'])} could not be found out`);
  }
  if (debts.length > 0) return refused(`nobody has looked at ${listOf(debts)} yet, your last emergency`);
  const glass = policy.breakGlass.find((one) => speaksOf(one, facts));
  if (!glass) return refused('the policy does not let you break glass here');
  return { kind: 'broken', glass };
}

function speaksOf(glass: BreakGlass, { action, requester, target, service }: Facts): boolean {
  const covers = (list: readonly string[] | undefined, value: string) => list?.includes(value) ?? true;
  return (
    glass.actions.includes(action) &&
    glass.who.some((group) => requester.groups.includes(group)) &&
    covers(glass.tiers, target.tier) &&
    covers(glass.services, service.name) &&
    covers(glass.teams, target.team)
  );
}

/**
 * What is left of the findings. When nothing is in the way, no glass is broken and nobody owes anything. What would wait
 * all the same is refused: it would have gone past something without an alarm, and without anybody to look at it.
 */
export function throughGlass(emergency: Emergency, findings: readonly Finding[]): readonly Finding[] {
  if (emergency.kind === 'none') return findings;
  const [first] = findings.filter(isInTheWay);
  if (!first) return findings;
  const refused = (why: string): Finding => {
    const reasons = [{ code: 'glass_refused', text: why } as const];
    return { ...first, kind: 'deny', reasons, requirements: [], holds: [] };
  };
  if (emergency.kind === 'refused') return [...findings, refused(emergency.why)];
  const through = findings.map((one) => (goesPast(emergency.glass, one) ? passed(one) : one));
  const left = through.filter((one) => isInTheWay(one) && one.kind !== 'deny');
  if (left.length === 0) return through;
  const texts = left.flatMap(({ reasons }) => reasons.map(({ text }) => text));
  return [...through, refused(`breaking glass here does not go past this: ${listOf(texts)}`)];
}

/** With whom the emergency is to be looked at, when it was one. */
export function withGlass(emergency: Emergency, verdict: Verdict): Verdict {
  if (emergency.kind !== 'broken' || verdict.outcome !== 'allow') return verdict;
  const rules = verdict.reasons.flatMap(({ code, rule }) => (code === 'glass_broken' && rule ? [rule] : []));
  if (rules.length === 0) return verdict;
  const { review, stepUp } = emergency.glass;
  const glass = { rules: [...new Set(rules)], review: [...review], ...(stepUp ? { stepUp } : {}) };
  return { ...verdict, glass };
}

/** Whether a code is asked for before somebody breaks glass there: rather once too often than once too rarely. */
export function wantsFactor(
  { breakGlass }: Pick<Policy, 'breakGlass'>,
  action: string,
  groups: readonly string[],
): boolean {
  return breakGlass.some(
    ({ stepUp, actions, who }) =>
      stepUp !== undefined && actions.includes(action) && who.some((group) => groups.includes(group)),
  );
}

/** The verdict on somebody who came with this factor, or none: an emergency that wants one is then none. */
export function withFactor(verdict: Verdict, factor: Bypass['factor']): Verdict {
  const { glass, ...rest } = verdict;
  if (!glass?.stepUp || factor === glass.stepUp) return verdict;
  const text = 'breaking glass here needs a code of your authenticator app';
  return { ...rest, outcome: 'deny', reasons: [{ code: 'glass_refused', text }] };
}

function isInTheWay({ rule, kind }: Finding): boolean {
  return rule.mode === 'enforce' && kind !== 'allow';
}

/** A rule that failed while it ran says nothing of what it would have said: nobody goes past that. */
function goesPast({ bypasses }: BreakGlass, finding: Finding): boolean {
  const { rule, reasons } = finding;
  if (!isInTheWay(finding) || reasons.some(({ code }) => code === 'rule_failed')) return false;
  // Rules that refuse are gone past one by one, by their names.
  const kind = rule.limit ? 'limits' : kinds[rule.outcome.kind];
  return bypasses.includes(rule.id) || (kind !== undefined && bypasses.includes(kind));
}

const kinds = { allow: undefined, deny: undefined, require: 'approvals', hold: 'windows' } as const;

function passed(finding: Finding): Finding {
  const reasons = finding.reasons.map((reason) => ({ ...reason, code: 'glass_broken' }) as const);
  return { ...finding, kind: 'allow', reasons, requirements: [], holds: [] };
}
