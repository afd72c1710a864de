/** The life of an environment on a cluster, on good days. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { ReadAction } from '../../src/core/action.ts';
import { hourMs } from '../../src/core/duration.ts';
import { requestIdOf } from '../../src/core/ids.ts';
import { lifeOf } from '../../src/core/live-on.ts';
import type { RequestQuery } from '../../src/core/store.ts';
import { dana, value } from '../desk/desk-world.ts';
import { readingIn, shipped } from './bench-world.ts';
import { inside, type LifeWorld, lifeWorld, name, namespace, nightly, queue, textOf } from './life-world.ts';

let world: LifeWorld;
beforeEach(async () => {
  world = await lifeWorld();
});

describe('asleep', () => {
  test('nothing runs, and awake again everything does as before, whatever made it', async () => {
    await world.make({ cpu: 4, memoryGi: 8, replicas: 2 });
    await world.cluster.apply(queue);
    await world.cluster.apply(nightly);
    const before = await world.numbers();
    expect(before).toEqual({ web: 2, queue: 1, nightly: 'runs' });
    await world.run('sleep');
    expect(await world.numbers()).toEqual({ web: 0, queue: 0, nightly: 'suspended' });
    expect(await world.run('wake')).toMatchObject({ status: 'succeeded' });
    expect(await world.numbers()).toEqual(before);
    expect(lifeOf(await world.made()).spans.map(({ isAsleep, perHour }) => [isAsleep, perHour])).toEqual([
      [false, 228_000],
      [true, 22_800],
      [false, 228_000],
    ]);
  });

  test('it is shown as such, at its price, and waking it is offered first', async () => {
    await world.make();
    await world.run('sleep', { for: '12h' });
    await world.bench.clock.advance(hourMs);
    const answer = await world.shown();
    expect(answer).toMatchObject({
      next: [{ commandLine: '/env wake pr-12' }, {}, {}],
    });
    expect(textOf(answer)).toMatch(/It sleeps for 1h, until .*22:00 CET[\s\S]*0\.27 EUR a day/);
  });

  test('its end can be moved with it, and comes all the same', async () => {
    const request = await world.make({ ttl: '8h' });
    const end = request.outputs?.environment?.expiresAt ?? 0;
    await world.run('sleep', { by: '1d' });
    expect((await world.made()).outputs?.environment?.expiresAt).toBe(end + 24 * hourMs);
    await world.bench.clock.advance(end + 24 * hourMs - world.bench.clock.now());
    await world.bench.until(request.id, ({ retiredBy }) => retiredBy !== undefined);
    expect(
      await world.cluster.read({ apiVersion: 'v1', kind: 'Namespace', name: namespace }),
    ).toBeUndefined();
  });

  test('twice is not possible, nor is waking what is awake', async () => {
    await world.make();
    expect(await world.run('wake')).toMatchObject({
      status: 'failed',
      problem: { sentence: 'pr-12 is awake already.' },
    });
    await world.run('sleep');
    expect(await world.run('sleep')).toMatchObject({ problem: { sentence: 'pr-12 sleeps already.' } });
  });
});

describe('what was changed by hand', () => {
  test('is nothing right after it was made, nor after a sleep', async () => {
    await world.make();
    expect(textOf(await world.shown())).not.toContain('Changed by hand');
    await world.run('sleep');
    expect(textOf(await world.shown())).not.toContain('Changed by hand');
    await world.run('wake');
    expect(textOf(await world.shown())).not.toContain('Changed by hand');
  });

  test('is named by object and field, offered to be put back, and put back', async () => {
    await world.make({ cpu: 4, memoryGi: 8 });
    await world.scaleByHand(2);
    await world.cluster.remove({ apiVersion: 'v1', kind: 'Service', ...inside('web') }, {});
    const answer = await world.shown();
    expect(textOf(answer)).toMatch(/Changed by hand[\s\S]*Deployment web: spec\.replicas/);
    expect(textOf(answer)).toContain('Service web: it is gone');
    expect(answer.next[0]).toEqual({ label: 'Repair', commandLine: '/env repair pr-12' });
    expect((await world.run('repair')).status).toBe('succeeded');
    expect(await world.numbers()).toEqual({ web: 1 });
    expect(textOf(await world.shown())).not.toContain('Changed by hand');
  });

  test('since it was looked at is not agreed to: the repair is asked for anew', async () => {
    await world.make();
    const forecast = async () => {
      const origin = { surface: 'command' as const };
      const asked = { action: 'environment.repair', input: { name }, requester: dana, origin };
      return value(await world.bench.desk.forecast(asked)).preview.resolved;
    };
    const before = await forecast();
    await world.scaleByHand(3);
    expect(await forecast()).not.toEqual(before);
  });
});

describe('owners', () => {
  test('change with the rights, the labels and who pays', async () => {
    await world.make();
    expect((await world.run('handover', { team: 'payments' })).status).toBe('succeeded');
    const binding = await world.cluster.read({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      ...inside('team'),
    });
    const subjects = binding?.subjects as { name: string }[];
    expect(subjects.map((one) => one.name)).toEqual(['max@acme.example', 'priya@acme.example']);
    const found = await world.cluster.read({ apiVersion: 'v1', kind: 'Namespace', name: namespace });
    expect(found?.metadata.labels).toMatchObject({ 'greenlight.dev/team': 'payments' });
    expect(await world.made()).toMatchObject({
      target: { team: 'payments' },
      outputs: { environment: { team: 'payments' } },
    });
    expect(lifeOf(await world.made()).spans.map((one) => one.team)).toEqual(['checkout', 'payments']);
  });

  const adopt = (input: object) =>
    world.bench.desk.submit({
      key: JSON.stringify(input),
      action: 'environment.adopt',
      input: { ttl: '2d', ...input },
      requester: dana,
      origin: { surface: 'command' },
    });

  test('are not given to what the cluster needs, what a service runs in, or what has one', async () => {
    await world.make();
    for (const [adopted, why] of [
      ['kube-system', 'for itself'],
      ['default', 'for itself'],
      ['payments-staging', 'The service payments runs in'],
      ['env-pr-12', 'has an owner already'],
    ]) {
      const asked = await adopt({ name: adopted });
      expect(!asked.ok && asked.problem.sentence).toContain(why);
    }
  });

  test('are given to a namespace that was made by hand, which then has an end and goes', async () => {
    const adopted = await world.bench.finish(
      await world.bench.ask('environment.adopt', { name: 'checkout-trial', ttl: '1h' }),
    );
    expect(adopted.outputs?.environment).toMatchObject({ name: 'checkout-trial', team: 'checkout' });
    await world.bench.clock.advance(hourMs);
    await world.bench.until(adopted.id, ({ retiredBy }) => retiredBy !== undefined);
    const ref = { apiVersion: 'v1', kind: 'Namespace', name: 'checkout-trial' };
    expect(await world.cluster.read(ref)).toBeUndefined();
  });

  test('are not taken from whoever manages a namespace', async () => {
    const labels = { 'app.kubernetes.io/managed-by': 'Helm' };
    await world.cluster.create({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'charted', labels },
    });
    const asked = await world.bench.finish(await world.bench.ask('environment.adopt', { name: 'charted' }));
    expect(asked.problem?.sentence).toBe('The namespace charted is managed by Helm.');
  });
});

describe('a clone', () => {
  test('is a creation with the same values, under another name', async () => {
    const original = await world.make({ cpu: 3, replicas: 2 });
    const clone = await world.run('clone', { as: 'pr-13', ttl: '4h' });
    expect(clone).toMatchObject({
      status: 'succeeded',
      action: 'environment.create',
      target: { name: 'pr-13' },
      askedAs: { action: 'environment.clone', input: { name: 'pr-12', as: 'pr-13' } },
    });
    expect(clone.input).toEqual({ ...original.input, name: 'pr-13', ttl: '4h', team: 'checkout' });
  });

  test('is refused when its blueprint has gone, and says so', async () => {
    await world.make();
    const { catalog } = world.bench.context;
    Object.assign(world.bench.context, { catalog: () => ({ ...catalog(), blueprints: {} }) });
    const asked = await world.bench.desk.submit({
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
  await world.make();
  const keep = await world.run('keep');
  const end = (await world.made()).outputs?.environment?.expiresAt;
  expect(end).toBe((keep.steps[0]?.startedAt ?? 0) + 30 * 24 * hourMs);
  expect(lifeOf(await world.made()).keptBy).toBe(keep.id);
});

test('the cost counts every environment, however many there were', async () => {
  await world.make({ ttl: '1h' });
  const one = await world.made();
  const made = Array.from({ length: 2_500 }, (_, index) => ({ ...one, id: requestIdOf(2_500 - index) }));
  const asked: RequestQuery[] = [];
  const answer = await (shipped.get('environment.cost') as ReadAction).answer(
    { month: 'all', by: 'team' },
    {
      ...readingIn(world.bench),
      requests: async (query) => {
        asked.push(query);
        const from = query.before === undefined ? 0 : made.findIndex(({ id }) => id === query.before) + 1;
        return query.livedSince === undefined ? [] : made.slice(from, from + query.limit);
      },
    },
  );
  expect(answer.sections[0]?.lines[0]).toContain('2500 environments');
  expect(asked.filter(({ livedSince }) => livedSince !== undefined)).toHaveLength(3);
});

test('the cost of a month comes as a sentence, as lines and as a file', async () => {
  await world.make({ ttl: '7d' });
  await world.bench.clock.advance(10 * hourMs);
  await world.run('sleep');
  await world.bench.clock.advance(10 * hourMs);
  const origin = { surface: 'command' as const };
  const ask = { key: 'cost', action: 'environment.cost', input: {}, requester: dana, origin };
  const answer = value(await world.bench.desk.answer(ask));
  expect(answer.sentence).toBe('In 2026-11 environments have cost 1.25 EUR. The file has each of them.');
  expect(answer.sections[0]?.lines).toEqual([
    '• Checkout team: 1.25 EUR, 1 environment, awake 10h, asleep 10h',
  ]);
  expect(answer.files?.[0]?.name).toBe('environments-2026-11.csv');
  expect(answer.files?.[0]?.content).toContain(
    '2026-11,checkout,web-service,pr-12,REQ-1,Dana,10.00,10.00,1.25,EUR',
  );
});
