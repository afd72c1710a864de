/** What a blueprint offers to do with a living environment: done, waited for, and taken back when it does not work. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inverseOf, isInEffect } from '../../src/actions/environment/merge-patch.ts';
import type { Manifest } from '../../src/core/cluster.ts';
import { type Bench, benchWorld } from './bench-world.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await benchWorld();
  const made = await bench.finish(await bench.ask('environment.create', { name: 'shop' }));
  expect(made.status).toBe('succeeded');
});
afterAll(() => bench.close());

const web = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', namespace: 'env-shop' };

async function image(): Promise<unknown> {
  const found = await bench.context.outside.cluster('sandbox').read(web);
  type Deployment = Manifest & { spec: { template: { spec: { containers: { image: string }[] } } } };
  return (found as Deployment).spec.template.spec.containers[0]?.image;
}

const operate = async (operation: string, values = {}) =>
  bench.finish(await bench.ask('environment.operate', { name: 'shop', operation, values }));

test('an image is changed and waited for', async () => {
  const done = await operate('image', { image: 'registry.acme.example/hello-web:1.1' });
  expect(done).toMatchObject({ status: 'succeeded' });
  expect(await image()).toBe('registry.acme.example/hello-web:1.1');
});

test('a Job is run anew at each request', async () => {
  const before = await operate('warm-up');
  const after = await operate('warm-up');
  expect([before.status, after.status]).toEqual(['succeeded', 'succeeded']);
  for (const { id } of [before, after]) {
    const job = { apiVersion: 'batch/v1', kind: 'Job', name: `warm-up-${id.toLowerCase()}` };
    expect(
      await bench.context.outside.cluster('sandbox').read({ ...job, namespace: 'env-shop' }),
    ).toBeDefined();
  }
});

test('what does not work is put back as it was', async () => {
  const before = await image();
  bench.cluster.failNext('env-shop', 'web', 'imagepull');
  const done = await operate('image', { image: 'registry.acme.example/hello-web:9.9' });
  expect(done).toMatchObject({
    status: 'failed',
    remains: [],
    problem: { sentence: expect.stringContaining('hello-web:9.9') },
  });
  expect(await image()).toBe(before);
  bench.cluster.stopFailing('env-shop', 'web');
});

test('what the blueprint does not offer, or does not take, is refused at its field', async () => {
  await expect(operate('imge')).rejects.toThrow(/has no operation .*imge.*Did you mean .*image/);
  await expect(operate('image', { image: 'evil.example/x:1' })).rejects.toThrow(/values\.image/);
  await expect(operate('image', {})).rejects.toThrow(/values\.image/);
});

test('a merge patch knows when it is in effect, and its own way back', () => {
  const found = { spec: { replicas: 1, list: [{ a: 1, filledIn: true }], keep: 'x' } };
  const patch = { spec: { replicas: 2, list: [{ a: 1 }], fresh: { deep: true } } };
  expect(isInEffect(found, patch)).toBe(false);
  expect(isInEffect({ spec: { ...found.spec, replicas: 2, fresh: { deep: true, more: 1 } } }, patch)).toBe(
    true,
  );
  expect(isInEffect({ a: 1 }, { b: null })).toBe(true);
  expect(inverseOf(found, patch)).toEqual({
    spec: { replicas: 1, list: [{ a: 1, filledIn: true }], fresh: null },
  });
});
