import { describe, expect, test } from 'vitest';
import scale from '../../src/actions/service.scale.ts';
import { serviceWorld } from './service-world.ts';

const to = (replicas: number, service = 'payments', environment = 'production') => ({
  service,
  replicas,
  environment,
});

describe('the preview', () => {
  test.each([
    [5, 'Scales payments in production from 3 to 5 Pods.', []],
    [1, 'Scales payments in production from 3 to 1 Pod.', ['2 fewer than now.']],
    [0, 'Scales payments in production from 3 to 0 Pods.', ['Nothing of payments would run there any more.']],
    [3, 'Leaves payments in production at 3 Pods.', ['It has that many already.']],
  ])('to %i says from what to what, and warns', async (replicas, sentence, cautions) => {
    const { preview } = await serviceWorld();
    expect(await preview(scale, to(replicas))).toMatchObject({ sentence, cautions });
  });

  test('warns of a quota that would refuse, and only then', async () => {
    const { preview, cluster, clock } = await serviceWorld();
    await cluster.apply({
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'few', namespace: 'payments-production' },
      spec: { hard: { pods: '4' } },
    });
    await clock.advance(2_000);
    expect((await preview(scale, to(6))).cautions).toEqual([
      'The quota few (pods: 3 of 4 used) leaves room for 1 more, not for 3.',
    ]);
    expect((await preview(scale, to(4))).cautions).toEqual([]);
  });

  test('does without the quota when it cannot be read', async () => {
    const { preview, outside } = await serviceWorld();
    outside.cluster = { ...outside.cluster, room: () => Promise.reject(new Error('away')) };
    expect((await preview(scale, to(6))).cautions).toEqual([]);
  });
});

test.each([5, 1, 0])('to %i it waits until the Pods are as asked', async (replicas) => {
  const { run, cluster } = await serviceWorld();
  const { problem, notes } = await run(scale, to(replicas), { isTwice: true });
  expect(problem).toBeUndefined();
  expect(notes.before).toBe('3');
  expect(await cluster.workload('payments-production', 'payments')).toMatchObject({
    wanted: replicas,
    ready: replicas,
    isSettled: true,
  });
});

test('one that a quota stalls goes back to the former number', async () => {
  const { run, cluster, clock } = await serviceWorld();
  await cluster.apply({
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'few', namespace: 'payments-production' },
    spec: { hard: { pods: '4' } },
  });
  await clock.advance(2_000);
  const { problem, undone } = await run(scale, to(6));
  expect(problem?.sentence).toMatch(
    /^The rollout stalled\. FailedCreate: .*few.* Meanwhile 4 of 6 Pods are ready\.$/,
  );
  expect(undone).toEqual({ scale: 'back to 3' });
  await clock.advance(30_000);
  expect(await cluster.workload('payments-production', 'payments')).toMatchObject({
    wanted: 3,
    isSettled: true,
  });
});

test('a number that somebody set meanwhile is left alone', async () => {
  const { run, cluster } = await serviceWorld();
  const { problem, undone } = await run(scale, to(2, 'search', 'staging'), {
    beforeUndo: () => cluster.scale('search-staging', 'search', 4),
  });
  expect(problem?.sentence).toContain('CrashLoopBackOff');
  expect(undone).toEqual({ scale: 'left at 4: somebody has set it since' });
});

test('fewer Pods of something ill stay fewer', async () => {
  const { run, cluster, clock } = await serviceWorld();
  await cluster.scale('search-staging', 'search', 3);
  await clock.advance(120_000);
  const { problem, notes } = await run(scale, to(1, 'search', 'staging'));
  expect(problem).toBeUndefined();
  expect(notes.settled).toMatch(/^it was not well before and is not now: CrashLoopBackOff/);
  expect(await cluster.workload('search-staging', 'search')).toMatchObject({ wanted: 1 });
});

test.each([-1, 1.5, 101, 'many'])('%s is no number of Pods', (replicas) => {
  expect(scale.input.safeParse({ ...to(1), replicas }).success).toBe(false);
});
