/** The first few by name, the rest by number: whoever is not named is not asked for. */
import { expect, test } from 'vitest';
import { someNames } from '../../../src/actions/people/some-names.ts';

const asked: string[] = [];
const nameOf = async (email: string) => {
  asked.push(email);
  return email.toUpperCase();
};
const people = (count: number) => Array.from({ length: count }, (_, index) => `p${index + 1}`);

test.each([
  [0, ''],
  [1, 'P1'],
  [2, 'P1 and P2'],
  [6, 'P1, P2, P3, P4, P5 and P6'],
  [7, 'P1, P2, P3, P4, P5 and 2 more'],
  [300, 'P1, P2, P3, P4, P5 and 295 more'],
])('of %i people', async (count, words) => {
  asked.length = 0;
  expect(await someNames(people(count), { nameOf })).toBe(words);
  expect(asked.length).toBeLessThanOrEqual(6);
});
