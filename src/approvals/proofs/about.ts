/** Which requests a question is about. */
import type { Facts } from '../../core/facts.ts';
import type { Expression } from '../expression.ts';
import type { About, Dimension } from './domain.ts';

/** Whether a condition is true of some facts. */
export type Holds = (condition: Expression, facts: Readonly<Record<string, unknown>>) => boolean;

export function isOf(about: About | undefined, facts: Facts, holdsNow: Holds): boolean {
  if (!about) return true;
  const { when, unless } = about;
  return (
    about.isOfTarget(facts) &&
    (when === undefined || holdsNow(when, facts)) &&
    !(unless !== undefined && holdsNow(unless, facts))
  );
}

/** A condition that cannot be computed proves nothing: the case counts, and the promise does not hold of it. */
export const holds: Holds = (condition, facts) => {
  try {
    return condition.test(facts);
  } catch {
    return false;
  }
};

/** The same for the case that is `picked` at the time, looking but once at all that a condition can tell apart. */
export function rememberConditions(
  conditions: readonly Expression[],
  dimensions: readonly Dimension[],
  picked: readonly number[],
): Holds {
  const remembered = new Map(
    conditions.map((condition) => [
      condition,
      { strides: stridesRead(condition, dimensions), said: new Map<number, boolean>() },
    ]),
  );
  return (condition, facts) => {
    const { strides, said } = remembered.get(condition) as Remembered;
    let key = 0;
    for (const { place, stride } of strides) key += (picked[place] as number) * stride;
    const known = said.get(key);
    if (known !== undefined) return known;
    const found = holds(condition, facts);
    said.set(key, found);
    return found;
  };
}

interface Remembered {
  /** What makes one number of the choices that it reads: a question that is put a million times makes no text of them. */
  readonly strides: readonly { readonly place: number; readonly stride: number }[];
  readonly said: Map<number, boolean>;
}

/** A person and a target stand for several facts, and a blueprint for its values: what may be one of them counts. */
function stridesRead({ reads }: Expression, dimensions: readonly Dimension[]): Remembered['strides'] {
  const starts: Readonly<Record<string, readonly string[]>> = {
    who: ['requester.'],
    target: ['target.', 'service.', 'input.'],
    bypass: ['bypass.'],
  };
  let stride = 1;
  return dimensions.flatMap(({ name, choices }, place) => {
    const own = starts[name] ?? [name];
    if (!reads.some((path) => own.some((start) => path.startsWith(start)))) return [];
    const one = { place, stride };
    stride *= choices.length;
    return [one];
  });
}
