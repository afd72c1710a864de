/**
 * The hand behind the sandbox's GitHub: what tests, scripts and the world panel may do to it. Everything that
 * GitHub itself would do goes through the API instead.
 */
import type { Faults } from '../faults.ts';
import type { FailurePoint, RunSummary, WhichRun, Workflow } from '../world-calls.ts';
import { secondaryLimitBody } from './fault-body.ts';
import { resolveCommit } from './git.ts';
import type { Push, Pushes } from './pushes.ts';
import type { RateLimits } from './rate-limit.ts';
import type { CompletedRun, RunEngine } from './runs.ts';
import type { GithubState, Repository, Run } from './state.ts';
import type { Hook, HookDelivery, Webhooks } from './webhooks.ts';
import { workflowAt } from './workflows.ts';

export interface GithubControl {
  /** Every workflow of every repository, as its default branch has it. */
  workflows(): readonly Workflow[];
  /** What an App needs to sign in: `@octokit/auth-app` takes exactly this. The key is made anew at every start. */
  readonly app: {
    readonly appId: number;
    readonly clientId: string;
    readonly installationId: number;
    /** PEM, PKCS#8. */
    readonly privateKey: string;
  };
  /** All runs, newest first. */
  runs(): readonly RunSummary[];
  /** The next run (of that repository and workflow, when named) fails at this job, at its last step or the named one. */
  failNextRun(next: WhichRun & { readonly failsAt: FailurePoint }): void;
  /** The next run stays queued until `releaseRun`. */
  holdNextRun(next?: WhichRun): void;
  /** Jobs under way go on to their end; nothing further begins. @throws Error when there is no such run. */
  holdRun(runId: number): void;
  releaseRun(runId: number): void;
  /** Ends the run at once. */
  finishRun(runId: number, conclusion?: 'success' | 'failure'): void;
  /** Answers for the reviewers of the environments that a run waits for. */
  reviewRun(runId: number, verdict: 'approved' | 'rejected', by: string, comment?: string): void;
  /** Teams (by slug) that must let runs into this environment; none takes the protection away. */
  protectEnvironment(repository: string, environment: string, reviewerTeams: readonly string[]): void;
  /** GitHub will say that this pull request cannot be merged, or can again. */
  setPullConflict(repository: string, number: number, conflicting: boolean): void;
  /** Merges into this branch need these checks to be green; `undefined` takes the protection away. */
  protectBranch(repository: string, branch: string, requiredContexts: readonly string[] | undefined): void;
  /** What is left of the primary rate limit in this window, for every token. */
  setRateLimitRemaining(remaining: number): void;
  /** The next calls that match meet the secondary rate limit. Returns the id of the fault rule. */
  secondaryLimit(options?: {
    operation?: string;
    times?: number;
    status?: 403 | 429;
    retryAfterSeconds?: number;
  }): string;
  addWebhook(hook: Omit<Hook, 'id'>): Hook;
  removeWebhook(id: number): void;
  deliveries(): readonly HookDelivery[];
  redeliver(deliveryId: number): Promise<HookDelivery>;
  /** Resolves when every webhook under way was answered. */
  webhooksSettled(): Promise<void>;
  /** Calls back whenever a branch ends in other files than before; returns how to stop. */
  onPush(listener: (push: Push) => void): () => void;
  /** Calls back for every run that ends; returns how to stop. */
  onWorkflowRunCompleted(listener: (run: CompletedRun) => void): () => void;
}

export interface ControlParts {
  readonly state: GithubState;
  readonly engine: RunEngine;
  readonly limits: RateLimits;
  readonly webhooks: Webhooks;
  readonly pushes: Pushes;
  readonly faults: Faults;
}

