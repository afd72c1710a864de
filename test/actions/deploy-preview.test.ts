/** What an approval of a deploy is bound to. */
import { expect, test } from 'vitest';
import { previewDeploy } from '../../src/actions/deploy/preview.ts';
import type { ReadContext } from '../../src/core/action.ts';
import type { Commit, Forge } from '../../src/core/forge.ts';

const commit = (sha: string): Commit => ({
  sha,
  title: `Change ${sha}`,
  author: 'priya-nair',
  authorEmail: 'priya@acme.example',
  url: `https://github.example/${sha}`,
});

/** GitHub as it is when `count` commits would go out on top of `runs`. */
function githubWhere(runs: string, count: number): Pick<ReadContext, 'forge' | 'now'> {
  const forge: Partial<Forge> = {
    resolve: async () => commit('head'),
    deployments: async () => [{ id: 1, ref: runs, sha: runs, at: 0, by: 'priya-nair', state: 'success' }],
    compare: async () => ({
      commits: Array.from({ length: count }, (_, index) => commit(`c${index}`)),
      total: count,
      behind: 0,
      url: 'https://github.example/compare',
    }),
    checks: async () => ({ state: 'green', names: [] }),
  };
  return { forge: forge as Forge, now: 0 };
}

const asked = { service: 'payments', version: 'v2', environment: 'production' };
const service = {
  title: 'Payments',
  owners: ['payments'],
  repository: 'acme/payments',
  workflow: 'deploy.yml',
  environments: {},
};

test('more commits than a card can list are told apart by what runs now', async () => {
  const fifteen = await previewDeploy(asked, service, githubWhere('v1.9', 15) as ReadContext);
  const thirty = await previewDeploy(asked, service, githubWhere('v1.0', 30) as ReadContext);
  expect(thirty.commits).toEqual(fifteen.commits);
  expect(thirty.resolved).not.toEqual(fifteen.resolved);
});
