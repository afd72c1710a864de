/** The road of a deploy, walked with the official client. */
import { expect, test } from 'vitest';
import type { CompletedRun } from '../../../src/sandbox/github/runs.ts';
import { deploy, githubWorld, payments, refusal, startAt, tokens } from './github-world.ts';

const workflow = { ...payments, workflow_id: 'deploy.yml' };
const dispatch = 'POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches';
const inputs = { version: 'v1.4.2', environment: 'production' };

test('a dispatch answers 204, or the run when its details are asked for', async () => {
  const { octokit, box } = await githubWorld();
  const plain = await octokit.request(dispatch, { ...workflow, ref: 'main', inputs });
  expect(plain.status).toBe(204);
  const asked = await octokit.request(dispatch, {
    ...workflow,
    ref: 'main',
    inputs,
    return_run_details: true,
  });
  const id = box.control.runs()[0]?.id;
  expect(asked.status).toBe(200);
  expect(asked.data).toEqual({
    workflow_run_id: id,
    run_url: `${box.url}/repos/acme/payments/actions/runs/${id}`,
    html_url: `${box.url}/acme/payments/actions/runs/${id}`,
  });
});

test.each([
  [{ version: 'v1.4.2' }, "Required input 'environment' not provided"],
  [{ ...inputs, color: 'green' }, 'Unexpected inputs provided: ["color"]'],
  [
    { ...inputs, environment: 'moon' },
    "Provided value 'moon' for input 'environment' not in the list of allowed values",
  ],
])('inputs %o are refused: %s', async (given, message) => {
  const { octokit, box } = await githubWorld();
  const refused = await refusal(octokit.request(dispatch, { ...workflow, ref: 'main', inputs: given }));
  expect(refused).toMatchObject({ status: 422, body: { message, status: '422' } });
  expect(box.control.runs()).toEqual([]);
});

test('an unknown ref is refused and an unknown workflow not found', async () => {
  const { octokit } = await githubWorld();
  const ref = await refusal(octokit.request(dispatch, { ...workflow, ref: 'v9.9.9', inputs }));
  expect(ref).toMatchObject({ status: 422, body: { message: 'No ref found for: v9.9.9' } });
  const missing = { ...payments, workflow_id: 'launch.yml', ref: 'main', inputs };
  expect(await refusal(octokit.request(dispatch, missing))).toMatchObject({
    status: 404,
    body: { message: 'Not Found', status: '404' },
  });
});

test('a run goes through its jobs in order and the world hears of its end once', async () => {
  const { octokit, box, clock } = await githubWorld();
  const ended: CompletedRun[] = [];
  box.control.onWorkflowRunCompleted((run) => ended.push(run));
  const run_id = await deploy(octokit, 'v1.4.2', 'production', 'REQ-12');
  const look = async () => {
    const { data } = await octokit.actions.getWorkflowRun({ ...payments, run_id });
    const { data: listed } = await octokit.actions.listJobsForWorkflowRun({ ...payments, run_id });
    return [
      data.status,
      data.conclusion,
      ...listed.jobs.map((job) => `${job.name} ${job.conclusion ?? job.status}`),
    ];
  };
  expect(await look()).toEqual(['queued', null, 'build queued', 'migrate queued', 'rollout queued']);
  await clock.advance(2_000);
  expect(await look()).toEqual([
    'in_progress',
    null,
    'build in_progress',
    'migrate queued',
    'rollout queued',
  ]);
  await clock.advance(8_000);
  expect(await look()).toEqual([
    'in_progress',
    null,
    'build success',
    'migrate in_progress',
    'rollout queued',
  ]);
  await clock.advance(60_000);
  expect(await look()).toEqual([
    'completed',
    'success',
    'build success',
    'migrate success',
    'rollout success',
  ]);
  expect(ended).toMatchObject([
    {
      repository: 'payments',
      runId: run_id,
      workflow: 'deploy.yml',
      displayTitle: 'Deploy v1.4.2 to production [REQ-12]',
      inputs: { version: 'v1.4.2', environment: 'production', greenlight_request: 'REQ-12' },
      conclusion: 'success',
    },
  ]);
});

