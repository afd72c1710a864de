/** The Forge port over the sandbox's GitHub: the straight roads. */

import { describe, expect, it } from 'vitest';
import { hourMs, minuteMs } from '../../../src/core/duration.ts';
import type { Forge } from '../../../src/core/forge.ts';
import { coAuthorsIn } from '../../../src/platforms/github/commits.ts';
import { connectGithub } from '../../../src/platforms/github/forge.ts';
import { githubWorld, problemFrom, repository } from './world.ts';

const shaOf = async (forge: Forge, ref: string) => (await forge.resolve(repository, ref))?.sha ?? 'nothing';
const start = (forge: Forge, version: string, marker: string, environment = 'staging') =>
  forge.dispatch({
    repository,
    workflow: 'deploy.yml',
    ref: version,
    inputs: { version, environment, greenlight_request: marker },
  });

describe('a ref', () => {
  it('is resolved to its commit, be it a tag, a branch, or a hash in full or in short', async () => {
    const { forge } = await githubWorld();
    const tag = await forge.resolve(repository, 'v1.4.2');
    expect(tag).toMatchObject({
      sha: expect.stringMatching(/^[0-9a-f]{40}$/),
      title: 'Keep idempotency keys for 24 hours (#184)',
      author: 'priya-nair',
      authorEmail: 'priya@acme.example',
      authorLogin: 'priya-nair',
    });
    expect(await forge.resolve(repository, 'main')).toMatchObject({ author: 'max-brandt' });
    expect(await shaOf(forge, tag?.sha ?? '')).toBe(tag?.sha);
    expect(await shaOf(forge, (tag?.sha ?? '').slice(0, 8))).toBe(tag?.sha);
  });

  it('that leads nowhere is none, and nothing near it is guessed', async () => {
    const { forge } = await githubWorld();
    expect(await forge.resolve(repository, 'v9.9.9')).toBeUndefined();
    expect(await forge.resolve(repository, 'v1.4')).toBeUndefined();
    expect(await forge.resolve(repository, 'deadbeef')).toBeUndefined();
  });
});

it('tags come newest version first, candidates before what they follow', async () => {
  const { forge } = await githubWorld();
  expect(await forge.tags(repository, 3)).toEqual(['v1.5.0-rc.1', 'v1.4.2', 'v1.4.1']);
});

