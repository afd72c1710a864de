/**
 * What the guardrails say of the facts. Pure: the same policy and facts give the same verdict, whatever the order of
 * the rules. Deny wins over hold, hold over approval, approval over allow; nothing said, nothing known or nothing
 * computed never allows.
 */
import type { Facts, LimitFacts } from '../core/facts.ts';
import { listOf } from '../core/text.ts';
import type { Reason, Requirement, Verdict } from '../core/verdict.ts';
import { emergencyOf, throughGlass, withGlass } from './break-glass.ts';
import { isChosen, withBlankValues } from './chosen.ts';
import { isUnknown } from './facts-unknown.ts';
import { isPassed, type Limit, limitText } from './limits.ts';
import type { Policy, Rule, RuleRequirement } from './policy.ts';
import { requirementsOf } from './requirements.ts';
import { rulesInReach } from './rule-index.ts';
import { hoursOf, inHours } from './subjects.ts';
import { nextStart, windowEnd } from './windows.ts';

export function evaluate(policy: Policy, facts: Facts): Verdict {
  return verdictOf(policy, facts, findingsOf(policy, facts));
}

/** The same from what the rules say of these facts. */
export function verdictOf(policy: Policy, facts: Facts, findings: readonly Finding[]): Verdict {
  const emergency = emergencyOf(policy, facts);
  return withGlass(emergency, conclude(policy, throughGlass(emergency, findings)));
}

/** What one rule says; nothing when it does not match. */
export function findingOf(rule: Rule, policy: Policy, facts: Facts): readonly Finding[] {
  return [consider(rule, policy, facts, valuesFor(policy, facts))].flatMap((one) => one ?? []);
}

/** What each rule that has something to say says, by the rules' ids. */
export function findingsOf(policy: Policy, facts: Facts): readonly Finding[] {
  const values = valuesFor(policy, facts);
  const limits = facts.limits ? (policy.limitsOf.get(facts.action) ?? []) : [];
  const findings: Finding[] = [];
  for (const rules of [...rulesInReach(policy.indexOf.get(facts.action), facts), limits]) {
    for (const rule of rules) {
      const finding = consider(rule, policy, facts, values);
      if (finding) findings.push(finding);
    }
  }
  return findings.sort((one, other) => (one.rule.id < other.rule.id ? -1 : 1));
}

/** What all of them together come to. */
export function conclude(policy: Pick<Policy, 'version'>, findings: readonly Finding[]): Verdict {
  const said: Said = { warn: [], shadow: [], deny: [], hold: [], require: [], allow: [] };
  for (const finding of findings) {
    const { mode } = finding.rule;
    said[mode === 'enforce' ? finding.kind : mode].push(finding);
  }
  const common = {
    warnings: reasonsOf(said.warn),
    shadows: reasonsOf(said.shadow),
    policyVersion: policy.version,
  };
  const { deny: denials, hold: holds, require: requires, allow: allows } = said;
  if (denials.length > 0)
    return { ...common, outcome: 'deny', reasons: reasonsOf(denials), requirements: [] };
  const requirements = requires.flatMap((finding) => finding.requirements);
  if (holds.length > 0) {
    const reasons = reasonsOf([...holds, ...requires]);
    return { ...common, outcome: 'hold', reasons, requirements, hold: longestHold(holds) };
  }
  if (requires.length > 0) {
    return { ...common, outcome: 'require_approval', reasons: reasonsOf(requires), requirements };
  }
  if (allows.length > 0) return { ...common, outcome: 'allow', reasons: reasonsOf(allows), requirements: [] };
  const nothing: Reason = { code: 'nothing_matched', text: 'no rule of the policy allows this' };
  return { ...common, outcome: 'deny', reasons: [nothing], requirements: [] };
}

/** Sorted in one go: this runs for every evaluation there is. */
type Said = Record<Finding['kind'] | Exclude<Rule['mode'], 'enforce'>, Finding[]>;

function reasonsOf(list: readonly Finding[]): Reason[] {
  const reasons: Reason[] = [];
  for (const finding of list) reasons.push(...finding.reasons);
  return reasons;
}

/** A rule that has something to say of these facts. */
export interface Finding {
  readonly rule: Rule;
  /** What it comes to, which is not always what the rule says: one that fails denies. */
  readonly kind: Rule['outcome']['kind'];
  readonly reasons: readonly Reason[];
  readonly requirements: readonly Requirement[];
  /** With `hold`: until when. */
  readonly holds: readonly Hold[];
}

