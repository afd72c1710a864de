import fc from 'fast-check';
import { expect, test } from 'vitest';
import { searchable } from '../../src/core/search.ts';

interface Thing {
  readonly name: string;
  readonly about?: string;
}

const things: readonly Thing[] = [
  { name: 'checkout', about: 'Takes the money, calls payments' },
  { name: 'payments', about: 'Cards and invoices' },
  { name: 'payments-api' },
  { name: 'artist-lookup', about: 'Finds artists' },
];
const texts = ({ name, about = '' }: Thing) => [name, about];
const found = (query: string, limit = 10) =>
  searchable(things, texts)(query, limit).map((thing) => thing.name);

test('what is called so comes before what begins so, and that before what speaks of it', () => {
  expect(found('payments')).toEqual(['payments', 'payments-api', 'checkout']);
});

test.each([
  ['a slip of the finger', 'paymets', 'payments'],
  ['letters the wrong way round', 'payemnts', 'payments'],
  ['a letter too many', 'checkoutt', 'checkout'],
  ['half a word', 'artis', 'artist-lookup'],
  ['a part of a name', 'lookup', 'artist-lookup'],
  ['the middle of a word', 'voic', 'payments'],
  ['capitals', 'CHECKOUT', 'checkout'],
])('%s is forgiven', (_what, query, name) => {
  expect(found(query)[0]).toBe(name);
});

test('every word must be found', () => {
  expect(found('payments cards')).toEqual(['payments']);
  expect(found('payments unicorns')).toEqual([]);
});

test('a short word is not guessed at: ab is no ac', () => {
  expect(searchable([{ name: 'ac' }], texts)('ab', 10)).toEqual([]);
});

test('a name with two other letters is another word', () => {
  expect(searchable([{ name: 'abcdef' }], texts)('abxxef', 10)).toEqual([]);
  expect(searchable([{ name: 'abcdefghij' }], texts)('abxdefghxj', 10)).toHaveLength(1);
});

test('nothing asked finds all, in their order', () => {
  expect(found('  ')).toEqual(['checkout', 'payments', 'payments-api', 'artist-lookup']);
  expect(found('', 2)).toEqual(['checkout', 'payments']);
});

test('any text at all is looked for without falling over, and finds no more than it may', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), fc.nat(5), (query, limit) => {
      expect(found(query, limit).length).toBeLessThanOrEqual(limit);
    }),
  );
});

test('each thing is found by its own name', () => {
  for (const { name } of things) expect(found(name)[0]).toBe(name);
});
