/** Chance that can be had again: the same seed gives the same numbers, so an input is found by its seed and number. */

export interface Random {
  /** From 0 up to, but not, 1. */
  next(): number;
  /** From 0 up to, but not, `below`. */
  below(below: number): number;
  chance(probability: number): boolean;
  pick<One>(from: readonly One[]): One;
}

/** mulberry32 (Tommy Ettinger, public domain): 32 bits of state are enough for inputs that are numbered. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    next,
    below,
    chance: (probability) => next() < probability,
    pick(from) {
      const one = from[below(from.length)];
      if (one === undefined) throw new Error('there is nothing to pick from');
      return one;
    },
  };
}

/** Of the input with that number. */
export function randomOf(seed: number, number: number): Random {
  return randomFrom(Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(number + 1, 0xc2b2ae35));
}
