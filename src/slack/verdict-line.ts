/** What the guardrails say, in approvals/explain's words, with the titles that a card's context knows. Plain text. */
import { describeFrom, describeVerdict, type GroupTitles } from '../approvals/explain.ts';
import { describeWay } from '../approvals/explain-ways.ts';
import type { Requirement, Verdict } from '../core/verdict.ts';
import { stopped } from './words.ts';

type TitleOf = (group: string) => string;

/** `Needs 1 approval from Platform leads: more than 4 CPU.` `zone` is the reader's. */
export function verdictLine(verdict: Verdict, groupTitle: TitleOf, zone?: string): string {
  return stopped(describeVerdict(verdict, titlesFor(verdict.requirements, groupTitle), zone));
}

/** For a card, where a window's end stands in a field of its own, in each reader's time. */
export function holdLine(verdict: Verdict, groupTitle: TitleOf): string {
  const hold = verdict.hold === undefined ? {} : { hold: { window: verdict.hold.window } };
  const { hold: _hold, ...rest } = verdict;
  return verdictLine({ ...rest, ...hold }, groupTitle);
}

/** What would let it run, one line each: "4 CPU instead of 8". `zone` is the reader's. */
export function wayLines(verdict: Verdict, groupTitle: TitleOf, zone?: string): string[] {
  return (verdict.ways ?? []).map((way) => describeWay(way, titlesFor(way.requirements, groupTitle), zone));
}

/** Whose yes counts for it, and how. */
export function fromText(requirement: Requirement, groupTitle: TitleOf): string {
  return describeFrom(requirement, titlesFor([requirement], groupTitle));
}

export function titlesFor(requirements: readonly Requirement[], groupTitle: TitleOf): GroupTitles {
  return Object.fromEntries(
    requirements.flatMap((one) => one.from).map((group) => [group, groupTitle(group)]),
  );
}
