/** The end of an environment on a bad day: nothing outlives it unseen, and what cannot go is named. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { minuteMs } from '../../src/core/duration.ts';
import type { RequestId } from '../../src/core/ids.ts';
import { ProblemError, problem } from '../../src/core/problem.ts';
import type { PlatformRequest } from '../../src/core/request.ts';
import { dana, value } from '../desk/desk-world.ts';
import { type Bench, benchWorld } from './bench-world.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await benchWorld();
});
afterEach(() => bench.close());

const run = async (action: string, input: object) =>
  bench.finish(await bench.ask(`environment.${action}`, { ...input }));
const complete = (name: string) => ({
  ...{ name, blueprint: 'complete', cpu: 4, memoryGi: 8 },
  values: { repository: 'payments' },
});
const namespaceOf = (name: string) =>
  bench.cluster.read({ apiVersion: 'v1', kind: 'Namespace', name: `env-${name}` });
const place = () => bench.context.outside.forge.teamPlace('acme', 'payments', 'dana-fox');
const inside = (name: string) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  namespace: `env-${name}`,
  name: 'web',
});

test('a stuck namespace does not keep a lent place, and is named with what it waits for', async () => {
  await run('create', complete('pr-1'));
  expect(await place()).toBe('member');
  bench.cluster.stuckFinalizer(inside('pr-1'));
  const request = await run('destroy', { name: 'pr-1' });
  expect(request).toMatchObject({ status: 'failed', remains: ['Namespace'] });
  expect(request.problem?.sentence).toMatch(
    /^The namespace env-pr-1 is still there after 5m: it waits for .*sandbox\.local\/stuck/,
  );
  expect(await place()).toBe('none');
  expect(await bench.context.outside.forge.environment('acme/payments', 'pr-1')).toBeUndefined();

  bench.cluster.removeFinalizer(inside('pr-1'));
  expect(await run('destroy', { name: 'pr-1' })).toMatchObject({ status: 'succeeded' });
});

test('a namespace has its five minutes from when the cluster took its deletion, however long that was away', async () => {
  await run('create', { name: 'pr-1', blueprint: 'namespace' });
  bench.faults.add({
    ...{ box: 'cluster', operation: 'DELETE */namespaces/env-pr-1*' },
    fault: { kind: 'status', status: 503 },
  });
  const id = await bench.ask('environment.destroy', { name: 'pr-1' });
  const back = bench.clock.now() + 6 * minuteMs;
  await bench.until(id, () => bench.clock.now() >= back);
  bench.faults.clear();
  expect(await bench.finish(id)).toMatchObject({ status: 'succeeded', remains: [] });
  expect(namespaceOf('pr-1')).toBeUndefined();
});

test('a lent place that GitHub does not take back is named, and the other parts go', async () => {
  await run('create', complete('pr-1'));
  const { forge } = bench.context.outside;
  const removeFromTeam = () =>
    Promise.reject(new ProblemError(problem('outside_refused', 'GitHub does not let us.', 'Ask.')));
  Object.assign(bench.context.outside, { forge: { ...forge, removeFromTeam } });
  const request = await run('destroy', { name: 'pr-1' });
  expect(request).toMatchObject({ status: 'failed', problem: { sentence: 'GitHub does not let us.' } });
  expect(request.remains).toContain('Team membership');
  expect(await forge.environment('acme/payments', 'pr-1')).toBeUndefined();

  Object.assign(bench.context.outside, { forge });
  expect(await run('destroy', { name: 'pr-1' })).toMatchObject({ status: 'succeeded', remains: [] });
  expect(await place()).toBe('none');
});

test('a place that two environments of one person lend is given back when both end at once', async () => {
  await run('create', complete('pr-1'));
  await run('create', complete('pr-2'));
  const ends = [];
  for (const name of ['pr-1', 'pr-2']) ends.push(await bench.ask('environment.destroy', { name }));
  for (const id of ends) expect(await bench.finish(id)).toMatchObject({ status: 'succeeded' });
  expect(await place()).toBe('none');
});

