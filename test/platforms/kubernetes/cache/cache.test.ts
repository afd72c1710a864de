/** What a view shows, and how it stays in step with a cluster that changes, goes away, forgets and refuses. */
import { expect, test } from 'vitest';
import type { ClusterView } from '../../../../src/core/cluster-view.ts';
import { clusterSandbox, problemOfCall } from '../world.ts';

const us = { kind: 'system' } as const;

/** Changes travel over a socket: asks again until it is so, as long as a slow machine may need. */
async function comesTrue(isSo: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 400; attempt++) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error('it did not come to that');
}

const readyIn = async (view: ClusterView, namespace = 'payments-production', name = 'payments') =>
  (await view.workload(namespace, name))?.ready;

async function followed() {
  const world = await clusterSandbox();
  const view = world.cluster.view(us);
  await view.workload('payments-production', 'payments');
  // The watches are open once the cluster was heard of over all of them.
  await comesTrue(
    async () => world.journal.since(0).filter((one) => one.response === '(a stream)').length >= 4,
  );
  const calls = () => {
    const seen = world.journal.since(0).map((one) => one.operation);
    return seen.filter((operation) => operation !== 'GET /version');
  };
  return { ...world, view, calls };
}

test('a view says the same words as a live look', async () => {
  const { cluster, view } = await followed();
  for (const [namespace, name] of [
    ['payments-production', 'payments'],
    ['search-staging', 'search'],
  ] as const) {
    expect(await view.workload(namespace, name)).toMatchObject(
      (await cluster.workload(namespace, name)) ?? {},
    );
    expect(await view.warnings(namespace, 9)).toEqual(await cluster.warnings(namespace, 9));
  }
  expect(await view.workload('payments-production', 'nothing')).toBeUndefined();
});

test('looking again asks the cluster for nothing', async () => {
  const { view, calls } = await followed();
  const before = calls().length;
  for (let look = 0; look < 50; look++) {
    await view.workload('checkout-production', 'checkout');
    await view.warnings('search-staging', 5, 'search');
  }
  expect(calls()).toHaveLength(before);
});

test('what changes is seen without asking, and what is deleted is gone', async () => {
  const { cluster, view, clock } = await followed();
  await cluster.scale('payments-production', 'payments', 5);
  await clock.advance(60_000);
  await comesTrue(async () => (await readyIn(view)) === 5);
  await cluster.remove(
    { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'payments-production', name: 'payments' },
    {},
  );
  await clock.advance(60_000);
  await comesTrue(async () => (await view.workload('payments-production', 'payments')) === undefined);
});

test('a paused rollout says since when, and a restart when it was', async () => {
  const { cluster, view, clock } = await followed();
  const pausedAt = clock.now();
  await cluster.pause('payments-production', 'payments', true);
  await clock.advance(5_000);
  await comesTrue(
    async () => (await view.workload('payments-production', 'payments'))?.pausedAt !== undefined,
  );
  expect(await view.workload('payments-production', 'payments')).toMatchObject({
    pausedAt: expect.closeTo(pausedAt, -4),
  });
  expect((await view.workload('search-staging', 'search'))?.restartedAt).toBeGreaterThan(
    clock.now() - 3_600_000,
  );
});

test('a cluster that has forgotten where we were is listed anew, and nothing is missed', async () => {
  const { cluster, view, clock, box } = await followed();
  box.control.restart();
  await cluster.scale('payments-production', 'payments', 4);
  await clock.advance(60_000);
  box.control.compact();
  await comesTrue(async () => {
    await clock.advance(2_000);
    return (await readyIn(view)) === 4;
  });
});

test.each([
  ['breaks in the middle of an event', { kind: 'drop-socket' }],
  ['is refused with 500', { kind: 'status', status: 500 }],
  ['is refused with 410', { kind: 'status', status: 410 }],
  ['is torn down', { kind: 'reset' }],
] as const)('a watch that %s is taken up again', async (_, fault) => {
  const { cluster, view, clock, box, faults } = await followed();
  faults.add({ box: 'cluster', operation: 'GET /api*/v1/*', fault, times: 3 });
  faults.add({ box: 'cluster', operation: 'GET /apis/apps/v1/*', fault, times: 3 });
  box.control.restart();
  await cluster.scale('payments-production', 'payments', 4);
  await comesTrue(async () => {
    await clock.advance(10_000);
    return (await readyIn(view)) === 4;
  });
});

test('of a cluster that is away the last that was known is told, and since when', async () => {
  const { box, view, clock } = await followed();
  const lastHeard = clock.now();
  await box.stop();
  await clock.advance(120_000);
  expect(await readyIn(view)).toBe(3);
  const freshness = await view.freshness();
  expect(freshness).toMatchObject({ isLive: false, trouble: 'The cluster sandbox refuses connections.' });
  expect(freshness.asOf).toBeLessThanOrEqual(lastHeard + 1_000);
});

test('a quiet cluster is asked for a sign of life only when somebody looks', async () => {
  const { journal, view, clock } = await followed();
  await clock.advance(60_000);
  const pings = () => journal.since(0).filter((one) => one.operation === 'GET /version').length;
  const before = pings();
  await clock.advance(600_000);
  expect(pings()).toBe(before);
  expect(await view.freshness()).toEqual({ asOf: clock.now(), isLive: true });
});

test('credentials that have ended leave the last that was known, and say so', async () => {
  const { view, clock, box, faults } = await followed();
  faults.add({ box: 'cluster', operation: '*', fault: { kind: 'status', status: 401 } });
  box.control.restart();
  await comesTrue(async () => {
    await clock.advance(11_000);
    return !(await view.freshness()).isLive;
  });
  expect(await view.freshness()).toMatchObject({
    trouble: "The cluster sandbox does not accept Greenlight's credentials: they are wrong or have ended.",
  });
  expect(await readyIn(view)).toBe(3);
});

test('a cluster that was never reached is said to be away, and is found when it comes back', async () => {
  const { cluster, clock, faults } = await clusterSandbox();
  faults.add({ box: 'cluster', operation: 'GET /api*', fault: { kind: 'status', status: 503 } });
  const view = cluster.view(us);
  const found = await problemOfCall(view.workload('payments-production', 'payments'));
  expect(found).toMatchObject({ code: 'outside_unavailable', isTransient: true });
  faults.clear();
  await comesTrue(async () => {
    await clock.advance(30_000);
    return (await readyIn(view).catch(() => 0)) === 3;
  });
});

test('a list of many pages is whole', async () => {
  const { box, cluster, clock } = await clusterSandbox();
  await cluster.scale('payments-production', 'payments', 60);
  await clock.advance(60_000);
  const view = cluster.view(us);
  const { pods } = await view.overview();
  expect(pods).toBeGreaterThanOrEqual(60);
  expect(box.control.workloads()).not.toHaveLength(0);
});
