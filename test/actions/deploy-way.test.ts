/** A deploy goes the way that was agreed to, or not on: the catalog may be edited while it runs. */
import { expect, test } from 'vitest';
import { image, moveSearch, noteOf, running, world } from './deploy-world.ts';

const search = { service: 'search', version: 'v0.9.4', environment: 'staging' };
const moved = 'The catalog has changed how or where search is deployed while this was running.';

test('a place that is another one in mid-run is not looked at instead, and what is left in the former one is named', async () => {
  const bench = await world();
  bench.cluster.failNext('search-staging', 'search', 'unready');
  const id = await bench.ask('deploy', search);
  await bench.until(id, running('rollout'));
  const production = await image(bench, 'search', 'production');
  moveSearch(bench, 'staging', 'search-production');
  const failed = await bench.finish(id);
  expect(failed).toMatchObject({
    status: 'failed',
    remains: ['Image set'],
    problem: { code: 'plan_changed' },
  });
  expect(failed.problem?.sentence).toBe(moved);
  expect(noteOf(failed, 'image')).toContain(moved);
  expect(await image(bench, 'search', 'staging')).toBe('registry.acme.example/search:0.9.4');
  expect(await image(bench, 'search', 'production')).toBe(production);
  const { github } = await bench.look();
  expect(github.deployments).toEqual([expect.stringContaining('search v0.9.4 to staging: failure')]);
});

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
