/** One repository of the seed with its past: commits, tags, merged pull requests, checks, deployments. */
import { addCommit, resolveCommit } from './git.ts';
import type { RepositorySeed } from './seed.ts';
import { accountOf } from './shapes/basics.ts';
import type { Commit, GithubState, Pull, Repository, Signature } from './state.ts';
import { syncWorkflows } from './workflows.ts';

const hourMs = 3_600_000;
const checkMs = 95_000;

export function buildRepository(
  state: GithubState,
  seed: RepositorySeed,
  id: number,
  startAt: number,
): Repository {
  const oldest = Math.max(...seed.commits.map((commit) => commit.at));
  const repository: Repository = {
    id,
    owner: state.org.login,
    name: seed.name,
    description: seed.description,
    private: true,
    defaultBranch: 'main',
    createdAt: startAt - oldest - hourMs,
    pushedAt: startAt - oldest,
    commits: new Map(),
    refs: new Map(),
    tagObjects: new Map(),
    protectedBranches: new Map(),
    checkRuns: [],
    pullChecks: new Map(Object.entries(seed.pullChecks)),
    statuses: [],
    pulls: [],
    deployments: [],
    environments: new Map(),
    workflows: new Map(),
    behaviours: new Map(Object.entries(seed.workflows)),
    runs: [],
  };
  let files: ReadonlyMap<string, string> = new Map(Object.entries(seed.files));
  let head: Commit | undefined;
  for (const one of seed.commits) {
    files = new Map([...files, ...Object.entries(one.files)]);
    head = addSeedCommit(state, repository, one, files, head, startAt);
  }
  for (const pull of seed.openPulls) addOpenPull(state, repository, pull, startAt);
  addEnvironments(state, repository, seed, startAt);
  for (const deployment of seed.deployments) addPastDeployment(state, repository, deployment, startAt);
  syncWorkflows(state, repository);
  return repository;
}

function addSeedCommit(
  state: GithubState,
  repository: Repository,
  seed: RepositorySeed['commits'][number],
  files: ReadonlyMap<string, string>,
  parent: Commit | undefined,
  startAt: number,
): Commit {
  const when = startAt - seed.at;
  const author = signatureOf(state, seed.author, when);
  const commit = addCommit(repository, {
    files,
    parents: parent ? [parent.sha] : [],
    message: seed.pull === undefined ? seed.message : `${seed.message} (#${seed.pull})`,
    author,
    committer: { name: 'GitHub', email: 'noreply@github.com', login: null, at: when },
  });
  repository.refs.set(`refs/heads/${repository.defaultBranch}`, commit.sha);
  repository.pushedAt = when;
  for (const tag of seed.tags) repository.refs.set(`refs/tags/${tag}`, commit.sha);
  if (seed.pull !== undefined && parent) addMergedPull(state, repository, seed, commit, parent, when);
  for (const [name, conclusion] of Object.entries(seed.checks)) {
    repository.checkRuns.push({
      id: state.nextId(),
      name,
      headSha: commit.sha,
      suiteId: repository.id * 100 + repository.commits.size,
      appSlug: 'github-actions',
      status: 'completed',
      conclusion,
      startedAt: when,
      completedAt: when + checkMs,
      detailsUrl: null,
      externalId: '',
      output: { title: null, summary: null, text: null },
    });
  }
  for (const [context, status] of Object.entries(seed.statuses)) {
    repository.statuses.push({
      id: state.nextId(),
      sha: commit.sha,
      state: status,
      context,
      description: null,
      targetUrl: null,
      creator: 'github-actions[bot]',
      createdAt: when + checkMs,
    });
  }
  return commit;
}

