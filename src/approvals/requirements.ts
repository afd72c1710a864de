/** A rule's requirements for one request: `owners` and `team` resolved, and whether anybody could meet them. */
import type { Facts } from '../core/facts.ts';
import { count, listOf } from '../core/text.ts';
import type { Requirement } from '../core/verdict.ts';
import { isUnknown } from './facts-unknown.ts';
import type { Policy, RuleRequirement } from './policy.ts';

export type Resolved =
  | { readonly ok: true; readonly requirements: readonly Requirement[] }
  | { readonly ok: false; readonly why: string };

export function requirementsOf(
  ruleId: string,
  rules: readonly RuleRequirement[],
  policy: Policy,
  facts: Facts,
): Resolved {
  const requirements: Requirement[] = [];
  for (const [index, one] of rules.entries()) {
    const from = groupsFor(one.from, facts);
    const { escalates, delegates } = one;
    const to = escalates === undefined ? [] : groupsFor(escalates.to, facts);
    // Whoever is let in later can answer it, too, though nobody of them before.
    const asked = from.length === 0 || to.length === 0 ? from : [...new Set([...from, ...to])];
    const able = whoCould(asked, one, policy, facts);
    if (able < one.count) {
      return { ok: false, why: `${one.because}, which needs ${wanted(one)}, and ${lacking(asked, able)}` };
    }
    const { count: number, not, because, expiresAfterMs, needsComment, stepUp } = one;
    const id = rules.length === 1 ? ruleId : `${ruleId}.${index + 1}`;
    const plain = { id, rule: ruleId, count: number, from, not: [...not], because, expiresAfterMs };
    // This runs for every evaluation there is, and most requirements say no more.
    const saysMore = needsComment || stepUp || delegates !== undefined || to.length > 0;
    requirements.push(
      saysMore
        ? {
            ...plain,
            ...(needsComment ? { needsComment } : {}),
            ...(stepUp ? { stepUp } : {}),
            ...(delegates === undefined ? {} : { delegates }),
            ...(escalates && to.length > 0 ? { escalates: { to, afterMs: escalates.afterMs } } : {}),
          }
        : plain,
    );
  }
  return { ok: true, requirements };
}

function wanted({ count: number, from }: RuleRequirement): string {
  return `${count(number, 'approval')} from ${listOf(from, 'or')}`;
}

function lacking(from: readonly string[], able: number): string {
  if (from.length === 0) return 'no such group is known here';
  return able === 0
    ? `nobody in ${listOf(from)} may give it`
    : `only ${count(able, 'person', 'people')} in ${listOf(from)} may give it`;
}

/** Groups by name, each once. Owners or a team that could not be found out are nobody. */
function groupsFor(from: readonly string[], { service, target, unknown }: Facts): string[] {
  if (!from.some((name) => name === 'owners' || name === 'team')) return [...from];
  const groups = from.flatMap((name) => {
    switch (name) {
      case 'owners':
        return isUnknown('service.owners', unknown) ? [] : service.owners;
      case 'team':
        return isUnknown('target.team', unknown) || target.team === '' ? [] : [target.team];
      default:
        return [name];
    }
  });
  return [...new Set(groups)];
}

const nobody: ReadonlySet<string> = new Set();

/** How many people are in the groups and not excluded, by what is known before anybody has answered. */
function whoCould(from: readonly string[], { not }: RuleRequirement, policy: Policy, facts: Facts): number {
  if (from.some((group) => policy.groupsElsewhere.has(group))) return Number.POSITIVE_INFINITY;
  const requester = facts.requester.email.toLowerCase();
  const [first = nobody, ...others] = from.map((group) => policy.members.get(group) ?? nobody);
  // Most ask one group: then nobody need be gathered.
  if (others.length === 0 && !not.includes('author')) return first.size - (first.has(requester) ? 1 : 0);
  const people = new Set(first);
  for (const members of others) for (const member of members) people.add(member);
  people.delete(requester);
  if (not.includes('author')) for (const author of facts.change.authors) people.delete(author.toLowerCase());
  return people.size;
}

/** Whoever meets `other` has met `one` as well. */
export function isMetBy(
  one: Pick<Requirement, 'count' | 'from' | 'not' | 'stepUp' | 'delegates'>,
  other: Pick<Requirement, 'count' | 'from' | 'not' | 'stepUp' | 'delegates' | 'escalates'>,
): boolean {
  return (
    (one.stepUp === undefined || other.stepUp === one.stepUp) &&
    other.count >= one.count &&
    (one.delegates === undefined || other.delegates === false) &&
    [...other.from, ...(other.escalates?.to ?? [])].every((group) => one.from.includes(group)) &&
    one.not.every((group) => other.not.includes(group))
  );
}
