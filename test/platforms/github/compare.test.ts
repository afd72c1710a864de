/** A comparison page by page: all of a large change, and no guess about one that is larger. */
import { expect, test } from 'vitest';
import type { GithubClient } from '../../../src/platforms/github/client.ts';
import { createCommits } from '../../../src/platforms/github/commits.ts';

/** A GitHub where `total` commits lie between any two, oldest first; `silent` of them it leaves out. */
function githubWith(total: number, silent = 0) {
  const calls: Readonly<Record<string, unknown>>[] = [];
  const all = Array.from({ length: total - silent }, (_, index) => ({
    sha: `c${index + 1}`,
    html_url: `https://github.example/c${index + 1}`,
    commit: { message: `Change ${index + 1}`, author: { name: 'Max', email: 'max@acme.example' } },
  }));
  const client: Pick<GithubClient, 'call'> = {
    async call(_about, _route, parameters) {
      const { per_page: size = 250, page = 1 } = parameters as { per_page?: number; page?: number };
      calls.push({ size, page });
      const data = {
        ...{ html_url: 'https://github.example/compare', behind_by: 2, total_commits: total },
        commits: all.slice((page - 1) * size, page * size),
        ...(page === 1 ? { files: [{ filename: 'a', additions: 1, deletions: 2 }] } : {}),
      };
      return { status: 200, data };
    },
  };
  return { calls, commits: createCommits(client as GithubClient) };
}

test.each([
  [0, 1, 0],
  [100, 1, 100],
  [251, 3, 251],
  [1_000, 10, 1_000],
])('%i commits are all listed, newest first, with %i calls', async (total, calls, listed) => {
  const github = githubWith(total);
  const found = await github.commits.compare('acme/payments', 'a', 'b');
  expect(github.calls).toHaveLength(calls);
  expect(found).toMatchObject({ total, behind: 2, files: [{ path: 'a' }] });
  expect(found.commits).toHaveLength(listed);
  expect(found.commits[0]?.sha).toBe(total === 0 ? undefined : `c${total}`);
  expect(new Set(found.commits.map(({ sha }) => sha)).size).toBe(listed);
});

test('of more than a thousand only the newest are listed, with three calls', async () => {
  const github = githubWith(5_005);
  const found = await github.commits.compare('acme/payments', 'a', 'b');
  expect(github.calls).toHaveLength(3);
  expect(found.total).toBe(5_005);
  expect(found.commits.map(({ sha }) => sha).slice(0, 2)).toEqual(['c5005', 'c5004']);
  expect(found.commits).toHaveLength(105);
  expect(found.files).toHaveLength(1);
});

test('a GitHub that lists fewer than it counts is not believed to have listed all', async () => {
  const found = await githubWith(300, 40).commits.compare('acme/payments', 'a', 'b');
  expect(found.commits.length).toBeLessThan(found.total);
});

test('where only the numbers are wanted one call is enough', async () => {
  const github = githubWith(5_005);
  expect(await github.commits.compare('acme/payments', 'a', 'b', 'none')).toMatchObject({ behind: 2 });
  expect(github.calls).toEqual([{ size: 1, page: 1 }]);
});
