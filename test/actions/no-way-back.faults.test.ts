/** What cannot be taken back is said so, and what was lost on the way is still found. */
import { expect, onTestFinished, test } from 'vitest';
import { minuteMs } from '../../src/core/duration.ts';
import { dana, value } from '../desk/desk-world.ts';
import { type Bench, benchWorld } from './bench-world.ts';

async function world(): Promise<Bench> {
  const bench = await benchWorld();
  onTestFinished(() => bench.close());
  return bench;
}

const staging = { service: 'payments', version: 'v1.4.2', environment: 'staging' };
const statuses = { box: 'github', operation: 'POST */deployments/*/statuses' } as const;
const runs = { box: 'github', operation: 'GET */actions/workflows/*/runs' } as const;
const down = { kind: 'status', status: 503 } as const;
const stateOf =
  (step: string, state: string) => (request: { steps: readonly { id: string; state: string }[] }) =>
    request.steps.some((one) => one.id === step && one.state === state);

test('a deploy whose record GitHub never takes is a deploy all the same, and says so', async () => {
  const bench = await world();
  bench.faults.add({ ...statuses, fault: down });
  const deployed = await bench.finish(await bench.ask('deploy', staging));
  expect(deployed.status).toBe('succeeded');
  expect(deployed.steps.at(-1)?.note).toContain('GitHub did not take the record');
});

test('cancelled when the version is out already, a deploy is not called taken back', async () => {
  const bench = await world();
  bench.faults.add({ ...statuses, fault: down });
  const id = await bench.ask('deploy', staging);
  await bench.until(id, stateOf('success', 'running'));
  bench.faults.clear();
  value(await bench.desk.cancel(id, dana));
  expect(await bench.finish(id)).toMatchObject({ status: 'failed', remains: ['Workflow started'] });
  const { github } = await bench.look();
  expect(github.deployments).toEqual(['payments v1.4.2 to staging: success']);
});

test('a run whose dispatch was never answered is found and cancelled after a long outage', async () => {
  const bench = await world();
  bench.github.holdNextRun();
  bench.faults.add({
    box: 'github',
    operation: 'POST */dispatches',
    fault: { kind: 'lost-response' },
    times: 1,
  });
  bench.faults.add({ ...runs, fault: { ...down, retryAfterSeconds: 600 } });
  const id = await bench.ask('deploy', staging);
  const startedAt = bench.clock.now();
  await bench.until(id, (request) => request.status === 'undoing');
  expect(bench.clock.now() - startedAt).toBeGreaterThanOrEqual(15 * minuteMs);
  bench.faults.clear();
  expect(await bench.finish(id)).toMatchObject({ status: 'failed', remains: [] });
  const { github } = await bench.look();
  expect(github.runs.filter((run) => run.includes('REQ-1'))).toEqual([
    expect.stringContaining(': completed cancelled'),
  ]);
  expect(github.deployments).toEqual(['payments v1.4.2 to staging: failure']);
});

test('cancelled when an environment has begun to go, its removal is not called taken back', async () => {
  const bench = await world();
  await bench.finish(await bench.ask('environment.create', { name: 'pr-12' }));
  bench.cluster.stuckFinalizer({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    namespace: 'env-pr-12',
    name: 'connection',
  });
  const id = await bench.ask('environment.destroy', { name: 'pr-12' });
  await bench.until(id, (request) => request.steps.at(-1)?.note !== undefined);
  value(await bench.desk.cancel(id, dana));
  const cancelled = await bench.finish(id);
  expect(cancelled).toMatchObject({ status: 'failed', remains: ['Namespace'] });
  expect(cancelled.steps.at(-1)?.note).toContain('cannot be taken back');
});

test('of two requests for one name at the same moment one makes it, and the other leaves that alone', async () => {
  const bench = await world();
  const asked = [
    await bench.ask('environment.create', { name: 'pr-12' }),
    await bench.ask('environment.create', { name: 'pr-12' }),
  ];
  const ended = await Promise.all(asked.map((id) => bench.finish(id)));
  const winner = ended.find((one) => one.status === 'succeeded');
  const loser = ended.find((one) => one.status === 'failed');
  expect(loser).toMatchObject({ problem: { code: 'conflict' }, remains: [] });
  const { cluster } = await bench.look();
  expect(cluster['namespaces /env-pr-12']).toMatchObject({
    isGoing: false,
    labels: { 'greenlight.dev/request': expect.stringContaining(`${winner?.id}-`) },
  });
});
