/** A mistake to plant on purpose, which takes one guard away. */
import type { PromiseName } from '../broken-promise.ts';

export interface Mutation {
  /** The guard, and what is gone with it. */
  readonly name: string;
  /** More than one where the guard stands in several places, so that each alone would do. */
  readonly edits: readonly Edit[];
  /** Of which one must be seen to be broken. */
  readonly breaks: readonly PromiseName[];
}

export interface Edit {
  /** Below `src/`. */
  readonly file: string;
  /** Stands there exactly once. */
  readonly find: string;
  readonly replace: string;
}
