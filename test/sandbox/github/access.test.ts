/** Who may call, how often, and how GitHub says no. */
import { createAppAuth } from '@octokit/auth-app';
import { Octokit } from '@octokit/rest';
import { expect, test } from 'vitest';
import { githubWorld, payments, quiet, refusal, tokens } from './github-world.ts';

test('an App signs in with its key and gets a token for an hour', async () => {
  const { box, clock } = await githubWorld();
  const { appId, privateKey, installationId } = box.control.app;
  const auth = { appId, privateKey, installationId };
  const octokit = new Octokit({ authStrategy: createAppAuth, auth, baseUrl: box.url, log: quiet });
  expect((await octokit.repos.get(payments)).data.full_name).toBe('acme/payments');
  const token = (await octokit.auth({ type: 'installation' })) as { token: string; permissions: object };
  expect(token.permissions).toMatchObject({ actions: 'write', metadata: 'read' });
  await clock.advance(3_600_001);
  const late = new Octokit({ auth: token.token, baseUrl: box.url, log: quiet });
  expect(await refusal(late.repos.get(payments))).toMatchObject({
    status: 401,
    body: { message: 'Bad credentials' },
  });
});

test('a key that is not the App’s is refused', async () => {
  const [one, two] = [await githubWorld(), await githubWorld()];
  const { appId } = one.box.control.app;
  const { privateKey } = two.box.control.app;
  const octokit = new Octokit({
    authStrategy: createAppAuth,
    auth: { appId, privateKey },
    baseUrl: one.box.url,
    log: quiet,
  });
  expect(await refusal(octokit.apps.getAuthenticated())).toMatchObject({
    status: 401,
    body: { message: 'A JSON web token could not be decoded' },
  });
});

test('a token can be narrowed to repositories and permissions, and never widened', async () => {
  const { box, signIn } = await githubWorld();
  const { appId, privateKey, installationId } = box.control.app;
  const app = new Octokit({
    authStrategy: createAppAuth,
    auth: { appId, privateKey },
    baseUrl: box.url,
    log: quiet,
  });
  const ask = (options: object) =>
    app.apps.createInstallationAccessToken({ installation_id: installationId, ...options });
  const { data } = await ask({ repositories: ['search'], permissions: { contents: 'read' } });
  const octokit = signIn(data.token);
  expect((await octokit.repos.listTags({ owner: 'acme', repo: 'search' })).data).toHaveLength(2);
  expect(await refusal(octokit.repos.listTags(payments))).toMatchObject({ status: 404 });
  expect(await refusal(ask({ permissions: { secrets: 'write' } }))).toMatchObject({
    status: 422,
    body: { message: 'The permissions requested are not granted to this installation.' },
  });
});

test('no token, a wrong token, a hidden repository and a missing permission are four refusals', async () => {
  const { box, signIn } = await githubWorld();
  const nobody = new Octokit({ baseUrl: box.url, log: quiet });
  expect(await refusal(nobody.repos.get(payments))).toMatchObject({
    status: 401,
    body: { message: 'Requires authentication', status: '401' },
  });
  expect(await refusal(signIn('ghs_wrong').repos.get(payments))).toMatchObject({
    status: 401,
    body: { message: 'Bad credentials', documentation_url: 'https://docs.github.com/rest', status: '401' },
  });
  const readOnly = signIn(tokens.readOnly);
  expect(await refusal(readOnly.repos.get(payments))).toMatchObject({
    status: 404,
    body: {
      message: 'Not Found',
      documentation_url: 'https://docs.github.com/rest/repos/repos#get-a-repository',
      status: '404',
    },
  });
  const dispatch = { owner: 'acme', repo: 'checkout', workflow_id: 'deploy.yml', ref: 'main' };
  expect(await refusal(readOnly.actions.createWorkflowDispatch(dispatch))).toMatchObject({
    status: 403,
    body: { message: 'Resource not accessible by integration', status: '403' },
    headers: { 'x-accepted-github-permissions': 'actions=write' },
  });
});