type Hold = NonNullable<Verdict['hold']>;

function consider(rule: Rule, policy: Policy, facts: Facts, values: Values): Finding | undefined {
  if (!coversTarget(rule, facts)) return undefined;
  const missing = unknownFacts(rule, facts, values);
  if (missing.length > 0) return doubted(rule, missing, policy, facts);
  try {
    if (!isMatched(rule, facts, values)) return undefined;
    if (rule.limit) return atLimit(concluded(rule, policy, facts, 'limit_reached'), rule.limit, facts);
    return concluded(rule, policy, facts, codeOf[rule.outcome.kind]);
  } catch (error) {
    const [why] = String(error).split('\n');
    return denial(rule, 'rule_failed', `the rule "${rule.id}" could not be computed: ${why}`);
  }
}

const codeOf = {
  allow: 'rule_allows',
  deny: 'rule_denies',
  require: 'rule_requires',
  hold: 'rule_holds',
} as const;

/** The header. A fact of it that is unknown is dealt with after, as one the rule reads. */
function coversTarget(rule: Rule, { target, service, unknown, input }: Facts): boolean {
  return (
    isChosen(rule.chosen, input) &&
    covers(rule.tiers, target.tier, 'target.tier', unknown) &&
    covers(rule.services, service.name, 'service.name', unknown) &&
    covers(rule.teams, target.team, 'target.team', unknown)
  );
}

function covers(
  list: readonly string[] | undefined,
  value: string,
  path: string,
  unknown: readonly string[],
): boolean {
  return list === undefined || list.includes(value) || isUnknown(path, unknown);
}

function isMatched(rule: Rule, facts: Facts, values: Values): boolean {
  if (rule.outcome.kind === 'hold' && !isHeld(rule.outcome, facts)) return false;
  if (rule.limit && !isPassed(rule.limit, countedFor(rule, facts), facts.target.team)) return false;
  const read = withBlankValues(rule.chosen, values);
  return (rule.when?.test(read) ?? true) && !(rule.unless?.test(read) ?? false);
}

/** Its reasons begin with how much is used up of what. */
function atLimit(finding: Finding, limit: Limit, facts: Facts): Finding {
  const said = limitText(limit, countedFor(finding.rule, facts), facts.target.team);
  return {
    ...finding,
    reasons: finding.reasons.map((reason) => ({ ...reason, text: `${said}: ${reason.text}` })),
  };
}

/** There, or the limit would be unknown. */
export function countedFor({ id }: Rule, { limits }: Facts): LimitFacts {
  return (limits as NonNullable<Facts['limits']>)[id] as LimitFacts;
}

type HoldOutcome = Extract<Rule['outcome'], { kind: 'hold' }>;

export function isHeld({ window, side }: HoldOutcome, { windows }: Facts): boolean {
  return windows.includes(window.name) === (side === 'inside');
}

/** What conditions read: the facts, with blanks for the fields of the input that were left empty. */
type Values = Readonly<Record<string, unknown>>;

export function valuesFor(policy: Policy, facts: Facts): Values {
  const blanks = policy.blanks.get(facts.action);
  const spans = policy.spans.get(facts.action) ?? none;
  const empty: [string, unknown][] = [];
  for (const field in blanks) if (facts.input[field] === undefined) empty.push([field, blanks[field]]);
  if (empty.length === 0 && spans.length === 0) return facts;
  const hours = spans.flatMap((field) =>
    // A case that proofs make up has the hours alone.
    facts.input[inHours(field)] === undefined ? [[inHours(field), hoursOf(facts.input[field])] as const] : [],
  );
  const input = { ...facts.input, ...Object.fromEntries(empty), ...Object.fromEntries(hours) };
  return { ...facts, input };
}

const none: readonly string[] = [];

