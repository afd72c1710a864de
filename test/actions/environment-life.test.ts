/** The life of an environment on a cluster, on good days and bad ones. */
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { Answer } from '../../src/core/action.ts';
import type { Manifest } from '../../src/core/cluster.ts';
import { hourMs, minuteMs } from '../../src/core/duration.ts';
import { lifeOf } from '../../src/core/live-on.ts';
import type { PlatformRequest } from '../../src/core/request.ts';
import { dana, value } from '../desk/desk-world.ts';
import { type Bench, benchWorld } from './bench-world.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await benchWorld();
  onTestFinished(() => bench.close());
});

const name = 'pr-12';
const namespace = 'env-pr-12';
const cluster = () => bench.context.outside.cluster('sandbox');

async function run(verb: string, input: object = {}): Promise<PlatformRequest> {
  return bench.finish(await bench.ask(`environment.${verb}`, { name, ...input }));
}

async function make(input: object = {}): Promise<PlatformRequest> {
  const request = await run('create', { ttl: '2d', ...input });
  expect(request.problem).toBeUndefined();
  return request;
}

async function made(): Promise<PlatformRequest> {
  const [request] = await bench.context.store.list({ action: 'environment.create', limit: 1 });
  if (!request) throw new Error('nothing was made');
  return request;
}

async function shown(): Promise<Answer> {
  const origin = { surface: 'command' as const };
  return value(
    await bench.desk.answer({
      key: 'show',
      action: 'environment.show',
      input: { name },
      requester: dana,
      origin,
    }),
  );
}

const textOf = ({ sentence, sections }: Answer) =>
  [sentence, ...sections.flatMap((one) => [one.title, ...one.lines, ...one.fields.map((f) => f.value)])].join(
    '\n',
  );

/** Replicas by name, and whether the CronJobs run. */
async function numbers(): Promise<Record<string, unknown>> {
  const list = async (apiVersion: string, kind: string) => cluster().list({ apiVersion, kind, namespace });
  const specOf = (one: Manifest) => one.spec as { replicas?: number; suspend?: boolean };
  const [deployments, sets, jobs] = await Promise.all([
    list('apps/v1', 'Deployment'),
    list('apps/v1', 'StatefulSet'),
    list('batch/v1', 'CronJob'),
  ]);
  return Object.fromEntries([
    ...[...deployments, ...sets].map((one) => [one.metadata.name, specOf(one).replicas]),
    ...jobs.map((one) => [one.metadata.name, specOf(one).suspend ? 'suspended' : 'runs']),
  ]);
}

const pod = (app: string) => ({
  metadata: { labels: { app } },
  spec: { containers: [{ name: app, image: 'registry.acme.example/hello-web:1.0' }] },
});
const inside = (own: string) => ({ name: own, namespace });
const queue: Manifest = {
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: inside('queue'),
  spec: {
    replicas: 1,
    serviceName: 'queue',
    selector: { matchLabels: { app: 'queue' } },
    template: pod('queue'),
  },
};
const nightly: Manifest = {
  apiVersion: 'batch/v1',
  kind: 'CronJob',
  metadata: inside('nightly'),
  spec: {
    schedule: '0 3 * * *',
    jobTemplate: {
      spec: { template: { ...pod('nightly'), spec: { ...pod('nightly').spec, restartPolicy: 'Never' } } },
    },
  },
};
const scaleByHand = (replicas: number) =>
  cluster().merge({ apiVersion: 'apps/v1', kind: 'Deployment', ...inside('web') }, { spec: { replicas } });

describe('asleep', () => {
  test('nothing runs, and awake again everything does as before, whatever made it', async () => {
    await make({ cpu: 4, memoryGi: 8, replicas: 2 });
    await cluster().apply(queue);
    await cluster().apply(nightly);
    const before = await numbers();
    expect(before).toEqual({ web: 2, queue: 1, nightly: 'runs' });
    await run('sleep');
    expect(await numbers()).toEqual({ web: 0, queue: 0, nightly: 'suspended' });
    expect(await run('wake')).toMatchObject({ status: 'succeeded' });
    expect(await numbers()).toEqual(before);
    expect(lifeOf(await made()).spans.map(({ isAsleep, perHour }) => [isAsleep, perHour])).toEqual([
      [false, 228_000],
      [true, 22_800],
      [false, 228_000],
    ]);
  });

  test('it is shown as such, at its price, and waking it is offered first', async () => {
    await make();
    await run('sleep', { for: '12h' });
    await bench.clock.advance(hourMs);
    const answer = await shown();
    expect(answer).toMatchObject({
      mood: 'unknown',
      next: [{ commandLine: '/env wake pr-12' }, {}, {}, {}, {}],
    });
    expect(textOf(answer)).toMatch(/It sleeps for 1h, until .*22:00 CET[\s\S]*0\.27 EUR a day/);
  });

  test('its end can be moved with it, and comes all the same', async () => {
    const request = await make({ ttl: '8h' });
    const end = request.outputs?.environment?.expiresAt ?? 0;
    await run('sleep', { by: '1d' });
    expect((await made()).outputs?.environment?.expiresAt).toBe(end + 24 * hourMs);
    await bench.clock.advance(end + 24 * hourMs - bench.clock.now());
    await bench.until(request.id, ({ retiredBy }) => retiredBy !== undefined);
    expect(await cluster().read({ apiVersion: 'v1', kind: 'Namespace', name: namespace })).toBeUndefined();
  });

  test('twice is not possible, nor is waking what is awake', async () => {
    await make();
    expect(await run('wake')).toMatchObject({ status: 'failed', problem: { sentence: 'pr-12 is awake.' } });
    await run('sleep');
    expect(await run('sleep')).toMatchObject({ problem: { sentence: 'pr-12 sleeps already.' } });
  });
});