/** A squashed pull request: its own commit stays reachable by sha, as on GitHub. */
function addMergedPull(
  state: GithubState,
  repository: Repository,
  seed: RepositorySeed['commits'][number],
  merged: Commit,
  base: Commit,
  when: number,
): void {
  const head = addCommit(repository, {
    files: merged.files,
    parents: [base.sha],
    message: seed.message,
    author: { ...merged.author, at: when - hourMs },
    salt: 'pull',
  });
  repository.pulls.push({
    ...openPull(
      state,
      seed.pull ?? 0,
      seed.message,
      branchOf(seed.message),
      seed.author,
      head,
      base,
      when - 2 * hourMs,
    ),
    state: 'closed',
    updatedAt: when,
    closedAt: when,
    mergedAt: when,
    mergedBy: seed.mergedBy ?? seed.author,
    mergeCommitSha: merged.sha,
  });
}

function addOpenPull(
  state: GithubState,
  repository: Repository,
  seed: RepositorySeed['openPulls'][number],
  startAt: number,
): void {
  const base = resolveCommit(repository, repository.defaultBranch);
  if (!base) throw new Error(`${repository.name} has no commit to open a pull request against.`);
  const when = startAt - seed.at;
  const head = addCommit(repository, {
    files: new Map([...base.files, ...Object.entries(seed.files)]),
    parents: [base.sha],
    message: seed.title,
    author: signatureOf(state, seed.author, when),
  });
  repository.refs.set(`refs/heads/${seed.branch}`, head.sha);
  repository.pulls.push(openPull(state, seed.number, seed.title, seed.branch, seed.author, head, base, when));
}

function openPull(
  state: GithubState,
  number: number,
  title: string,
  headRef: string,
  author: string,
  head: Commit,
  base: Commit,
  when: number,
): Pull {
  return {
    id: state.nextId(),
    number,
    title,
    body: null,
    author,
    headRef,
    headSha: head.sha,
    baseRef: 'main',
    baseSha: base.sha,
    state: 'open',
    draft: false,
    createdAt: when,
    updatedAt: when,
    closedAt: null,
    mergedAt: null,
    mergedBy: null,
    mergeCommitSha: null,
    conflicting: false,
  };
}

function addEnvironments(
  state: GithubState,
  repository: Repository,
  seed: RepositorySeed,
  startAt: number,
): void {
  for (const one of seed.environments) {
    repository.environments.set(one.name, {
      id: state.nextId(),
      name: one.name,
      createdAt: startAt - 300 * 24 * hourMs,
      updatedAt: startAt - 300 * 24 * hourMs,
      preventSelfReview: false,
      variables: new Map(),
      reviewers: one.reviewerTeams.map((slug) => {
        const team = state.teams.get(slug);
        if (!team) throw new Error(`The seed's environment ${one.name} asks an unknown team, ${slug}.`);
        return { type: 'Team', id: team.id };
      }),
    });
  }
}

function addPastDeployment(
  state: GithubState,
  repository: Repository,
  seed: RepositorySeed['deployments'][number],
  startAt: number,
): void {
  const commit = resolveCommit(repository, seed.ref);
  if (!commit) throw new Error(`The seed deploys ${repository.name} ${seed.ref}, which does not exist.`);
  const when = startAt - seed.at;
  const common = {
    creator: seed.creator,
    description: '',
    environment: seed.environment,
    environmentUrl: '',
    logUrl: '',
  };
  repository.deployments.push({
    id: state.nextId(),
    sha: commit.sha,
    ref: seed.ref,
    task: 'deploy',
    payload: {},
    environment: seed.environment,
    description: null,
    creator: seed.creator,
    transient: false,
    production: seed.environment === 'production',
    createdAt: when,
    updatedAt: when + checkMs,
    statuses: [
      { ...common, id: state.nextId(), state: 'in_progress', createdAt: when + 2_000 },
      { ...common, id: state.nextId(), state: seed.state, createdAt: when + checkMs },
    ],
  });
}

export function signatureOf(state: GithubState, login: string, when: number): Signature {
  const { name, email, id } = accountOf(state, login);
  return { name, email: email ?? `${id}+${login}@users.noreply.github.com`, login, at: when };
}

function branchOf(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 40);
}
