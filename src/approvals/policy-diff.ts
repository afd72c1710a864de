/**
 * What another policy would have said of what was asked for: recorded evaluations, judged again by their own facts, and
 * what would change in words. Pure; thousands a second, one at a time.
 */
import { type Facts, factsSchema } from '../core/facts.ts';
import { count } from '../core/text.ts';
import { type Outcome, outcomes, type Requirement, type Verdict } from '../core/verdict.ts';
import { evaluate } from './evaluate.ts';
import type { Policy } from './policy.ts';
import { isMetBy } from './requirements.ts';
import { strictestOf } from './strictest.ts';
import { activeWindows, nextStart, type Window, windowEnd } from './windows.ts';

type Asked = Pick<Requirement, 'count' | 'from' | 'not' | 'stepUp'>;

/** An evaluation as the store has it. */
export interface RecordedEvaluation {
  /** `undefined` for a look, which is no request. */
  readonly requestId: string | undefined;
  readonly facts: unknown;
  readonly verdict: {
    readonly outcome: Outcome;
    readonly requirements: readonly Asked[];
  };
}

export const turns = [
  'runs_by_itself',
  'could_be_approved',
  'would_wait',
  'asks_fewer',
  'asks_more',
  'asks_others',
  'would_hold',
  'denied',
  'never_approved',
] as const;
export type Turn = (typeof turns)[number];

export type Direction = 'looser' | 'stricter' | 'other';

export const directionOf: Readonly<Record<Turn, Direction>> = {
  runs_by_itself: 'looser',
  could_be_approved: 'looser',
  would_wait: 'stricter',
  asks_fewer: 'looser',
  asks_more: 'stricter',
  asks_others: 'other',
  would_hold: 'stricter',
  denied: 'stricter',
  never_approved: 'stricter',
};

const words: Readonly<Record<Turn, string>> = {
  runs_by_itself: 'would now run without anybody',
  could_be_approved: 'would no longer be refused, but could be approved',
  would_wait: 'would now wait for approvals',
  asks_fewer: 'would need fewer approvals, or from more people',
  asks_more: 'would need more approvals, or from fewer people',
  asks_others: 'would ask other people',
  would_hold: 'would now wait for a window',
  denied: 'would be denied',
  never_approved: 'could never be approved',
};

export interface PolicyDiff {
  /** How many evaluations were judged again. */
  readonly judged: number;
  /** How many could not be: their facts are of another version of Greenlight. */
  readonly unreadable: number;
  /** Limits of the new policy that nobody counted then: what they would have stopped is not known. */
  readonly uncounted: readonly string[];
  /** Requests by what changes for them first; a request is counted once. */
  readonly requests: ReadonlyMap<Turn, readonly string[]>;
  /** Looks by what changes for them. */
  readonly looks: ReadonlyMap<Turn, number>;
}

/** Takes evaluations one by one, oldest first. */
export function startDiff(policy: Policy): { add(recorded: RecordedEvaluation): void; result(): PolicyDiff } {
  const [told, requests, looks] = [new Set<string>(), new Map<Turn, string[]>(), new Map<Turn, number>()];
  const again: Again = { policy, windowsAt: windowsBySequence(policy), uncounted: new Set() };
  let [judged, unreadable] = [0, 0];
  return {
    add({ requestId, facts, verdict }) {
      const now = judgeAgain(again, facts);
      if (!now) {
        unreadable += 1;
        return;
      }
      judged += 1;
      const turn = turnOf(verdict, now);
      if (turn === undefined || (requestId !== undefined && told.has(requestId))) return;
      if (requestId === undefined) looks.set(turn, (looks.get(turn) ?? 0) + 1);
      else {
        told.add(requestId);
        const same = requests.get(turn);
        if (same) same.push(requestId);
        else requests.set(turn, [requestId]);
      }
    },
    result: () => ({ judged, unreadable, uncounted: [...again.uncounted], requests, looks }),
  };
}

/** "3 requests would now run without anybody: REQ-1, REQ-7, REQ-9", the most first. */
export function diffInWords({ requests, looks }: PolicyDiff, idsMax: number): string[] {
  const ofRequests = [...requests]
    .toSorted(([, one], [, other]) => other.length - one.length)
    .map(([turn, ids]) => {
      const more = ids.length > idsMax ? `, and ${ids.length - idsMax} more` : '';
      return `${count(ids.length, 'request')} ${words[turn]}: ${ids.slice(0, idsMax).join(', ')}${more}`;
    });
  return [...ofRequests, ...[...looks].map(([turn, number]) => `${count(number, 'look')} ${words[turn]}`)];
}