describe('on a bad day', () => {
  test('a cluster that refuses halfway leaves nothing asleep', async () => {
    await make();
    await cluster().apply(queue);
    bench.faults.add({
      box: 'cluster',
      operation: 'PATCH */statefulsets/*',
      fault: { kind: 'status', status: 403 },
    });
    const sleep = await run('sleep');
    bench.faults.clear();
    expect(sleep.status).toBe('failed');
    expect((await numbers()).web).toBe(1);
    expect(lifeOf(await made()).sleep).toBeUndefined();
  });

  test('a cluster that is away for a while only delays it', async () => {
    await make();
    bench.faults.add({
      box: 'cluster',
      operation: 'PATCH *',
      fault: { kind: 'status', status: 503 },
      times: 5,
    });
    expect((await run('sleep')).status).toBe('succeeded');
    expect(await numbers()).toEqual({ web: 0 });
  });

  test('what somebody scaled by hand while it slept keeps that number when it wakes', async () => {
    await make({ cpu: 4, memoryGi: 8 });
    await run('sleep');
    await scaleByHand(2);
    expect((await run('wake')).status).toBe('succeeded');
    expect(await numbers()).toEqual({ web: 2 });
  });

  test('a namespace that somebody removed is named as gone', async () => {
    await make();
    await cluster().remove({ apiVersion: 'v1', kind: 'Namespace', name: namespace }, {});
    await bench.clock.advance(minuteMs);
    expect(await run('sleep')).toMatchObject({
      status: 'failed',
      problem: { sentence: 'The environment "pr-12" is gone.' },
    });
  });

  test('a quota without room lets it sleep on, and is named', async () => {
    await make();
    await run('sleep');
    const quota = {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: inside('tight'),
      spec: { hard: { pods: '0' } },
    };
    await cluster().apply(quota);
    await bench.clock.advance(minuteMs);
    const wake = await run('wake');
    expect(wake).toMatchObject({ status: 'failed', remains: [] });
    expect(wake.problem?.sentence).toMatch(/quota/i);
    expect(await numbers()).toEqual({ web: 0 });
    expect(lifeOf(await made()).sleep).toBeDefined();
  });
});

describe('what was changed by hand', () => {
  test('is nothing right after it was made, nor after a sleep', async () => {
    await make();
    expect(textOf(await shown())).not.toContain('Changed by hand');
    await run('sleep');
    expect(textOf(await shown())).not.toContain('Changed by hand');
    await run('wake');
    expect(textOf(await shown())).not.toContain('Changed by hand');
  });

  test('is named by object and field, offered to be put back, and put back', async () => {
    await make({ cpu: 4, memoryGi: 8 });
    await scaleByHand(2);
    await cluster().remove({ apiVersion: 'v1', kind: 'Service', ...inside('web') }, {});
    const answer = await shown();
    expect(textOf(answer)).toMatch(/Changed by hand[\s\S]*Deployment web: spec\.replicas/);
    expect(textOf(answer)).toContain('Service web: it is gone');
    expect(answer.next[0]).toEqual({ label: 'Repair', commandLine: '/env repair pr-12' });
    expect((await run('repair')).status).toBe('succeeded');
    expect(await numbers()).toEqual({ web: 1 });
    expect(textOf(await shown())).not.toContain('Changed by hand');
  });

  test('since it was looked at is not agreed to: the repair is asked for anew', async () => {
    await make();
    const forecast = async () => {
      const origin = { surface: 'command' as const };
      const asked = { action: 'environment.repair', input: { name }, requester: dana, origin };
      return value(await bench.desk.forecast(asked)).preview.resolved;
    };
    const before = await forecast();
    await scaleByHand(3);
    expect(await forecast()).not.toEqual(before);
  });
});