export function createControl({
  state,
  engine,
  limits,
  webhooks,
  pushes,
  faults,
}: ControlParts): GithubControl {
  const { id: appId, clientId, installationId } = state.app;
  return {
    get app() {
      return { appId, clientId, installationId, privateKey: state.app.keys().privatePem };
    },
    workflows: () => [...state.repositories.values()].flatMap(workflowsOf),
    runs: () =>
      [...state.repositories.values()]
        .flatMap((repository) => repository.runs.map((run) => summaryOf(repository, run)))
        .sort((a, b) => b.id - a.id),
    failNextRun: (next) => engine.prepareNext(next),
    holdNextRun: (next = {}) => engine.prepareNext({ ...next, holds: true }),
    holdRun: (runId) => engine.hold(findRun(state, runId).run),
    releaseRun(runId) {
      const { repository, run } = findRun(state, runId);
      engine.release(repository, run);
    },
    finishRun(runId, conclusion = 'success') {
      const { repository, run } = findRun(state, runId);
      engine.finish(repository, run, conclusion);
    },
    reviewRun(runId, verdict, by, comment = '') {
      const { repository, run } = findRun(state, runId);
      const waiting = run.jobs
        .filter((job) => job.status === 'waiting')
        .flatMap((job) => job.environment ?? []);
      engine.review(repository, run, [...new Set(waiting)], verdict, by, comment);
    },
    protectEnvironment(name, environmentName, reviewerTeams) {
      const environment = findRepository(state, name).environments.get(environmentName);
      if (!environment) throw new Error(`${name} has no environment ${environmentName}.`);
      environment.reviewers = reviewerTeams.map((slug) => {
        const team = state.teams.get(slug);
        if (!team) throw new Error(`There is no team ${slug}.`);
        return { type: 'Team', id: team.id };
      });
      environment.updatedAt = state.clock.now();
    },
    setPullConflict(name, number, conflicting) {
      const pull = findRepository(state, name).pulls.find((one) => one.number === number);
      if (!pull) throw new Error(`${name} has no pull request ${number}.`);
      pull.conflicting = conflicting;
    },
    protectBranch(name, branch, requiredContexts) {
      const { protectedBranches } = findRepository(state, name);
      if (requiredContexts) protectedBranches.set(branch, { requiredContexts });
      else protectedBranches.delete(branch);
    },
    setRateLimitRemaining: (remaining) => limits.setRemaining(remaining),
    secondaryLimit: ({ operation = '*', times = 1, status = 403, retryAfterSeconds = 60 } = {}) =>
      faults.add({
        ...{ box: 'github', operation, times },
        fault: { kind: 'status', status, retryAfterSeconds, body: secondaryLimitBody(status) },
      }),
    addWebhook(input) {
      const hook = { ...input, id: state.nextId() };
      state.hooks.set(hook.id, hook);
      return hook;
    },
    removeWebhook: (id) => {
      state.hooks.delete(id);
    },
    deliveries: () => state.deliveries,
    redeliver: webhooks.redeliver,
    webhooksSettled: webhooks.settled,
    onPush: pushes.onPush,
    onWorkflowRunCompleted: engine.onCompleted,
  };
}

function workflowsOf(repository: Repository): Workflow[] {
  const head = resolveCommit(repository, repository.defaultBranch);
  return [...repository.workflows.values()].flatMap((workflow) => {
    const file = workflowAt(head, workflow);
    if (!file) return [];
    const jobs = file.jobs.map((job) => job.key);
    return {
      ...{ repository: repository.name, workflow: workflow.path.split('/').at(-1) ?? workflow.path },
      ...{ name: file.name, jobs },
    };
  });
}

function findRepository(state: GithubState, name: string): Repository {
  const repository = state.repositories.get(name);
  if (!repository) throw new Error(`The sandbox's GitHub has no repository ${name}.`);
  return repository;
}

function findRun(state: GithubState, id: number): { repository: Repository; run: Run } {
  for (const repository of state.repositories.values()) {
    const run = repository.runs.find((one) => one.id === id);
    if (run) return { repository, run };
  }
  throw new Error(`The sandbox's GitHub has no run ${id}.`);
}

function summaryOf(repository: Repository, run: Run): RunSummary {
  return {
    id: run.id,
    repository: repository.name,
    workflow: run.workflow.path,
    displayTitle: run.displayTitle,
    status: run.status,
    conclusion: run.conclusion,
    held: run.held,
  };
}