test('teams change by memberships, and strangers are not found', async () => {
  const { octokit } = await githubWorld();
  const sre = { org: 'acme', team_slug: 'sre' };
  const dana = { ...sre, username: 'dana-fox' };
  expect(await refusal(octokit.teams.getMembershipForUserInOrg(dana))).toMatchObject({ status: 404 });
  await octokit.teams.addOrUpdateMembershipForUserInOrg(dana);
  expect((await octokit.teams.getMembershipForUserInOrg(dana)).data).toMatchObject({
    role: 'member',
    state: 'active',
  });
  expect((await octokit.teams.listMembersInOrg(sre)).data.map((one) => one.login)).toContain('dana-fox');
  await octokit.teams.removeMembershipForUserInOrg(dana);
  expect(await refusal(octokit.teams.getMembershipForUserInOrg(dana))).toMatchObject({ status: 404 });
  const stranger = { ...sre, username: 'nobody-here' };
  expect(await refusal(octokit.teams.addOrUpdateMembershipForUserInOrg(stranger))).toMatchObject({
    status: 404,
  });
  expect((await octokit.orgs.checkMembershipForUser({ org: 'acme', username: 'sam-okoye' })).status).toBe(
    204,
  );
});

test('an answer that has not changed is a 304 and costs nothing', async () => {
  const { octokit, clock } = await githubWorld();
  const first = await octokit.repos.listDeployments(payments);
  const before = first.headers['x-ratelimit-remaining'];
  const again = { ...payments, headers: { 'if-none-match': first.headers.etag ?? '' } };
  expect(await refusal(octokit.repos.listDeployments(again))).toMatchObject({
    status: 304,
    headers: { 'x-ratelimit-remaining': before },
  });
  await octokit.repos.createDeployment({
    ...payments,
    ref: 'v1.4.2',
    required_contexts: [],
    auto_merge: false,
  });
  await clock.advance(1_000);
  expect((await octokit.repos.listDeployments(again)).status).toBe(200);
});

test('a used-up rate limit is a 403 until its reset', async () => {
  const { octokit, box, clock } = await githubWorld();
  await octokit.repos.get(payments);
  box.control.setRateLimitRemaining(1);
  const { headers } = await octokit.repos.get(payments);
  expect(headers).toMatchObject({
    'x-ratelimit-remaining': '0',
    'x-ratelimit-limit': '5000',
    'x-ratelimit-resource': 'core',
  });
  const refused = await refusal(octokit.repos.get(payments));
  expect(refused).toMatchObject({
    status: 403,
    body: { message: 'API rate limit exceeded for installation ID 43001.', status: '403' },
    headers: { 'x-ratelimit-remaining': '0' },
  });
  const resetAt = Number(refused.headers['x-ratelimit-reset']) * 1_000;
  await clock.advance(resetAt - clock.now());
  expect((await octokit.repos.get(payments)).status).toBe(200);
});

test.each([403, 429] as const)('the secondary rate limit is a %i with retry-after', async (status) => {
  const { octokit, box } = await githubWorld();
  box.control.secondaryLimit({ status, retryAfterSeconds: 30, operation: 'GET /repos/*' });
  const refused = await refusal(octokit.repos.get(payments));
  expect(refused).toMatchObject({ status, headers: { 'retry-after': '30' } });
  expect(String(refused.body.message)).toMatch(/^You have exceeded a secondary rate limit/);
  expect((await octokit.repos.get(payments)).status).toBe(200);
});

test('a lost answer leaves its effect behind', async () => {
  const { octokit, box, faults } = await githubWorld();
  faults.add({ box: 'github', operation: 'POST */dispatches', fault: { kind: 'lost-response' }, times: 1 });
  const dispatch = { ...payments, workflow_id: 'deploy.yml', ref: 'v1.4.2' };
  const inputs = { version: 'v1.4.2', environment: 'staging', greenlight_request: 'REQ-9' };
  await expect(octokit.actions.createWorkflowDispatch({ ...dispatch, inputs })).rejects.toThrow();
  expect(box.control.runs()).toMatchObject([{ displayTitle: 'Deploy v1.4.2 to staging [REQ-9]' }]);
});

test('the control API stands over HTTP as well, and refuses what it does not understand', async () => {
  const { octokit, box, clock } = await githubWorld();
  const post = (name: string, body: object) =>
    fetch(`${box.url}/_sandbox/${name}`, { method: 'POST', body: JSON.stringify(body) });
  expect((await post('fail-next-run', { failsAt: { job: 'build' } })).status).toBe(204);
  const inputs = { version: 'v1.4.2', environment: 'staging' };
  await octokit.actions.createWorkflowDispatch({
    ...payments,
    workflow_id: 'deploy.yml',
    ref: 'main',
    inputs,
  });
  await clock.advance(60_000);
  const runs = (await (await fetch(`${box.url}/_sandbox/runs`)).json()) as object[];
  expect(runs).toMatchObject([{ repository: 'payments', conclusion: 'failure' }]);
  expect((await post('finish-run', { runId: 'one' })).status).toBe(400);
  expect((await post('finish-run', { runId: 1 })).status).toBe(404);
});
