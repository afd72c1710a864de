/** The simulation itself: the same seed is the same run, and what goes wrong is told shortly. Many seeds: `npm run simulate`. */
import { expect, test } from 'vitest';
import { mutations } from './mutations/mutations.ts';
import { edited } from './mutations/plant.ts';
import { shrink } from './shrink.ts';
import { type Outcome, type SimulateOptions, simulate } from './simulate.ts';

test('a seed is the same run each time, call by call', async () => {
  const first = await simulate(25, { isTraced: true });
  const second = await simulate(25, { isTraced: true });
  expect(first.broken).toBeUndefined();
  expect(first.steps).toBeGreaterThan(300);
  expect(second).toEqual(first);
});

test('whatever is left out of a run that fails, it fails in the same way, and the story gets short', async () => {
  // A world in which one promise cannot be kept: somebody outside does everything twice.
  const options = { isEverythingTwice: true };
  const failed = await firstBroken(options);
  const { outcome } = await shrink(failed, options);
  expect(outcome.broken?.promise).toBe('every effect once');
  expect(outcome.story.length).toBeLessThan(failed.story.length);
});

test('each mistake to be planted still fits the sources', () => {
  for (const mutation of mutations) {
    for (const file of new Set(mutation.edits.map((edit) => edit.file))) {
      const edits = mutation.edits.filter((edit) => edit.file === file);
      expect(() => edited(mutation, edits)).not.toThrow();
    }
  }
  expect(mutations.length).toBeGreaterThanOrEqual(20);
  expect(new Set(mutations.map(({ name }) => name)).size).toBe(mutations.length);
});

/** Not in every seed does the outside do something at all; which ones do so changes with every act that is added. */
async function firstBroken(options: SimulateOptions): Promise<Outcome> {
  for (let seed = 1; ; seed++) {
    const outcome = await simulate(seed, options);
    if (outcome.broken?.promise === 'every effect once') return outcome;
    expect(seed, 'no seed breaks what cannot be kept').toBeLessThan(20);
  }
}
