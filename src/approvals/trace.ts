/** Why each rule of an action does or does not count for a request, in words: `greenlight policy explain`. Pure. */
import type { Facts } from '../core/facts.ts';
import { listOf } from '../core/text.ts';
import { isChosen, withBlankValues } from './chosen.ts';
import { countedFor, findingsOf, isHeld, unknownFacts, valuesFor } from './evaluate.ts';
import type { Expression } from './expression.ts';
import { isUnknown } from './facts-unknown.ts';
import { limitText } from './limits.ts';
import type { Policy, Rule } from './policy.ts';

export interface Considered {
  readonly rule: Rule;
  /** `counts` also for a rule in mode `warn` or `shadow`, which is only told or recorded. */
  readonly counts: boolean;
  /** "matches: input.cpu is 8", "not so: target.tier is dev, not production". */
  readonly why: string;
}

/** Every rule that can speak of the action, in the file's order, and every limit that was counted. */
export function traceRules(policy: Policy, facts: Facts): Considered[] {
  const findings = new Map(findingsOf(policy, facts).map((finding) => [finding.rule.id, finding]));
  const limits = facts.limits ? (policy.limitsOf.get(facts.action) ?? []) : [];
  return [...(policy.rulesOf.get(facts.action) ?? []), ...limits].map((rule) => {
    const finding = findings.get(rule.id);
    if (!finding) return { rule, counts: false, why: whyNot(rule, policy, facts) };
    const [reason] = finding.reasons;
    const saying = reason?.code === 'rule_failed' || reason?.code === 'nobody_can_approve';
    return { rule, counts: true, why: saying ? reason.text : whyMatched(rule, policy, facts) };
  });
}

function whyMatched(rule: Rule, policy: Policy, facts: Facts): string {
  const missing = unknownFacts(rule, facts, valuesFor(policy, facts));
  if (missing.length > 0) return `${listOf(missing)} could not be found out, so it counts as if it matched`;
  if (rule.limit) return limitText(rule.limit, countedFor(rule, facts), facts.target.team);
  const read = [rule.when, rule.unless].filter((one) => one !== undefined);
  const values = valuesInWords(read, withBlankValues(rule.chosen, valuesFor(policy, facts)));
  const { outcome } = rule;
  const window = outcome.kind === 'hold' ? [windowInWords(outcome, outcome.side === 'inside')] : [];
  return listOf([...window, ...values]) || 'it speaks of every such request';
}

function windowInWords({ window }: Extract<Rule['outcome'], { kind: 'hold' }>, isInForce: boolean): string {
  return `${window.title} is ${isInForce ? '' : 'not '}in force`;
}

function whyNot(rule: Rule, policy: Policy, facts: Facts): string {
  const header = headerMismatch(rule, facts);
  if (header !== undefined) return header;
  const missing = unknownFacts(rule, facts, valuesFor(policy, facts));
  if (missing.length > 0)
    return `${listOf(missing)} could not be found out, and what is unknown allows nothing`;
  if (rule.limit) return limitText(rule.limit, countedFor(rule, facts), facts.target.team);
  const values = withBlankValues(rule.chosen, valuesFor(policy, facts));
  const { when, unless, outcome } = rule;
  if (outcome.kind === 'hold' && !isHeld(outcome, facts)) {
    return windowInWords(outcome, outcome.side === 'outside');
  }
  const where = (one: Expression) => listOf(valuesInWords([one], values));
  if (when && !when.test(values)) return `not true: ${when.text}, where ${where(when)}`;
  const excepted = [unless].filter((one) => one !== undefined);
  return `left out by unless: ${excepted.map(({ text }) => text).join()}, where ${listOf(valuesInWords(excepted, values))}`;
}

function headerMismatch(rule: Rule, { target, service, unknown, input }: Facts): string | undefined {
  const { chosen } = rule;
  if (chosen && !isChosen(chosen, input)) {
    return `input.${chosen.field} is ${shown(input[chosen.field])}, not ${listOf(chosen.names, 'or')}`;
  }
  const parts = [
    { path: 'target.tier', list: rule.tiers, value: target.tier },
    { path: 'service.name', list: rule.services, value: service.name },
    { path: 'target.team', list: rule.teams, value: target.team },
  ];
  const [wrong] = parts.flatMap(({ path, list, value }) =>
    list && !(list as readonly string[]).includes(value) && !isUnknown(path, unknown)
      ? [`${path} is ${shown(value)}, not ${listOf(list, 'or')}`]
      : [],
  );
  return wrong;
}

/** "input.cpu is 8", "requester.groups is sre". */
function valuesInWords(
  expressions: readonly Expression[],
  values: Readonly<Record<string, unknown>>,
): string[] {
  const paths = [...new Set(expressions.flatMap(({ reads }) => reads))];
  return paths.map((path) => `${path} is ${shown(valueAt(values, path))}`);
}

function valueAt(values: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((here, part) => (here as Readonly<Record<string, unknown>> | undefined)?.[part], values);
}

function shown(value: unknown): string {
  if (value === '' || (Array.isArray(value) && value.length === 0)) return 'empty';
  if (Array.isArray(value)) return value.join(', ');
  return typeof value === 'number' ? String(Math.round(value * 100) / 100) : String(value);
}