describe('a comparison', () => {
  it('lists what would go out, newest first, with its authors', async () => {
    const { forge } = await githubWorld();
    const found = await forge.compare(repository, 'v1.4.1', 'v1.4.2');
    expect(found).toMatchObject({ total: 3, behind: 0 });
    expect(found.commits.map((commit) => [commit.author, commit.title])).toEqual([
      ['priya-nair', 'Keep idempotency keys for 24 hours (#184)'],
      ['max-brandt', "Log the acquirer's reference with each refund (#182)"],
      ['priya-nair', 'Retry captures that time out (#181)'],
    ]);
    expect(found.url).toContain('/compare/');
  });

  it('with something older says how far back it goes', async () => {
    const { forge } = await githubWorld();
    expect(await forge.compare(repository, 'v1.4.2', 'v1.4.1')).toMatchObject({ total: 0, behind: 3 });
  });

  it('with something that is not there names both possible causes', async () => {
    const { forge } = await githubWorld();
    const found = await problemFrom(forge.compare(repository, 'v1.4.1', 'v9'));
    expect(found.code).toBe('not_found');
    expect(found.sentence).toMatch(/does not exist, or Greenlight's GitHub App may not see it/);
  });
});

describe('the checks of a commit', () => {
  it('are green when all passed, red with the names of those that failed', async () => {
    const { forge } = await githubWorld();
    expect(await forge.checks(repository, await shaOf(forge, 'v1.4.2'))).toMatchObject({
      state: 'green',
      names: [],
    });
    expect(await forge.checks(repository, await shaOf(forge, 'v1.5.0-rc.1'))).toMatchObject({
      state: 'red',
      names: ['test'],
    });
  });

  it('are none for a commit that nobody ever checked', async () => {
    const { forge, box } = await githubWorld();
    expect(await forge.checks(repository, await firstCommit(box.url))).toMatchObject({
      state: 'none',
      names: [],
    });
  });

  it('do not count our own deploy of it, while it runs or after it failed', async () => {
    const { forge, box, clock } = await githubWorld();
    const sha = await shaOf(forge, 'v1.4.2');
    box.control.failNextRun({ failsAt: { job: 'build' } });
    await start(forge, 'v1.4.2', 'REQ-1');
    expect(await forge.checks(repository, sha)).toMatchObject({ state: 'green', names: [] });
    await clock.advance(60_000);
    expect(await forge.checks(repository, sha)).toMatchObject({ state: 'green', names: [] });
  });
});

describe('deployments', () => {
  it('that have ended are not asked about again by whoever only looks, but once an hour', async () => {
    const { forge, journal, clock } = await githubWorld();
    const { id } = await forge.createDeployment({
      ...{ repository, ref: 'v1.4.2', environment: 'staging', isProduction: false, description: 'x' },
      ...{ key: 'REQ-12:deployment', by: 'Dana Fox', service: 'payments', fence: 41 },
    });
    await forge.setDeploymentStatus({ repository, deploymentId: id, state: 'failure', description: 'y' });
    const asked = async () => {
      const from = journal.since(0).length;
      const found = await forge.recentDeployments(repository, 'staging', 5);
      const statuses = journal
        .since(0)
        .slice(from)
        .filter(({ operation }) => /statuses/.test(operation));
      return { found, asked: statuses.length };
    };
    const first = await asked();
    expect(first.asked).toBe(first.found.length);
    expect(first.found.map(({ state }) => state)).toEqual(['failure', 'success', 'success']);
    await clock.advance(minuteMs);
    expect(await asked()).toEqual({ found: first.found, asked: 2 });
    expect(await asked()).toEqual({ found: first.found, asked: 0 });
    await clock.advance(hourMs);
    expect((await asked()).asked).toBe(first.found.length);
    // Whoever decides asks about each.
    const from = journal.since(0).length;
    await forge.deployments(repository, 'staging', 5);
    expect(journal.since(0).slice(from)).toHaveLength(1 + first.found.length);
  });

  it('come newest first, with the state of their newest status and who asked', async () => {
    const { forge } = await githubWorld();
    const found = await forge.deployments(repository, 'staging', 5);
    expect(found.map(({ ref, by }) => [ref, by])).toEqual([
      ['v1.4.1', 'priya-nair'],
      ['v1.4.0', 'max-brandt'],
    ]);
    expect(found[0]?.state).toBe('success');
    expect(found[0]?.sha).toBe(await shaOf(forge, 'v1.4.1'));
  });

  it('of ours are found again by their key, and say who asked for them', async () => {
    const { forge } = await githubWorld();
    const order = {
      ...{ repository, ref: 'v1.4.2', environment: 'staging', isProduction: false },
      ...{ key: 'REQ-12:deployment', by: 'Dana Fox', description: 'x'.repeat(500) },
      ...{ service: 'payments', fence: 41 },
    };
    expect(await forge.findDeployment(repository, 'staging', order.key)).toBeUndefined();
    const { id } = await forge.createDeployment(order);
    await forge.setDeploymentStatus({
      ...{ repository, deploymentId: id, state: 'in_progress', description: 'y'.repeat(500) },
      logUrl: 'https://github.example/runs/1',
    });
    expect(await forge.findDeployment(repository, 'staging', order.key)).toMatchObject({
      ...{ id, ref: 'v1.4.2', by: 'Dana Fox', state: 'in_progress' },
    });
    expect(await forge.findDeployment(repository, 'production', order.key)).toBeUndefined();
  });
});

describe('a workflow run', () => {
  it('is followed by its id from queued to success, job by job', async () => {
    const { forge, clock } = await githubWorld();
    const { id } = await start(forge, 'v1.4.2', 'REQ-12');
    if (id === undefined) throw new Error('the dispatch told no id');
    expect(await forge.run(repository, id)).toMatchObject({
      status: expect.stringMatching(/queued|in_progress/),
    });
    await clock.advance(60_000);
    const run = await forge.run(repository, id);
    expect(run).toMatchObject({ id, status: 'completed', conclusion: 'success' });
    expect(run.jobs.map(({ name, state }) => [name, state])).toEqual([
      ['build', 'success'],
      ['migrate', 'success'],
      ['rollout', 'success'],
    ]);
  });

  it('that fails says at which step of which job', async () => {
    const { forge, clock } = await githubWorld();
    const { id } = await start(forge, 'v1.5.0-rc.1', 'REQ-13');
    await clock.advance(60_000);
    const run = await forge.run(repository, id ?? 0);
    expect(run).toMatchObject({ status: 'completed', conclusion: 'failure' });
    expect(run.jobs.map(({ name, state, failedStep }) => [name, state, failedStep])).toEqual([
      ['build', 'success', undefined],
      ['migrate', 'failure', 'Run migrations'],
      ['rollout', 'skipped', undefined],
    ]);
  });

  it('that waits for an environment’s reviewers is waiting', async () => {
    const { forge, box, clock } = await githubWorld();
    box.control.protectEnvironment('payments', 'production', ['sre']);
    const { id } = await forge.dispatch({
      repository,
      workflow: 'restore.yml',
      ref: 'main',
      inputs: { target: 'production' },
    });
    await clock.advance(5_000);
    expect(await forge.run(repository, id ?? 0)).toMatchObject({
      status: 'waiting',
      jobs: [{ state: 'waiting' }],
    });
  });

  it('is found by its marker, and never by the marker of another request', async () => {
    const { forge, clock } = await githubWorld();
    const since = clock.now();
    const twelve = await start(forge, 'v1.4.2', 'REQ-12');
    expect(await forge.findRun(repository, 'deploy.yml', 'REQ-12', since)).toEqual({ id: twelve.id });
    expect(await forge.findRun(repository, 'deploy.yml', 'REQ-1', since)).toBeUndefined();
    expect(await forge.findRun(repository, 'restore.yml', 'REQ-12', since)).toBeUndefined();
    await clock.advance(10 * 60_000);
    expect(await forge.findRun(repository, 'deploy.yml', 'REQ-12', clock.now())).toBeUndefined();
  });

  it('can be cancelled, and cancelling one that has ended is fine', async () => {
    const { forge, clock } = await githubWorld();
    const { id = 0 } = await start(forge, 'v1.4.2', 'REQ-12');
    await forge.cancelRun(repository, id);
    await clock.advance(60_000);
    expect(await forge.run(repository, id)).toMatchObject({ status: 'completed', conclusion: 'cancelled' });
    await forge.cancelRun(repository, id);
  });

  it('asked about again and again costs nothing while nothing changes', async () => {
    const { forge, box, journal } = await githubWorld();
    box.control.holdNextRun();
    const { id = 0 } = await start(forge, 'v1.4.2', 'REQ-12');
    const first = await forge.run(repository, id);
    const before = journal.since(0).length;
    expect(await forge.run(repository, id)).toEqual(first);
    expect(await forge.run(repository, id)).toEqual(first);
    expect(
      journal
        .since(0)
        .slice(before)
        .map((entry) => entry.outcome),
    ).toEqual(['304', '304', '304', '304']);
  });
});

it('a GitHub App signs in with its key and is never asked for a token', async () => {
  const { box } = await githubWorld();
  const forge = connectGithub({ auth: box.control.app, baseUrl: box.url });
  expect(await forge.tags('acme/checkout', 1)).toEqual(['v2.8.0']);
});

async function firstCommit(url: string): Promise<string> {
  const response = await fetch(`${url}/repos/${repository}/commits?per_page=100`, {
    headers: { authorization: 'token ghs_sandboxGreenlightInstallation0000000000' },
  });
  const commits = (await response.json()) as { sha: string }[];
  return commits.at(-1)?.sha ?? '';
}

it('co-authors are read from the lines that GitHub writes, and from nothing that only looks like them', () => {
  const message = [
    'Round once (#184)',
    '',
    'Co-authored-by: Max Brandt <max@acme.example>',
    'co-authored-by: <1+sam-okoye@users.noreply.github.com> ',
    'He said Co-authored-by: nobody <nobody@acme.example>',
    'Co-authored-by: no address',
  ].join('\n');
  expect(coAuthorsIn(message)).toEqual({
    coAuthorEmails: ['max@acme.example', '1+sam-okoye@users.noreply.github.com'],
  });
  expect(coAuthorsIn('Round once')).toEqual({});
});
