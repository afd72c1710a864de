/**
 * What would let a request run: the smallest changes among those that its requester can make (fields of the input,
 * waiting), each tried out on the guardrails before it is named. Pure.
 */
import type { Verdict, VerdictChange, Way } from '../core/verdict.ts';

/** The changes of one thing, the nearest to what it is now first. */
export type Knob = readonly VerdictChange[];

/** What the guardrails say with these changes, each of another knob; `undefined` when it could not be asked so. */
export type TryOut = (changes: readonly VerdictChange[]) => Verdict | undefined;

export interface Search {
  /** The fewest changes first; of as few those that need nobody. */
  readonly ways: readonly Way[];
  readonly tried: number;
}

/** What one search may cost: at 30 µs each, what people do not notice beside the rest of a judgement. */
export const triedMax = 1_000;
/** More than anybody compares. */
const shownMax = 3;
const changesMax = 3;
/** Where knobs have more combinations, each is turned only to where the verdict changes, and to so many places. */
const combinationsMax = 300;
const stepsTogetherMax = 6;

/** None for what runs at once. */
export function findWays(verdict: Verdict, knobs: readonly Knob[], tryOut: TryOut): Search {
  if (verdict.outcome === 'allow') return { ways: [], tried: 0 };
  let tried = 0;
  const look = (changes: readonly VerdictChange[]): Verdict | undefined => {
    if (tried >= triedMax) return undefined;
    tried += 1;
    return tryOut(changes);
  };
  const found: Found[] = [];
  for (let size = 1; size <= changesMax; size += 1) {
    for (const set of subsetsOf(knobs, size)) {
      const needed = neededOf(verdict, set, found);
      if (needed === undefined) continue;
      const steps = isFew(set) ? set : set.map((knob) => stepsOf(knob, look));
      found.push(...firstWays(combinationsOf(steps), needed, look).map((way) => ({ knobs: set, way })));
    }
  }
  const ways = found.map(({ way }) => way).toSorted(bySize);
  return { ways: ways.slice(0, shownMax), tried };
}

interface Found {
  readonly knobs: readonly Knob[];
  readonly way: Way;
}

type Goal = Way['leadsTo'];

/** What a set of changes must come to, to say more than the sets within it; `undefined` when nothing would. */
function neededOf({ outcome }: Verdict, set: readonly Knob[], found: readonly Found[]): Goal | undefined {
  const within = found.filter(({ knobs }) => knobs.every((knob) => set.includes(knob)));
  if (within.some(({ way }) => way.leadsTo === 'allow')) return undefined;
  return outcome === 'require_approval' || within.length > 0 ? 'allow' : 'require_approval';
}

/** The nearest combination that gets anywhere, and the nearest that needs nobody when that is another one. */
function firstWays(
  combinations: Iterable<readonly VerdictChange[]>,
  needed: Goal,
  look: TryOut,
): readonly Way[] {
  const ways: Way[] = [];
  for (const changes of combinations) {
    const verdict = look(changes);
    if (verdict?.outcome === 'allow') return [...ways, wayOf(changes, verdict, 'allow')];
    if (verdict?.outcome === 'require_approval' && needed === 'require_approval' && ways.length === 0)
      ways.push(wayOf(changes, verdict, 'require_approval'));
  }
  return ways;
}

function wayOf(changes: readonly VerdictChange[], { requirements }: Verdict, leadsTo: Goal): Way {
  return { changes: [...changes], leadsTo, requirements };
}

function isFew(set: readonly Knob[]): boolean {
  return set.reduce((product, knob) => product * knob.length, 1) <= combinationsMax;
}

/** Only the first step to each thing that the guardrails say. */
function stepsOf(knob: Knob, look: TryOut): Knob {
  const seen = new Set<string>();
  return knob
    .filter((change) => {
      const said = sayingOf(look([change]));
      return !seen.has(said) && seen.add(said);
    })
    .slice(0, stepsTogetherMax);
}

function sayingOf(verdict: Verdict | undefined): string {
  return verdict ? [verdict.outcome, ...verdict.reasons.map(({ rule, code }) => rule ?? code)].join() : '';
}

/** One change of each knob, in all ways, the nearest together first. */
function combinationsOf(knobs: readonly Knob[]): readonly (readonly VerdictChange[])[] {
  let all: { readonly changes: readonly VerdictChange[]; readonly distance: number }[] = [
    { changes: [], distance: 0 },
  ];
  for (const knob of knobs) {
    all = all.flatMap(({ changes, distance }) =>
      knob.map((change, step) => ({ changes: [...changes, change], distance: distance + step })),
    );
  }
  return all.toSorted((one, other) => one.distance - other.distance).map(({ changes }) => changes);
}

function subsetsOf(knobs: readonly Knob[], size: number): readonly (readonly Knob[])[] {
  if (size === 0) return [[]];
  return knobs.flatMap((knob, index) =>
    subsetsOf(knobs.slice(index + 1), size - 1).map((rest) => [knob, ...rest]),
  );
}

/** Among as many changes: first those that need nobody, then those that need no waiting. */
function bySize(one: Way, other: Way): number {
  const weight = ({ changes, leadsTo }: Way) =>
    changes.length * 4 +
    (leadsTo === 'allow' ? 0 : 2) +
    (changes.some(({ kind }) => kind === 'wait') ? 1 : 0);
  return weight(one) - weight(other);
}