test('a search over recent runs finds a marker, and its absence', async () => {
  const { octokit, clock } = await githubWorld();
  await deploy(octokit, 'v1.4.1');
  await clock.advance(3_600_000);
  const run_id = await deploy(octokit, 'v1.4.2', 'staging', 'REQ-7');
  const search = async (created: string) => {
    const query = { ...workflow, event: 'workflow_dispatch', created, per_page: 50 };
    const { data } = await octokit.actions.listWorkflowRuns(query);
    return data.workflow_runs.map((run) => [run.id, run.display_title]);
  };
  const since = new Date(startAt + 3_000_000).toISOString();
  expect(await search(`>=${since}`)).toEqual([[run_id, 'Deploy v1.4.2 to staging [REQ-7]']]);
  expect(await search(`<${since}`)).toMatchObject([[expect.any(Number), 'Deploy v1.4.1 to staging']]);
  const { data: failed } = await octokit.actions.listWorkflowRuns({ ...workflow, status: 'failure' });
  expect(failed.total_count).toBe(0);
});

test('the release candidate fails in its migration, and the log says why', async () => {
  const { octokit, clock } = await githubWorld();
  const run_id = await deploy(octokit, 'v1.5.0-rc.1');
  await clock.advance(60_000);
  const { data: run } = await octokit.actions.getWorkflowRun({ ...payments, run_id });
  expect(run.conclusion).toBe('failure');
  const { data } = await octokit.actions.listJobsForWorkflowRun({ ...payments, run_id });
  expect(data.jobs.map((job) => job.conclusion)).toEqual(['success', 'failure', 'skipped']);
  const steps = data.jobs[1]?.steps?.map((step) => `${step.name}: ${step.conclusion}`);
  expect(steps).toContain('Run migrations: failure');
  const log = await octokit.actions.downloadJobLogsForWorkflowRun({
    ...payments,
    job_id: data.jobs[1]?.id ?? 0,
  });
  expect(log.data).toContain('column "amount_minor" of relation "payments" contains null values');
  expect(log.data).toContain('##[error]Process completed with exit code 1.');
});

test('logs are a redirect to a link that lasts a minute, and are not there before the end', async () => {
  const { octokit, box, clock } = await githubWorld();
  const run_id = await deploy(octokit, 'v1.4.2');
  const { data } = await octokit.actions.listJobsForWorkflowRun({ ...payments, run_id });
  const job_id = data.jobs[0]?.id ?? 0;
  expect(await refusal(octokit.actions.downloadJobLogsForWorkflowRun({ ...payments, job_id }))).toMatchObject(
    {
      status: 404,
    },
  );
  await clock.advance(60_000);
  const response = await fetch(`${box.url}/repos/acme/payments/actions/jobs/${job_id}/logs`, {
    redirect: 'manual',
    headers: { authorization: `Bearer ${tokens.greenlight}` },
  });
  expect(response.status).toBe(302);
  const link = response.headers.get('location') ?? '';
  expect(await (await fetch(link)).text()).toContain('Set up job');
  await clock.advance(61_000);
  expect((await fetch(link)).status).toBe(404);
});

test('a cancelled run ends as cancelled and cannot be cancelled twice', async () => {
  const { octokit, clock } = await githubWorld();
  const run = { ...payments, run_id: await deploy(octokit, 'v1.4.2') };
  await clock.advance(3_000);
  expect((await octokit.actions.cancelWorkflowRun(run)).status).toBe(202);
  expect((await octokit.actions.getWorkflowRun(run)).data).toMatchObject({
    status: 'completed',
    conclusion: 'cancelled',
  });
  expect(await refusal(octokit.actions.cancelWorkflowRun(run))).toMatchObject({ status: 409 });
});