/** All directions in which anything changes. */
export function directionsOf({ requests, looks, uncounted }: PolicyDiff): ReadonlySet<Direction> {
  const turned = [...requests.keys(), ...looks.keys()].map((turn) => directionOf[turn]);
  // A limit can only stop something.
  return new Set(uncounted.length > 0 ? [...turned, 'stricter'] : turned);
}

interface Again {
  readonly policy: Policy;
  windowsAt(at: number): string[];
  readonly uncounted: Set<string>;
}

const recordedFactsSchema = factsSchema.loose();

function judgeAgain(again: Again, recorded: unknown): Verdict | undefined {
  const { policy } = again;
  const [facts, parts] = [factsFrom(again, recorded), partsOf(recorded)];
  const ofParts = parts.map((part) => factsFrom(again, part));
  if (!facts || ofParts.some((part) => part === undefined)) return undefined;
  const judgements = ofParts
    .filter((part) => part !== undefined)
    .map((part) => ({ name: part.service.name, verdict: evaluate(policy, part) }));
  const [first, ...others] = judgements;
  return first ? strictestOf(first, others) : evaluate(policy, facts);
}

/** The windows and limits are those of the policy in question; everything else is as it was. */
function factsFrom({ policy, windowsAt, uncounted }: Again, recorded: unknown): Facts | undefined {
  const read = recordedFactsSchema.safeParse(recorded);
  if (!read.success) return undefined;
  const facts: Facts = { ...read.data, windows: windowsAt(read.data.time.at) };
  const { limits = {} } = facts;
  const missing = (policy.limitsOf.get(facts.action) ?? []).filter(({ id }) => !Object.hasOwn(limits, id));
  if (missing.length === 0) return facts;
  for (const { id } of missing) uncounted.add(id);
  return {
    ...facts,
    limits: { ...limits, ...Object.fromEntries(missing.map(({ id }) => [id, nothingUsed])) },
  };
}

const nothingUsed = { used: 0, adds: 0 };

function partsOf(recorded: unknown): readonly unknown[] {
  const parts = (recorded as { readonly parts?: unknown } | null)?.parts;
  return Array.isArray(parts) ? parts : [];
}

/** Since when and until when a window is known to be as it is. */
interface Stretch {
  readonly from: number;
  readonly until: number;
  readonly isInForce: boolean;
}

/** What was asked for one after the other mostly meets the same stretch: it is told anew only when that has ended. */
function windowsBySequence(policy: Policy): Again['windowsAt'] {
  const known = new Map<string, Stretch>();
  return (at) =>
    [...policy.windows.values()].flatMap((window) => {
      const before = known.get(window.name);
      const now = before && before.from <= at && at < before.until ? before : stretchOf(window, at);
      known.set(window.name, now);
      return now.isInForce ? [window.name] : [];
    });
}

function stretchOf(window: Window, at: number): Stretch {
  const isInForce = activeWindows({ windows: new Map([[window.name, window]]) }, at).length > 0;
  const until = (isInForce ? windowEnd(window, at) : nextStart(window, at)) ?? Infinity;
  return { from: at, until, isInForce };
}

/** `undefined` when it comes to the same. */
export function turnOf(before: RecordedEvaluation['verdict'], now: Verdict): Turn | undefined {
  const rank = (outcome: Outcome) => outcomes.indexOf(outcome);
  switch (now.outcome) {
    case 'allow':
      return before.outcome === 'allow' ? undefined : 'runs_by_itself';
    case 'deny':
      if (before.outcome === 'deny') return undefined;
      return now.reasons.every(({ code }) => code === 'nobody_can_approve') ? 'never_approved' : 'denied';
    case 'hold':
    case 'require_approval':
      if (before.outcome === 'deny') return 'could_be_approved';
      if (rank(before.outcome) < rank(now.outcome))
        return now.outcome === 'hold' ? 'would_hold' : 'would_wait';
      return turnOfRequirements(before, now);
  }
}

function turnOfRequirements(before: RecordedEvaluation['verdict'], now: Verdict): Turn | undefined {
  const covers = (some: readonly Asked[], others: readonly Asked[]) =>
    some.every((one) => others.some((other) => isMetBy(one, other)));
  const isNoMore = covers(now.requirements, before.requirements);
  const isNoLess = covers(before.requirements, now.requirements);
  if (isNoMore && isNoLess) return before.outcome === now.outcome ? undefined : 'asks_fewer';
  if (isNoMore) return 'asks_fewer';
  return isNoLess ? 'asks_more' : 'asks_others';
}
