/** Several hands on one environment at the same moment: one after the other, and its end before all of them. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hourMs } from '../../src/core/duration.ts';
import { obstacleText } from '../../src/core/lock-words.ts';
import { type Bench, benchWorld } from './bench-world.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await benchWorld();
  await bench.finish(await bench.ask('environment.create', { name: 'pr-1', ttl: '1h' }));
});
afterEach(() => bench.close());

const web = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', namespace: 'env-pr-1' };
const replicas = async () => (await bench.hand.workload('env-pr-1', 'web'))?.wanted;

test('what is asked at once is done one after the other, and whoever waits is told for whom', async () => {
  await bench.finish(await bench.ask('environment.sleep', { name: 'pr-1' }));
  bench.cluster.failNext('env-pr-1', 'web', 'unready');
  const wake = await bench.ask('environment.wake', { name: 'pr-1' });
  await bench.until(wake, ({ steps }) => steps.some((one) => one.id === 'ready' && one.attempts > 0));
  const operate = await bench.ask('environment.handover', { name: 'pr-1', team: 'payments' });
  const waiting = await bench.until(operate, ({ queue }) => queue !== undefined);
  const [obstacle] = waiting.queue?.behind ?? [];
  expect(obstacle && obstacleText(obstacle)).toBe(`${wake} by Dana is changing the environment pr-1`);
  bench.cluster.stopFailing('env-pr-1', 'web');
  await bench.hand.merge(web, { spec: { template: { metadata: { annotations: { again: 'yes' } } } } });
  expect(await bench.finish(wake)).toMatchObject({ status: 'succeeded' });
  expect(await bench.finish(operate)).toMatchObject({ status: 'succeeded' });
  expect(await replicas()).toBe(1);
});

test('at its end it is removed before whatever else waits for it', async () => {
  await bench.finish(await bench.ask('environment.sleep', { name: 'pr-1' }));
  await bench.clock.advance(hourMs - 300_000);
  bench.cluster.failNext('env-pr-1', 'web', 'unready');
  const wake = await bench.ask('environment.wake', { name: 'pr-1' });
  await bench.until(wake, ({ steps }) => steps.some((one) => one.id === 'ready' && one.attempts > 0));
  const handover = await bench.ask('environment.handover', { name: 'pr-1', team: 'payments' });
  await bench.until(handover, ({ queue }) => queue !== undefined);
  await bench.clock.advance(300_000);
  const [made] = await bench.context.store.list({ action: 'environment.create', limit: 1 });
  if (!made) throw new Error('nothing was made');
  await bench.until(made.id, ({ retiredBy }) => retiredBy !== undefined);
  expect(await bench.finish(handover)).toMatchObject({ status: 'failed' });
});
