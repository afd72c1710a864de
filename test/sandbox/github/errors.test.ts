/** Error bodies, side by side with the ones that were recorded from GitHub or are documented. */
import { createAppAuth } from '@octokit/auth-app';
import { Octokit } from '@octokit/rest';
import { expect, test } from 'vitest';
import { type GithubWorld, githubWorld, payments, quiet, refusal } from './github-world.ts';
import { readData } from './openapi.ts';

interface Recorded {
  readonly case: string;
  readonly status: number;
  readonly body: {
    readonly message?: string;
    readonly documentation_url?: string;
    readonly errors?: readonly object[];
  };
}
const data = readData('error-bodies.json') as { errors: readonly Recorded[] } | undefined;

/** Recorded case to the call that brings the box to the same refusal. */
const provoke: Readonly<Record<string, (world: GithubWorld) => Promise<unknown>>> = {
  '405 response-if-merge-cannot-be-performed (pulls/merge)': ({ octokit, box }) => {
    box.control.setPullConflict('payments', 187, true);
    return octokit.pulls.merge({ ...payments, pull_number: 187 });
  },
  '409 response-if-sha-was-provided-and-pull-request-head-did-not-match (pulls/merge)': ({ octokit }) =>
    octokit.pulls.merge({ ...payments, pull_number: 187, sha: 'c'.repeat(40) }),
  '401 GET /user': ({ signIn }) => signIn('ghp_wrong').users.getAuthenticated(),
  '404 GET /repos/user1/Xxx': ({ octokit }) => octokit.repos.get({ owner: 'user1', repo: 'Xxx' }),
  '403 primary rate limit': async ({ octokit, box }) => {
    box.control.setRateLimitRemaining(0);
    return octokit.repos.get(payments);
  },
  '403 secondary rate limit with retry-after': ({ octokit, box }) => {
    box.control.secondaryLimit({ retryAfterSeconds: 1 });
    return octokit.repos.get(payments);
  },
  '404 POST /app/installations/40432121/access_tokens': (world) =>
    appOf(world).apps.createInstallationAccessToken({ installation_id: 40432121 }),
  '400 POST /app/installations/30614431/access_tokens': (world) => askToken(world, 'invalid_data'),
  '422 POST /app/installations/30614431/access_tokens': (world) =>
    askToken(world, { 'test-permissions': 'read' }),
  '422 POST /repos/user1/test-repo/actions/workflows/96985305/dispatches': ({ octokit }) =>
    octokit.actions.createWorkflowDispatch({ ...payments, workflow_id: 'deploy.yml', ref: 'main' }),
  '403 PUT /repos/user1/user2/actions/workflows/131874881/disable': async ({ octokit }) => {
    await octokit.actions.disableWorkflow({ ...payments, workflow_id: 'deploy.yml' });
    return octokit.actions.disableWorkflow({ ...payments, workflow_id: 'deploy.yml' });
  },
};

/** Where the words differ on purpose. */
const otherWords: Readonly<Record<string, string>> = {
  '403 primary rate limit':
    'the recorded caller had no token: an address is named there, an installation here',
  '422 POST /repos/user1/test-repo/actions/workflows/96985305/dispatches': 'names our input',
};

test.skipIf(!data).each(Object.keys(provoke))('refused as recorded: %s', async (name) => {
  const recorded = data?.errors.find((one) => one.case === name);
  const call = provoke[name];
  if (!recorded || !call) throw new Error(`${name} is not among the recorded errors.`);
  const world = await githubWorld();
  const { status, body } = await refusal(call(world));
  expect(status).toBe(recorded.status);
  expect(Object.keys(body)).toEqual(expect.arrayContaining(Object.keys(recorded.body)));
  expect(body.status).toBe(String(status));
  const said = String(body.message);
  const words = recorded.body.message ?? '';
  if (name in otherWords) expect(said.split(' ').slice(0, 2)).toEqual(words.split(' ').slice(0, 2));
  else expect(said.startsWith(words)).toBe(true);
});

test('errors: what is compared', () => {
  const compared = Object.keys(provoke).length;
  console.log(
    data
      ? `GitHub errors: ${compared} of ${data.errors.length} recorded refusals are provoked and agree.`
      : 'GitHub errors: did not run, the shared data is not there.',
  );
  expect(compared).toBeGreaterThan(0);
});

function appOf({ box }: GithubWorld): Octokit {
  const { appId, privateKey } = box.control.app;
  return new Octokit({
    authStrategy: createAppAuth,
    auth: { appId, privateKey },
    baseUrl: box.url,
    log: quiet,
  });
}

function askToken(world: GithubWorld, permissions: unknown): Promise<unknown> {
  return appOf(world).request('POST /app/installations/{installation_id}/access_tokens', {
    installation_id: world.box.control.app.installationId,
    permissions: permissions as Record<string, never>,
  });
}
