/** A little of `npm run chaos` (README.md beside the folder), so that it stays alive: six kills on each database. */
import { expect, test } from 'vitest';
import { playTrial } from './stage.ts';
import { killTrials } from './trials/killed.ts';

/** A loaded machine takes its time to start a bot. */
const patienceMs = 400_000;

test.each(killTrials({ kills: 6 }).map((trial) => [trial.name, trial] as const))(
  '%s: killed again and again, nothing is lost and nothing is done twice',
  { timeout: patienceMs },
  async (_name, trial) => {
    const { broken, kept } = await playTrial(trial, 7);
    expect(broken).toEqual([]);
    expect(kept?.requests).toBeGreaterThan(0);
    expect(kept?.effects).toBeGreaterThan(0);
  },
);
