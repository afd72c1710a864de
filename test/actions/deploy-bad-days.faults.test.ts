/** What becomes of a deploy when somebody interferes, or the outside gives way: a clear end, and nothing left unnamed. */
import { expect, test } from 'vitest';
import { dana, value } from '../desk/desk-world.ts';

import type { Bench } from './bench-world.ts';
import { atGithub, checkout, image, noteOf, payments, running, search, world } from './deploy-world.ts';

// The contract breaks every call of an action's first example; these make other calls.

test('a pull request closed by hand ends it, and its branch goes', async () => {
  const bench = await world();
  const id = await bench.ask('deploy', checkout);
  await bench.until(id, running('merge'));
  await atGithub(bench, 'PATCH', 'gitops/pulls/32', { state: 'closed' });
  const failed = await bench.finish(id);
  expect(failed).toMatchObject({ status: 'failed', remains: [] });
  expect(failed.problem?.sentence).toContain('Somebody closed the pull request #32');
  expect((await bench.look()).github.gitops).toEqual(['branch main', expect.any(String)]);
});

test('a branch deleted by hand is told as what it is', async () => {
  const bench = await world();
  const id = await bench.ask('deploy', checkout);
  const { steps } = await bench.until(id, running('merge'));
  expect(steps.find((step) => step.id === 'pull')?.state).toBe('done');
  const branches = (await bench.look()).github.gitops.filter((one) => one.startsWith('branch greenlight/'));
  await atGithub(bench, 'DELETE', `gitops/git/refs/heads/${branches[0]?.replace('branch ', '')}`);
  const failed = await bench.finish(id);
  expect(failed.problem?.sentence).toContain('or deleted its branch');
});

test('red checks of the pull request end it', async () => {
  const bench = await world();
  const id = await bench.ask('deploy', checkout);
  await bench.until(id, running('merge'));
  const pull = (await atGithub(bench, 'GET', 'gitops/pulls/32')) as { head: { sha: string } };
  await atGithub(bench, 'POST', `gitops/statuses/${pull.head.sha}`, { state: 'failure', context: 'policy' });
  const failed = await bench.finish(id);
  expect(failed).toMatchObject({ status: 'failed', remains: [] });
  expect(failed.problem?.sentence).toBe('1 check of the pull request #32 failed: policy.');
});

test('a conflict with what was merged meanwhile ends it', async () => {
  const bench = await world();
  const id = await bench.ask('deploy', checkout);
  await bench.until(id, running('merge'));
  bench.github.setPullConflict('gitops', 32, true);
  const failed = await bench.finish(id);
  expect(failed.problem?.sentence).toContain('conflicts with what was merged meanwhile');
});

test('somebody who pushes to the branch changes what was approved, and it is not merged', async () => {
  const bench = await world();
  const id = await bench.ask('deploy', checkout);
  await bench.until(id, running('merge'));
  const branch = (await bench.look()).github.gitops.find((one) => one.startsWith('branch greenlight/'));
  const content = Buffer.from('more').toString('base64');
  await atGithub(bench, 'PUT', 'gitops/contents/more.txt', {
    ...{ message: 'More', content, branch: branch?.replace('branch ', '') },
  });
  const failed = await bench.finish(id);
  expect(failed.problem?.sentence).toContain('Somebody pushed to the branch');
  expect((await bench.look()).github.gitops.join()).not.toContain('v2.8.0 to staging: merged');
});

test('a tag moved while the checks run is not merged', async () => {
  const bench = await world();
  const id = await bench.ask('deploy', checkout);
  await bench.until(id, running('merge'));
  const other = (await atGithub(bench, 'GET', 'checkout/git/ref/tags/v2.7.0')) as { object: { sha: string } };
  await atGithub(bench, 'PATCH', 'checkout/git/refs/tags/v2.8.0', { sha: other.object.sha, force: true });
  const failed = await bench.finish(id);
  expect(failed).toMatchObject({ status: 'failed', remains: [], problem: { code: 'out_of_date' } });
});

test('what is merged is not called taken back: the way back is named', async () => {
  const bench = await world();
  const id = await bench.ask('deploy', checkout);
  await bench.until(id, running('sync'));
  value(await bench.desk.cancel(id, dana));
  const cancelled = await bench.finish(id);
  expect(cancelled).toMatchObject({ status: 'failed', remains: ['Pull request opened'] });
  expect(noteOf(cancelled, 'pull')).toContain('v2.8.0 is merged already');
});

test.each([
  [
    'an image that cannot be pulled',
    (bench: Bench) => bench.cluster.failNext('search-production', 'search', 'imagepull'),
    'cannot be pulled',
  ],
  ['a rollout that a quota stalls', (bench: Bench) => bench.cluster.stallQuota('search-production'), 'quota'],
])('%s: the former image comes back, and the card says why', async (_title, spoil, why) => {
  const bench = await world();
  spoil(bench);
  const failed = await bench.finish(await bench.ask('deploy', search));
  expect(failed).toMatchObject({ status: 'failed', remains: [] });
  expect(failed.problem?.sentence).toContain(why);
  expect(await image(bench, 'search', 'production')).toBe('registry.acme.example/search:0.9.3');
  const { github } = await bench.look();
  expect(github.deployments).toEqual([expect.stringContaining('search v0.9.4 to production: failure')]);
});

