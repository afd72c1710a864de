/** Going back, and promoting a set, by the real adapters against the sandbox. More bad days: the faults file. */
import { expect, test } from 'vitest';
import { type Bench, readingIn, shipped } from './bench-world.ts';
import { atGithub, image, noteOf, world } from './deploy-world.ts';

const set = { services: 'payments,checkout', from: 'staging', to: 'production' };

const promoted = async (bench: Bench) => {
  const { github } = await bench.look();
  return github.deployments.map((line) => line.replace(/(: \w+).*/, '$1'));
};

test('what GitHub knows nothing of goes back to what the cluster itself remembers', async () => {
  const bench = await world();
  const wanted = { namespace: 'search-production', deployment: 'search' };
  // Set by hand twice, with all of GitHub's record gone.
  bench.cluster.setImage({ ...wanted, image: 'registry.acme.example/search:0.9.9', version: '0.9.9' });
  await bench.clock.advance(120_000);
  for (const { id } of (await atGithub(bench, 'GET', 'search/deployments?environment=production')) as {
    id: number;
  }[]) {
    await atGithub(bench, 'POST', `search/deployments/${id}/statuses`, { state: 'inactive' });
    await atGithub(bench, 'DELETE', `search/deployments/${id}`);
  }
  const id = await bench.ask('deploy.rollback', { service: 'search', environment: 'production' });
  const done = await bench.finish(id);
  expect(done).toMatchObject({ status: 'succeeded' });
  expect(done.preview?.sentence).toBe('Rolls search in production back to what ran there before: 0.9.3.');
  expect(noteOf(done, 'deployment')).toBe('GitHub has no record of this version');
  expect(await image(bench, 'search', 'production')).toBe('registry.acme.example/search:0.9.3');
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
