/** GitHub on a bad day: every failure is a Problem that names its cause and what to do. */
import { describe, expect, it } from 'vitest';
import { connectGithub } from '../../../src/platforms/github/forge.ts';
import { githubWorld, overtakenAfter, problemFrom, repository } from './world.ts';

const tagsPath = 'GET /repos/*/tags';
const order = {
  repository,
  workflow: 'deploy.yml',
  ref: 'main',
  inputs: { version: 'v1.4.2', environment: 'staging' },
};

describe('what passes by itself', () => {
  it.each([
    ['no answer', { kind: 'timeout' }, 'GitHub did not answer in time.'],
    ['a torn connection', { kind: 'reset' }, 'GitHub broke off the connection before it answered.'],
    ['a lost answer', { kind: 'lost-response' }, 'GitHub broke off the connection before it answered.'],
    ['a 502', { kind: 'status', status: 502 }, 'GitHub has trouble of its own (502).'],
    ['a 500', { kind: 'status', status: 500 }, 'GitHub has trouble of its own (500).'],
  ] as const)('%s is worth another try', async (_, fault, sentence) => {
    const { forge, faults, signIn } = await githubWorld();
    faults.add({ box: 'github', operation: tagsPath, fault, times: 1 });
    const asking = fault.kind === 'timeout' ? signIn(undefined, 50) : forge;
    expect(await problemFrom(asking.tags(repository, 3))).toMatchObject({
      ...{ code: 'outside_unavailable', sentence, isTransient: true },
    });
    expect(await forge.tags(repository, 1)).toHaveLength(1);
  });

  it('a server that is not there is worth another try', async () => {
    const { forge, box } = await githubWorld();
    await box.stop();
    expect(await problemFrom(forge.tags(repository, 3))).toMatchObject({
      ...{ sentence: 'GitHub refuses connections.', isTransient: true },
    });
  });

  it('nothing is tried twice in here: whoever calls decides that', async () => {
    const { forge, faults, journal } = await githubWorld();
    faults.add({ box: 'github', operation: '*', fault: { kind: 'status', status: 503 } });
    await problemFrom(forge.dispatch(order));
    expect(journal.since(0)).toHaveLength(1);
  });
});

describe('a rate limit', () => {
  it.each([403, 429] as const)('secondary, answered with %s, says how long to wait', async (status) => {
    const { forge, box } = await githubWorld();
    box.control.secondaryLimit({ status, retryAfterSeconds: 7 });
    expect(await problemFrom(forge.tags(repository, 3))).toMatchObject({
      ...{ code: 'outside_unavailable', isTransient: true, retryAfterMs: 7_000 },
    });
  });

  it('secondary without a word of how long waits a minute', async () => {
    const { forge, faults } = await githubWorld();
    const body = { message: 'You have exceeded a secondary rate limit. Please wait a few minutes.' };
    faults.add({ box: 'github', operation: '*', fault: { kind: 'status', status: 403, body } });
    expect(await problemFrom(forge.tags(repository, 3))).toMatchObject({ retryAfterMs: 60_000 });
  });

  it('primary lasts until GitHub says it ends', async () => {
    const { forge, box } = await githubWorld();
    box.control.setRateLimitRemaining(0);
    const found = await problemFrom(forge.tags(repository, 3));
    expect(found).toMatchObject({ code: 'outside_unavailable', isTransient: true });
    expect(found.retryAfterMs).toBeGreaterThan(59 * 60_000);
    expect(found.retryAfterMs).toBeLessThanOrEqual(60 * 60_000);
  });
});

