import { expect, test, vi } from 'vitest';
import run from '../../src/actions/service.run.ts';
import { serviceWorld } from './service-world.ts';

const asked = { service: 'payments', environment: 'staging', job: 'migrate', values: { to: 'latest' } };

test('a Job is run beside its service, waited for, and its last words are kept without what is secret', async () => {
  const world = await serviceWorld();
  world.outside.cluster = {
    ...world.cluster,
    jobLogs: async () => ['migrated 12 tables', 'connected with password=hunter2'],
  };
  const ran = await world.run(run, asked);
  expect(ran.problem).toBeUndefined();
  expect(ran.waited).toContain('it runs');
  expect(ran.results.finished?.lines).toBe('migrated 12 tables\nconnected with password=[redacted]');
  expect(ran.notes.job).toBe('migrate-req-1-key');
});

test('its preview shows the image and the very words that would run', async () => {
  const { preview } = await serviceWorld();
  expect(await preview(run, asked)).toMatchObject({
    sentence: 'Runs the Job migrate beside payments in staging: Bring the database to a version.',
    details: [
      { label: 'Image', value: 'registry.acme.example/payments:1.4.1' },
      { label: 'Runs', value: 'payments migrate --to=latest' },
      { label: 'At most', value: '10m, tried 1×' },
    ],
    resolved: { image: 'registry.acme.example/payments:1.4.1' },
  });
});

test('a Job that fails is deleted again, and its last words are in the reason', async () => {
  const world = await serviceWorld();
  const migrate = world.catalog.services.payments?.jobs.migrate;
  if (!migrate) throw new Error('the Job left the catalog');
  world.outside.cluster = { ...world.cluster, jobLogs: async () => ['table 7 is locked'] };
  world.box.control.failNext('payments-staging', 'migrate-req-1-key', 'fail');
  const ran = await world.run(run, asked);
  expect(ran.problem?.sentence).toMatch(
    /^The Job migrate beside payments in staging failed: BackoffLimitExceeded: .* It said last: table 7 is locked$/,
  );
  expect(ran.undone.job).toMatch(/^(?:deleted|being deleted)/);
  await vi.waitFor(async () => {
    await world.clock.advance(5_000);
    const ref = {
      apiVersion: 'batch/v1',
      kind: 'Job',
      namespace: 'payments-staging',
      name: 'migrate-req-1-key',
    };
    expect(await world.cluster.read(ref)).toBeUndefined();
  });
});

test('a Job that the catalog does not describe is refused with the nearest that it does', async () => {
  const { catalog } = await serviceWorld();
  const known = { catalog, requesterGroups: [], environments: [], now: 0 };
  const refusal = (job: string, service = 'payments') => {
    const target = run.target(run.input.parse({ ...asked, service, job }), known as never);
    return target.ok ? undefined : `${target.problem.sentence} ${target.problem.next}`;
  };
  expect(refusal('migrat')).toBe('payments has no Job "migrat". Did you mean "migrate"? It has migrate.');
  expect(refusal('constructor')).toMatch(/^payments has no Job "constructor"\./);
  expect(refusal('migrate', 'search')).toMatch(/Describe one in the catalog/);
});
