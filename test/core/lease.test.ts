/** What only one may do is begun by nobody who is not sure. */
import { expect, test } from 'vitest';
import { isOurs, leaseMarginMs } from '../../src/core/lease.ts';

const now = 1_000_000;
const leaseMs = 8_000;

test('a lease is over for its holder before it is for others', () => {
  expect(isOurs(now + leaseMarginMs + 1, now, leaseMs)).toBe(true);
  expect(isOurs(now + leaseMarginMs, now, leaseMs)).toBe(false);
});

test('a lease that lasts longer than was asked for tells of a clock that was set back, and counts no more', () => {
  expect(isOurs(now + leaseMs, now, leaseMs)).toBe(true);
  expect(isOurs(now + leaseMs + 1, now, leaseMs)).toBe(false);
});