test('a re-run of what failed keeps what succeeded and counts the attempt', async () => {
  const { octokit, box, clock } = await githubWorld();
  box.control.failNextRun({ failsAt: { job: 'rollout', log: 'no capacity' } });
  const run = { ...payments, run_id: await deploy(octokit, 'v1.4.2') };
  await clock.advance(60_000);
  expect((await octokit.actions.getWorkflowRun(run)).data.conclusion).toBe('failure');
  await octokit.actions.reRunWorkflowFailedJobs(run);
  const { data: running } = await octokit.actions.listJobsForWorkflowRun(run);
  expect(running.jobs.map((job) => job.status)).toEqual(['completed', 'completed', 'queued']);
  await clock.advance(60_000);
  const { data } = await octokit.actions.getWorkflowRun(run);
  expect([data.run_attempt, data.conclusion]).toEqual([2, 'success']);
  const { data: first } = await octokit.actions.getWorkflowRunAttempt({ ...run, attempt_number: 1 });
  expect(first.conclusion).toBe('failure');
});

test('the jobs of a run are check runs of its commit, as on GitHub', async () => {
  const { octokit, clock } = await githubWorld();
  await deploy(octokit, 'v1.4.2');
  await clock.advance(60_000);
  const { data } = await octokit.checks.listForRef({ ...payments, ref: 'v1.4.2' });
  expect(data.check_runs.map((run) => `${run.name} ${run.conclusion}`).slice(3)).toEqual([
    'build success',
    'migrate success',
    'rollout success',
  ]);
});

test('a held run waits for its release, and a run can be finished by hand', async () => {
  const { octokit, box, clock } = await githubWorld();
  box.control.holdNextRun();
  const run = { ...payments, run_id: await deploy(octokit, 'v1.4.2') };
  await clock.advance(600_000);
  expect((await octokit.actions.getWorkflowRun(run)).data.status).toBe('queued');
  box.control.releaseRun(run.run_id);
  expect((await octokit.actions.getWorkflowRun(run)).data.status).toBe('in_progress');
  box.control.finishRun(run.run_id);
  expect((await octokit.actions.getWorkflowRun(run)).data.conclusion).toBe('success');
});

test('a run for a protected environment waits for a reviewer, who is no App', async () => {
  const { octokit, clock, signIn } = await githubWorld();
  const restore = { ...payments, workflow_id: 'restore.yml', ref: 'main', inputs: { target: 'production' } };
  const asked = await octokit.request(dispatch, { ...restore, return_run_details: true });
  const run = { ...payments, run_id: (asked.data as { workflow_run_id: number }).workflow_run_id };
  await clock.advance(5_000);
  expect((await octokit.actions.getWorkflowRun(run)).data.status).toBe('waiting');
  const { data: pending } = await octokit.actions.getPendingDeploymentsForRun(run);
  expect(pending).toMatchObject([
    {
      environment: { name: 'production' },
      current_user_can_approve: false,
      reviewers: [{ type: 'Team', reviewer: { slug: 'sre' } }],
    },
  ]);
  const environment_ids = pending.flatMap((one) => one.environment.id ?? []);
  const approval = { ...run, environment_ids, state: 'approved' as const, comment: 'Go' };
  expect(await refusal(octokit.actions.reviewPendingDeploymentsForRun(approval))).toMatchObject({
    status: 422,
  });
  const { data: deployments } = await signIn(tokens.sam).actions.reviewPendingDeploymentsForRun(approval);
  expect(deployments).toMatchObject([{ environment: 'production', ref: 'main' }]);
  await clock.advance(30_000);
  expect((await octokit.actions.getWorkflowRun(run)).data.conclusion).toBe('success');
});

test('a rejected run fails and never begins', async () => {
  const { octokit, box, clock } = await githubWorld();
  const restore = { ...payments, workflow_id: 'restore.yml', ref: 'main', inputs: { target: 'production' } };
  await octokit.actions.createWorkflowDispatch(restore);
  await clock.advance(5_000);
  const run_id = box.control.runs()[0]?.id ?? 0;
  box.control.reviewRun(run_id, 'rejected', 'sam-okoye', 'Not today');
  const { data: run } = await octokit.actions.getWorkflowRun({ ...payments, run_id });
  expect(run).toMatchObject({ status: 'completed', conclusion: 'failure' });
  const { data: reviews } = await octokit.actions.getReviewsForRun({ ...payments, run_id });
  expect(reviews).toMatchObject([{ state: 'rejected', comment: 'Not today', user: { login: 'sam-okoye' } }]);
});

