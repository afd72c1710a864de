/** What has an owner is adopted by nobody, neither while it is being made nor a moment after somebody else was quicker. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hourMs, minuteMs } from '../../src/core/duration.ts';
import type { PlatformRequest } from '../../src/core/request.ts';
import { dana, priya, value } from '../desk/desk-world.ts';
import { type Bench, benchWorld } from './bench-world.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await benchWorld();
});
afterEach(() => bench.close());

const trial = { name: 'checkout-trial' };
const namespaceNamed = (name: string) => bench.hand.read({ apiVersion: 'v1', kind: 'Namespace', name });

/** On its way, with a namespace already: its Deployment is not ready. */
async function comingEnvironment() {
  bench.cluster.failNext('env-pr-77', 'web', 'unready');
  const made = await bench.ask('environment.create', { name: 'pr-77', ttl: '2d' });
  await bench.until(made, ({ steps }) => steps.some((one) => one.id === 'make-web' && one.attempts > 0));
  return made;
}

test('an environment that is being made stays whose it is', async () => {
  const made = await comingEnvironment();
  const asked = { name: 'env-pr-77', ttl: '1h' };
  const adopted = await bench.finish(await bench.ask('environment.adopt', asked, priya));
  expect(adopted.problem).toMatchObject({
    code: 'conflict',
    sentence: `The namespace env-pr-77 has an owner already (${made}).`,
    next: 'Look again when that request has ended.',
  });

  bench.cluster.stopFailing('env-pr-77', 'web');
  const web = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', namespace: 'env-pr-77' };
  await bench.hand.merge(web, { spec: { template: { metadata: { annotations: { again: 'yes' } } } } });
  expect(await bench.finish(made)).toMatchObject({ status: 'succeeded' });
  const gone = await bench.ask('environment.destroy', { name: 'pr-77' });
  expect(await bench.finish(gone)).toMatchObject({ status: 'succeeded' });
});

test('one that could not be made leaves no namespace behind, whoever wanted to adopt it', async () => {
  const made = await comingEnvironment();
  await bench.finish(await bench.ask('environment.adopt', { name: 'env-pr-77', ttl: '1h' }, priya));
  expect(await bench.finish(made)).toMatchObject({ status: 'failed' });
  expect(await namespaceNamed('env-pr-77')).toBeUndefined();
});

/** The cluster does not take the labels: whoever is to write them has seen that nobody else has. */
const refuseLabels = (times?: number) =>
  bench.faults.add({
    box: 'cluster',
    operation: 'PATCH /api/v1/namespaces/checkout-trial*',
    fault: { kind: 'status', status: 503 },
    ...(times === undefined ? {} : { times }),
  });
const labelling = ({ steps }: PlatformRequest) =>
  steps.some((one) => one.id === 'labels' && one.attempts > 0);

test('whoever was let through and is slower is told whose it is', async () => {
  refuseLabels(1);
  const slower = await bench.ask('environment.adopt', { ...trial, ttl: '1h' });
  await bench.until(slower, labelling);
  const quicker = await bench.ask('environment.adopt', { ...trial, ttl: '3d' }, priya);
  expect(await bench.finish(quicker)).toMatchObject({ status: 'succeeded' });
  expect((await bench.finish(slower)).problem).toMatchObject({
    sentence: `The namespace checkout-trial has an owner already (${quicker}).`,
    next: 'See `/env show checkout-trial`.',
  });
});

test('of two in the same moment one has it, and its labels stay', async () => {
  refuseLabels();
  const first = await bench.ask('environment.adopt', { ...trial, ttl: '1h' });
  const second = await bench.ask('environment.adopt', { ...trial, ttl: '3d' }, priya);
  await bench.until(first, labelling);
  await bench.until(second, labelling);
  bench.faults.clear();
  const ended = [await bench.finish(first), await bench.finish(second)];
  const has = ended.filter(({ status }) => status === 'succeeded');
  const hasNot = ended.filter(({ status }) => status === 'failed');
  expect(hasNot.map(({ problem }) => problem?.code)).toEqual(['conflict']);
  expect(has.map(({ target }) => target.team)).toEqual([
    (await namespaceNamed('checkout-trial'))?.metadata.labels?.['greenlight.dev/team'],
  ]);
});

test('whoever asked first and is heard last does not take it from who has it by then', async () => {
  const origin = { surface: 'command' } as const;
  const input = { ...trial, ttl: '3d' };
  const asked = { key: 'late', action: 'environment.adopt', input, requester: priya, origin };
  const late = value(await bench.desk.submit(asked)).id;
  const adopted = await bench.ask('environment.adopt', { ...trial, ttl: '1h' }, dana);
  await bench.finish(adopted);
  await bench.clock.advance(10 * minuteMs);
  value(await bench.desk.decide(late));
  expect((await bench.finish(late)).problem?.sentence).toContain(`has an owner already (${adopted})`);
});

test('one whose labels somebody took off is still its own', async () => {
  const origin = { surface: 'command' } as const;
  const asked = { key: 'late', action: 'environment.adopt', input: trial, requester: priya, origin };
  const late = value(await bench.desk.submit(asked)).id;
  const adopted = await bench.ask('environment.adopt', trial);
  await bench.finish(adopted);
  const labels = { 'app.kubernetes.io/managed-by': null, 'greenlight.dev/request': null };
  await bench.hand.merge({ apiVersion: 'v1', kind: 'Namespace', ...trial }, { metadata: { labels } });
  value(await bench.desk.decide(late));
  expect((await bench.finish(late)).problem?.sentence).toContain(`has an owner already (${adopted})`);
});

test('what its request has left behind when it ended is adopted', async () => {
  const made = await bench.finish(await bench.ask('environment.create', { name: 'pr-78', ttl: '1h' }));
  const left = await namespaceNamed('env-pr-78');
  await bench.clock.advance(hourMs);
  await bench.until(made.id, ({ retiredBy }) => retiredBy !== undefined);
  const metadata = { name: 'env-pr-78', labels: left?.metadata.labels ?? {} };
  await bench.hand.create({ apiVersion: 'v1', kind: 'Namespace', metadata });
  const adopted = await bench.ask('environment.adopt', { name: 'env-pr-78', ttl: '1h' });
  expect(await bench.finish(adopted)).toMatchObject({ status: 'succeeded' });
});
