/** A little of `npm run chaos` (README.md beside the folder), so that it stays alive: some kills on each database. */
import { expect, test } from 'vitest';
import { playTrial } from './stage.ts';
import { answeredTrial } from './trials/answered.ts';
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

test('a yes that Slack was told is taken counts, though the process is killed at once', {
  timeout: patienceMs,
}, async () => {
  const { broken, played } = await playTrial(answeredTrial({ times: 3 }), 7);
  expect(broken).toEqual([]);
  expect(played?.found).toMatch(/^3 of \d+ acknowledged, [1-3] of them/);
});
