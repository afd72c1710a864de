/** A complete environment: what it has beside its namespace is made, taken back when something fails, and ends with it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { partBuilders } from '../../src/actions/environment/parts.ts';
import type { StepContext } from '../../src/core/action.ts';
import { catalog } from '../approvals/shipped.ts';
import { priya } from '../desk/desk-world.ts';
import { type Bench, benchWorld, readingIn } from './bench-world.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await benchWorld();
});
afterAll(() => bench.close());

const wish = (name: string, repository = 'payments') => ({
  ...{ name, blueprint: 'complete', cpu: 4, memoryGi: 8 },
  values: { repository },
});
const forge = () => bench.context.outside.forge;
const place = (login = 'dana-fox', team = 'payments') => forge().teamPlace('acme', team, login);

async function made(name: string, repository?: string, requester?: typeof priya) {
  const id = await bench.ask('environment.create', wish(name, repository), requester);
  const request = await bench.finish(id);
  expect(request.problem).toBeUndefined();
  return request;
}

async function destroyed(name: string) {
  const request = await bench.finish(await bench.ask('environment.destroy', { name }));
  expect(request.problem).toBeUndefined();
}

describe('a complete environment', () => {
  it('has its environment at GitHub, a place in the team, runners and a bucket, and all of it ends with it', async () => {
    const { outputs } = await made('pr-1');
    expect(outputs?.environment?.parts?.map(({ kind }) => kind)).toEqual([
      'github-environment',
      'team-membership',
      'runner-scale-set',
      'bucket',
    ]);
    expect(await forge().environment('acme/payments', 'pr-1')).toMatchObject({
      mark: expect.stringMatching(/^REQ-/),
    });
    expect(await place()).toBe('member');
    const runners = { apiVersion: 'actions.github.com/v1alpha1', kind: 'AutoscalingRunnerSet' };
    expect(bench.cluster.read({ ...runners, namespace: 'env-pr-1', name: 'pr-1' })).toBeDefined();
    const bucket = { apiVersion: 'objectbucket.io/v1alpha1', kind: 'ObjectBucketClaim' };
    expect(bench.cluster.read({ ...bucket, namespace: 'env-pr-1', name: 'files' })).toBeDefined();

    await destroyed('pr-1');
    expect(await forge().environment('acme/payments', 'pr-1')).toBeUndefined();
    expect(await place()).toBe('none');
    expect(bench.cluster.read({ apiVersion: 'v1', kind: 'Namespace', name: 'env-pr-1' })).toBeUndefined();
  });

  it('leaves nothing anywhere when one of its parts fails', async () => {
    bench.cluster.failNextResource({
      kind: 'ObjectBucketClaim',
      message: 'the quota for buckets is used up',
    });
    const request = await bench.finish(await bench.ask('environment.create', wish('pr-2')));
    expect(request.status).toBe('failed');
    expect(request.problem?.sentence).toContain('the quota for buckets is used up');
    expect(await forge().environment('acme/payments', 'pr-2')).toBeUndefined();
    expect(await place()).toBe('none');
    expect(bench.cluster.read({ apiVersion: 'v1', kind: 'Namespace', name: 'env-pr-2' })).toBeUndefined();
  });

  it('never takes over an environment at GitHub that somebody else made, nor removes it', async () => {
    await forge().makeEnvironment({
      repository: 'acme/payments',
      name: 'pr-3',
      mark: 'REQ-1-else',
      reviewerTeams: [],
    });
    const request = await bench.finish(await bench.ask('environment.create', wish('pr-3')));
    expect(request.problem?.sentence).toContain('acme/payments has an environment pr-3 already');
    expect(await forge().environment('acme/payments', 'pr-3')).toMatchObject({ mark: 'REQ-1-else' });
  });

  it('never takes over one without a mark that was there before', async () => {
    const request = await bench.finish(await bench.ask('environment.create', wish('production')));
    expect(request.status).toBe('failed');
    expect(await forge().environment('acme/payments', 'production')).toMatchObject({ mark: '' });
  });
});

describe('a place in a team', () => {
  it('is not taken from somebody who had it before', async () => {
    await made('pr-4', 'payments', priya);
    await destroyed('pr-4');
    expect(await place('priya-nair')).toMatch(/member|maintainer/);
  });

  it('is kept until the last environment that lends it has ended', async () => {
    await made('pr-5');
    await made('pr-6');
    await destroyed('pr-5');
    expect(await place()).toBe('member');
    await destroyed('pr-6');
    expect(await place()).toBe('none');
  });

  it('is taken back after an answer of GitHub that was lost', async () => {
    bench.faults.add({
      box: 'github',
      operation: 'PUT */memberships/*',
      fault: { kind: 'lost-response' },
      times: 1,
    });
    await made('pr-7');
    await destroyed('pr-7');
    expect(await place()).toBe('none');
  });

  it('is taken back from the login that got it, also when the catalog names another by then', async () => {
    bench.cluster.failNext('env-pr-9', 'web', 'unready');
    const id = await bench.ask('environment.create', wish('pr-9'));
    await bench.until(id, ({ steps }) =>
      steps.some(({ id: step, state }) => step === 'part-place' && state === 'done'),
    );
    expect(await place()).toBe('member');
    const people = { ...catalog.people, 'dana@acme.example': { github: 'dana-new' } };
    Object.assign(bench.context, { catalog: () => ({ ...catalog, people }) });
    expect(await bench.finish(id)).toMatchObject({ status: 'failed', remains: [] });
    Object.assign(bench.context, { catalog: () => catalog });
    expect(await place()).toBe('none');
  });

  it('cannot be lent to somebody whose login nobody has said', async () => {
    const settings = { organisation: 'acme', team: 'payments' };
    const step = partBuilders['team-membership'].step({ id: 'part-place', name: 'place', settings });
    const context = { ...readingIn(bench), catalog: { ...catalog, people: {} } } as StepContext;
    await expect(step.do({} as never, context)).rejects.toThrow(
      'Nobody has told Greenlight who Dana is at GitHub.',
    );
  });
});

it('settings that a part does not take are told before anybody is asked', () => {
  const order = { id: 'part-x', name: 'x', settings: { repository: 'payments' } };
  expect(() => partBuilders['github-environment'].step(order)).toThrow('The part "x" (GitHub environment)');
});

it('what stays with the former team at GitHub is named before an environment is handed over, and after', async () => {
  await made('pr-8');
  const id = await bench.ask('environment.handover', { name: 'pr-8', team: 'payments' });
  const { preview, outputs, problem } = await bench.finish(id);
  expect(problem).toBeUndefined();
  const stays =
    'The GitHub environment pr-8 of acme/payments with its reviewers and the place of dana-fox in the GitHub team payments stay as for Checkout team until the environment ends.';
  expect(preview?.cautions).toEqual([stays]);
  expect(outputs?.notes).toContain(stays);
});
