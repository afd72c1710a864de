/** Going back, and promoting a set, by the real adapters against the sandbox. More bad days: the faults file. */
import { expect, test } from 'vitest';
import { dana, value } from '../desk/desk-world.ts';
import { type Bench, readingIn, shipped } from './bench-world.ts';
import { atGithub, image, moveSearch, noteOf, running, world } from './deploy-world.ts';

const set = { services: 'payments,checkout', from: 'staging', to: 'production' };

const promoted = async (bench: Bench) => {
  const { github } = await bench.look();
  return github.deployments.map((line) => line.replace(/(: \w+).*/, '$1'));
};

const searchPlace = { namespace: 'search-production', deployment: 'search' };

/** Set by hand twice, with all of GitHub's record gone: the only way back is what the cluster itself remembers. */
async function unrecorded(bench: Bench) {
  bench.cluster.setImage({ ...searchPlace, image: 'registry.acme.example/search:0.9.9', version: '0.9.9' });
  await bench.clock.advance(120_000);
  for (const { id } of (await atGithub(bench, 'GET', 'search/deployments?environment=production')) as {
    id: number;
  }[]) {
    await atGithub(bench, 'POST', `search/deployments/${id}/statuses`, { state: 'inactive' });
    await atGithub(bench, 'DELETE', `search/deployments/${id}`);
  }
  return bench.ask('deploy.rollback', { service: 'search', environment: 'production' });
}

test('what GitHub knows nothing of goes back to what the cluster itself remembers', async () => {
  const bench = await world();
  const done = await bench.finish(await unrecorded(bench));
  expect(done).toMatchObject({ status: 'succeeded' });
  expect(done.preview?.sentence).toBe('Rolls search in production back to what ran there before: 0.9.3.');
  expect(noteOf(done, 'deployment')).toBe('GitHub has no record of this version');
  expect(await image(bench, 'search', 'production')).toBe('registry.acme.example/search:0.9.3');
});

test('one whose Pods do not come is taken back, also when the answer to that is lost', async () => {
  const bench = await world();
  const id = await unrecorded(bench);
  bench.cluster.failNext('search-production', 'search', 'imagepull');
  await bench.until(id, running('rollout'));
  bench.faults.add({
    ...{ box: 'cluster', operation: 'PATCH *deployments/search*' },
    ...{ fault: { kind: 'lost-response' }, times: 1 },
  });
  const ended = await bench.finish(id);
  expect(ended).toMatchObject({ status: 'failed', remains: [] });
  expect(noteOf(ended, 'image')).toBe('it is registry.acme.example/search:0.9.9');
  expect(await image(bench, 'search', 'production')).toBe('registry.acme.example/search:0.9.9');
});

test('one whose place is another in the catalog meanwhile is taken back where it was made', async () => {
  const bench = await world();
  const id = await unrecorded(bench);
  bench.cluster.failNext('search-production', 'search', 'unready');
  await bench.until(id, running('rollout'));
  moveSearch(bench, 'production', 'search-staging');
  const ended = await bench.finish(id);
  expect(ended).toMatchObject({ status: 'failed', remains: [], problem: { code: 'step_failed' } });
  expect(await image(bench, 'search', 'production')).toBe('registry.acme.example/search:0.9.9');
});

test('one that is cancelled before the cluster has counted it is taken back all the same', async () => {
  const bench = await world();
  const id = await unrecorded(bench);
  await bench.until(id, running('rollout'));
  value(await bench.desk.cancel(id, dana));
  expect(await bench.finish(id)).toMatchObject({ status: 'cancelled', remains: [] });
  expect(await image(bench, 'search', 'production')).toBe('registry.acme.example/search:0.9.9');
});

test('one that is taken back leaves alone what somebody has set since', async () => {
  const bench = await world();
  const id = await unrecorded(bench);
  bench.cluster.failNext('search-production', 'search', 'unready');
  await bench.until(id, running('rollout'));
  const own = 'registry.acme.example/search:0.9.4';
  bench.cluster.setImage({ ...searchPlace, image: own, version: '0.9.4' });
  await bench.clock.advance(1_000);
  value(await bench.desk.cancel(id, dana));
  const ended = await bench.finish(id);
  expect(ended).toMatchObject({ status: 'cancelled', remains: [] });
  expect(noteOf(ended, 'image')).toBe(`left at ${own}: somebody has set it since`);
  expect(await image(bench, 'search', 'production')).toBe(own);
});

test('a rollback is recorded as one, and the next one goes past what it left', async () => {
  const bench = await world();
  await bench.finish(
    await bench.ask('deploy', { service: 'payments', version: 'v1.4.2', environment: 'staging' }),
  );
  const back = await bench.finish(
    await bench.ask('deploy.rollback', { service: 'payments', environment: 'staging' }),
  );
  expect(back.preview?.sentence).toBe('Rolls payments in staging back from v1.4.2 to v1.4.1.');
  const again = await bench.finish(
    await bench.ask('deploy.rollback', { service: 'payments', environment: 'staging' }),
  );
  expect(again.preview?.sentence).toBe('Rolls payments in staging back from v1.4.1 to v1.4.0.');
  expect(await image(bench, 'payments', 'staging')).toBe('registry.acme.example/payments:1.4.0');
  const history = shipped.get('deploy.history');
  if (history?.effect !== 'read') throw new Error('it reads');
  const { sections } = await history.answer(
    { service: 'payments', environment: 'staging' },
    readingIn(bench),
  );
  expect(sections[0]?.lines[0]).toMatch(
    /^staging: v1\.4\.0 by Dana, .* ago in .*, runs now \(REQ-3, back from /,
  );
  expect(sections[0]?.lines[2]).toMatch(/^staging: v1\.4\.2 by Dana, .*, ran until the next one \(REQ-1\)/);
});

test('a set goes out service by service, each from its own source version', async () => {
  const bench = await world();
  const done = await bench.finish(await bench.ask('deploy.promote', set));
  expect(done).toMatchObject({ status: 'succeeded' });
  expect(done.preview?.sentence).toBe(
    'Promotes payments v1.4.1 and checkout v2.7.1 from staging to production, one after the other.',
  );
  expect(await promoted(bench)).toEqual([
    'checkout v2.7.1 to production: success',
    'payments v1.4.1 to production: success',
  ]);
});

test('one service that fails takes back neither those before it nor those after it, and is named', async () => {
  const bench = await world();
  bench.github.failNextRun({ repository: 'payments', failsAt: { job: 'migrate' } });
  const ended = await bench.finish(await bench.ask('deploy.promote', set));
  expect(ended).toMatchObject({ status: 'failed', remains: [] });
  expect(ended.problem?.sentence).toContain('payments: The job migrate failed');
  expect(ended.problem?.sentence).toContain('checkout is out and stays.');
  expect(ended.problem?.next).toBe('Mend payments, and promote it again.');
  expect(await promoted(bench)).toEqual([
    'checkout v2.7.1 to production: success',
    'payments v1.4.1 to production: failure',
  ]);
});
