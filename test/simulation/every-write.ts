/** One seed again and again: a process killed before each write that it has, and after each. */
import { type KillAt, killName } from './calls.ts';
import { type Outcome, type SimulateOptions, simulate } from './simulate.ts';

export interface EveryWrite {
  readonly writes: number;
  readonly kills: number;
  /** Those that broke a promise, with where the process was killed. */
  readonly broken: readonly { readonly killAt: KillAt; readonly outcome: Outcome }[];
}

/** @param done is told after each run. */
export async function killAtEveryWrite(
  seed: number,
  options: Omit<SimulateOptions, 'killAt'>,
  done: (runs: number, of: number) => void = () => undefined,
): Promise<EveryWrite> {
  const { writes } = await simulate(seed, options);
  const places = writes.flatMap((write): KillAt[] => [
    { write, when: 'before' },
    { write, when: 'after' },
  ]);
  const broken: { killAt: KillAt; outcome: Outcome }[] = [];
  let kills = 0;
  for (const [index, killAt] of places.entries()) {
    const outcome = await simulate(seed, { ...options, killAt });
    if (outcome.broken) broken.push({ killAt, outcome });
    // A write that is refused in this seed has no moment after it.
    if (outcome.decisions.includes(killName(killAt))) kills += 1;
    done(index + 1, places.length);
  }
  return { writes: writes.length, kills, broken };
}
