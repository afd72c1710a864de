/** What is no longer as it was when people were asked, by name and in words. Pure. */
import { describeFrom } from '../approvals/explain.ts';
import { type GroupTitles, titleOf } from '../approvals/group-titles.ts';
import type { Preview, Target } from '../core/action.ts';
import { digestOf } from '../core/digest.ts';
import type { PlannedStep, PlatformRequest } from '../core/request.ts';
import { listOf } from '../core/text.ts';
import type { Requirement, Verdict } from '../core/verdict.ts';

/** What an approval is bound to, beside the version of the policy. */
export interface Bound {
  readonly preview: Preview;
  readonly target: Target;
  readonly plan: readonly PlannedStep[];
}

/** Nothing where only other things moved than those that `request` could name: then the caller says so. */
export function whatMoved(
  { preview: before, target: was, steps, verdict: said }: PlatformRequest,
  { preview, target, plan, verdict }: Bound & { readonly verdict: Verdict },
  titles: GroupTitles,
): string[] {
  const wasPlanned = steps.map(({ id, title }) => ({ id, title }));
  return [
    ...targetMoves(was, target, titles),
    ...resolvedMoves(before?.resolved ?? {}, preview.resolved),
    ...commitMoves(before, preview),
    ...checkMoves(before, preview),
    ...(digestOf({ cost: before?.cost }) === digestOf({ cost: preview.cost }) ? [] : ['its price changed']),
    ...(digestOf(wasPlanned) === digestOf(plan.map(({ id, title }) => ({ id, title })))
      ? []
      : ['its steps changed']),
    ...(said ? verdictMoves(said, verdict, titles) : []),
  ];
}

/** Whether people are asked the same by both: by whatever rules, in whatever words, and whenever it expires. */
export function asksTheSame(one: Verdict, other: Verdict): boolean {
  const asked = ({ outcome, requirements }: Verdict) =>
    digestOf({ outcome, requirements: requirements.map(askedBy).toSorted() });
  return asked(one) === asked(other);
}

function askedBy(one: Requirement): string {
  const { count, from, not, needsComment, stepUp, delegates, escalates } = one;
  const to = escalates?.to.toSorted();
  return digestOf({ count, from: from.toSorted(), not: not.toSorted(), needsComment, stepUp, delegates, to });
}

/** What it is called and what kind of thing it is follow from what was asked for, which does not move by itself. */
function targetMoves(was: Target, now: Target, titles: GroupTitles): string[] {
  const owners = ({ team, service }: Target) => service?.owners ?? [team];
  const names = (target: Target) => listOf(owners(target).map((group) => titleOf(group, titles))) || 'nobody';
  return [
    ...(was.tier === now.tier ? [] : [`the tier moved from ${was.tier} to ${now.tier}`]),
    ...(digestOf(owners(was)) === digestOf(owners(now))
      ? []
      : [`it belongs to ${names(now)} now instead of ${names(was)}`]),
  ];
}

function resolvedMoves(before: Preview['resolved'], now: Preview['resolved']): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])];
  return names.flatMap((name) => {
    const [from, to] = [before[name], now[name]];
    if (from === to) return [];
    if (from === undefined) return [`the ${name} is ${shown(to)} now`];
    if (to === undefined) return [`the ${name} is no longer ${shown(from)}`];
    return isFingerprint(from)
      ? [`the ${name} was changed`]
      : [`the ${name} moved from ${shown(from)} to ${shown(to)}`];
  });
}

/** Named only where nothing that was resolved says it. */
function commitMoves(before: Preview | undefined, now: Preview): string[] {
  const shas = ({ commits = [] }: Partial<Preview>) => digestOf(commits.map(({ sha }) => sha));
  if (shas(before ?? {}) === shas(now)) return [];
  return resolvedMoves(before?.resolved ?? {}, now.resolved).length > 0
    ? []
    : ['other commits would go out now'];
}

function checkMoves(before: Preview | undefined, now: Preview): string[] {
  const was = before !== undefined && hasRedCheck(before);
  if (was === hasRedCheck(now)) return [];
  return [was ? 'no check is known to be red any more' : 'a check is red now'];
}

/**
 * Of the commit that would go out, or of one of several. Whoever answered saw that none was: other states of checks come
 * and go by themselves.
 */
export function hasRedCheck({ change, parts = [] }: Preview): boolean {
  return [change, ...parts.map((part) => part.change)].some(
    (one) => one !== undefined && one !== 'unknown' && (one.checks === 'red' || one.requiredChecks === 'red'),
  );
}

/** A commit as people write it. */
function shown(value = ''): string {
  return isCommit(value) ? value.slice(0, 7) : value;
}

function isCommit(value: string): boolean {
  return /^[0-9a-f]{40}$/u.test(value);
}

/** Of something that has no shorter name: telling two of them helps nobody. */
function isFingerprint(value: string): boolean {
  return /^[0-9a-f]{12,}$/u.test(value) && !isCommit(value);
}

const outcomeWords: Readonly<Record<Verdict['outcome'], string>> = {
  allow: 'it needs nobody now',
  require_approval: 'it needs approvals now',
  hold: 'it waits for a window now',
  deny: 'it is refused now',
};

function verdictMoves(before: Verdict, now: Verdict, titles: GroupTitles): string[] {
  if (before.policyVersion === now.policyVersion || asksTheSame(before, now)) return [];
  const asked = now.requirements.flatMap((one) => {
    const same = before.requirements.find(({ id }) => id === one.id);
    if (same && askedBy(same) === askedBy(one)) return [];
    const instead = same ? ` instead of ${asks(same, titles)}` : '';
    return [`rule "${one.rule}" now asks ${asks(one, titles)}${instead}`];
  });
  const dropped = before.requirements
    .filter(({ id }) => !now.requirements.some((one) => one.id === id))
    .map(({ rule }) => `rule "${rule}" asks nobody any more`);
  const words = [
    ...(before.outcome === now.outcome ? [] : [outcomeWords[now.outcome]]),
    ...asked,
    ...dropped,
  ];
  return [`the policy changed: ${listOf(words)}`];
}

function asks(requirement: Requirement, titles: GroupTitles): string {
  return `${requirement.count} from ${describeFrom(requirement, titles)}`;
}