test('a deployment with red checks is refused, unless no contexts are asked for', async () => {
  const { octokit } = await githubWorld();
  const deployment = { ...payments, ref: 'v1.5.0-rc.1', environment: 'staging' };
  expect(await refusal(octokit.repos.createDeployment(deployment))).toMatchObject({
    status: 409,
    body: {
      message: 'Conflict: Commit status checks failed for v1.5.0-rc.1.',
      errors: [
        { contexts: expect.arrayContaining([{ context: 'test', state: 'failure' }]), code: 'invalid' },
      ],
    },
  });
  const made = await octokit.repos.createDeployment({ ...deployment, required_contexts: [] });
  expect(made.status).toBe(201);
});

test('a branch that is behind is merged first, and nothing is deployed yet', async () => {
  const { octokit } = await githubWorld();
  const { data: tag } = await octokit.git.getRef({ ...payments, ref: 'tags/v1.4.1' });
  await octokit.git.createRef({ ...payments, ref: 'refs/heads/old', sha: tag.object.sha });
  const behind = { ...payments, ref: 'old', environment: 'staging', required_contexts: [] };
  const answer = await octokit.repos.createDeployment(behind);
  expect(answer).toMatchObject({
    status: 202,
    data: { message: 'Auto-merged main into old on deployment.' },
  });
  expect((await octokit.repos.createDeployment(behind)).status).toBe(201);
});

test('a tag that is behind cannot be merged into: who deploys it asks for no merge', async () => {
  const { octokit } = await githubWorld();
  const tag = { ...payments, ref: 'v1.4.2', environment: 'staging' };
  expect(await refusal(octokit.repos.createDeployment(tag))).toMatchObject({
    status: 409,
    body: { message: 'Conflict merging main into v1.4.2.' },
  });
  expect((await octokit.repos.createDeployment({ ...tag, auto_merge: false })).status).toBe(201);
});

test('a success makes earlier deployments of the environment inactive, but not in production', async () => {
  const { octokit } = await githubWorld();
  const succeed = async (environment: string) => {
    const deployment = { ...payments, ref: 'v1.4.2', environment, required_contexts: [], auto_merge: false };
    const { data } = await octokit.repos.createDeployment(deployment);
    const deployment_id = (data as { id: number }).id;
    await octokit.repos.createDeploymentStatus({ ...payments, deployment_id, state: 'success' });
    const { data: all } = await octokit.repos.listDeployments({ ...payments, environment });
    return Promise.all(
      all.map(async (one) => {
        const { data: statuses } = await octokit.repos.listDeploymentStatuses({
          ...payments,
          deployment_id: one.id,
        });
        return `${one.ref} ${statuses[0]?.state}`;
      }),
    );
  };
  expect(await succeed('staging')).toEqual(['v1.4.2 success', 'v1.4.1 inactive', 'v1.4.0 inactive']);
  expect(await succeed('production')).toEqual(['v1.4.2 success', 'v1.4.0 success']);
});

test('an active deployment cannot be deleted, an inactive one can', async () => {
  const { octokit } = await githubWorld();
  const { data } = await octokit.repos.listDeployments({ ...payments, environment: 'staging' });
  const one = { ...payments, deployment_id: data[0]?.id ?? 0 };
  expect(await refusal(octokit.repos.deleteDeployment(one))).toMatchObject({ status: 422 });
  await octokit.repos.createDeploymentStatus({ ...one, state: 'inactive' });
  expect((await octokit.repos.deleteDeployment(one)).status).toBe(204);
  expect(await refusal(octokit.repos.getDeployment(one))).toMatchObject({ status: 404 });
});

test('a deployment status of no known state is refused', async () => {
  const { octokit } = await githubWorld();
  const { data } = await octokit.repos.listDeployments(payments);
  const call = octokit.request('POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses', {
    ...payments,
    deployment_id: data[0]?.id ?? 0,
    state: 'splendid' as 'success',
  });
  expect(await refusal(call)).toMatchObject({
    status: 422,
    body: {
      message: 'Validation Failed',
      errors: [{ resource: 'DeploymentStatus', field: 'state', code: 'invalid' }],
    },
  });
});
