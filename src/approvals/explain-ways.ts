/** What would let a request run, in words, for people. Plain text: whoever draws it escapes it. */
import { formatDuration } from '../core/duration.ts';
import { count, listOf } from '../core/text.ts';
import { momentText } from '../core/time-zone.ts';
import type { QuorumPart, VerdictChange, Way } from '../core/verdict.ts';
import { describeRequirement } from './explain.ts';
import { type GroupTitles, titleOf } from './group-titles.ts';

/** "wait 3h 12m, until Mon 23 Nov, 06:00 CET, for the weekend freeze to be over". `zone` is the reader's. */
export function describeWay(way: Way, titles: GroupTitles, zone = 'UTC'): string {
  const changes = way.changes.map((change) =>
    change.kind === 'wait'
      ? `wait ${formatDuration(change.until - change.from)}, until ${momentText(change.until, zone)}${windowsText(change)}`
      : describeChange(change),
  );
  return `${listOf(changes)}${describeEnd(way, titles)}`;
}

/** "4 CPU instead of 8"; "1 replica instead of 0". */
export function describeChange({ title, from, to }: Extract<VerdictChange, { kind: 'input' }>): string {
  if (typeof to === 'number')
    return `${to} ${to === 1 ? title.replace(/([^s])s$/, '$1') : title} instead of ${from}`;
  const word = (value: typeof from) => (typeof value === 'boolean' ? (value ? 'on' : 'off') : String(value));
  return `${title} ${word(to)} instead of ${word(from)}`;
}

/** ", for the weekend freeze to be over". */
export function windowsText({ windows }: Extract<VerdictChange, { kind: 'wait' }>): string {
  return windows.length === 0 ? '' : `, for ${listOf(windows)} to be over`;
}

/** What the guardrails say then: nothing is added where it runs by itself. */
export function describeEnd({ leadsTo, requirements }: Way, titles: GroupTitles): string {
  if (leadsTo === 'allow') return '';
  const needs = requirements.map((one) => describeRequirement(one, titles));
  return `, and then ${listOf(needs)}`;
}

/**
 * Whose yes is still missing: "2 more approvals from Payments team, SRE or Platform leads, 1 of them from Payments
 * team". One person counts for several requirements at once where their groups are within each other.
 */
export function describeMissing(parts: readonly QuorumPart[], titles: GroupTitles): string {
  const open = parts
    .filter(({ missing }) => missing > 0)
    .toSorted((one, other) => other.requirement.from.length - one.requirement.from.length);
  const said: { readonly part: QuorumPart; readonly within: QuorumPart[] }[] = [];
  for (const part of open) {
    const wider = said.find((one) => isWithin(part, one.part) && part.missing <= one.part.missing);
    if (wider) wider.within.push(part);
    else said.push({ part, within: [] });
  }
  const from = ({ requirement }: QuorumPart) =>
    listOf(
      requirement.from.map((group) => titleOf(group, titles)),
      'or',
    );
  return listOf(
    said.map(({ part, within }) => {
      const narrower = within.filter((one) => from(one) !== from(part));
      const among = narrower.map((one) => `, ${one.missing} of them from ${from(one)}`);
      return `${count(part.missing, 'more approval')} from ${from(part)}${among.join('')}`;
    }),
  );
}

function isWithin(narrow: QuorumPart, wide: QuorumPart): boolean {
  return narrow.requirement.from.every((group) => wide.requirement.from.includes(group));
}
