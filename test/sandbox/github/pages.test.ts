/** The pages that `html_url` leads to. */
import { expect, test } from 'vitest';
import { deploy, githubWorld, payments } from './github-world.ts';

test('the link of a run opens a page that tells how it goes', async () => {
  const { octokit, clock } = await githubWorld();
  const run_id = await deploy(octokit, 'v1.5.0-rc.1', 'staging', 'REQ-5');
  const { data: run } = await octokit.actions.getWorkflowRun({ ...payments, run_id });
  const look = async () => (await fetch(run.html_url)).text();
  expect(await look()).toContain('http-equiv="refresh"');
  await clock.advance(60_000);
  const page = await look();
  expect(page).toContain('<h1>Deploy v1.5.0-rc.1 to staging [REQ-5]</h1>');
  expect(page).toContain('migrate: failure');
  expect(page).toContain('contains null values');
  expect(page).not.toContain('http-equiv="refresh"');
});

test('links of commits, comparisons and pull requests open', async () => {
  const { octokit } = await githubWorld();
  const { data: commit } = await octokit.repos.getCommit({ ...payments, ref: 'v1.4.2' });
  const basehead = 'v1.4.1...v1.4.2';
  const { data: difference } = await octokit.repos.compareCommitsWithBasehead({ ...payments, basehead });
  const { data: pull } = await octokit.pulls.get({ ...payments, pull_number: 187 });
  for (const link of [commit.html_url, difference.html_url, pull.html_url]) {
    const response = await fetch(link);
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      'text/html; charset=utf-8',
    ]);
  }
});

test('what people wrote never becomes markup', async () => {
  const { octokit } = await githubWorld();
  const message = '<img src=x onerror=alert(1)>';
  const content = Buffer.from('<script>alert(2)</script>').toString('base64');
  const put = { ...payments, path: 'notes.txt', message, content };
  const { data } = await octokit.repos.createOrUpdateFileContents(put);
  const page = await (await fetch(data.commit.html_url ?? '')).text();
  expect(page).toContain('&lt;img src=x onerror=alert(1)&gt;');
  expect(page).not.toMatch(/<(img|script)/);
});
