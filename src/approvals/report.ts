/** What the guardrails have done lately, and which of them do nothing: from the requests they judged. Pure. */
import { minuteMs } from '../core/duration.ts';
import type { PolicyReport } from '../core/guardrails.ts';
import type { PlatformRequest } from '../core/request.ts';
import type { Policy } from './policy.ts';

/** Fewer answers than this prove no habit. */
const answersMin = 3;
/** Whoever answers faster has hardly read it. */
const quickMs = minuteMs;

/** `changes` are the names of the actions that change something: only these become requests. */
export function reportOf(
  policy: Policy,
  requests: readonly PlatformRequest[],
  changes: ReadonlySet<string>,
): Omit<PolicyReport, 'reads' | 'debts'> {
  const approved = requests.filter(({ approvedBecause }) => approvedBecause !== undefined);
  const byPeople = approved.filter(({ approvedBecause }) => approvedBecause === 'quorum');
  // They went past what would have asked somebody: nobody was asked, and it was no rule that let them through.
  const emergencies = approved.filter(({ glass, approvedBecause }) => glass && approvedBecause === 'policy');
  const waits = byPeople.map(waitOf).sort((one, other) => one - other);
  const spoke = new Set(requests.flatMap(rulesIn));
  return {
    requests: requests.length,
    letThrough: approved.length,
    ranByThemselves: approved.length - byPeople.length - emergencies.length,
    emergencies: emergencies.length,
    refused: requests.filter(({ status }) => status === 'denied').length,
    medianMs: waits[waits.length >> 1],
    shadows: counted(requests, ({ verdict }) => (verdict?.shadows ?? []).flatMap(({ rule }) => rule ?? [])),
    silent: policy.rules
      .filter(({ id, actions }) => !spoke.has(id) && actions.some((name) => changes.has(name)))
      .map(({ id }) => id),
    quick: quickRules(byPeople),
  };
}

function waitOf({ reviews, createdAt }: PlatformRequest): number {
  return Math.max(...reviews.map(({ at }) => at), createdAt) - createdAt;
}

function rulesIn({ verdict }: PlatformRequest): string[] {
  if (!verdict) return [];
  return [...verdict.reasons, ...verdict.warnings, ...verdict.shadows].flatMap(({ rule }) => rule ?? []);
}

/** Those of which every approval was given at once. */
function quickRules(approved: readonly PlatformRequest[]): PolicyReport['quick'] {
  const asking = ({ requirements }: PlatformRequest) => requirements.map(({ rule }) => rule);
  const slow = new Set(approved.filter((request) => waitOf(request) > quickMs).flatMap(asking));
  return counted(approved, asking).filter(({ rule, requests }) => requests >= answersMin && !slow.has(rule));
}

/** How many requests name each rule, those of the most first. */
function counted(
  requests: readonly PlatformRequest[],
  rulesOf: (request: PlatformRequest) => readonly string[],
): { readonly rule: string; readonly requests: number }[] {
  const counts = new Map<string, number>();
  for (const request of requests) {
    for (const rule of new Set(rulesOf(request))) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  }
  return [...counts]
    .map(([rule, number]) => ({ rule, requests: number }))
    .sort((one, other) => other.requests - one.requests);
}
