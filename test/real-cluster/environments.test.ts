/** The life of an environment on whichever cluster there is, by the real desk and runner, from its wish to its end. */
import { beforeAll, describe, expect, test } from 'vitest';
import { hourMs } from '../../src/core/duration.ts';
import type { PlatformRequest } from '../../src/core/request.ts';
import { summaryOf } from '../actions/example-world.ts';
import { textOf } from '../actions/life-world.ts';
import { openDesk, type RealDesk } from './desk.ts';
import { realWorld } from './world.ts';

const world = realWorld();
let desk: RealDesk;
let name: string;
beforeAll(async () => {
  desk = await openDesk(world());
});

describe('a bare namespace', () => {
  test('comes with its room, is shown, and goes', async () => {
    name = desk.newName();
    succeeded(await desk.run('environment.create', { name, blueprint: 'namespace', cpu: 1, memoryGi: 2 }));
    const quota = { apiVersion: 'v1', kind: 'ResourceQuota', name: 'environment', namespace: `env-${name}` };
    expect(await world().cluster.read(quota)).toMatchObject({ spec: { hard: { 'requests.cpu': '1' } } });
    expect(await shown()).toContain('Bare namespace');
    await destroyed();
  });
});

describe('a small environment', () => {
  test('comes to life, and is shown as well', async () => {
    name = desk.newName();
    const size = { cpu: 1, memoryGi: 1, replicas: 2 };
    succeeded(await desk.run('environment.create', { name, blueprint: 'small', ...size, ttl: '4h' }));
    await runs(2);
    await world().until(
      async () => (await desk.answer('environment.show', { name })).mood,
      (mood) => mood === 'good',
    );
  });

  test('the ground that it stands on is seen', async () => {
    const answer = await desk.answer('cluster.status', {});
    expect(answer.title).toBe('Cluster Under test');
    expect(answer.sections.map(({ title }) => title)).toContain('Nodes');
  });

  test('sleeps with nothing running, and wakes as it was', async () => {
    succeeded(await desk.run('environment.sleep', { name }));
    await runs(0);
    expect(await shown()).toContain('sleeps');
    succeeded(await desk.run('environment.wake', { name }));
    await runs(2);
  });

  test('what a hand changed in it is named, and put back', async () => {
    const { cluster } = world();
    expect(await shown()).not.toContain('Changed by hand');
    await cluster.merge(deployment(), { spec: { replicas: 1 } });
    expect(await shown()).toMatch(/Changed by hand[\s\S]*Deployment web: spec\.replicas/);
    succeeded(await desk.run('environment.repair', { name }));
    expect(await shown()).not.toContain('Changed by hand');
    await runs(2);
  });

  test('ends later', async () => {
    const extended = succeeded(await desk.run('environment.extend', { name, by: '2h' }));
    const change = extended.outputs?.environmentChange?.change;
    if (change?.type !== 'extended') throw new Error('it was not extended');
    expect(change.until - change.from).toBe(2 * hourMs);
  });

  test('goes with everything in it', async () => {
    await destroyed();
    expect(await world().cluster.read(deployment())).toBeUndefined();
  });
});

const deployment = () => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  ...{ name: 'web', namespace: `env-${name}` },
});
const shown = async () => textOf(await desk.answer('environment.show', { name }));

async function runs(replicas: number): Promise<void> {
  await world().until(
    () => world().cluster.workload(`env-${name}`, 'web'),
    (workload) => workload?.wanted === replicas && workload.ready === replicas,
  );
}

async function destroyed(): Promise<void> {
  succeeded(await desk.run('environment.destroy', { name }));
  const ref = { apiVersion: 'v1', kind: 'Namespace', name: `env-${name}` };
  expect(await world().cluster.read(ref)).toBeUndefined();
}

function succeeded(request: PlatformRequest): PlatformRequest {
  expect(request, summaryOf(request)).toMatchObject({ status: 'succeeded' });
  return request;
}
