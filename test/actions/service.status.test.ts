import { expect, test, vi } from 'vitest';
import status from '../../src/actions/service.status.ts';
import type { RequestId } from '../../src/core/ids.ts';
import { lockKeyOf } from '../../src/core/lock-key.ts';
import { ProblemError, problem } from '../../src/core/problem.ts';
import { catalog } from '../approvals/shipped.ts';
import { bentView, serviceWorld, someone } from './service-world.ts';

test('an environment is asked about with its own tier, all of them with that of the most careful one', () => {
  const known = { catalog, requesterGroups: [], environments: [], now: 0 };
  const tierOf = (input: Record<string, unknown>) => {
    const target = status.target(status.input.parse(input), known);
    return target.ok ? target.value.tier : target.problem.sentence;
  };
  expect(tierOf({ service: 'payments', environment: 'staging' })).toBe('staging');
  expect(tierOf({ service: 'payments', environment: 'production' })).toBe('production');
  expect(tierOf({ service: 'payments' })).toBe('production');
});

test('of something ill the next question is for its logs', async () => {
  const { answer } = await serviceWorld();
  const found = await answer(status, { service: 'search' });
  expect(found).toMatchObject({
    mood: 'bad',
    next: [{ commandLine: '/svc logs search staging' }, { commandLine: '/svc watch search' }, {}],
  });
});

test('a GitHub that does not answer is not taken for one that knows of no deploy', async () => {
  const { answer, outside } = await serviceWorld();
  outside.forge = {
    deployments: () => Promise.reject(new ProblemError(problem('busy', 'GitHub rests.', 'Wait.'))),
  };
  const found = await answer(status, { service: 'payments', environment: 'staging' });
  expect(found.sections[0]?.fields.at(-1)).toEqual({
    label: 'Last deploy',
    value: 'cannot be told: GitHub rests.',
  });
});

test('a cluster that does not answer is said where the health would stand', async () => {
  const { answer, outside } = await serviceWorld();
  const away = () => Promise.reject(new ProblemError(problem('outside_unavailable', 'It is away.', 'Wait.')));
  outside.cluster = bentView(outside.cluster, () => ({ workload: away, warnings: away }));
  const found = await answer(status, { service: 'payments' });
  expect(found).toMatchObject({ mood: 'unknown' });
  expect(found.sections.map((part) => part.title)).toEqual([
    'staging: cannot be told: It is away.',
    'production: cannot be told: It is away.',
    'Who and what else',
  ]);
});

test('it says who owns it, who is on call, what it needs, and how old this is', async () => {
  const world = await serviceWorld();
  const { payments } = world.catalog.services;
  if (!payments) throw new Error('payments left the catalog');
  const dependent = {
    ...payments,
    description: 'Takes the money.',
    dependsOn: ['search', 'checkout', 'nothing'],
    links: [{ title: 'Runbook', url: 'https://wiki.acme.example/payments' }],
  };
  world.catalog = { ...world.catalog, services: { ...world.catalog.services, payments: dependent } };
  const found = await world.answer(status, { service: 'payments', environment: 'production' });
  expect(found.footnote).toBe('As of now.');
  expect(found.links.at(-1)?.label).toBe('Runbook');
  expect(found.sections.at(-1)).toMatchObject({
    fields: [
      { label: 'Owned by', value: 'Payments team (priya and max)' },
      { label: 'On call', value: 'sam' },
    ],
    lines: [
      'Takes the money.',
      'Depends on search: staging CrashLoopBackOff: the container search exits with code 1.',
      'Depends on checkout: healthy.',
      'Depends on nothing, which the catalog does not know.',
    ],
  });
});

test('versions that differ are named, a rollout says how far it is, a pause since when', async () => {
  const { answer, cluster, clock } = await serviceWorld();
  expect((await answer(status, { service: 'payments' })).sentence).toBe(
    'payments is healthy in staging and production, on 2 versions: staging 1.4.1 and production 1.4.0.',
  );
  await cluster.pause('payments-production', 'payments', true);
  await clock.advance(1_000);
  await cluster.restart('payments-production', 'payments', clock.now());
  await clock.advance(120_000);
  await vi.waitFor(async () => {
    const found = await answer(status, { service: 'payments', environment: 'production' });
    const replicas = found.sections[0]?.fields.find((field) => field.label === 'Replicas')?.value;
    expect(replicas).toBe('3 of 3 ready, 0 of 3 new');
    expect(found.sections[0]?.lines[0]).toMatch(/^Its rollout is paused for 2m/);
  });
});

test('a cluster that went away is told with the moment from which this is, in the zone of whoever reads', async () => {
  const { answer, clock, box } = await serviceWorld();
  await answer(status, { service: 'payments' });
  await box.stop();
  await clock.advance(120_000);
  const found = await answer(
    status,
    { service: 'payments' },
    { ...someone('Sam'), timeZone: 'Europe/Berlin' },
  );
  expect(found.mood).toBe('good');
  expect(found.footnote).toBe(
    'The cluster sandbox refuses connections. It has not answered for 2m: this is as of 10:00.',
  );
});

test('somebody whom the cluster does not know sees why where the health would stand', async () => {
  const world = await serviceWorld();
  world.outside.cluster = world.impersonating();
  const found = await world.answer(
    status,
    { service: 'payments', environment: 'staging' },
    someone('Nobody'),
  );
  expect(found.sections[0]?.title).toMatch(
    /^staging: cannot be told: Greenlight has no right to impersonate users in the cluster sandbox/,
  );
});

test('whoever has it for themselves is named, and how many wait', async () => {
  const world = await serviceWorld();
  const order = { holder: someone('Priya'), over: [], requestId: 'REQ-7' as RequestId };
  const keys = [lockKeyOf('payments', undefined)];
  const since = world.clock.now() - 3_600_000;
  world.locks = {
    held: [{ ...order, keys, kind: 'person', fence: 1, reason: 'moving its database', since }],
    waiting: [{ ...order, keys, kind: 'run', place: 2, since }],
  };
  const found = await world.answer(status, { service: 'payments', environment: 'staging' });
  expect(found.sections[0]?.lines).toEqual([
    '🔒 all of payments locked by Priya for 1h: moving its database',
    '1 request waits for it.',
  ]);
  world.locks = { held: [{ kind: 'unreadable', requestId: order.requestId, keys }], waiting: [] };
  const unread = await world.answer(status, { service: 'payments', environment: 'staging' });
  expect(unread.sections[0]?.lines).toEqual(['A lock of it (REQ-7) cannot be read: nothing starts there.']);
});
