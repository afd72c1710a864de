import { expect, test } from 'vitest';
import restart from '../../src/actions/service.restart.ts';
import { problemOfCall } from '../platforms/kubernetes/world.ts';
import { serviceWorld } from './service-world.ts';

const production = { service: 'payments', environment: 'production' };

test('the preview says how many Pods of which version', async () => {
  const { preview } = await serviceWorld();
  expect(await preview(restart, production)).toMatchObject({
    sentence: 'Restarts payments in production: 3 Pods of version 1.4.0, one after the other.',
    cautions: [],
  });
});

test('of something ill the preview says that a restart may not help', async () => {
  const { preview } = await serviceWorld();
  const { cautions } = await preview(restart, { service: 'search', environment: 'staging' });
  expect(cautions).toEqual([
    'It is not well: CrashLoopBackOff: the container search exits with code 1. A restart helps only if the cause has passed.',
  ]);
});

test('it is followed until all Pods are new', async () => {
  const { run, cluster } = await serviceWorld();
  const { problem, waited, notes } = await run(restart, production);
  expect(problem).toBeUndefined();
  expect(waited.length).toBeGreaterThan(0);
  expect(notes.rollout).toBe('3 of 3 ready');
  expect(await cluster.workload('payments-production', 'payments')).toMatchObject({
    isSettled: true,
    ready: 3,
  });
});

test('an attempt whose answer was lost is repeated without a second restart', async () => {
  const { run, clock, cluster } = await serviceWorld();
  const pods = async () =>
    (await cluster.logs('payments-production', 'payments', { pods: 9, lines: 1 }))
      .map((log) => log.pod)
      .sort();
  await run(restart, production, { isTwice: true });
  const after = await pods();
  await clock.advance(60_000);
  expect(await pods()).toEqual(after);
});

test('a rollout that stalls is told in words, and there is nothing to take back', async () => {
  const { run } = await serviceWorld();
  const { problem, undone } = await run(restart, { service: 'search', environment: 'staging' });
  expect(problem).toMatchObject({
    code: 'step_failed',
    // Whether it has just crashed or is held back already hangs on the moment of the look.
    sentence: expect.stringMatching(
      /^The rollout stalled\. (?:Crashed|CrashLoopBackOff): the container search exits with code 1\.$/,
    ),
    next: 'Read its last words: /svc logs search staging',
  });
  expect(undone).toEqual({ restart: 'nothing to take back: the version is the same as before' });
});

test('what is scaled to nothing cannot be restarted', async () => {
  const { preview, cluster } = await serviceWorld();
  await cluster.scale('payments-production', 'payments', 0);
  expect(await problemOfCall(preview(restart, production))).toMatchObject({
    sentence: 'payments in production is scaled to 0: there is nothing to restart.',
    next: 'Give it Pods first: /svc scale payments 1 in production',
  });
});

test('what does not run there is named', async () => {
  const { preview, outside } = await serviceWorld();
  outside.cluster = { ...outside.cluster, workload: async () => undefined };
  expect((await problemOfCall(preview(restart, production))).sentence).toBe(
    'Nothing runs for payments in production: there is no Deployment payments in payments-production.',
  );
});

test('a typo is answered at its field with the nearest word, and the target carries its tier', async () => {
  const { run } = await serviceWorld();
  expect(await problemOfCall(run(restart, { service: 'paymets', environment: 'staging' }))).toMatchObject({
    fields: { service: 'There is no service "paymets". Did you mean "payments"?' },
  });
  expect(await problemOfCall(run(restart, { service: 'payments', environment: 'stagign' }))).toMatchObject({
    fields: { environment: 'payments has no environment "stagign". Did you mean "staging"?' },
  });
});
