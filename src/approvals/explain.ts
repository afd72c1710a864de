/** Verdicts and requirements in words, for people. Plain text: whoever draws it escapes it. */
import type { PlatformRequest } from '../core/request.ts';
import { count, listOf } from '../core/text.ts';
import { momentText } from '../core/time-zone.ts';
import type { Reason, Requirement, Verdict } from '../core/verdict.ts';
import { type GroupTitles, titleOf } from './group-titles.ts';
import { quorumAsRecorded } from './quorum.ts';

export type { GroupTitles } from './group-titles.ts';

/**
 * "Runs at once: small dev environments run by themselves". `zone` is the reader's, for when a window ends; UTC
 * when it is not known.
 */
export function describeVerdict(verdict: Verdict, titles: GroupTitles, zone = 'UTC'): string {
  const reasons = reasonText(verdict.reasons);
  switch (verdict.outcome) {
    case 'allow':
      return verdict.glass
        ? `Runs at once as an emergency, past ${pastText(verdict)}`
        : `Runs at once: ${reasons}`;
    case 'deny':
      return `Refused: ${reasons}`;
    case 'require_approval':
      return `Needs ${requirementsText(verdict.requirements, titles)}`;
    case 'hold': {
      const until = verdict.hold?.until;
      const when = until === undefined ? '' : ` until ${momentText(until, zone)}`;
      const then =
        verdict.requirements.length > 0
          ? `; then needs ${requirementsText(verdict.requirements, titles)}`
          : '';
      const holding = reasonText(verdict.reasons.filter((reason) => !isOfRequirement(reason, verdict)));
      return `Waits${when}: ${holding}${then}`;
    }
  }
}

/** What an emergency went past, and why that was there: `"two-people" (two people look at it)`. */
export function pastText({ reasons, glass }: Verdict): string {
  const past = (glass?.rules ?? []).map((id) => {
    const texts = reasonText(reasons.filter(({ code, rule }) => code === 'glass_broken' && rule === id));
    return `"${id}" (${texts})`;
  });
  return listOf(past);
}

/** "1 approval from Platform leads: more than 4 CPU". */
export function describeRequirement(requirement: Requirement, titles: GroupTitles): string {
  return `${count(requirement.count, 'approval')} from ${describeFrom(requirement, titles)}: ${requirement.because}`;
}

/** Whose yes counts, and how: "Payments team or SRE, none of them an author of the change". */
export function describeFrom(requirement: Requirement, titles: GroupTitles): string {
  const groups = requirement.from.map((group) => titleOf(group, titles));
  const not = requirement.not.includes('author') ? ', none of them an author of the change' : '';
  const comment = requirement.needsComment ? ', each with a comment' : '';
  const code = requirement.stepUp ? ', each with a code of an authenticator app' : '';
  const person = requirement.delegates === false ? ', each in person' : '';
  return `${listOf(groups, 'or')}${not}${comment}${code}${person}`;
}

export interface Progress {
  readonly requirement: Requirement;
  /** "1 of 2 approvals". */
  readonly text: string;
  readonly isMet: boolean;
  /** Names of those whose yes counts here, in the order in which they said it. */
  readonly approvedBy: readonly string[];
}

/** How far each requirement has come, as recorded at the clicks. */
export function progressOf(request: PlatformRequest): readonly Progress[] {
  return quorumAsRecorded(request).parts.map(({ requirement, approvals, missing }) => ({
    requirement,
    text: `${approvals.length} of ${count(requirement.count, 'approval')}`,
    isMet: missing === 0,
    approvedBy: approvals.map(({ name }) => name),
  }));
}

function requirementsText(requirements: readonly Requirement[], titles: GroupTitles): string {
  return requirements.map((one) => describeRequirement(one, titles)).join('; and ');
}

function reasonText(reasons: readonly Reason[]): string {
  return [...new Set(reasons.map(({ text }) => text.replace(/\.$/, '')))].join('; ');
}

function isOfRequirement({ rule }: Reason, { requirements }: Verdict): boolean {
  return requirements.some((requirement) => requirement.rule === rule);
}
