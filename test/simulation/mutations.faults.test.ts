/** Each mistake that is planted on purpose is noticed, by a promise that it breaks, within a bounded number of seeds. */
import { describe, expect, test } from 'vitest';
import { mutations } from './mutations/mutations.ts';
import { notice } from './mutations/notice.ts';

/** From the seed that noticed it last: a change of the product may have made another the first. */
const seedsMax = 200;

// One worker each, as many at once as vitest.faults.config.ts lets.
describe.concurrent('noticed when it is gone', () => {
  test.each(mutations)('$name', async (mutation) => {
    const { by, seeds } = await notice(mutation, seedsMax);
    const what = by?.broken ?? { promise: 'nothing', words: `nothing in ${seeds} seeds` };
    expect(mutation.breaks, what.words).toContain(what.promise);
  });
});
