import { expect, onTestFinished, test, vi } from 'vitest';
import logs from '../../src/actions/service.logs.ts';
import run from '../../src/actions/service.run.ts';
import type { ReadAction } from '../../src/core/action.ts';
import { hourMs } from '../../src/core/duration.ts';
import type { PlatformRequest } from '../../src/core/request.ts';
import { dana, value } from '../desk/desk-world.ts';
import { benchWorld } from './bench-world.ts';
import { killedAfter } from './killed-after.ts';
import { serviceWorld } from './service-world.ts';

const asked = { service: 'payments', environment: 'staging', job: 'migrate', values: { to: 'latest' } };

test('a Job is run beside its service, waited for, and its last words are kept without what is secret, for those who may read its logs', async () => {
  const world = await serviceWorld();
  world.outside.cluster = {
    ...world.cluster,
    jobLogs: async () => ['migrated 12 tables', 'connected with password=hunter2'],
  };
  const ran = await world.run(run, asked);
  expect(ran.problem).toBeUndefined();
  expect(ran.waited).toContain('it runs');
  expect(ran.results.ended?.lines).toBe('migrated 12 tables\nconnected with password=[redacted]');
  expect(Object.values(ran.notes).join()).not.toContain('tables');
  expect(ran.notes.job).toBe('migrate-req-1-key');
});

test('its last words are read as logs are: privately, also when the Job is gone', async () => {
  const world = await serviceWorld();
  const ended = { id: 'ended', result: { lines: 'migrated 12 tables', failed: 'BackoffLimitExceeded' } };
  const request = { id: 'REQ-7', input: asked, requester: { name: 'Priya' }, steps: [ended] };
  const requests = async () => [{ ...request, steps: [] }, request] as unknown as readonly PlatformRequest[];
  const { service, environment, job } = asked;
  const reading = { ...world.outside, now: 0, catalog: world.catalog, requests } as never;
  const answer = (given: object) => (logs as ReadAction).answer(logs.input.parse(given), reading);
  expect(await answer({ service, environment, job })).toMatchObject({
    isPersonal: true,
    mood: 'bad',
    sections: [{ title: 'REQ-7, by Priya', verbatim: ['migrated 12 tables'] }],
  });
  expect((await answer({ service, environment, job: 'other' })).sentence).toContain('has ended yet');
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

test('a Job that fails is deleted again, and the reason says where its last words are, and none of them', async () => {
  const world = await serviceWorld();
  const migrate = world.catalog.services.payments?.jobs.migrate;
  if (!migrate) throw new Error('the Job left the catalog');
  world.outside.cluster = { ...world.cluster, jobLogs: async () => ['table 7 is locked'] };
  world.box.control.failNext('payments-staging', 'migrate-req-1-key', 'fail');
  const ran = await world.run(run, asked);
  expect(ran.problem?.sentence).toMatch(
    /^The Job migrate beside payments in staging failed: BackoffLimitExceeded: .*\.$/,
  );
  expect(ran.problem?.next).toContain('What it said last: /svc logs payments staging --job migrate');
  expect(`${ran.problem?.sentence} ${ran.problem?.next}`).not.toContain('table 7');
  expect(ran.results.ended).toMatchObject({ lines: 'table 7 is locked', failed: expect.any(String) });
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

test('a Job that cannot be deleted is named in the end, and does not keep its request open', async () => {
  const bench = await benchWorld();
  onTestFinished(() => bench.close());
  const id = await bench.ask('service.run', asked);
  const { steps } = await bench.until(id, (request) => request.steps[1]?.state === 'running');
  bench.cluster.stuckFinalizer({
    ...{ apiVersion: 'batch/v1', kind: 'Job', namespace: 'payments-staging' },
    name: steps[0]?.note ?? '',
  });
  value(await bench.desk.cancel(id, dana));
  const ended = await bench.finish(id);
  expect(ended).toMatchObject({ status: 'failed', remains: ['Job started'] });
  expect(ended.steps[0]?.note).toMatch(
    /^It has not been taken back within 30m: being deleted: .*sandbox\.local\/stuck/,
  );
});

test.each([
  ['job', 2],
  ['job', 6 * 24],
  ['ended', 2],
  ['ended', 6 * 24],
] as const)(
  'one that ended while nobody was there, its process killed in "%s", is carried out once and has succeeded: after %i h',
  async (at, hours) => {
    const { ended, made } = await runKilled(at, hours * hourMs);
    expect(ended).toMatchObject({ status: 'succeeded' });
    expect(made).toBe(1);
  },
);

test.each(['job', 'ended'])(
  'one that was collected meanwhile is not made again, and nobody claims to know how it ended: killed in "%s"',
  async (at) => {
    const { ended, made } = await runKilled(at, 8 * 24 * hourMs);
    expect(ended).toMatchObject({
      status: 'failed',
      problem: { sentence: expect.stringContaining('nobody can tell whether it has run') },
    });
    expect(made).toBe(1);
  },
);

/** Killed right after what the step did at its first attempt; nobody is there to go on for so long. */
async function runKilled(at: string, awayMs: number) {
  let away = async () => {};
  const bench = await benchWorld(killedAfter('service.run', at, () => away()));
  onTestFinished(() => bench.close());
  away = async () => void (await bench.clock.advance(awayMs));
  const backAt = bench.clock.now() + awayMs;
  const id = await bench.ask('service.run', asked);
  await bench.until(id, () => bench.clock.now() >= backAt);
  const ended = await bench.finish(id);
  const made = bench.calls().filter(({ operation }) => /^POST .*\/jobs$/.test(operation)).length;
  return { ended, made };
}

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
