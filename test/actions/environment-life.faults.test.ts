/** The life of an environment on a cluster, on bad days: some of them take ten minutes of its time. */
import { beforeEach, describe, expect, test } from 'vitest';
import { minuteMs } from '../../src/core/duration.ts';
import { lifeOf } from '../../src/core/live-on.ts';
import { inside, type LifeWorld, lifeWorld, namespace, queue } from './life-world.ts';

let world: LifeWorld;
beforeEach(async () => {
  world = await lifeWorld();
});

describe('on a bad day', () => {
  test('a cluster that refuses halfway leaves nothing asleep', async () => {
    await world.make();
    await world.cluster.apply(queue);
    world.bench.faults.add({
      box: 'cluster',
      operation: 'PATCH */statefulsets/*',
      fault: { kind: 'status', status: 403 },
    });
    const sleep = await world.run('sleep');
    world.bench.faults.clear();
    expect(sleep.status).toBe('failed');
    expect((await world.numbers()).web).toBe(1);
    expect(lifeOf(await world.made()).sleep).toBeUndefined();
  });

  test('a cluster that is away for a while only delays it', async () => {
    await world.make();
    world.bench.faults.add({
      box: 'cluster',
      operation: 'PATCH *',
      fault: { kind: 'status', status: 503 },
      times: 5,
    });
    expect((await world.run('sleep')).status).toBe('succeeded');
    expect(await world.numbers()).toEqual({ web: 0 });
  });

  test('what somebody scaled by hand while it slept keeps that number when it wakes', async () => {
    await world.make({ cpu: 4, memoryGi: 8 });
    await world.run('sleep');
    await world.scaleByHand(2);
    expect((await world.run('wake')).status).toBe('succeeded');
    expect(await world.numbers()).toEqual({ web: 2 });
    const web = { apiVersion: 'apps/v1', kind: 'Deployment', ...inside('web') };
    expect((await world.cluster.read(web))?.metadata.annotations).not.toHaveProperty([
      'greenlight.dev/replicas-before-sleep',
    ]);
  });

  test('what somebody started by hand while it slept runs on when a wake is taken back', async () => {
    await world.make({ cpu: 4, memoryGi: 8 });
    await world.cluster.apply(queue);
    await world.run('sleep');
    await world.scaleByHand(2);
    world.bench.cluster.failNext(namespace, 'queue', 'imagepull');
    const wake = await world.run('wake');
    expect(wake).toMatchObject({ status: 'failed', remains: [] });
    expect(await world.numbers()).toEqual({ web: 2, queue: 0 });
    // As a former version reads it, which may take the request over.
    const look = wake.steps.find(({ id }) => id === 'look')?.result;
    expect(look).toEqual({ 'Deployment/web': '2', 'StatefulSet/queue': '1' });

    world.bench.cluster.stopFailing(namespace, 'queue');
    await world.scaleByHand(0);
    expect((await world.run('wake')).status).toBe('succeeded');
    expect(await world.numbers()).toEqual({ web: 1, queue: 1 });
  });

  test('a namespace that somebody removed is named as gone', async () => {
    await world.make();
    await world.cluster.remove({ apiVersion: 'v1', kind: 'Namespace', name: namespace }, {});
    await world.bench.clock.advance(minuteMs);
    expect(await world.run('sleep')).toMatchObject({
      status: 'failed',
      problem: { sentence: 'The environment "pr-12" is gone.' },
    });
  });

  test('a quota without room lets it sleep on, and is named', async () => {
    await world.make();
    await world.run('sleep');
    const quota = {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: inside('tight'),
      spec: { hard: { pods: '0' } },
    };
    await world.cluster.apply(quota);
    await world.bench.clock.advance(minuteMs);
    const wake = await world.run('wake');
    expect(wake).toMatchObject({ status: 'failed', remains: [] });
    expect(wake.problem?.sentence).toMatch(/quota/i);
    expect(await world.numbers()).toEqual({ web: 0 });
    expect(lifeOf(await world.made()).sleep).toBeDefined();
  });
});
