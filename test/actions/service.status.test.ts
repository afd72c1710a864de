import { expect, test } from 'vitest';
import status from '../../src/actions/service.status.ts';
import { ProblemError, problem } from '../../src/core/problem.ts';
import { catalog } from '../approvals/shipped.ts';
import { serviceWorld } from './service-world.ts';

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
  expect(found).toMatchObject({ mood: 'bad', next: [{ commandLine: '/svc logs search staging' }, {}] });
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
  outside.cluster = { ...outside.cluster, workload: away, warnings: away };
  const found = await answer(status, { service: 'payments' });
  expect(found).toMatchObject({ mood: 'unknown' });
  expect(found.sections.map((part) => part.title)).toEqual([
    'staging: cannot be told: It is away.',
    'production: cannot be told: It is away.',
  ]);
});
