/** What the doctor says of another clock. */
import { expect, test } from 'vitest';
import { databaseSkewFinding, skewFinding } from '../../../src/commands/doctor/skew.ts';
import { leaseMarginMs } from '../../../src/core/lease.ts';

const at = 1_763_715_600_000;

test('two machines that are well with the database differ by no more than a lease leaves room for', () => {
  expect(databaseSkewFinding(at + 750, at, at)).toMatchObject({
    state: 'ok',
    sentence: "Within 0.75 s of the database's clock.",
  });
  expect(2 * 750).toBeLessThanOrEqual(leaseMarginMs);
  expect(databaseSkewFinding(at - 760, at, at)).toMatchObject({
    state: 'warn',
    sentence: "0.8 s ahead of the database's clock.",
    next: expect.stringContaining('NTP'),
  });
});

test('what the way of the question or of the answer may account for is no warning', () => {
  expect(databaseSkewFinding(at + 900, at, at + 200).state).toBe('ok');
  expect(databaseSkewFinding(at + 960, at, at + 200).state).toBe('warn');
  expect(databaseSkewFinding(at + 2_000, at, at + 3_000).state).toBe('ok');
});

test('of others, who tell their time to the second, some seconds are no matter', () => {
  expect(skewFinding('GitHub', at + 4_900, at).state).toBe('ok');
  expect(skewFinding('GitHub', at + 5_100, at)).toMatchObject({
    state: 'warn',
    sentence: '5.1 s behind GitHub.',
  });
  expect(skewFinding('GitHub', at + 300_000, at)).toMatchObject({
    state: 'fail',
    sentence: '300 s behind GitHub.',
  });
});
