/** One call of every operation that the box serves, made with the official clients; the judges watch the journal. */
import { createAppAuth } from '@octokit/auth-app';
import { Octokit } from '@octokit/rest';
import { deploy, type GithubWorld, payments, tokens } from './github-world.ts';

export interface Observed {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly body: unknown;
}

/** What every call of the walk was answered, by the journal. */
export async function observeWalk(world: GithubWorld): Promise<readonly Observed[]> {
  const observed: Observed[] = [];
  world.journal.subscribe((entry) => {
    const [method = '', path = ''] = entry.operation.split(' ');
    const status = Number(entry.outcome);
    if (entry.kind === 'call' && status !== 304)
      observed.push({
        method,
        path: decodeURIComponent(path),
        status,
        body: withToken(path, entry.response),
      });
  });
  await walk(world);
  return observed;
}

/** The journal keeps no tokens; the shape has one. */
function withToken(path: string, body: unknown): unknown {
  return path.endsWith('/access_tokens')
    ? { ...(body as object), token: 'ghs_kept_out_of_the_journal' }
    : body;
}

async function walk(world: GithubWorld): Promise<void> {
  const { octokit, box, clock } = world;
  const { appId, privateKey, installationId } = box.control.app;
  const app = new Octokit({ authStrategy: createAppAuth, auth: { appId, privateKey }, baseUrl: box.url });
  const sam = world.signIn(tokens.sam);
  const org = { org: 'acme' };
  const sre = { ...org, team_slug: 'sre' };

  await app.apps.getAuthenticated();
  await app.apps.listInstallations();
  await app.apps.getInstallation({ installation_id: installationId });
  await app.apps.getRepoInstallation(payments);
  await app.apps.getOrgInstallation(org);
  const { data: made } = await app.apps.createInstallationAccessToken({
    installation_id: installationId,
    repositories: ['payments'],
  });
  const installed = world.signIn(made.token);
  await installed.apps.listReposAccessibleToInstallation();
  await installed.apps.revokeInstallationAccessToken();

  await octokit.orgs.listMembers(org);
  await octokit.orgs.checkMembershipForUser({ ...org, username: 'sam-okoye' });
  await octokit.orgs.getMembershipForUser({ ...org, username: 'lee-winter' });
  await octokit.teams.list(org);
  await octokit.teams.getByName(sre);
  await octokit.teams.listMembersInOrg(sre);
  await octokit.teams.listChildInOrg(sre);
  await octokit.teams.listReposInOrg(sre);
  const accept = 'application/vnd.github.v3.repository+json';
  await octokit.teams.checkPermissionsForRepoInOrg({ ...sre, ...payments, headers: { accept } });
  await octokit.teams.checkPermissionsForRepoInOrg({ ...sre, ...payments });
  await octokit.teams.addOrUpdateMembershipForUserInOrg({ ...sre, username: 'dana-fox' });
  await octokit.teams.getMembershipForUserInOrg({ ...sre, username: 'dana-fox' });
  await octokit.teams.removeMembershipForUserInOrg({ ...sre, username: 'dana-fox' });
  await octokit.repos.listForOrg(org);
  await octokit.rateLimit.get();
  await sam.users.getAuthenticated();
  await octokit.users.getByUsername({ username: 'dana-fox' });
  await octokit.repos.get(payments);
  await octokit.repos.listTeams(payments);
  await octokit.repos.getCollaboratorPermissionLevel({ ...payments, username: 'priya-nair' });

  await octokit.repos.listBranches(payments);
  const { data: main } = await octokit.repos.getBranch({ ...payments, branch: 'main' });
  await octokit.repos.listCommits(payments);
  await octokit.repos.getCommit({ ...payments, ref: 'v1.4.2' });
  await octokit.repos.listPullRequestsAssociatedWithCommit({ ...payments, commit_sha: main.commit.sha });
  await octokit.repos.compareCommitsWithBasehead({ ...payments, basehead: 'v1.4.1...v1.4.2' });
  await octokit.repos.listTags(payments);
  await octokit.git.getRef({ ...payments, ref: 'tags/v1.4.2' });
  await octokit.git.listMatchingRefs({ ...payments, ref: 'tags/v1.4' });
  await octokit.git.getCommit({ ...payments, commit_sha: main.commit.sha });
  const tag = { tag: 'v9.0.0', message: 'Nine', object: main.commit.sha, type: 'commit' as const };
  const { data: tagged } = await octokit.git.createTag({ ...payments, ...tag });
  await octokit.git.getTag({ ...payments, tag_sha: tagged.sha });
  await octokit.git.createRef({ ...payments, ref: 'refs/heads/change', sha: main.commit.sha });
  await octokit.git.updateRef({ ...payments, ref: 'heads/change', sha: main.commit.sha, force: true });
  const content = Buffer.from('hello\n').toString('base64');
  const file = { ...payments, path: 'notes/hello.txt', message: 'Say hello', branch: 'change' };
  const { data: put } = await octokit.repos.createOrUpdateFileContents({ ...file, content });
  await octokit.repos.getContent({ ...payments, path: 'README.md' });
  await octokit.repos.getContent({ ...payments, path: 'src' });
  const pull = { title: 'Say hello', head: 'change', base: 'main' };
  const { data: opened } = await octokit.pulls.create({ ...payments, ...pull });
  const one = { ...payments, pull_number: opened.number };
  await octokit.pulls.list(payments);
  await octokit.pulls.get(one);
  await octokit.pulls.update({ ...one, title: 'Say hello again' });
  await octokit.pulls.listCommits(one);
  await octokit.pulls.listFiles(one);
  await octokit.pulls.listReviews(one);
  await octokit.pulls.merge(one);
  await octokit.pulls.checkIfMerged(one);
  await octokit.repos.deleteFile({ ...file, sha: put.content?.sha ?? '', message: 'Say no more' });
  await octokit.git.deleteRef({ ...payments, ref: 'heads/change' });

  const check = { ...payments, name: 'greenlight', head_sha: main.commit.sha };
  const { data: created } = await octokit.checks.create(check);
  await octokit.checks.get({ ...payments, check_run_id: created.id });
  await octokit.checks.update({ ...payments, check_run_id: created.id, conclusion: 'success' });
  await octokit.checks.getSuite({ ...payments, check_suite_id: created.check_suite?.id ?? 0 });
  await octokit.checks.listForRef({ ...payments, ref: 'v1.4.2' });
  await octokit.checks.listSuitesForRef({ ...payments, ref: 'v1.4.2' });
  await octokit.repos.createCommitStatus({ ...payments, sha: main.commit.sha, state: 'success' });
  await octokit.repos.getCombinedStatusForRef({ ...payments, ref: 'v1.4.2' });
  await octokit.repos.listCommitStatusesForRef({ ...payments, ref: 'v1.4.2' });

  await octokit.actions.listRepoWorkflows(payments);
  await octokit.actions.getWorkflow({ ...payments, workflow_id: 'deploy.yml' });
  const run = { ...payments, run_id: await deploy(octokit, 'v1.5.0-rc.1') };
  await clock.advance(60_000);
  await octokit.actions.listWorkflowRunsForRepo(payments);
  await octokit.actions.listWorkflowRuns({ ...payments, workflow_id: 'deploy.yml' });
  await octokit.actions.getWorkflowRun(run);
  await octokit.actions.getWorkflowRunAttempt({ ...run, attempt_number: 1 });
  const { data: listed } = await octokit.actions.listJobsForWorkflowRun(run);
  await octokit.actions.listJobsForWorkflowRunAttempt({ ...run, attempt_number: 1 });
  await octokit.actions.listWorkflowRunArtifacts(run);
  const job = { ...payments, job_id: listed.jobs[0]?.id ?? 0 };
  await octokit.actions.getJobForWorkflowRun(job);
  await octokit.actions.downloadJobLogsForWorkflowRun(job);
  await octokit.actions.downloadWorkflowRunLogs(run);
  await octokit.actions.reRunWorkflowFailedJobs(run);
  await clock.advance(60_000);
  await octokit.actions.reRunWorkflow(run);
  await octokit.actions.cancelWorkflowRun(run);
  await octokit.actions.reRunJobForWorkflowRun(job);
  await octokit.actions.forceCancelWorkflowRun(run);

  const restore = { ...payments, workflow_id: 'restore.yml', ref: 'main', inputs: { target: 'production' } };
  await octokit.actions.createWorkflowDispatch(restore);
  await clock.advance(5_000);
  const waiting = { ...payments, run_id: box.control.runs()[0]?.id ?? 0 };
  const { data: pending } = await sam.actions.getPendingDeploymentsForRun(waiting);
  await sam.actions.reviewPendingDeploymentsForRun({
    ...waiting,
    environment_ids: pending.flatMap((each) => each.environment.id ?? []),
    state: 'approved',
    comment: 'Go',
  });
  await octokit.actions.getReviewsForRun(waiting);

  const deployment = {
    ...payments,
    ref: 'v1.4.2',
    environment: 'preview',
    required_contexts: [],
    auto_merge: false,
  };
  const { data: deployed } = await octokit.repos.createDeployment(deployment);
  const deployment_id = (deployed as { id: number }).id;
  await octokit.repos.createDeploymentStatus({ ...payments, deployment_id, state: 'success' });
  await octokit.repos.listDeploymentStatuses({ ...payments, deployment_id });
  await octokit.repos.listDeployments(payments);
  await octokit.repos.getDeployment({ ...payments, deployment_id });
  await octokit.repos.createDeploymentStatus({ ...payments, deployment_id, state: 'inactive' });
  await octokit.repos.deleteDeployment({ ...payments, deployment_id });
  await octokit.repos.getAllEnvironments(payments);
  const preview = { ...payments, environment_name: 'preview' };
  await world.signIn(tokens.lee).repos.createOrUpdateEnvironment(preview);
  await octokit.repos.getEnvironment({ ...payments, environment_name: 'production' });
}
