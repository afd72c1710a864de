/**
 * What the guardrails say of the facts. Pure: the same policy and facts give the same verdict, whatever the order of
 * the rules. Deny wins over hold, hold over approval, approval over allow; nothing said, nothing known or nothing
 * computed never allows.
 */
import type { Facts } from '../core/facts.ts';
import { listOf } from '../core/text.ts';
import type { Reason, Requirement, Verdict } from '../core/verdict.ts';
import { emergencyOf, throughGlass, withGlass } from './break-glass.ts';
import { isUnknown } from './facts-unknown.ts';
import { isPassed, type Limit, limitText } from './limits.ts';
import type { Policy, Rule, RuleRequirement } from './policy.ts';
import { requirementsOf } from './requirements.ts';
import { rulesInReach } from './rule-index.ts';
import { nextStart, windowEnd } from './windows.ts';

export function evaluate(policy: Policy, facts: Facts): Verdict {
  const emergency = emergencyOf(policy, facts);
  const verdict = conclude(policy, throughGlass(emergency, findingsOf(policy, facts)));
  return withGlass(emergency, verdict);
}

/** What each rule that has something to say says, by the rules' ids. */
export function findingsOf(policy: Policy, facts: Facts): readonly Finding[] {
  const values = valuesFor(policy, facts);
  const limits = facts.limits ? (policy.limitsOf.get(facts.action) ?? []) : [];
  return [...rulesInReach(policy.indexOf.get(facts.action), facts), ...limits]
    .flatMap((rule) => consider(rule, policy, facts, values))
    .sort((one, other) => (one.rule.id < other.rule.id ? -1 : 1));
}

/** What all of them together come to. */
export function conclude(policy: Pick<Policy, 'version'>, findings: readonly Finding[]): Verdict {
  const inMode = (mode: Rule['mode']) => findings.filter(({ rule }) => rule.mode === mode);
  const reasonsOf = (list: readonly Finding[]) => list.flatMap(({ reasons }) => reasons);
  const common = {
    warnings: reasonsOf(inMode('warn')),
    shadows: reasonsOf(inMode('shadow')),
    policyVersion: policy.version,
  };

  const enforced = inMode('enforce');
  const of = (kind: Finding['kind']) => enforced.filter((finding) => finding.kind === kind);
  const [denials, holds, requires, allows] = [of('deny'), of('hold'), of('require'), of('allow')];
  const requirements = requires.flatMap((finding) => finding.requirements);
  if (denials.length > 0)
    return { ...common, outcome: 'deny', reasons: reasonsOf(denials), requirements: [] };
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

function consider(rule: Rule, policy: Policy, facts: Facts, values: Values): Finding[] {
  if (!coversTarget(rule, facts)) return [];
  const missing = unknownFacts(rule, facts);
  if (missing.length > 0) return doubted(rule, missing, policy, facts);
  try {
    if (!isMatched(rule, facts, values)) return [];
    if (rule.limit) return [atLimit(concluded(rule, policy, facts, 'limit_reached'), rule.limit, facts)];
    return [concluded(rule, policy, facts, codeOf[rule.outcome.kind])];
  } catch (error) {
    const [why] = String(error).split('\n');
    return [denial(rule, 'rule_failed', `the rule "${rule.id}" could not be computed: ${why}`)];
  }
}

const codeOf = {
  allow: 'rule_allows',
  deny: 'rule_denies',
  require: 'rule_requires',
  hold: 'rule_holds',
} as const;

/** The header. A fact of it that is unknown is dealt with after, as one the rule reads. */
function coversTarget(rule: Rule, { target, service, unknown }: Facts): boolean {
  const covers = (list: readonly string[] | undefined, path: string, value: string) =>
    list === undefined || list.includes(value) || isUnknown(path, unknown);
  return (
    covers(rule.tiers, 'target.tier', target.tier) &&
    covers(rule.services, 'service.name', service.name) &&
    covers(rule.teams, 'target.team', target.team)
  );
}

function isMatched(rule: Rule, facts: Facts, values: Values): boolean {
  if (rule.outcome.kind === 'hold' && !isHeld(rule.outcome, facts)) return false;
  const counted = facts.limits?.[rule.id] ?? nothingCounted;
  if (rule.limit && !isPassed(rule.limit, counted, facts.target.team)) return false;
  return (rule.when?.test(values) ?? true) && !(rule.unless?.test(values) ?? false);
}

/** Its reasons begin with how much is used up of what. */
function atLimit(finding: Finding, limit: Limit, { limits, target }: Facts): Finding {
  const counted = limits?.[finding.rule.id] ?? nothingCounted;
  const said = limitText(limit, counted, target.team);
  return {
    ...finding,
    reasons: finding.reasons.map((reason) => ({ ...reason, text: `${said}: ${reason.text}` })),
  };
}

/** Never met: what was not counted is unknown before. */
const nothingCounted = { used: 0, adds: 0 };

type HoldOutcome = Extract<Rule['outcome'], { kind: 'hold' }>;

export function isHeld({ window, side }: HoldOutcome, { windows }: Facts): boolean {
  return windows.includes(window.name) === (side === 'inside');
}

/** What conditions read: the facts, with blanks for the fields of the input that were left empty. */
type Values = Readonly<Record<string, unknown>>;

export function valuesFor(policy: Policy, facts: Facts): Values {
  const given = Object.entries(facts.input).filter(([, value]) => value !== undefined);
  return { ...facts, input: { ...policy.blanks.get(facts.action), ...Object.fromEntries(given) } };
}

/** The facts a rule depends on that could not be had. */
export function unknownFacts(rule: Rule, { unknown, limits = {} }: Facts): string[] {
  // A limit that was put into the policy since the counting, or that nobody could count.
  if (rule.limit && !Object.hasOwn(limits, rule.id)) return [`limits.${rule.id}`];
  if (unknown.length === 0) return [];
  const reads = [
    ...(rule.tiers ? ['target.tier'] : []),
    ...(rule.services ? ['service.name'] : []),
    ...(rule.teams ? ['target.team'] : []),
    ...(rule.outcome.kind === 'hold' ? ['windows'] : []),
    ...(rule.limit ? [`limits.${rule.id}`] : []),
    ...(rule.when?.reads ?? []),
    ...(rule.unless?.reads ?? []),
  ];
  return [...new Set(reads.filter((path) => isUnknown(path, unknown)))].sort();
}

/** What cannot be known never helps: an allow is silent, and anything stricter holds as if it were so. */
function doubted(rule: Rule, missing: readonly string[], policy: Policy, facts: Facts): Finding[] {
  if (rule.outcome.kind === 'allow') return [];
  const finding = concluded(rule, policy, facts, 'fact_unknown');
  const doubt = `${listOf(missing.map((path) => doubtText(path, facts)))} could not be found out`;
  return [
    {
      ...finding,
      reasons: finding.reasons.map((reason) => ({ ...reason, text: `${doubt}: ${reason.text}` })),
    },
  ];
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
