/** Where code lives and its workflows run, in our verbs. Adapters throw `ProblemError` and nothing else. */
import type { BeforeWrite } from './before-write.ts';
import type { CheckState } from './facts.ts';
import type { ForgeEnvironments, ForgeTeams } from './forge-environments.ts';
import type { Moment } from './ids.ts';
import type { Pulls } from './pulls.ts';

export interface Commit {
  readonly sha: string;
  readonly title: string;
  readonly author: string;
  /** Empty when GitHub does not tell. */
  readonly authorEmail: string;
  /** The author's account, where GitHub knows whose address it is: people commit under private ones, too. */
  readonly authorLogin?: string;
  /** Who else had a hand in it, by its `Co-authored-by` lines: a squashed pull request names its authors there. */
  readonly coAuthorEmails?: readonly string[];
  readonly url: string;
}

/** A commit, and what the name that led to it is. */
export interface Resolved extends Commit {
  readonly as: 'tag' | 'branch' | 'commit';
}

export interface FileChange {
  readonly path: string;
  readonly additions: number;
  readonly deletions: number;
}

export interface Comparison {
  /** In the head and not in the base, newest first: all of them, or of more than `total` can be read only the newest. */
  readonly commits: readonly Commit[];
  readonly total: number;
  /** How many commits the base has that the head lacks: more than 0 means going back. */
  readonly behind: number;
  readonly url: string;
  /** What the head changes since the two went apart; GitHub names at most 300. */
  readonly files: readonly FileChange[];
}

export interface Checks {
  readonly state: CheckState;
  /** Names of those that failed, or that still run when `pending`. */
  readonly names: readonly string[];
  /** Every one of them; of several runs of one name, the worst. */
  readonly all: readonly Check[];
}

export interface Check {
  readonly name: string;
  readonly state: 'green' | 'red' | 'pending';
}

export interface Deployment {
  readonly id: number;
  readonly ref: string;
  readonly sha: string;
  readonly at: Moment;
  /** Who asked, as recorded with it: a name or a login. */
  readonly by: string;
  /** The login of a person who wrote the record themselves: whoever may push can write that anything ran anywhere. */
  readonly byHand?: string;
  readonly state: DeploymentState;
  /** What we marked it with; none when somebody else made it. */
  readonly key?: string;
  /** The commit that this deployment was to take the place of because it was no good. */
  readonly rolledBackFrom?: string;
}
export type DeploymentState =
  | 'queued'
  | 'in_progress'
  | 'success'
  | 'failure'
  | 'error'
  | 'inactive'
  | 'pending';

export interface WorkflowRun {
  readonly id: number;
  readonly status: 'queued' | 'waiting' | 'in_progress' | 'completed';
  /** With `completed`. */
  readonly conclusion?: 'success' | 'failure' | 'cancelled' | 'timed_out' | 'skipped' | 'other';
  readonly url: string;
  readonly jobs: readonly {
    readonly name: string;
    readonly state: WorkflowJobState;
    readonly url: string;
    readonly failedStep?: string;
  }[];
}
export type WorkflowJobState =
  | 'queued'
  | 'waiting'
  | 'in_progress'
  | 'success'
  | 'failure'
  | 'cancelled'
  | 'skipped';

/** Where code lives and its workflows run. `repository` is `owner/name`. */
export interface Forge extends Pulls, ForgeEnvironments, ForgeTeams {
  /** Where people look at it. */
  repositoryUrl(repository: string): string;
  /** A tag, a branch or a commit; `undefined` when there is none of that name. */
  resolve(repository: string, ref: string): Promise<Resolved | undefined>;
  /** `main`, mostly. */
  defaultBranch(repository: string): Promise<string>;
  /** The wanted files of a folder, not of those below it; `undefined` when there is no such folder at that ref. */
  folder(query: {
    readonly repository: string;
    readonly ref: string;
    readonly path: string;
    isWanted(name: string): boolean;
    /** More than so many are refused. */
    readonly most: number;
  }): Promise<readonly { readonly name: string; readonly text: string }[] | undefined>;
  /** Tags, newest first, for suggestions. */
  tags(repository: string, limit: number): Promise<readonly string[]>;
  /** @param listing `none` where only the numbers are wanted: then it lists a commit at most. */
  compare(repository: string, base: string, head: string, listing?: 'all' | 'none'): Promise<Comparison>;
  checks(repository: string, sha: string): Promise<Checks>;
  /** Newest first. */
  deployments(repository: string, environment: string, limit: number): Promise<readonly Deployment[]>;
  /** As `deployments`, for looking and never for deciding: it may be a minute old. */
  recentDeployments(repository: string, environment: string, limit: number): Promise<readonly Deployment[]>;
  /** The deployment that carries our key in its payload. */
  findDeployment(repository: string, environment: string, key: string): Promise<Deployment | undefined>;
  /** The highest fence (core/fence.ts) that deployments of this service there carry, of the last hundred. */
  newestFence(repository: string, environment: string, service: string): Promise<number | undefined>;
  createDeployment(order: {
    repository: string;
    ref: string;
    environment: string;
    isProduction: boolean;
    key: string;
    by: string;
    description: string;
    /** Several services may live in one repository. */
    service: string;
    /** Of the lock that the run took. */
    fence?: number;
    rolledBackFrom?: string;
  }): Promise<{ id: number }>;
  setDeploymentStatus(order: {
    repository: string;
    deploymentId: number;
    state: DeploymentState;
    description: string;
    logUrl?: string;
  }): Promise<void>;
  /** Whether the repository has this workflow, and will run it. */
  hasWorkflow(repository: string, workflow: string): Promise<boolean>;
  /** Looks through recent runs of the workflow for the marker in their title. */
  findRun(
    repository: string,
    workflow: string,
    marker: string,
    since: Moment,
  ): Promise<{ id: number } | undefined>;
  /** `undefined` id when the server does not tell: look for the marker. */
  dispatch(
    order: {
      repository: string;
      workflow: string;
      ref: string;
      inputs: Readonly<Record<string, string>>;
    },
    beforeWrite?: BeforeWrite,
  ): Promise<{ id: number | undefined }>;
  run(repository: string, id: number): Promise<WorkflowRun>;
  cancelRun(repository: string, id: number): Promise<void>;
}
