/**
 * Requests of which the rules say the very same, whatever else is the case: of a hundred hours, people and targets a
 * dozen are left, and what was looked at with one of them need not be looked at with the others.
 */
import type { Facts } from '../../core/facts.ts';
import type { Finding } from '../evaluate.ts';
import type { Cases, Difference } from './distinct.ts';

/** What can be said of a request: by rules that read no more than it is about, and by those that read more as well. */
export interface Sayable {
  readonly alone: readonly (readonly Finding[])[];
  /** The same object where it is the same. */
  readonly choices: readonly (readonly Difference[])[];
}

/** Says whether it was asked about such a request before. */
export type LookedBefore = (facts: Facts, picked: readonly number[], sayable: Sayable) => boolean;

export function lookedBefore({ domain, kept }: Cases): LookedBefore {
  const numbers = new Map<object, number>();
  const numberOf = (one: object): number => {
    const known = numbers.get(one);
    if (known !== undefined) return known;
    numbers.set(one, numbers.size);
    return numbers.size - 1;
  };
  const names = domain.dimensions.map(({ name }) => name);
  const bypass = names.indexOf('bypass');
  const mattering = names.flatMap((name, index) =>
    index < domain.outer && (index === bypass || isLookedAt(name, kept)) ? [index] : [],
  );
  const seen = new Set<string>();
  return (facts, picked, { alone, choices }) => {
    // Whether glass may be broken depends on who asks and for what.
    const mayBreak = bypass >= domain.outer || (bypass >= 0 && facts.bypass.kind === 'break_glass');
    const places = mayBreak ? picked.slice(0, domain.outer) : mattering.map((index) => picked[index]);
    const key = [...alone.map(numberOf), ...choices.map(numberOf), ...places].join();
    if (seen.has(key)) return true;
    seen.add(key);
    return false;
  };
}

/** A person and a target stand for several facts. */
const facts: Readonly<Record<string, readonly string[]>> = {
  who: ['requester.'],
  target: ['target.', 'service.', 'input.'],
};

function isLookedAt(name: string, kept: readonly string[]): boolean {
  const starts = facts[name] ?? [`${name}.`];
  return kept.some((path) => path === name || starts.some((start) => path.startsWith(start)));
}
