/** What actions do with a service on whichever cluster there is, each played by hand: its preview and its steps. */
import { describe, expect, test } from 'vitest';
import serviceEvents from '../../src/actions/service.events.ts';
import serviceLogs from '../../src/actions/service.logs.ts';
import servicePause from '../../src/actions/service.pause.ts';
import serviceRestart from '../../src/actions/service.restart.ts';
import serviceResume from '../../src/actions/service.resume.ts';
import serviceRun from '../../src/actions/service.run.ts';
import serviceScale from '../../src/actions/service.scale.ts';
import serviceStatus from '../../src/actions/service.status.ts';
import { play } from './play.ts';
import { namespaceOf, realWorld, serving } from './world.ts';

const world = realWorld();
const asked = { service: 'web', environment: 'test' };
const system = { kind: 'system' } as const;

describe('a service on a cluster', () => {
  test('comes to life, and is seen to', async () => {
    await serving(world());
    await world().until(
      async () => (await play(serviceStatus, asked, world())).answer?.mood,
      (mood) => mood === 'good',
    );
  });

  test('its status from the cache is what a live look says', async () => {
    const { cluster, namespace } = world();
    const [live, cached] = await Promise.all([
      cluster.workload(namespace, 'web'),
      cluster.view(system).workload(namespace, 'web'),
    ]);
    expect(cached).toMatchObject(live ?? {});
    expect((await cluster.view(system).freshness()).isLive).toBe(true);
  });

  test('scales, and the cache follows', async () => {
    const { cluster, namespace, until } = world();
    expect((await play(serviceScale, { ...asked, replicas: 3 }, world())).problem).toBeUndefined();
    await until(
      async () => (await cluster.view(system).workload(namespace, 'web'))?.ready,
      (ready) => ready === 3,
    );
  });

  test('restarts, every Pod anew', async () => {
    const { cluster, namespace } = world();
    const pods = async () =>
      (await cluster.logs(namespace, 'web', { pods: 9, lines: 1 })).map((log) => log.pod);
    const before = await pods();
    expect((await play(serviceRestart, asked, world())).problem).toBeUndefined();
    const after = await pods();
    expect(after.filter((pod) => before.includes(pod))).toEqual([]);
  });

  test('is paused, told as paused, and goes on', async () => {
    const { cluster, namespace, until } = world();
    expect((await play(servicePause, asked, world())).problem).toBeUndefined();
    await until(
      async () => (await cluster.view(system).workload(namespace, 'web'))?.pausedAt,
      (pausedAt) => pausedAt !== undefined,
    );
    expect((await play(serviceResume, asked, world())).problem).toBeUndefined();
  });

  test('shows its logs and its events', async () => {
    const logs = await play(serviceLogs, { ...asked, lines: 5 }, world());
    expect(logs.answer?.sections.length).toBeGreaterThan(0);
    const events = await play(serviceEvents, asked, world());
    expect(events.answer?.sections).toHaveLength(1);
  });

  test('runs a Job beside it, to its end', async () => {
    const { cluster, namespace } = world();
    const ran = await play(serviceRun, { ...asked, job: 'hello' }, world());
    expect(ran.problem).toBeUndefined();
    const ref = { apiVersion: 'batch/v1', kind: 'Job', namespace, name: 'hello-req-test' };
    expect(await cluster.read(ref)).toMatchObject({ status: { succeeded: 1 } });
  });
});

test('a namespace is made once, and nobody takes away what is not theirs', async () => {
  const { cluster, namespace } = world();
  expect(await cluster.create(namespaceOf(namespace))).toBe('taken');
  const ref = { apiVersion: 'v1', kind: 'Namespace', name: namespace };
  await expect(cluster.remove(ref, { 'greenlight.dev/request': 'REQ-other' })).rejects.toThrow('is not ours');
});
