/** Not only where a seed draws it: a process dies before and after every write that some runs have. */
import { expect, test } from 'vitest';
import { killAtEveryWrite } from './every-write.ts';

// Two replicas over which answers come; and one alone, with answers, and with all that people can do.
test.each([8, 10, 25])(
  'every promise of seed %i is kept, whichever write is the last of a process',
  {
    timeout: 180_000,
  },
  async (seed) => {
    const { writes, kills, broken } = await killAtEveryWrite(seed, {});
    expect(
      broken.map(({ killAt, outcome }) => `${killAt.when} ${killAt.write}: ${outcome.broken?.words}`),
    ).toEqual([]);
    expect(writes).toBeGreaterThan(20);
    expect(kills).toBeGreaterThan(1.9 * writes);
  },
);
