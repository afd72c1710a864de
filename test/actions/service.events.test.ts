import { expect, test } from 'vitest';
import events from '../../src/actions/service.events.ts';
import type { Warning } from '../../src/core/cluster.ts';
import { ProblemError, problem } from '../../src/core/problem.ts';
import { bentView, serviceWorld } from './service-world.ts';

const asked = { service: 'payments', environment: 'production' };

test('the same complaint of several Pods is one line', async () => {
  const world = await serviceWorld();
  const now = world.clock.now();
  const warning = (pod: string, count: number, agoMs: number): Warning => ({
    reason: 'Unhealthy',
    message: `Readiness probe of ${pod} failed`,
    object: `Pod ${pod}`,
    count,
    lastAt: now - agoMs,
  });
  const warnings = async () => [
    warning('p-1', 3, 60_000),
    warning('p-2', 4, 120_000),
    warning('p-3', 1, 180_000),
  ];
  world.outside.cluster = bentView(world.cluster, () => ({ warnings }));
  const found = await world.answer(events, asked);
  expect(found.sentence).toBe(
    '1 warning in the last hour or so, the same ones told once; the newest 1m ago: Unhealthy.',
  );
  expect(found.sections[0]?.lines).toEqual([
    '• Unhealthy ×8 on Pod p-1 and 2 more, 1m ago: Readiness probe of p-1 failed',
  ]);
});

test('only what is about the service is shown, not what else lives in its namespace', async () => {
  const world = await serviceWorld();
  const found = await world.answer(events, { service: 'search' });
  expect(found.sections.map((part) => part.title)).toEqual(['staging', 'production: none']);
  expect(found.sections[0]?.lines[0]).toMatch(/^• BackOff ×\d+ on Pod search-/);
});

test('where it cannot be told, why not stands there', async () => {
  const world = await serviceWorld();
  const warnings = () => Promise.reject(new ProblemError(problem('busy', 'It rests.', 'Wait.')));
  world.outside.cluster = bentView(world.cluster, () => ({ warnings }));
  const found = await world.answer(events, asked);
  expect(found.sections[0]).toMatchObject({
    title: 'production: cannot be told: It rests.',
    mood: 'unknown',
  });
});
