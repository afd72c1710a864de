/** What is recorded and what is there, in a real API's answers; and the nights of an environment. */
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { dayMs, hourMs, minuteMs } from '../../src/core/duration.ts';
import { lifeOf } from '../../src/core/live-on.ts';
import type { PlatformRequest } from '../../src/core/request.ts';
import { createLifeDesk } from '../../src/desk/life-desk.ts';
import { type Reconciler, startReconciler } from '../../src/reconciler/reconciler.ts';
import { type Bench, benchWorld } from '../actions/bench-world.ts';
import { noAlarms } from '../desk/desk-world.ts';

let bench: Bench;
let reconciler: Reconciler;
let warned: { message: string; fields: Readonly<Record<string, unknown>> }[];
let traffic: number | undefined;

beforeEach(async () => {
  bench = await benchWorld();
  warned = [];
  traffic = undefined;
  reconciler = reconcilerOf(bench);
  onTestFinished(async () => {
    await reconciler.stop();
    await bench.close();
  });
});

function reconcilerOf({ context }: Bench): Reconciler {
  const quiet = () => {};
  return startReconciler({
    desk: createLifeDesk(context),
    clock: context.clock,
    scheduler: noAlarms,
    log: { info: quiet, error: quiet, warn: (fields, message) => void warned.push({ fields, message }) },
    catalog: context.catalog,
    cluster: context.outside.cluster,
    lastTraffic: async () => traffic,
  });
}

const name = 'pr-12';
const cluster = () => bench.hand;

async function make(ttl = '5d'): Promise<PlatformRequest> {
  const made = await bench.finish(await bench.ask('environment.create', { name, ttl }));
  expect(made.status).toBe('succeeded');
  return made;
}

async function made(): Promise<PlatformRequest> {
  const [request] = await bench.context.store.list({ action: 'environment.create', limit: 1 });
  if (!request) throw new Error('nothing was made');
  return request;
}

/** To a moment, with the looks that fall into the time before it; then everything that was asked is done. */
async function to(moment: string): Promise<void> {
  await bench.clock.advance(Date.parse(moment) - bench.clock.now());
  await reconciler.look();
  const open = await bench.context.store.list({ statuses: ['submitted', 'approved', 'running'], limit: 9 });
  for (const { id } of open) await bench.finish(id);
}

const asked = async (action: string) =>
  (await bench.context.store.list({ action: `environment.${action}`, limit: 99 })).length;
const replicas = async () => (await cluster().workload('env-pr-12', 'web'))?.wanted;
const labels = { 'app.kubernetes.io/managed-by': 'greenlight' };

describe('an environment by night', () => {
  test('sleeps from evening to morning, once, and is as it was before', async () => {
    await make();
    await to('2026-11-18T19:30:00+01:00');
    expect(await replicas()).toBe(1);
    await to('2026-11-18T20:01:00+01:00');
    await to('2026-11-18T23:00:00+01:00');
    expect([await replicas(), await asked('sleep'), lifeOf(await made()).sleep?.wakesAt]).toEqual([
      0,
      1,
      expect.closeTo(Date.parse('2026-11-19T07:00:00+01:00'), -4),
    ]);
    await to('2026-11-19T07:01:00+01:00');
    expect([await replicas(), await asked('wake'), lifeOf(await made()).sleep]).toEqual([1, 1, undefined]);
  });

  test('gets no card for it, and no mention: nobody asked', async () => {
    await make();
    await to('2026-11-18T20:01:00+01:00');
    const [sleep] = await bench.context.store.list({ action: 'environment.sleep', limit: 1 });
    expect(sleep).toMatchObject({ status: 'succeeded', isShown: false, requester: { kind: 'system' } });
  });

  test('stays awake when somebody wakes it, until the next night', async () => {
    await make();
    await to('2026-11-18T20:01:00+01:00');
    await bench.finish(await bench.ask('environment.wake', { name }));
    await to('2026-11-19T04:00:00+01:00');
    expect(await replicas()).toBe(1);
    await to('2026-11-19T20:30:00+01:00');
    expect(await replicas()).toBe(0);
  });

  test('is left alone while somebody works late, and where its nights are off', async () => {
    await bench.clock.advance(Date.parse('2026-11-18T19:50:00+01:00') - bench.clock.now());
    await make();
    await to('2026-11-18T20:05:00+01:00');
    expect(await replicas()).toBe(1);
    await bench.finish(await bench.ask('environment.schedule', { name, nights: 'off' }));
    await to('2026-11-19T03:00:00+01:00');
    expect(await replicas()).toBe(1);
  });

  test('sleeps though the one that asks was restarted, and asks once though there are two', async () => {
    await make();
    await bench.clock.advance(Date.parse('2026-11-18T22:00:00+01:00') - bench.clock.now());
    const other = reconcilerOf(bench);
    await Promise.all([other.look(), reconciler.look()]);
    await to('2026-11-18T22:10:00+01:00');
    expect([await replicas(), await asked('sleep')]).toEqual([0, 1]);
    await other.stop();
  });

  test('that its cluster does not let wake is woken an hour later', async () => {
    await make();
    await to('2026-11-18T20:01:00+01:00');
    bench.faults.add({ box: 'cluster', operation: 'PATCH *', fault: { kind: 'status', status: 403 } });
    await to('2026-11-19T07:01:00+01:00');
    expect(await replicas()).toBe(0);
    bench.faults.clear();
    await to('2026-11-19T08:02:00+01:00');
    expect([await replicas(), await asked('wake')]).toEqual([1, 2]);
  });
});