const placeStep = ({ steps }: PlatformRequest) => steps.find(({ id }) => id === 'part-place');
/** Has its place, and is not made as long as a Pod of it does not get ready. */
async function making(name: string) {
  bench.cluster.failNext(`env-${name}`, 'web', 'unready');
  const id = await bench.ask('environment.create', complete(name));
  await bench.until(id, (request) => placeStep(request)?.state === 'done');
  return id;
}
async function cancelled(id: RequestId) {
  value(await bench.desk.cancel(id, dana));
  expect(await bench.finish(id)).toMatchObject({ status: 'cancelled', remains: [] });
}

test('a place that is lent to one that never gets made outlives it for another', async () => {
  const first = await making('pr-1');
  await run('create', complete('pr-2'));
  await cancelled(first);
  expect(await place()).toBe('member');
  await run('destroy', { name: 'pr-2' });
  expect(await place()).toBe('none');
});

test('a place is kept for one that is still being made', async () => {
  await run('create', complete('pr-1'));
  const second = await making('pr-2');
  await run('destroy', { name: 'pr-1' });
  expect(await place()).toBe('member');
  await cancelled(second);
  expect(await place()).toBe('none');
});

test('a place counts as lent while the answer of GitHub that says so is lost', async () => {
  bench.faults.add({
    ...{ box: 'github', operation: 'PUT */memberships/*' },
    ...{ fault: { kind: 'lost-response' }, times: 1 },
  });
  const first = await bench.ask('environment.create', complete('pr-1'));
  await bench.until(first, (request) => placeStep(request)?.retryingSince !== undefined);
  expect(await place()).toBe('member');
  const second = await making('pr-2');
  const [one, two] = await Promise.all([first, second].map((id) => bench.context.store.load(id)));
  expect(one && placeStep(one)?.state).toBe('running');
  expect(two && placeStep(two)?.result).toEqual({ login: 'dana-fox', lent: 'yes' });
});

test.each([
  ['helm-release', 'helm.toolkit.fluxcd.io/v2', 'HelmRelease'],
  ['pulumi-stack', 'pulumi.com/v1', 'Stack'],
])('%s: its operator ends it while the namespace is still whole', async (blueprint, apiVersion, kind) => {
  await run('create', { name: 'op', blueprint });
  const object = { apiVersion, kind, namespace: 'env-op', name: 'op' };
  const id = await bench.ask('environment.destroy', { name: 'op' });
  await bench.until(id, () => bench.cluster.read(object)?.metadata.deletionTimestamp !== undefined);
  expect(namespaceOf('op')?.metadata.deletionTimestamp).toBeUndefined();
  expect(await bench.finish(id)).toMatchObject({ status: 'succeeded', remains: [] });
  expect(namespaceOf('op')).toBeUndefined();
});

test('what an operator made is ended before the namespace also when a creation is taken back', async () => {
  const id = await bench.ask('environment.create', { name: 'op', blueprint: 'pulumi-stack' });
  await bench.until(id, ({ steps }) => steps.some((one) => one.id === 'make-stack' && one.attempts > 0));
  bench.cluster.failNextResource({ kind: 'Stack', message: 'no' });
  expect(await bench.finish(id)).toMatchObject({ status: 'failed', remains: [] });
  expect(namespaceOf('op')).toBeUndefined();
});

test('a namespace that somebody deletes by hand hangs on what its operator cannot end any more', async () => {
  await run('create', { name: 'op', blueprint: 'pulumi-stack' });
  await bench.byHand('DELETE', '/api/v1/namespaces/env-op');
  await bench.clock.advance(60_000);
  expect(namespaceOf('op')?.metadata.deletionTimestamp).toBeDefined();
  const request = await run('destroy', { name: 'op' });
  expect(request.problem?.sentence).toMatch(
    /^The Stack op is still there after 15m: it waits for .*finalizer/,
  );
});
