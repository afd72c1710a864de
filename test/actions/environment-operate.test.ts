/** What a blueprint offers to do with a living environment: done, waited for, and taken back when it does not work. */
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { bring } from '../../src/actions/environment/create/bring.ts';
import { inverseOf, isInEffect } from '../../src/actions/environment/merge-patch.ts';
import type { StepContext } from '../../src/core/action.ts';
import type { Cluster, Manifest } from '../../src/core/cluster.ts';
import { hourMs, minuteMs } from '../../src/core/duration.ts';
import type { ProblemError } from '../../src/core/problem.ts';
import { catalog } from '../approvals/shipped.ts';
import { blueprintOf, configMap } from '../blueprints/blueprint.ts';
import { type Bench, benchWorld } from './bench-world.ts';
import { killedAfter } from './killed-after.ts';

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

test('a Job whose process is killed is run once, also when nobody goes on for two hours', async () => {
  let away = async () => {};
  const world = await benchWorld(killedAfter('environment.operate', 'operate', () => away()));
  onTestFinished(() => world.close());
  await world.finish(await world.ask('environment.create', { name: 'lab', ttl: '2d' }));
  away = async () => void (await world.clock.advance(2 * hourMs));
  world.calls();
  const id = await world.ask('environment.operate', { name: 'lab', operation: 'warm-up', values: {} });
  expect(await world.finish(id)).toMatchObject({ status: 'succeeded' });
  const applied = world.calls().filter((call) => call.isWrite && call.operation.includes('/jobs/warm-up'));
  expect(applied).toHaveLength(1);
});

test.each([
  ['that nothing removes, a day later', undefined, 24 * 60, 'applied'],
  ['before it can have been removed', 3_600, 59, 'applied'],
  ['that was removed while others of its step took their time', 60, 5, 'refused'],
  ['that may have run and have been removed', 3_600, 60, 'refused'],
])('a Job that is not there, and %s', async (_what, ttlSecondsAfterFinished, minutes, what) => {
  let done = 'refused';
  const apply = async () => {
    done = 'applied';
  };
  const cluster = { read: async () => undefined, apply } as Partial<Cluster> as Cluster;
  const job = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'seed', annotations: { 'greenlight.dev/applied': 'x' } },
  };
  const context = { now: minutes * minuteMs, stepStartedAt: 0 } as StepContext;
  await bring(
    cluster,
    { ...job, name: 'seed' },
    { ...job, spec: { ttlSecondsAfterFinished } },
    context,
  ).catch(({ problem }: ProblemError) =>
    expect(problem.sentence).toContain('nobody can tell whether it has run'),
  );
  expect(done).toBe(what);
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

test("a Secret that it would not make this time is in nobody's way", async () => {
  const own = blueprintOf(`resources:
${configMap('one')}operations:
  rotate:
    title: Rotate
    description: Notes something, and makes a key when that is wanted.
    inputs:
      type: object
      properties: { fresh: { type: boolean, title: Fresh, description: With a key., default: false } }
    resources:
      key:
        when: input.fresh
        generate: { password: 32 }
        manifest: { apiVersion: v1, kind: Secret, metadata: { name: key } }
      note:
        manifest:
          apiVersion: v1
          kind: ConfigMap
          metadata: { name: "note-\${operation.id}" }
          data: { a: b }
`);
  const blueprints = { ...catalog.blueprints, own };
  Object.assign(bench.context, { catalog: () => ({ ...catalog, blueprints }) });
  await bench.finish(await bench.ask('environment.create', { name: 'keys', blueprint: 'own' }));
  const rotate = async (fresh: boolean) => {
    const asked = { name: 'keys', operation: 'rotate', values: { fresh } };
    return (await bench.finish(await bench.ask('environment.operate', asked))).problem?.sentence;
  };
  expect(await rotate(true)).toBeUndefined();
  expect(await rotate(false)).toBeUndefined();
  expect(await rotate(true)).toContain('Secret key');
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