describe('what is there', () => {
  test('is what is recorded: nothing is said', async () => {
    await make();
    await reconciler.look();
    expect([warned, lifeOf(await made()).goneAt]).toEqual([[], undefined]);
  });

  test('no longer, because somebody removed it by hand, is marked as gone, and people are told once', async () => {
    await make();
    await cluster().remove({ apiVersion: 'v1', kind: 'Namespace', name: 'env-pr-12' }, {});
    await bench.clock.advance(minuteMs);
    await reconciler.look();
    await reconciler.look();
    const gone = await made();
    expect(gone.life).toMatchObject({ goneAt: bench.clock.now(), endedAt: bench.clock.now() });
    expect(gone.dueAt).toBeUndefined();
    expect(await bench.context.store.list({ hasLivingEnvironment: true, limit: 1 })).toEqual([]);
    const types = (await bench.context.store.history(gone.id)).map(({ event }) => event.type);
    expect(types.filter((type) => type === 'gone')).toHaveLength(1);
  });

  test('no longer, because it is being removed, is nobody’s doing by hand', async () => {
    await make();
    const append = bench.context.store.append;
    // Looked at when the namespace has gone, and nothing of that is written yet.
    vi.spyOn(bench.context.store, 'append').mockImplementation(async (change) => {
      if (change.events.some((event) => event.type === 'retired')) await reconciler.look();
      return append(change);
    });
    await bench.finish(await bench.ask('environment.destroy', { name }));
    const types = (await bench.context.store.history((await made()).id)).map(({ event }) => event.type);
    expect(types.filter((type) => type === 'gone' || type === 'retired')).toEqual(['retired']);
  });

  test('and not recorded is reported once and never removed', async () => {
    const stray = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'env-stray', labels } };
    await cluster().create(stray);
    await reconciler.look();
    await reconciler.look();
    expect(warned.map(({ fields }) => fields.namespace)).toEqual(['env-stray']);
    expect(warned[0]?.message).toContain('`/env adopt env-stray` gives it an owner and an end');
    expect(await cluster().read({ apiVersion: 'v1', kind: 'Namespace', name: 'env-stray' })).toBeDefined();
  });

  test('is looked at where it was made, also after the catalog names another cluster', async () => {
    await make();
    await bench.byHand('DELETE', '/api/v1/namespaces/env-pr-12');
    await bench.clock.advance(60_000);
    const { context } = bench;
    const before = context.catalog();
    Object.assign(context, {
      catalog: () => ({ ...before, environments: { ...before.environments, cluster: 'elsewhere' } }),
    });
    const real = context.outside.cluster('sandbox');
    const empty = { ...real, list: async () => [] };
    Object.assign(context.outside, { cluster: (one: string) => (one === 'sandbox' ? real : empty) });
    const moved = reconcilerOf({ ...bench, context });
    await moved.look();
    await moved.stop();
    expect(lifeOf(await made()).goneAt).toBeDefined();
  });

  test('while it is being made is neither unknown nor gone', async () => {
    const id = await bench.ask('environment.create', { name });
    await bench.until(id, ({ steps }) => steps.some((one) => one.id === 'namespace' && one.state === 'done'));
    await reconciler.look();
    await bench.finish(id);
    await reconciler.look();
    expect([warned, lifeOf(await made()).goneAt]).toEqual([[], undefined]);
  });

  test('cannot be told while the cluster is away: nothing is called gone', async () => {
    await make();
    bench.faults.add({ box: 'cluster', operation: 'GET *', fault: { kind: 'status', status: 503 } });
    await reconciler.look();
    bench.faults.clear();
    expect(lifeOf(await made()).goneAt).toBeUndefined();
    expect(warned.map(({ message }) => message)).toEqual([
      'the reconciler could not look at the cluster sandbox',
    ]);
  });
});

test('a new price of the catalog holds from the moment it is seen, and not for what was before', async () => {
  const request = await make();
  const before = lifeOf(request).spans;
  const { catalog } = bench.context;
  const dear = { ...catalog(), prices: { ...catalog().prices, cpuHour: 1 } };
  Object.assign(bench.context, { catalog: () => dear });
  reconciler = reconcilerOf(bench);
  await bench.clock.advance(hourMs);
  await reconciler.look();
  await reconciler.look();
  expect(lifeOf(await made()).spans).toEqual([
    ...before,
    { from: bench.clock.now(), isAsleep: false, perHour: 2_024_000, team: 'checkout' },
  ]);
});

test('traffic is a use, recorded by the hour', async () => {
  await make();
  await bench.clock.advance(dayMs);
  traffic = bench.clock.now();
  await reconciler.look();
  await reconciler.look();
  expect(lifeOf(await made()).usedAt).toBe(bench.clock.now());
  const types = (await bench.context.store.history((await made()).id)).map(({ event }) => event.type);
  expect(types.filter((type) => type === 'used')).toHaveLength(1);
});
