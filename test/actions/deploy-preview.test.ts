/** What an approval of a deploy is bound to. */
import { expect, test } from 'vitest';
import { previewDeploy } from '../../src/actions/deploy/preview.ts';
import { wayOfDeploying } from '../../src/actions/deploy/service.ts';
import type { ReadContext } from '../../src/core/action.ts';
import type { Cluster, Workload } from '../../src/core/cluster.ts';
import type { Commit, Forge } from '../../src/core/forge.ts';
import { ProblemError, problem } from '../../src/core/problem.ts';
import type { Service } from '../../src/core/service.ts';
import { catalog } from '../approvals/shipped.ts';

const commit = (sha: string): Commit => ({
  sha,
  title: `Change ${sha}`,
  author: 'priya-nair',
  authorEmail: 'priya@acme.example',
  url: `https://github.example/${sha}`,
});

/** GitHub as it is when `count` commits would go out on top of `runs`, and a cluster that runs this version. */
function worldWhere(runs: string, count: number, more: Partial<Forge> = {}, onCluster = ''): ReadContext {
  const forge: Partial<Forge> = {
    resolve: async () => ({ ...commit('head'), as: 'tag' }),
    tags: async () => ['v2'],
    hasWorkflow: async () => true,
    mergedPulls: async () => [],
    deployments: async () => [{ id: 1, ref: runs, sha: runs, at: 0, by: 'priya-nair', state: 'success' }],
    compare: async () => ({
      commits: Array.from({ length: count }, (_, index) => commit(`c${index}`)),
      total: count,
      behind: 0,
      url: 'https://github.example/compare',
      files: [],
    }),
    checks: async () => ({ state: 'green', names: [], all: [] }),
    ...more,
  };
  const workload = { version: onCluster } as Workload;
  return {
    forge: forge as Forge,
    cluster: () => ({ workload: async () => workload }) as unknown as Cluster,
    catalog,
    now: 0,
  } as unknown as ReadContext;
}

const asked = { service: 'payments', version: 'v2', environment: 'production' };
const payments = catalog.services.payments as Service;

test('more commits than a card can list are told apart by what runs now', async () => {
  const fifteen = await previewDeploy(asked, payments, worldWhere('v1.9', 15));
  const thirty = await previewDeploy(asked, payments, worldWhere('v1.0', 30));
  expect(thirty.commits).toEqual(fifteen.commits);
  expect(thirty.resolved).not.toEqual(fifteen.resolved);
});

test('what GitHub recorded and what the cluster runs are compared, and a difference is said', async () => {
  const preview = await previewDeploy(asked, payments, worldWhere('v1.4.0', 1, {}, '1.3.9'));
  expect(preview.details).toContainEqual({
    label: 'Runs now',
    value: expect.stringContaining('v1.4.0, for 0s, by priya-nair; the cluster says 1.3.9'),
  });
  expect(preview.cautions.join(' ')).toContain("GitHub's record says v1.4.0, but the cluster runs 1.3.9");
  const same = await previewDeploy(asked, payments, worldWhere('v1.4.0', 1, {}, '1.4.0'));
  expect(same.cautions).toEqual(expect.not.arrayContaining([expect.stringContaining('cluster')]));
});

test('a required check that never ran is missing, however green the others are', async () => {
  const green = { name: 'build', state: 'green' } as const;
  const of = async (...all: { name: string; state: 'green' | 'red' | 'pending' }[]) => {
    const checks = async () => ({ state: 'green', names: [], all }) as const;
    const { change } = await previewDeploy(asked, payments, worldWhere('v1.4.0', 1, { checks }));
    return change !== 'unknown' && change?.requiredChecks;
  };
  expect(await of(green)).toBe('missing');
  expect(await of(green, { name: 'test', state: 'pending' })).toBe('pending');
  expect(await of(green, { name: 'test', state: 'red' })).toBe('red');
  expect(await of(green, { name: 'test', state: 'green' })).toBe('green');
});

test('a change of a migration is a fact and a caution', async () => {
  const compare = async () => ({
    ...{ commits: [commit('c')], total: 1, behind: 0, url: 'https://github.example/compare' },
    files: [
      { path: 'migrations/sql/0042.sql', additions: 3, deletions: 1 },
      { path: 'docs/migrations.md', additions: 1, deletions: 0 },
    ],
  });
  const preview = await previewDeploy(asked, payments, worldWhere('v1.4.0', 1, { compare }));
  expect(preview.change).toMatchObject({ migrations: true, size: { files: 2, additions: 4, deletions: 1 } });
  expect(preview.cautions.join(' ')).toContain('migrations/sql/0042.sql');
});

const ordered: Service = {
  ...payments,
  environments: {
    ...payments.environments,
    production: { ...payments.environments.production, after: 'staging' } as Service['environments'][string],
  },
};

