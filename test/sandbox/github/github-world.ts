/** A box with a still clock for each test, and the official client that talks to it. */
import { Octokit } from '@octokit/rest';
import { onTestFinished } from 'vitest';
import { createWorldClock, type WorldClock } from '../../../src/sandbox/clock.ts';
import { createFaults, type Faults } from '../../../src/sandbox/faults.ts';
import { type GithubBox, startGithubBox } from '../../../src/sandbox/github/box.ts';
import { createJournal, type Journal } from '../../../src/sandbox/journal.ts';

export const tokens = {
  greenlight: 'ghs_sandboxGreenlightInstallation0000000000',
  readOnly: 'ghs_sandboxReadOnlyInstallation000000000000',
  lee: 'ghp_sandboxLeeWinter00000000000000000000000',
  sam: 'ghp_sandboxSamOkoye000000000000000000000000',
};
export const payments = { owner: 'acme', repo: 'payments' };
export const startAt = Date.parse('2026-03-02T09:00:00Z');

/** Refusals are what these tests are about; Octokit would print each of them. */
export const quiet = { debug() {}, info() {}, warn() {}, error() {} };

export interface GithubWorld {
  readonly box: GithubBox;
  readonly clock: WorldClock;
  readonly faults: Faults;
  readonly journal: Journal;
  /** Signed in with the bot's installation token. */
  readonly octokit: Octokit;
  signIn(token: string): Octokit;
}

export async function githubWorld(): Promise<GithubWorld> {
  const clock = createWorldClock({ mode: 'still', startAt });
  const faults = createFaults();
  const journal = createJournal();
  const box = await startGithubBox({ port: 0, clock, faults, journal });
  onTestFinished(() => box.stop());
  const log = quiet;
  const signIn = (token: string) => new Octokit({ auth: token, baseUrl: box.url, log });
  return { box, clock, faults, journal, octokit: signIn(tokens.greenlight), signIn };
}

/** Dispatches a deploy and answers the run's id. */
export async function deploy(octokit: Octokit, version: string, environment = 'staging', marker?: string) {
  const { data } = await octokit.request(
    'POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches',
    {
      ...payments,
      workflow_id: 'deploy.yml',
      ref: version,
      inputs: { version, environment, ...(marker ? { greenlight_request: marker } : {}) },
      return_run_details: true,
    },
  );
  return (data as { workflow_run_id: number }).workflow_run_id;
}

/** The answer that a call was refused with. @throws Error when it was not refused. */
export async function refusal(call: Promise<unknown>) {
  try {
    await call;
  } catch (error) {
    const { status, response } = error as {
      status: number;
      response?: { data: Record<string, unknown>; headers: Record<string, string> };
    };
    return { status, body: response?.data ?? {}, headers: response?.headers ?? {} };
  }
  throw new Error('The call was not refused.');
}
