/** Deploys by pull request and by image, by the real adapters against the sandbox. Bad days: the file beside. */
import { expect, test } from 'vitest';
import { atGithub, checkout, image, noteOf, search, world } from './deploy-world.ts';

test('by pull request: one line of one file changes, and the version is followed to the cluster', async () => {
  const bench = await world();
  const done = await bench.finish(await bench.ask('deploy', checkout));
  expect(done).toMatchObject({ status: 'succeeded' });
  expect(await image(bench, 'checkout', 'staging')).toBe('registry.acme.example/checkout:2.8.0');
  const file = await atGithub(bench, 'GET', 'gitops/contents/checkout/staging/kustomization.yml');
  const text = Buffer.from((file as { content: string }).content, 'base64').toString();
  expect(text).toContain('# checkout in staging\n');
  expect(text).toContain('newTag: "2.8.0" # moved by Greenlight\n');
  const { github } = await bench.look();
  expect(github.gitops).toContain('checkout v2.8.0 to staging: merged');
  expect(github.deployments).toEqual([expect.stringContaining('checkout v2.8.0 to staging: success')]);
  expect(done.outputs?.links).toEqual([
    { label: 'Pull request', url: expect.stringContaining('/gitops/pull/') },
  ]);
});

test('a version that the repository says already needs no pull request', async () => {
  const bench = await world();
  const done = await bench.finish(await bench.ask('deploy', { ...checkout, version: 'v2.7.1' }));
  expect(done).toMatchObject({ status: 'succeeded' });
  expect(noteOf(done, 'pull')).toBe('the repository says 2.7.1 already');
});

test('a rollout that fails after the merge goes back by itself, by a pull request of its own', async () => {
  const bench = await world();
  bench.cluster.failNext('checkout-staging', 'checkout', 'crash');
  const id = await bench.ask('deploy', checkout);
  const failed = await bench.finish(id);
  expect(failed).toMatchObject({ status: 'failed' });
  expect(failed.followedBy).toBeDefined();
  bench.cluster.makeWell('checkout-staging');
  if (failed.followedBy === undefined) return;
  const back = await bench.finish(failed.followedBy);
  expect(back).toMatchObject({ status: 'succeeded', follows: id, requester: { kind: 'system' } });
  expect(await image(bench, 'checkout', 'staging')).toBe('registry.acme.example/checkout:2.7.1');
});

test('by image: one container changes, and GitHub has the record', async () => {
  const bench = await world();
  expect(await bench.finish(await bench.ask('deploy', search))).toMatchObject({ status: 'succeeded' });
  expect(await image(bench, 'search', 'production')).toBe('registry.acme.example/search:0.9.4');
  const { github } = await bench.look();
  expect(github.deployments).toEqual([expect.stringContaining('search v0.9.4 to production: success')]);
});
