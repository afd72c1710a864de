import { expect, test } from 'vitest';
import where from '../../src/actions/deploy.where.ts';
import overview from '../../src/actions/service.overview.ts';
import { ProblemError, problem } from '../../src/core/problem.ts';
import { bentView, serviceWorld, someone } from './service-world.ts';

const day = 86_400_000;
const away = new ProblemError(
  problem('outside_unavailable', 'The cluster sandbox does not answer.', 'Wait.'),
);

test('SRE see all services, what is not well first, one line each', async () => {
  const { answer, outside, clock } = await serviceWorld();
  outside.forge = {
    deployments: async (_repository, environment) => [
      {
        ...{ id: 1, sha: 'c', environment, state: 'success', url: '' },
        ...{ ref: 'v1', by: 'priya-nair', at: clock.now() - (environment === 'staging' ? 2 : 9) * day },
      },
    ],
  };
  const found = await answer(overview, {}, someone('Sam'));
  expect(found).toMatchObject({
    title: 'All services',
    mood: 'bad',
    sentence: 'Of 3 services, search is not well.',
    next: [{ label: 'Look at search', commandLine: '/svc search' }],
  });
  expect(found.sections.map((part) => [part.title, part.lines])).toEqual([
    [
      'Not well',
      [
        '• search: staging 0.9.4-crash CrashLoopBackOff: the container search exits with code 1 · production 0.9.3 healthy; versions differ; last deploy v1 by priya-nair, 2d ago',
      ],
    ],
    [
      'Healthy',
      [
        '• payments: staging 1.4.1 healthy · production 1.4.0 healthy; versions differ; last deploy v1 by priya-nair, 2d ago',
        '• checkout: staging 2.7.1 healthy · production 2.7.0 healthy; versions differ; last deploy v1 by priya-nair, 2d ago',
      ],
    ],
  ]);
});

test('owners see their own', async () => {
  const { answer } = await serviceWorld();
  const found = await answer(overview, {}, someone('Priya'));
  expect(found).toMatchObject({ title: 'My services', mood: 'good', sentence: 'It is well.', next: [] });
  expect(found.sections.flatMap((part) => part.lines)).toEqual([
    '• payments: staging 1.4.1 healthy · production 1.4.0 healthy; versions differ; last deploy none that GitHub knows of',
  ]);
});

test('whoever owns none sees all', async () => {
  const { answer } = await serviceWorld();
  expect((await answer(overview, {}, someone('Lee'))).title).toBe('All services');
});

test('what cannot be told is named, and the rest is told all the same', async () => {
  const { answer, outside, cluster } = await serviceWorld();
  outside.cluster = bentView(cluster, (view) => ({
    workload: (namespace, name) =>
      namespace === 'checkout-production' ? Promise.reject(away) : view.workload(namespace, name),
  }));
  outside.forge = {
    deployments: () => Promise.reject(new ProblemError(problem('busy', 'GitHub rests.', 'Wait.'))),
  };
  const found = await answer(overview, {}, someone('Sam'));
  expect(found.sentence).toBe('Of 3 services, search is not well and how checkout is cannot be told.');
  expect(found.sections.find((part) => part.mood === 'unknown')?.lines).toEqual([
    '• checkout: staging 2.7.1 healthy · production cannot be told: The cluster sandbox does not answer.; last deploy cannot be told: GitHub rests.',
  ]);
});

test('with many services what is well is told in few words, and nobody else is asked', async () => {
  const world = await serviceWorld();
  const service = world.catalog.services.payments;
  if (!service) throw new Error('payments left the catalog');
  const many = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`s${index}`, service]));
  world.catalog = {
    ...world.catalog,
    services: Object.fromEntries(
      Object.entries(many).map(([name, one]) => [
        name,
        {
          ...one,
          environments: Object.fromEntries(
            Object.entries(one.environments).map(([env, its]) => [env, { ...its, deployment: 'payments' }]),
          ),
        },
      ]),
    ),
  };
  world.outside.forge = { deployments: () => Promise.reject(new Error('GitHub was asked')) };
  const found = await world.answer(overview, {}, someone('Sam'));
  expect(found.sentence).toBe('All 40 are well.');
  expect(found.sections[0]?.lines).toHaveLength(40);
  expect(found.sections[0]?.lines[0]).toBe('• s0: staging 1.4.1 · production 1.4.0');
});

test('of more services than anybody reads, only the first are looked at, and it says how to find the others', async () => {
  const world = await serviceWorld();
  const { search, ...others } = world.catalog.services;
  if (!search) throw new Error('search left the catalog');
  const many = Object.fromEntries(
    Array.from({ length: 10_000 }, (_, index) => [`service-${index}`, { ...search, environments: {} }]),
  );
  world.catalog = { ...world.catalog, services: { ...others, ...many } };
  const found = await world.answer(overview, {}, someone('Sam'));
  expect(found.sentence).toMatch(/^The first 300 of 10002 services\. /);
  expect(found.sections[0]).toMatchObject({
    title: '9702 services not looked at',
    lines: ['Find one by its name, its team or what it is for: /svc find <words>'],
  });
});

test('what runs where begins with the services of whoever asks', async () => {
  const { answer } = await serviceWorld();
  const titlesFor = async (name: string) =>
    (await answer(where, {}, someone(name))).sections.map(({ title }) => title.split(':')[0]);
  expect((await titlesFor('Dana'))[0]).toBe('Checkout');
  expect((await titlesFor('Priya'))[0]).toBe('Payments');
});
