/** An environment goes to the cluster that was agreed to, whatever the catalog says meanwhile. */
import { expect, onTestFinished, test } from 'vitest';
import type { Catalog } from '../../src/core/catalog.ts';
import { catalog, shippedPolicy } from '../approvals/shipped.ts';
import { dana, lee } from '../desk/desk-world.ts';
import { benchWorld } from './bench-world.ts';

/** Two clusters; the catalog says `sandbox` until `move`, and `other` from then on. */
async function twoClusters() {
  const [bench, second] = await Promise.all([benchWorld(), benchWorld()]);
  onTestFinished(async () => {
    await Promise.all([bench.close(), second.close()]);
  });
  const { outside } = bench.context;
  const clusters = { sandbox: outside.cluster('sandbox'), other: second.context.outside.cluster('sandbox') };
  Object.assign(outside, { cluster: (name: keyof typeof clusters) => clusters[name] });
  const moved: Catalog = { ...catalog, environments: { ...catalog.environments, cluster: 'other' } };
  const move = () => Object.assign(bench.context, { catalog: () => moved });
  return { bench, second, move };
}

const namespace = (name: string) => ({ apiVersion: 'v1', kind: 'Namespace', name });

test('an environment that is being made when the catalog names another cluster is made where it began', async () => {
  const { bench, second, move } = await twoClusters();
  const id = await bench.ask('environment.create', { name: 'pr-9', ttl: '2d' });
  await bench.until(id, ({ steps }) => steps.some((one) => one.id === 'make-web' && one.note !== undefined));
  move();
  const { status, outputs } = await bench.finish(id);
  expect(status).toBe('succeeded');
  expect(outputs?.environment?.cluster).toBe('sandbox');
  expect(await second.hand.read(namespace('env-pr-9'))).toBeUndefined();
});

test('what is taken back is looked for in the cluster where it was made', async () => {
  const { bench, move } = await twoClusters();
  bench.cluster.failNext('env-pr-9', 'web', 'unready');
  const id = await bench.ask('environment.create', { name: 'pr-9', ttl: '2d' });
  await bench.until(id, ({ steps }) => steps.some((one) => one.id === 'make-web' && one.note !== undefined));
  move();
  const { status, problem } = await bench.finish(id);
  expect(status).toBe('failed');
  expect(problem?.sentence).toContain('web did not become ready');
  expect(await bench.hand.read(namespace('env-pr-9'))).toBeUndefined();
});

test('an approval for one cluster is none for another', async () => {
  const { bench, move } = await twoClusters();
  const { directory } = bench.context;
  Object.assign(bench.context, {
    policy: () => shippedPolicy,
    directory: { ...directory, person: async (id: string) => [dana, lee].find((one) => one.id === id) },
  });
  const id = await bench.ask('environment.create', { name: 'pr-5', ttl: '8h', cpu: 8 });
  const { digest = '' } = await bench.until(id, ({ status }) => status === 'waiting');
  move();
  const answer = await bench.desk.review({ id, decision: 'approve', by: lee, digest });
  expect(answer).toMatchObject({
    ok: false,
    problem: { sentence: 'REQ-1 has changed since this card was drawn.' },
  });
});

test('an adopted namespace is where it was agreed to be', async () => {
  const { bench, move } = await twoClusters();
  await bench.hand.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'trial' } });
  bench.faults.add({ box: 'cluster', operation: 'PATCH *', fault: { kind: 'status', status: 503 } });
  const id = await bench.ask('environment.adopt', { name: 'trial' });
  await bench.until(id, ({ steps }) => steps.some(({ state }) => state === 'done'));
  move();
  bench.faults.clear();
  const { outputs, problem } = await bench.finish(id);
  expect(problem?.sentence).toBeUndefined();
  expect(outputs?.environment?.cluster).toBe('sandbox');
});
