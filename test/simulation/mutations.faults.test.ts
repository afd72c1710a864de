/** Each mistake that is planted on purpose is noticed, by a promise that it breaks, within a bounded number of seeds. */
import { describe, expect, test } from 'vitest';
import { mutations } from './mutations/mutations.ts';
import { notice } from './mutations/notice.ts';

/** About a second for each dozen. */
const seedsMax = 600;

describe('noticed when it is gone', () => {
  test.each(mutations)('$name', async (mutation) => {
    const { by, seeds } = await notice(mutation, seedsMax);
    const what = by?.broken ?? { promise: 'nothing', words: `nothing in ${seeds} seeds` };
    expect(mutation.breaks, what.words).toContain(what.promise);
  });
});
