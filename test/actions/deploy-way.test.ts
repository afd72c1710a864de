/** A deploy is carried on, and taken back, where it was agreed to go: the catalog may be edited while it runs. */
import { expect, test } from 'vitest';
import type { ServiceEnvironment } from '../../src/core/service.ts';
import {
  checkout,
  editCatalog,
  image,
  moveSearch,
  noteOf,
  payments,
  running,
  world,
} from './deploy-world.ts';

const search = { service: 'search', version: 'v0.9.4', environment: 'staging' };
const fourth = 'registry.acme.example/search:0.9.4';

test('an image whose Pods do not come is put back where it was set, whatever place the catalog names by then', async () => {
  const bench = await world();
  const images = () =>
    Promise.all(['staging', 'production'].map((environment) => image(bench, 'search', environment)));
  const before = await images();
  bench.cluster.failNext('search-staging', 'search', 'unready');
  const id = await bench.ask('deploy', search);
  await bench.until(id, running('rollout'));
  expect(await image(bench, 'search', 'staging')).toBe(fourth);
  moveSearch(bench, 'staging', 'search-production');
  const failed = await bench.finish(id);
  expect(failed).toMatchObject({ status: 'failed', remains: [], problem: { code: 'step_failed' } });
  expect(noteOf(failed, 'image')).toBe(`back to ${before[0]}`);
  expect(await images()).toEqual(before);
  const { github } = await bench.look();
  expect(github.deployments).toEqual([expect.stringContaining('search v0.9.4 to staging: failure')]);
});

test('so is that of one of a set', async () => {
  const bench = await world();
  expect(await bench.finish(await bench.ask('deploy', search))).toMatchObject({ status: 'succeeded' });
  const before = await image(bench, 'search', 'production');
  bench.cluster.failNext('search-production', 'search', 'unready');
  const id = await bench.ask('deploy.promote', { services: 'search', from: 'staging', to: 'production' });
  await bench.until(id, running('search.rollout'));
  // What the catalog names now runs that very version, and is well.
  moveSearch(bench, 'production', 'search-staging');
  expect(await bench.finish(id)).toMatchObject({ status: 'failed', remains: [] });
  expect(await image(bench, 'search', 'production')).toBe(before);
  expect(await image(bench, 'search', 'staging')).toBe(fourth);
});

test('a version that was merged is followed where it was agreed to come', async () => {
  const bench = await world();
  const id = await bench.ask('deploy', checkout);
  await bench.until(id, running('merge'));
  editCatalog(bench, checkout, { namespace: 'checkout-production' });
  expect(await bench.finish(id)).toMatchObject({ status: 'succeeded' });
  expect(await image(bench, 'checkout', 'staging')).toBe('registry.acme.example/checkout:2.8.0');
});

const edits: readonly (readonly [string, Partial<ServiceEnvironment>])[] = [
  ['the order of its environments', { after: 'dev' }],
  ['its tier', { tier: 'production' }],
  ['its place', { namespace: 'elsewhere' }],
];

test.each(edits)(
  'a workflow that was started is followed to its end when %s is edited',
  async (_what, edit) => {
    const bench = await world();
    const id = await bench.ask('deploy', payments);
    await bench.until(id, running('run'));
    editCatalog(bench, payments, edit);
    expect(await bench.finish(id)).toMatchObject({ status: 'succeeded', remains: [] });
    const { github } = await bench.look();
    expect(github.deployments).toEqual([expect.stringContaining('payments v1.4.2 to staging: success')]);
    expect(github.runs.filter((run) => run.includes(id))).toEqual([
      expect.stringContaining('completed success'),
    ]);
  },
);

test('what is out already is out, wherever the next one goes', async () => {
  const bench = await world();
  const fault = { kind: 'status', status: 503 } as const;
  bench.faults.add({ box: 'github', operation: 'POST */deployments/*/statuses', fault });
  const id = await bench.ask('deploy', search);
  await bench.until(id, running('success'));
  moveSearch(bench, 'staging', 'search-production');
  bench.faults.clear();
  expect(await bench.finish(id)).toMatchObject({ status: 'succeeded' });
  const { github } = await bench.look();
  expect(github.deployments).toEqual([expect.stringContaining('search v0.9.4 to staging: success')]);
});
