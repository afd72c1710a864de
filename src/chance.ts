/** Real randomness, for what must not be guessed and what must not collide. */
import { randomInt } from 'node:crypto';
import type { Chance } from './core/ports.ts';

/** Without `0 o 1 i l` and `u`: read out over a phone, each is heard as itself, and no word comes about by accident. */
export const referenceAlphabet = '23456789abcdefghjkmnpqrstvwxyz';

const referenceLength = 8;

/** 30 characters to the power of 8: about 39 bits. */
export const systemChance: Chance = {
  reference: () =>
    Array.from(
      { length: referenceLength },
      () => referenceAlphabet[randomInt(referenceAlphabet.length)],
    ).join(''),
};