describe('owners', () => {
  test('change with the rights, the labels and who pays', async () => {
    await make();
    expect((await run('handover', { team: 'payments' })).status).toBe('succeeded');
    const binding = await cluster().read({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      ...inside('team'),
    });
    const subjects = binding?.subjects as { name: string }[];
    expect(subjects.map((one) => one.name)).toEqual(['priya@acme.example', 'max@acme.example']);
    const found = await cluster().read({ apiVersion: 'v1', kind: 'Namespace', name: namespace });
    expect(found?.metadata.labels).toMatchObject({ 'greenlight.dev/team': 'payments' });
    expect(await made()).toMatchObject({
      target: { team: 'payments' },
      outputs: { environment: { team: 'payments' } },
    });
    expect(lifeOf(await made()).spans.map((one) => one.team)).toEqual(['checkout', 'payments']);
  });

  const adopt = (input: object) =>
    bench.desk.submit({
      key: JSON.stringify(input),
      action: 'environment.adopt',
      input: { ttl: '2d', ...input },
      requester: dana,
      origin: { surface: 'command' },
    });

  test.each([
    ['kube-system', 'for itself'],
    ['default', 'for itself'],
    ['payments-staging', 'The service payments runs in'],
    ['env-pr-12', 'has an owner already'],
  ])('are not given to %s', async (adopted, why) => {
    await make();
    const asked = await adopt({ name: adopted });
    expect(!asked.ok && asked.problem.sentence).toContain(why);
  });

  test('are given to a namespace that was made by hand, which then has an end and goes', async () => {
    const adopted = await bench.finish(
      await bench.ask('environment.adopt', { name: 'checkout-trial', ttl: '1h' }),
    );
    expect(adopted.outputs?.environment).toMatchObject({ name: 'checkout-trial', team: 'checkout' });
    await bench.clock.advance(hourMs);
    await bench.until(adopted.id, ({ retiredBy }) => retiredBy !== undefined);
    const ref = { apiVersion: 'v1', kind: 'Namespace', name: 'checkout-trial' };
    expect(await cluster().read(ref)).toBeUndefined();
  });

  test('are not taken from whoever manages a namespace', async () => {
    const labels = { 'app.kubernetes.io/managed-by': 'Helm' };
    await cluster().create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'charted', labels } });
    const asked = await bench.finish(await bench.ask('environment.adopt', { name: 'charted' }));
    expect(asked.problem?.sentence).toBe('The namespace charted is managed by Helm.');
  });
});

describe('a clone', () => {
  test('is a creation with the same values, under another name', async () => {
    const original = await make({ cpu: 3, replicas: 2 });
    const clone = await run('clone', { as: 'pr-13', ttl: '4h' });
    expect(clone).toMatchObject({
      status: 'succeeded',
      action: 'environment.create',
      target: { name: 'pr-13' },
    });
    expect(clone.input).toEqual({ ...original.input, name: 'pr-13', ttl: '4h', team: 'checkout' });
  });

  test('is refused when its blueprint has gone, and says so', async () => {
    await make();
    const { catalog } = bench.context;
    Object.assign(bench.context, { catalog: () => ({ ...catalog(), blueprints: {} }) });
    const asked = await bench.desk.submit({
      key: 'clone',
      action: 'environment.clone',
      input: { name, as: 'pr-13' },
      requester: dana,
      origin: { surface: 'command' },
    });
    expect(!asked.ok && asked.problem.sentence).toBe(
      'pr-12 cannot be cloned: no blueprint of the catalog made it.',
    );
  });
});

test('what is kept ends as far away as the catalog says, and nothing less when it ended later anyway', async () => {
  await make();
  const keep = await run('keep');
  const end = (await made()).outputs?.environment?.expiresAt;
  expect(end).toBe((keep.steps[0]?.startedAt ?? 0) + 30 * 24 * hourMs);
  expect(lifeOf(await made()).keptBy).toBe(keep.id);
});

test('the cost of a month comes as a sentence, as lines and as a file', async () => {
  await make({ ttl: '7d' });
  await bench.clock.advance(10 * hourMs);
  await run('sleep');
  await bench.clock.advance(10 * hourMs);
  const origin = { surface: 'command' as const };
  const ask = { key: 'cost', action: 'environment.cost', input: {}, requester: dana, origin };
  const answer = value(await bench.desk.answer(ask));
  expect(answer.sentence).toBe('In 2026-11 environments have cost 1.25 EUR. The file has each of them.');
  expect(answer.sections[0]?.lines).toEqual([
    '• Checkout team: 1.25 EUR, 1 environment, awake 10h, asleep 10h',
  ]);
  expect(answer.files?.[0]?.name).toBe('environments-2026-11.csv');
  expect(answer.files?.[0]?.content).toContain(
    '2026-11,checkout,web-service,pr-12,REQ-1,Dana,10.00,10.00,1.25,EUR',
  );
});