describe('what somebody has to change', () => {
  it('a token that is not accepted', async () => {
    const { signIn } = await githubWorld();
    const found = await problemFrom(signIn('ghs_wrong').tags(repository, 3));
    expect(found).toMatchObject({ code: 'outside_refused' });
    expect(found.isTransient).toBeUndefined();
    expect(found.next).toContain('renew');
  });

  it('a private key that is none says nothing of the key', async () => {
    const { box } = await githubWorld();
    const auth = {
      ...box.control.app,
      privateKey: '-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----',
    };
    const found = await problemFrom(connectGithub({ auth, baseUrl: box.url }).tags(repository, 3));
    expect(found).toMatchObject({ code: 'outside_refused' });
    expect(JSON.stringify(found)).not.toContain('c2VjcmV0');
  });

  it('a right that is missing is told with where rights are listed, and named for the operator', async () => {
    const { signIn } = await githubWorld();
    const forge = signIn('ghs_sandboxReadOnlyInstallation000000000000');
    const found = await problemFrom(forge.dispatch({ ...order, repository: 'acme/checkout' }));
    expect(found.next).toContain('deploy/github-app-permissions.yml');
    expect(found.detail).toContain('actions=write');
  });

  it('a repository that is not there, or that we may not see, is told as both', async () => {
    const { forge, signIn } = await githubWorld();
    const hidden = signIn('ghs_sandboxReadOnlyInstallation000000000000');
    for (const call of [forge.resolve('acme/nothing', 'main'), hidden.resolve(repository, 'main')]) {
      const found = await problemFrom(call);
      expect(found.code).toBe('not_found');
      expect(found.sentence).toMatch(/it does not exist, or Greenlight's GitHub App may not see it/);
    }
  });

  it('a workflow that is not there is named', async () => {
    const { forge } = await githubWorld();
    const found = await problemFrom(forge.dispatch({ ...order, workflow: 'renamed.yml' }));
    expect(found.code).toBe('not_found');
    expect(found.sentence).toContain('workflow renamed.yml of acme/payments');
  });

  it('inputs that the workflow does not take are passed on in GitHub’s words', async () => {
    const { forge } = await githubWorld();
    const found = await problemFrom(forge.dispatch({ ...order, inputs: { environment: 'staging' } }));
    expect(found).toMatchObject({ code: 'outside_refused' });
    expect(found.sentence).toMatch(/version/);
  });
});

describe('a dispatch', () => {
  it('whose answer was lost is found by its marker', async () => {
    const { forge, faults, clock } = await githubWorld();
    const since = clock.now();
    faults.add({ box: 'github', operation: 'POST *', fault: { kind: 'lost-response' }, times: 1 });
    const inputs = { ...order.inputs, greenlight_request: 'REQ-7' };
    expect(await problemFrom(forge.dispatch({ ...order, inputs }))).toMatchObject({ isTransient: true });
    expect(await forge.findRun(repository, 'deploy.yml', 'REQ-7', since)).toEqual({ id: expect.any(Number) });
  });

  it('to a server that does not know the parameter goes out without it, once', async () => {
    const { forge, faults, journal } = await githubWorld();
    const body = { message: 'Invalid request.', errors: ['"return_run_details" is not a permitted key.'] };
    faults.add({
      box: 'github',
      operation: 'POST *',
      fault: { kind: 'status', status: 422, body },
      times: 1,
    });
    expect(await forge.dispatch(order)).toEqual({ id: undefined });
    expect(journal.since(0).map((entry) => entry.outcome)).toEqual(['422', '204']);
  });

  it('is not made a second time once another carries it on', async () => {
    const { forge, faults, journal } = await githubWorld();
    const body = { message: 'Invalid request.', errors: ['"return_run_details" is not a permitted key.'] };
    faults.add({ box: 'github', operation: 'POST *', fault: { kind: 'status', status: 422, body } });
    const refused = await problemFrom(forge.dispatch(order, overtakenAfter(1)));
    expect(refused.sentence).toBe('Another goes on.');
    expect(journal.since(0).map((entry) => entry.outcome)).toEqual(['422']);
  });
});

it('an answer in another shape is a problem, not a crash', async () => {
  const { forge, faults } = await githubWorld();
  faults.add({
    box: 'github',
    operation: 'GET */commits/*',
    fault: { kind: 'status', status: 422, body: 'nonsense' },
  });
  expect((await problemFrom(forge.resolve(repository, 'v1.4.2'))).code).toBe('outside_refused');
});
