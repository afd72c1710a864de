/** Commits, refs, files and pull requests, with the official client. */
import { expect, test } from 'vitest';
import { githubWorld, payments, refusal } from './github-world.ts';

test('a comparison lists what head has and base has not, oldest first, with the files', async () => {
  const { octokit } = await githubWorld();
  const { data } = await octokit.repos.compareCommitsWithBasehead({
    ...payments,
    basehead: 'v1.4.1...v1.4.2',
  });
  expect(data).toMatchObject({ status: 'ahead', ahead_by: 3, behind_by: 0, total_commits: 3 });
  expect(data.commits.map((commit) => [commit.commit.message, commit.author?.login])).toEqual([
    ['Retry captures that time out (#181)', 'priya-nair'],
    ["Log the acquirer's reference with each refund (#182)", 'max-brandt'],
    ['Keep idempotency keys for 24 hours (#184)', 'priya-nair'],
  ]);
  expect(data.files?.find((file) => file.filename === 'VERSION')).toMatchObject({
    status: 'modified',
    additions: 1,
    deletions: 1,
    patch: '@@ -1 +1 @@\n-1.4.1\n+1.4.2',
  });
});

test('a comparison the other way is behind, with itself identical, with nothing not found', async () => {
  const { octokit } = await githubWorld();
  const compare = (basehead: string) => octokit.repos.compareCommitsWithBasehead({ ...payments, basehead });
  expect((await compare('v1.4.2...v1.4.1')).data).toMatchObject({
    status: 'behind',
    behind_by: 3,
    files: [],
  });
  expect((await compare('main...main')).data.status).toBe('identical');
  expect(await refusal(compare('v1.4.2...v7'))).toMatchObject({
    status: 404,
    body: { message: 'Not Found' },
  });
});

test('a comparison shows its commits by pages and its files on the first one', async () => {
  const { octokit } = await githubWorld();
  const query = { ...payments, basehead: 'v1.4.1...v1.4.2', per_page: 2 };
  const first = await octokit.repos.compareCommitsWithBasehead({ ...query, page: 1 });
  const second = await octokit.repos.compareCommitsWithBasehead({ ...query, page: 2 });
  expect([first.data.commits.length, second.data.commits.length]).toEqual([2, 1]);
  expect([first.data.total_commits, second.data.total_commits]).toEqual([3, 3]);
  expect(second.data.files).toBeUndefined();
});

test('the shas of the seed are the same on every start', async () => {
  const [one, two] = [await githubWorld(), await githubWorld()];
  const shas = async ({ octokit }: typeof one) =>
    (await octokit.repos.listCommits(payments)).data.map((commit) => commit.sha);
  expect(await shas(one)).toEqual(await shas(two));
});

test('a commit is found by branch, tag, sha and short sha, and an unknown one is a 422', async () => {
  const { octokit } = await githubWorld();
  const get = async (ref: string) => (await octokit.repos.getCommit({ ...payments, ref })).data.sha;
  const sha = await get('v1.5.0-rc.1');
  expect([await get('main'), await get('heads/main'), await get(sha), await get(sha.slice(0, 8))]).toEqual(
    Array(4).fill(sha),
  );
  expect(await refusal(get('nowhere'))).toMatchObject({
    status: 422,
    body: { message: 'No commit found for SHA: nowhere' },
  });
});

test('lists come in pages with links that lead through all of them', async () => {
  const { octokit } = await githubWorld();
  const first = await octokit.repos.listTags({ ...payments, per_page: 3 });
  expect(first.headers.link).toMatch(/<[^>]+page=2[^>]*>; rel="next", <[^>]+page=2[^>]*>; rel="last"/);
  const all = await octokit.paginate(octokit.repos.listTags, { ...payments, per_page: 3 });
  expect(all.map((tag) => tag.name)).toEqual(['v1.5.0-rc.1', 'v1.4.2', 'v1.4.1', 'v1.4.0']);
});

test('checks and statuses tell a red commit from a green one', async () => {
  const { octokit } = await githubWorld();
  const conclusions = async (ref: string) =>
    (await octokit.checks.listForRef({ ...payments, ref })).data.check_runs.map((run) => run.conclusion);
  expect(await conclusions('v1.4.2')).toEqual(['success', 'success', 'success']);
  expect(await conclusions('v1.5.0-rc.1')).toEqual(['success', 'failure', 'success']);
  const { data } = await octokit.repos.getCombinedStatusForRef({ ...payments, ref: 'v1.4.2' });
  expect([data.state, data.total_count]).toEqual(['success', 1]);
});

test('a commit knows the pull request that brought it', async () => {
  const { octokit } = await githubWorld();
  const { data: commit } = await octokit.repos.getCommit({ ...payments, ref: 'v1.4.2' });
  const { data } = await octokit.repos.listPullRequestsAssociatedWithCommit({
    ...payments,
    commit_sha: commit.sha,
  });
  expect(data).toMatchObject([{ number: 184, state: 'closed', user: { login: 'priya-nair' } }]);
  const { data: pull } = await octokit.pulls.get({ ...payments, pull_number: 184 });
  expect(pull).toMatchObject({ merged: true, merged_by: { login: 'max-brandt' }, commits: 1 });
});

