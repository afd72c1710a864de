/** The truth about a Deployment, told from a cluster that really carries it out: one story for each way to go wrong. */
import { describe, expect, it } from 'vitest';
import { clusterSandbox, namespace, webDeployment } from './world.ts';

/** A Deployment `web` in `env-a`, looked at after the cluster had its time. */
async function rolledOut(image: string, replicas = 1, forMs = 15_000) {
  const world = await clusterSandbox();
  await world.cluster.apply(namespace());
  await world.clock.advance(1_000);
  await world.cluster.apply(webDeployment(`registry.acme.example/${image}`, replicas));
  await world.clock.advance(forMs);
  return { ...world, look: () => world.cluster.workload('env-a', 'web') };
}

it('a Deployment that is not there is nothing', async () => {
  const { cluster } = await clusterSandbox();
  expect(await cluster.workload('payments-production', 'nothing')).toBeUndefined();
  expect(await cluster.workload('nowhere', 'payments')).toBeUndefined();
});

it('a healthy one says its version, its replicas and that it is settled', async () => {
  const { cluster } = await clusterSandbox();
  expect(await cluster.workload('payments-production', 'payments')).toEqual({
    ...{ version: '1.4.0', image: 'registry.acme.example/payments:1.4.0', wanted: 3, ready: 3, restarts: 0 },
    ...{ isSettled: true, troubles: [], mayRecover: true },
  });
});

it('the seeded crash loop is told with its exit code and its restarts', async () => {
  const { cluster } = await clusterSandbox();
  const found = await cluster.workload('search-staging', 'search');
  expect(found).toMatchObject({ ready: 0, isSettled: false, mayRecover: false });
  expect(found?.restarts).toBeGreaterThan(3);
  expect(found?.troubles[0]).toBe('CrashLoopBackOff: the container search exits with code 1');
});

describe('each way to go wrong is its own story', () => {
  it.each([
    ['web:1-imagepull', /^ImagePullBackOff: the image .*web:1-imagepull cannot be pulled: not found$/, false],
    [
      'web:1-oom',
      /^OOMKilled: the container web was killed because it needs more memory than there is$/,
      true,
    ],
    ['web:1-crash', /^CrashLoopBackOff: the container web exits with code 1$/, true],
    [
      'web:1-unready',
      /^Not ready: the container web fails: readiness probe failed: HTTP probe failed with statuscode: 503$/,
      true,
    ],
  ])('%s', async (image, told, mayRecover) => {
    const { look } = await rolledOut(image, 1, 6_000);
    const found = await look();
    expect(found?.troubles[0]).toMatch(told);
    expect(found).toMatchObject({ isSettled: false, ready: 0, mayRecover });
  });

  it('a Pod that no node takes', async () => {
    const world = await clusterSandbox();
    await world.cluster.apply(namespace());
    world.box.control.unschedulable('env-a', true);
    await world.clock.advance(1_000);
    await world.cluster.apply(webDeployment('registry.acme.example/web:1'));
    await world.clock.advance(5_000);
    expect((await world.cluster.workload('env-a', 'web'))?.troubles[0]).toMatch(
      /^Unschedulable: no node takes the Pod: 0\/2 nodes are available/,
    );
  });

  it('a quota that stalls a rollout, though no Pod shows it', async () => {
    const { box, clock, cluster, look } = await rolledOut('web:1', 3);
    expect(await look()).toMatchObject({ isSettled: true });
    box.control.stallQuota('env-a');
    await cluster.apply(webDeployment('registry.acme.example/web:2', 3));
    await clock.advance(30_000);
    const found = await look();
    expect(found).toMatchObject({ version: '2', ready: 3, isSettled: false, mayRecover: false });
    expect(found?.troubles[0]).toMatch(
      /^FailedCreate: Pods cannot be created: exceeded quota: sandbox-stall/,
    );
  });

  it('a rollout that came to its deadline', async () => {
    const { clock, look } = await rolledOut('web:1-unready');
    await clock.advance(11 * 60_000);
    const found = await look();
    expect(found?.troubles).toContain('ProgressDeadlineExceeded: the rollout made no progress for 600 s');
    expect(found?.mayRecover).toBe(false);
  });
});

it('a rollout is followed to its end by the newest Pods', async () => {
  const { cluster, clock, look } = await rolledOut('web:1', 3);
  await cluster.apply(webDeployment('registry.acme.example/web:2', 3));
  const seen: string[] = [];
  for (let second = 0; second < 60 && seen.at(-1) !== 'settled'; second++) {
    const found = await look();
    expect(found?.ready).toBeGreaterThanOrEqual(2);
    expect(found?.mayRecover).toBe(true);
    const state = found?.isSettled ? 'settled' : 'going';
    if (seen.at(-1) !== state) seen.push(state);
    await clock.advance(1_000);
  }
  expect(seen).toEqual(['going', 'settled']);
});