/** The facts a rule depends on that could not be had. `values`: as `valuesFor` gives them. */
export function unknownFacts(rule: Rule, facts: Facts, values: Values): readonly string[] {
  const { unknown, limits } = facts;
  // A limit that was put into the policy since the counting, or that nobody could count.
  if (rule.limit && !(limits && Object.hasOwn(limits, rule.id))) return [`limits.${rule.id}`];
  if (unknown.length === 0) return none;
  const reads = [
    ...(rule.tiers ? ['target.tier'] : []),
    ...(rule.services ? ['service.name'] : []),
    ...(rule.teams ? ['target.team'] : []),
    ...(rule.outcome.kind === 'hold' ? ['windows'] : []),
    ...(rule.limit ? [`limits.${rule.id}`] : []),
    ...(rule.when?.reads ?? []),
    ...(rule.unless?.reads ?? []),
  ];
  const missing = [...new Set(reads.filter((path) => isUnknown(path, unknown)))].sort();
  const [only, other] = missing;
  const isGroups = only === 'requester.groups' && other === undefined;
  return isGroups && isSameInAnyGroup(rule, facts, values) ? none : missing;
}

/** Tried are all ways to be in some of them and not in others: 256 of eight. Of more it stays unknown. */
const doubtedGroupsMax = 8;

/** Whether the rule says the same wherever the requester may be in as well: then nobody need know. */
function isSameInAnyGroup(rule: Rule, facts: Facts, values: Values): boolean {
  const { requester, mayBeIn = [] } = facts;
  if (mayBeIn.length === 0 || mayBeIn.length > doubtedGroupsMax) return false;
  const ways = mayBeIn.reduce<string[][]>(
    (before, group) => before.flatMap((groups) => [groups, [...groups, group]]),
    [[...requester.groups]],
  );
  try {
    const answers = ways.map((groups) =>
      isMatched(rule, facts, { ...values, requester: { ...requester, groups } }),
    );
    return new Set(answers).size === 1;
  } catch {
    return false;
  }
}

/** What cannot be known never helps: an allow is silent, and anything stricter holds as if it were so. */
function doubted(rule: Rule, missing: readonly string[], policy: Policy, facts: Facts): Finding | undefined {
  if (rule.outcome.kind === 'allow') return undefined;
  const finding = concluded(rule, policy, facts, 'fact_unknown');
  const doubt = `${listOf(missing.map((path) => doubtText(path, facts)))} could not be found out`;
  return {
    ...finding,
    reasons: finding.reasons.map((reason) => ({ ...reason, text: `${doubt}: ${reason.text}` })),
  };
}

/** `requester.groups (Slack has not said who is in sre since 10:02)`. */
function doubtText(path: string, { doubts = {} }: Facts): string {
  const why = Object.hasOwn(doubts, path) ? doubts[path] : undefined;
  return why === undefined ? path : `${path} (${why})`;
}

function concluded(rule: Rule, policy: Policy, facts: Facts, code: Reason['code']): Finding {
  const { outcome } = rule;
  if (outcome.kind === 'require') return required(rule, outcome.requirements, policy, facts, code);
  if (outcome.kind === 'hold' && outcome.override.length > 0 && facts.bypass.kind === 'override') {
    return required(rule, outcome.override, policy, facts, code === 'fact_unknown' ? code : 'overridden');
  }
  const reasons = [{ code, rule: rule.id, text: outcome.because }];
  const holds = outcome.kind === 'hold' ? [holdOf(outcome, facts)] : [];
  return { rule, kind: outcome.kind, reasons, requirements: [], holds };
}

function required(
  rule: Rule,
  asked: readonly RuleRequirement[],
  policy: Policy,
  facts: Facts,
  code: Reason['code'],
): Finding {
  const resolved = requirementsOf(rule.id, asked, policy, facts);
  if (!resolved.ok) return denial(rule, 'nobody_can_approve', resolved.why);
  const { requirements } = resolved;
  const reasons = requirements.map(({ because }) => ({ code, rule: rule.id, text: because }));
  return { rule, kind: 'require', reasons, requirements, holds: [] };
}

function denial(rule: Rule, code: Reason['code'], text: string): Finding {
  return { rule, kind: 'deny', reasons: [{ code, rule: rule.id, text }], requirements: [], holds: [] };
}

function holdOf({ window, side }: HoldOutcome, { time }: Facts): Hold {
  const until = side === 'inside' ? windowEnd(window, time.at) : nextStart(window, time.at);
  return { window: window.name, ...(until === undefined ? {} : { until }) };
}

/** Of several windows the one that ends last; one without an end outlasts all. */
function longestHold(findings: readonly Finding[]): Hold {
  const end = ({ until = Infinity }: Hold) => until;
  return findings
    .flatMap(({ holds }) => holds)
    .reduce((one, other) => (end(one) >= end(other) ? one : other));
}