test('refs are made once, moved forward only, and deleted', async () => {
  const { octokit } = await githubWorld();
  const sha = async (ref: string) => (await octokit.repos.getCommit({ ...payments, ref })).data.sha;
  const [old, head] = [await sha('v1.4.1'), await sha('main')];
  const ref = { ...payments, ref: 'refs/heads/hotfix/one' };
  expect((await octokit.git.createRef({ ...ref, sha: head })).status).toBe(201);
  expect(await refusal(octokit.git.createRef({ ...ref, sha: head }))).toMatchObject({
    status: 422,
    body: { message: 'Reference already exists' },
  });
  const short = { ...payments, ref: 'heads/hotfix/one' };
  expect(await refusal(octokit.git.updateRef({ ...short, sha: old }))).toMatchObject({
    status: 422,
    body: { message: 'Update is not a fast forward' },
  });
  expect((await octokit.git.updateRef({ ...short, sha: old, force: true })).data.object.sha).toBe(old);
  await octokit.git.deleteRef(short);
  expect(await refusal(octokit.git.deleteRef(short))).toMatchObject({
    status: 422,
    body: { message: 'Reference does not exist' },
  });
});

test('an annotated tag leads to its commit', async () => {
  const { octokit } = await githubWorld();
  const { data: head } = await octokit.repos.getCommit({ ...payments, ref: 'main' });
  const { data: tag } = await octokit.git.createTag({
    ...payments,
    ...{ tag: 'v2.0.0', message: 'Two', object: head.sha, type: 'commit' },
  });
  await octokit.git.createRef({ ...payments, ref: 'refs/tags/v2.0.0', sha: tag.sha });
  const { data: ref } = await octokit.git.getRef({ ...payments, ref: 'tags/v2.0.0' });
  expect(ref.object).toMatchObject({ type: 'tag', sha: tag.sha });
  expect((await octokit.repos.getCommit({ ...payments, ref: 'v2.0.0' })).data.sha).toBe(head.sha);
});

test('a file is changed by who knows its sha; an old sha is a conflict', async () => {
  const { octokit } = await githubWorld();
  const file = {
    ...payments,
    path: 'VERSION',
    message: 'Bump',
    content: Buffer.from('1.6.0\n').toString('base64'),
  };
  expect(await refusal(octokit.repos.createOrUpdateFileContents(file))).toMatchObject({ status: 422 });
  const stale = 'a'.repeat(40);
  expect(await refusal(octokit.repos.createOrUpdateFileContents({ ...file, sha: stale }))).toMatchObject({
    status: 409,
    body: { message: `VERSION does not match ${stale}` },
  });
  const { data: known } = await octokit.repos.getContent({ ...payments, path: 'VERSION' });
  const { sha } = known as { sha: string };
  const { data } = await octokit.repos.createOrUpdateFileContents({ ...file, sha });
  const { data: now } = await octokit.repos.getContent({ ...payments, path: 'VERSION' });
  expect(Buffer.from((now as { content: string }).content, 'base64').toString()).toBe('1.6.0\n');
  const { data: branch } = await octokit.repos.getBranch({ ...payments, branch: 'main' });
  expect(branch.commit.sha).toBe(data.commit.sha);
});

test('a pull request is merged once, at the head that was looked at', async () => {
  const { octokit } = await githubWorld();
  const pull = { ...payments, pull_number: 187 };
  const { data: open } = await octokit.pulls.get(pull);
  expect(open).toMatchObject({ state: 'open', mergeable: true, mergeable_state: 'clean', changed_files: 1 });
  expect(await refusal(octokit.pulls.merge({ ...pull, sha: 'b'.repeat(40) }))).toMatchObject({
    status: 409,
    body: { message: 'Head branch was modified. Review and try the merge again.' },
  });
  const { data } = await octokit.pulls.merge({ ...pull, sha: open.head.sha, merge_method: 'squash' });
  const { data: main } = await octokit.repos.getBranch({ ...payments, branch: 'main' });
  expect(main.commit).toMatchObject({
    sha: data.sha,
    commit: { message: 'Cancel authorisations after seven days (#187)' },
  });
  expect(await refusal(octokit.pulls.merge(pull))).toMatchObject({ status: 405 });
});

test('a pull request with conflicts is not mergeable', async () => {
  const { octokit, box } = await githubWorld();
  box.control.setPullConflict('payments', 187, true);
  const pull = { ...payments, pull_number: 187 };
  expect((await octokit.pulls.get(pull)).data).toMatchObject({ mergeable: false, mergeable_state: 'dirty' });
  expect(await refusal(octokit.pulls.merge(pull))).toMatchObject({
    status: 405,
    body: { message: 'Pull Request is not mergeable' },
  });
});

test('a protected branch takes no merge before its checks are green', async () => {
  const { octokit, box } = await githubWorld();
  box.control.protectBranch('payments', 'main', ['test']);
  const pull = { ...payments, pull_number: 187 };
  expect((await octokit.repos.getBranch({ ...payments, branch: 'main' })).data.protected).toBe(true);
  expect(await refusal(octokit.pulls.merge(pull))).toMatchObject({
    status: 405,
    body: { message: 'Required status check "test" is expected.' },
  });
  const { data } = await octokit.pulls.get(pull);
  await octokit.checks.create({ ...payments, name: 'test', head_sha: data.head.sha, conclusion: 'success' });
  expect((await octokit.pulls.merge(pull)).data.merged).toBe(true);
});

test('a second pull request for the same branch is refused, as is one without commits', async () => {
  const { octokit } = await githubWorld();
  const again = { ...payments, title: 'Again', head: 'cancel-old-authorisations', base: 'main' };
  expect(await refusal(octokit.pulls.create(again))).toMatchObject({
    status: 422,
    body: { errors: [{ message: 'A pull request already exists for acme:cancel-old-authorisations.' }] },
  });
  expect(await refusal(octokit.pulls.create({ ...again, head: 'main' }))).toMatchObject({
    status: 422,
    body: { errors: [{ message: 'No commits between main and main' }] },
  });
});
