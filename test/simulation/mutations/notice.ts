/** Runs seeds with a mistake planted until one of them notices. */
import { runSeeds } from '../run-seeds.ts';
import type { Outcome } from '../simulate.ts';
import { firstSeeds } from './first-seeds.ts';
import type { Mutation } from './mutation.ts';

export interface Noticed {
  /** By which seed; nothing when none of them did. */
  readonly by?: Outcome;
  readonly seeds: number;
}

/** In this order, from where it was noticed last, until one breaks a promise. */
export async function notice(mutation: Mutation, seedsMax: number): Promise<Noticed> {
  let by: Outcome | undefined;
  let seeds = 0;
  await runSeeds({
    ...{ from: firstSeeds.get(mutation.name) ?? 1, count: seedsMax, mutation: mutation.name, workers: 1 },
    done(outcome) {
      seeds += 1;
      if (!outcome.broken) return false;
      by = outcome;
      return true;
    },
  });
  return { seeds, ...(by ? { by } : {}) };
}
