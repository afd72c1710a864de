/** The sandbox's GitHub with a still clock, and our own eyes and hands on it. */
import { onTestFinished } from 'vitest';
import type { BeforeWrite } from '../../../src/core/before-write.ts';
import type { Forge } from '../../../src/core/forge.ts';
import { type Problem, ProblemError, problem } from '../../../src/core/problem.ts';
import { connectGithub } from '../../../src/platforms/github/forge.ts';
import { createWorldClock, type WorldClock } from '../../../src/sandbox/clock.ts';
import { createFaults, type Faults } from '../../../src/sandbox/faults.ts';
import { type GithubBox, startGithubBox } from '../../../src/sandbox/github/box.ts';
import { createJournal, type Journal } from '../../../src/sandbox/journal.ts';

const installationToken = 'ghs_sandboxGreenlightInstallation0000000000';
export const repository = 'acme/payments';

export interface GithubWorld {
  readonly box: GithubBox;
  readonly clock: WorldClock;
  readonly faults: Faults;
  readonly journal: Journal;
  readonly forge: Forge;
  /** Milliseconds of patience; ten seconds when not given, so that a slow machine fails no test. */
  signIn(token?: string, timeoutMs?: number): Forge;
}

export async function githubWorld(): Promise<GithubWorld> {
  const clock = createWorldClock({ mode: 'still', startAt: Date.parse('2026-11-20T09:00:00Z') });
  const faults = createFaults();
  const journal = createJournal();
  const box = await startGithubBox({ port: 0, clock, faults, journal });
  onTestFinished(() => box.stop());
  const signIn = (token = installationToken, timeoutMs = 10_000) =>
    connectGithub({ auth: { token }, baseUrl: box.url, timeoutMs, now: clock.now });
  return { box, clock, faults, journal, forge: signIn(), signIn };
}

/** Another carries it on after so many writes. */
export function overtakenAfter(writes: number): BeforeWrite {
  let written = 0;
  return () => {
    if (written++ === writes) throw new ProblemError(problem('conflict', 'Another goes on.', 'Leave it.'));
  };
}

/** What a call was refused with. Anything but a ProblemError fails the test: adapters throw nothing else. */
export async function problemFrom(call: Promise<unknown>): Promise<Problem> {
  try {
    await call;
  } catch (error) {
    if (error instanceof ProblemError) return error.problem;
    throw error;
  }
  throw new Error('it was not refused');
}