test('an image that somebody else has set since is left alone', async () => {
  const bench = await world();
  bench.cluster.failNext('search-production', 'search', 'unready');
  const id = await bench.ask('deploy', search);
  await bench.until(id, running('rollout'));
  bench.cluster.setImage({
    ...{ namespace: 'search-production', deployment: 'search', image: 'registry.acme.example/search:hotfix' },
  });
  value(await bench.desk.cancel(id, dana));
  const cancelled = await bench.finish(id);
  expect(noteOf(cancelled, 'image')).toContain('somebody has set it since');
  expect(await image(bench, 'search', 'production')).toBe('registry.acme.example/search:hotfix');
});

test('a token that ends in mid-run ends it with what to do, and what it leaves is named', async () => {
  const bench = await world();
  bench.github.holdNextRun();
  const id = await bench.ask('deploy', payments);
  await bench.until(id, running('run'));
  bench.faults.add({ box: 'github', operation: '*', fault: { kind: 'status', status: 401 } });
  const failed = await bench.finish(id);
  expect(failed.status).toBe('failed');
  expect(failed.problem?.sentence).toContain("GitHub does not accept Greenlight's credentials");
  expect(failed.remains).toEqual(['Deployment recorded', 'Workflow started']);
});

test('a run cancelled by hand at GitHub is told as that', async () => {
  const bench = await world();
  bench.github.holdNextRun();
  const id = await bench.ask('deploy', payments);
  await bench.until(id, running('run'));
  const [run] = bench.github.runs();
  await atGithub(bench, 'POST', `payments/actions/runs/${run?.id}/cancel`);
  const failed = await bench.finish(id);
  expect(failed.problem?.sentence).toBe('The workflow run was cancelled at GitHub.');
});

test('a secondary rate limit only makes it later', async () => {
  const bench = await world();
  const id = await bench.ask('deploy', payments);
  bench.github.secondaryLimit({ operation: 'POST */dispatches', times: 1, retryAfterSeconds: 60 });
  const done = await bench.finish(id);
  expect(done).toMatchObject({ status: 'succeeded' });
  expect((done.endedAt ?? 0) - (done.startedAt ?? 0)).toBeGreaterThan(60_000);
});

test('a workflow renamed after the approval ends in its own sentence', async () => {
  const bench = await world();
  bench.faults.add({ box: 'github', operation: 'POST */dispatches', fault: { kind: 'status', status: 404 } });
  const failed = await bench.finish(await bench.ask('deploy', payments));
  expect(failed).toMatchObject({ status: 'failed', remains: [] });
  expect(failed.problem?.sentence).toContain(
    'acme/payments has no workflow deploy.yml that GitHub would run',
  );
});

test('a branch that was force-pushed between approval and start is not what was approved', async () => {
  const bench = await world();
  bench.faults.add({
    box: 'github',
    operation: 'POST */deployments',
    fault: { kind: 'status', status: 503 },
    times: 1,
  });
  const id = await bench.ask('deploy', { ...payments, version: 'main' });
  await bench.until(id, running('deployment'));
  const old = (await atGithub(bench, 'GET', 'payments/git/ref/tags/v1.4.0')) as { object: { sha: string } };
  await atGithub(bench, 'PATCH', 'payments/git/refs/heads/main', { sha: old.object.sha, force: true });
  const failed = await bench.finish(id);
  expect(failed).toMatchObject({ status: 'failed', problem: { code: 'out_of_date' } });
  expect((await bench.look()).github.runs.join()).not.toContain('to staging [REQ-1');
});

test('cancelled to roll back: the run ends at GitHub first, and then what ran before comes back', async () => {
  const bench = await world();
  bench.github.holdNextRun();
  const id = await bench.ask('deploy', payments);
  await bench.until(id, running('run'));
  const back = value(await bench.desk.goBack(id, dana));
  expect(back.input).toEqual({ service: 'payments', environment: 'staging', version: 'v1.4.1' });
  const done = await bench.finish(back.id);
  const cancelled = await bench.finish(id);
  expect(cancelled).toMatchObject({ status: 'cancelled', followedBy: back.id });
  expect(done).toMatchObject({ status: 'succeeded', follows: id });
  expect(done.startedAt ?? 0).toBeGreaterThanOrEqual(cancelled.endedAt ?? Number.POSITIVE_INFINITY);
  expect(await image(bench, 'payments', 'staging')).toBe('registry.acme.example/payments:1.4.1');
});

test("a cluster's token that ends during a rollout ends it with what to do, and the image that stays is named", async () => {
  const bench = await world();
  const id = await bench.ask('deploy', search);
  await bench.until(id, running('rollout'));
  bench.faults.add({ box: 'cluster', operation: '*', fault: { kind: 'status', status: 401 } });
  const failed = await bench.finish(id);
  expect(failed).toMatchObject({ status: 'failed', remains: ['Image set'] });
  expect(failed.problem?.sentence).toMatch(/sandbox.*credentials|credentials.*sandbox/);
});

test('a cluster that does not answer for a while during a rollout only makes it later', async () => {
  const bench = await world();
  const id = await bench.ask('deploy', search);
  await bench.until(id, running('rollout'));
  const operation = 'GET */deployments/search';
  bench.faults.add({ box: 'cluster', operation, fault: { kind: 'timeout' }, times: 1 });
  const done = await bench.finish(id);
  expect(done).toMatchObject({ status: 'succeeded' });
  expect(bench.faults.list()[0]?.hit).toBe(1);
  expect(await image(bench, 'search', 'production')).toBe('registry.acme.example/search:0.9.4');
});