test.each([
  ['kept', 'head', 'success'],
  ['skipped', 'another', 'success'],
  ['skipped', 'head', 'failure'],
  ['skipped', 'head', 'in_progress'],
  ['skipped', 'head', 'inactive'],
] as const)('the order is %s when the newest in staging is %s, %s', async (order, sha, state) => {
  const deployments: Forge['deployments'] = async (_repository, environment) => [
    { id: 1, ref: 'v1', sha: environment === 'staging' ? sha : 'old', at: 0, by: 'priya', state },
  ];
  const preview = await previewDeploy(asked, ordered, worldWhere('old', 1, { deployments }));
  expect(preview.change).toMatchObject({ order });
  expect(preview.cautions.join(' ').includes('does not run in staging')).toBe(order === 'skipped');
});

test('what GitHub does not show of staging is unknown, which is never in order', async () => {
  const refused = new ProblemError(problem('outside_refused', 'GitHub does not let us.', 'Ask.'));
  const deployments: Forge['deployments'] = async (_repository, environment) => {
    if (environment === 'staging') throw refused;
    return [];
  };
  const preview = await previewDeploy(asked, ordered, worldWhere('old', 1, { deployments }));
  expect(preview.change).toMatchObject({ order: 'unknown' });
});

test('latest is the newest release, pinned by its name and its commit before anybody approves', async () => {
  const world = worldWhere('v1.4.0', 2, { tags: async () => ['v3.0.0-rc.1', 'v2.1.0', 'v2.0.0'] });
  const preview = await previewDeploy({ ...asked, version: 'latest' }, payments, world);
  expect(preview.sentence).toBe('Deploys payments v2.1.0 (latest) to production: 2 commits since v1.4.0.');
  expect(preview.resolved).toMatchObject({ version: 'v2.1.0', commit: 'head' });
});

test('without tags latest is the head of the default branch', async () => {
  const world = worldWhere('v1.4.0', 2, { tags: async () => [], defaultBranch: async () => 'trunk' });
  const preview = await previewDeploy({ ...asked, version: 'latest' }, payments, world);
  expect(preview.resolved).toMatchObject({ version: 'trunk' });
});

test('a service whose image is named after the tag takes no branch', async () => {
  const world = worldWhere('v1', 1, { resolve: async () => ({ ...commit('head'), as: 'branch' }) });
  const search = catalog.services.search as Service;
  const refused = previewDeploy({ ...asked, service: 'search', version: 'main' }, search, world);
  await expect(refused).rejects.toThrow('main is a branch, and search goes out by tags only');
});

test('a workflow that was renamed is said before anybody approves', async () => {
  const refused = previewDeploy(asked, payments, worldWhere('v1', 1, { hasWorkflow: async () => false }));
  await expect(refused).rejects.toThrow('acme/payments has no workflow deploy.yml that GitHub would run');
});

test('the pull requests that go out are on the card', async () => {
  const pull = { number: 7, title: 'Pay twice', author: 'max-brandt', url: 'https://github.example/7' };
  const mergedPulls: Forge['mergedPulls'] = async (_repository, shas) => [{ ...pull, sha: shas[0] ?? '' }];
  const preview = await previewDeploy(asked, payments, worldWhere('v1', 2, { mergedPulls }));
  expect(preview.pulls).toEqual([pull]);
});

test('an approval is of one way of deploying: another workflow, repository or cluster in the catalog is another', () => {
  const way = wayOfDeploying(payments, 'production');
  const others: Service[] = [
    { ...payments, deploy: { by: 'workflow', workflow: 'other.yml' } },
    { ...payments, repository: 'acme/other' },
    { ...payments, environments: {} },
  ];
  for (const other of others) expect(wayOfDeploying(other, 'production')).not.toBe(way);
  expect(wayOfDeploying({ ...payments, tags: ['new'] }, 'production')).toBe(way);
});

test('commits by people who are not in the catalog are counted, and who approves is told', async () => {
  const stranger = { ...commit('c1'), author: 'octocat', authorEmail: 'octo@mail.example' };
  const compare = async () => ({
    ...{
      commits: [commit('c2'), stranger],
      total: 2,
      behind: 0,
      url: 'https://github.example/compare',
      files: [],
    },
  });
  const preview = await previewDeploy(asked, payments, worldWhere('v1', 0, { compare }));
  expect(preview.change).toMatchObject({ strangers: 1 });
  expect(preview.cautions.join()).toContain('1 commit is by people who are not in the catalog: octocat.');
});

test('of a change that GitHub does not list whole nobody is said to have written it', async () => {
  const compare = async () => ({
    ...{ commits: [commit('c2')], total: 1_500, behind: 0, url: 'https://github.example/compare', files: [] },
  });
  const preview = await previewDeploy(asked, payments, worldWhere('v1', 0, { compare }));
  expect(preview.change).toMatchObject({ authors: 'unknown', commits: 1_500 });
  expect(preview.cautions.join()).toContain('It is too large to see who wrote it all: 1500 commits.');
});
