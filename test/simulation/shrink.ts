/** Leaves out of a failing run whatever it fails without as well: what is left is short enough to be read. */
import type { PromiseName } from './broken-promise.ts';
import { type Outcome, type SimulateOptions, simulate } from './simulate.ts';

export interface Shrunk {
  readonly outcome: Outcome;
  /** How many runs it took. */
  readonly runs: number;
}

/** More runs than this are not worth the waiting. */
const runsMax = 300;

/** @param failed the run to begin with: it has broken a promise. */
export async function shrink(failed: Outcome, options: SimulateOptions = {}): Promise<Shrunk> {
  const promise: PromiseName | undefined = failed.broken?.promise;
  let best = failed;
  let without: ReadonlySet<string> = options.without ?? new Set();
  let runs = 0;

  /** Whether it fails in the same way without these, too; then they stay out. */
  async function isBrokenWithout(names: readonly string[]): Promise<boolean> {
    runs += 1;
    const tried = new Set([...without, ...names]);
    const outcome = await simulate(failed.seed, { ...options, without: tried });
    if (outcome.broken?.promise !== promise) return false;
    best = outcome;
    without = tried;
    return true;
  }

  for (let size = best.decisions.length; size >= 1; size = Math.floor(size / 2)) {
    let wasSmaller = true;
    while (wasSmaller && runs < runsMax) {
      wasSmaller = false;
      const decisions = best.decisions;
      for (let from = 0; from < decisions.length && runs < runsMax; from += size) {
        const names = decisions.slice(from, from + size).filter((name) => best.decisions.includes(name));
        if (names.length > 0 && (await isBrokenWithout(names))) wasSmaller = true;
      }
      if (size > 1) break;
    }
  }
  return { outcome: best, runs };
}
