/** Whom a voice may be lent to, and for how long. */
import { expect, test } from 'vitest';
import { type Delegation, delegationMaxMs, refuseDelegation } from '../../src/core/delegation.ts';
import { requestIdOf } from '../../src/core/ids.ts';
import { lee, max, person, sam } from './requests.ts';

const lent = (from = lee, to = max): Delegation => ({
  ...{ requestId: requestIdOf(1), from, to, since: 0, until: 500 },
});
const why = (to = lee, until = 200, known: readonly Delegation[] = []) =>
  refuseDelegation({ from: sam, to, until }, known, 100)?.sentence;

test('a voice is lent to a colleague who is here, for a time that is to come', () => {
  expect(why()).toBeUndefined();
  expect(why(sam)).toBe('That is you.');
  expect(why(person('gil', { kind: 'guest' }))).toMatch(/^gil is no member/);
  expect(why(lee, 100)).toBe('That time is over already.');
  expect(why(lee, 101 + delegationMaxMs)).toBe('That is more than 60 days.');
  expect(why(lee, 100 + delegationMaxMs)).toBeUndefined();
});

test('nobody lends to whoever is away, and to whoever is back they do', () => {
  expect(why(lee, 200, [lent()])).toMatch(/^lee is away as well: max answers for them/);
  expect(why(lee, 200, [{ ...lent(), until: 100 }])).toBeUndefined();
  expect(why(lee, 200, [lent(max, sam)])).toBeUndefined();
});
