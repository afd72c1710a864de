/**
 * What a seed decides, each thing by its own name: whether the 7th write of the second replica is lost does not depend
 * on what anybody else has drawn before, so that a decision taken out of a run leaves the others as they were.
 */

/** From 0 to 1, the same for the same seed and name. */
export function drawOf(seed: number, name: string): number {
  let hash = 0x811c9dc5 ^ seed;
  for (let index = 0; index < name.length; index++) {
    hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

/** Draws one after the other, for what is planned before anything happens. */
export interface Dice {
  draw(): number;
  /** From `from` to `to`, both included. */
  whole(from: number, to: number): number;
  oneOf<One>(list: readonly One[]): One;
  happens(probability: number): boolean;
}

export function diceOf(seed: number, name: string): Dice {
  let thrown = 0;
  const draw = () => drawOf(seed, `${name} ${thrown++}`);
  return {
    draw,
    whole: (from, to) => from + Math.floor(draw() * (to - from + 1)),
    oneOf: (list) => pick(list, draw()),
    happens: (probability) => draw() < probability,
  };
}

export function pick<One>(list: readonly One[], draw: number): One {
  const one = list[Math.floor(draw * list.length)];
  if (one === undefined) throw new Error('nothing to choose from');
  return one;
}
