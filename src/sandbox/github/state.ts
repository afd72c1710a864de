/**
 * What the sandbox's GitHub remembers. Plain data: moments are milliseconds of the sandbox's time, and the shapes
 * that clients see are made from it at the door (`shapes/`).
 */
import type { KeyObject } from 'node:crypto';
import type { WorldClock } from '../clock.ts';
import type { Hook, HookDelivery } from './webhooks.ts';
import type { WorkflowFile } from './workflow-file.ts';

export interface Account {
  readonly id: number;
  readonly login: string;
  readonly type: 'User' | 'Organization' | 'Bot';
  readonly name: string;
  readonly email: string | null;
}

export interface Signature {
  readonly name: string;
  readonly email: string;
  readonly login: string | null;
  readonly at: number;
}

export interface Commit {
  readonly sha: string;
  readonly treeSha: string;
  /** The whole tree by path: small repositories make snapshots simpler than deltas. */
  readonly files: ReadonlyMap<string, string>;
  readonly parents: readonly string[];
  readonly message: string;
  readonly author: Signature;
  readonly committer: Signature;
}

export interface TagObject {
  readonly sha: string;
  readonly tag: string;
  readonly message: string;
  readonly object: { readonly sha: string; readonly type: string };
  readonly tagger: Signature;
}

export type Conclusion =
  | 'success'
  | 'failure'
  | 'neutral'
  | 'cancelled'
  | 'skipped'
  | 'timed_out'
  | 'action_required';
type RunStatus = 'queued' | 'in_progress' | 'completed' | 'waiting';

export interface CheckRun {
  readonly id: number;
  readonly name: string;
  readonly headSha: string;
  readonly suiteId: number;
  readonly appSlug: string;
  status: 'queued' | 'in_progress' | 'completed';
  conclusion: Conclusion | null;
  startedAt: number | null;
  completedAt: number | null;
  detailsUrl: string | null;
  externalId: string;
  output: { title: string | null; summary: string | null; text: string | null };
}

export interface CommitStatus {
  readonly id: number;
  readonly sha: string;
  readonly state: 'error' | 'failure' | 'pending' | 'success';
  readonly context: string;
  readonly description: string | null;
  readonly targetUrl: string | null;
  readonly creator: string;
  readonly createdAt: number;
}

export interface Pull {
  readonly id: number;
  readonly number: number;
  title: string;
  body: string | null;
  readonly author: string;
  readonly headRef: string;
  headSha: string;
  baseRef: string;
  /** Where the base branch stood when the pull request was opened or, merged, before the merge. */
  baseSha: string;
  state: 'open' | 'closed';
  draft: boolean;
  readonly createdAt: number;
  updatedAt: number;
  closedAt: number | null;
  mergedAt: number | null;
  mergedBy: string | null;
  mergeCommitSha: string | null;
  /** Set by the control API: GitHub's own verdict that a merge would conflict. */
  conflicting: boolean;
}

export const deploymentStates = [
  'error',
  'failure',
  'inactive',
  'in_progress',
  'queued',
  'pending',
  'success',
] as const;
export type DeploymentState = (typeof deploymentStates)[number];

export interface DeploymentStatus {
  readonly id: number;
  readonly state: DeploymentState;
  readonly creator: string;
  readonly description: string;
  readonly environment: string;
  readonly environmentUrl: string;
  readonly logUrl: string;
  readonly createdAt: number;
}

export interface Deployment {
  readonly id: number;
  readonly sha: string;
  readonly ref: string;
  readonly task: string;
  readonly payload: unknown;
  readonly environment: string;
  readonly description: string | null;
  readonly creator: string;
  readonly transient: boolean;
  readonly production: boolean;
  readonly createdAt: number;
  updatedAt: number;
  /** Oldest first. */
  readonly statuses: DeploymentStatus[];
}

export interface Environment {
  readonly id: number;
  readonly name: string;
  readonly createdAt: number;
  updatedAt: number;
  preventSelfReview: boolean;
  /** Who may let a waiting run pass; empty means that nobody is asked. */
  reviewers: readonly { readonly type: 'User' | 'Team'; readonly id: number }[];
  /** By name, in capital letters: GitHub does not tell small ones apart. */
  readonly variables: Map<string, EnvironmentVariable>;
}

export interface EnvironmentVariable {
  readonly name: string;
  readonly value: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

interface Step {
  readonly name: string;
  readonly number: number;
  readonly durationMs: number;
  readonly log: readonly string[];
  status: 'queued' | 'in_progress' | 'completed';
  conclusion: Conclusion | null;
  startedAt: number | null;
  completedAt: number | null;
}

export interface Job {
  readonly id: number;
  readonly key: string;
  readonly name: string;
  readonly needs: readonly string[];
  readonly labels: readonly string[];
  readonly environment: string | null;
  readonly attempt: number;
  readonly createdAt: number;
  readonly steps: Step[];
  status: RunStatus;
  conclusion: Conclusion | null;
  startedAt: number | null;
  completedAt: number | null;
  /** A reviewer let it pass the protection of its environment. */
  approved: boolean;
  /** Ends in failure at this step, with these lines at the end of its log. */
  fails: { readonly step: string; readonly log: readonly string[] } | null;
  /** The deployment that GitHub made for a job with an environment. */
  deploymentId: number | null;
}

interface RunApproval {
  readonly environment: string;
  readonly state: 'approved' | 'rejected';
  readonly login: string;
  readonly comment: string;
}

export interface Run {
  readonly id: number;
  readonly number: number;
  readonly workflow: WorkflowRef;
  readonly file: WorkflowFile;
  readonly event: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly displayTitle: string;
  readonly headRef: string;
  readonly headSha: string;
  readonly actor: string;
  readonly suiteId: number;
  readonly createdAt: number;
  triggeringActor: string;
  updatedAt: number;
  startedAt: number;
  attempt: number;
  status: RunStatus;
  conclusion: Conclusion | null;
  /** Held by the control API: nothing more begins until it is released. */
  held: boolean;
  cancelling: boolean;
  /** Jobs of all attempts, in order. */
  jobs: Job[];
  readonly approvals: RunApproval[];
}

export interface WorkflowRef {
  readonly id: number;
  readonly path: string;
  readonly createdAt: number;
  state: 'active' | 'disabled_manually';
}

/** How a step of a workflow behaves in the sandbox, by `job/step`. */
interface WorkflowBehaviour {
  readonly seconds: Readonly<Record<string, number>>;
  readonly logs: Readonly<Record<string, string>>;
  readonly failures: readonly {
    readonly inputs: Readonly<Record<string, string>>;
    readonly job: string;
    readonly step: string;
    readonly log: string;
  }[];
}

export interface Repository {
  readonly id: number;
  readonly owner: string;
  readonly name: string;
  readonly description: string;
  readonly private: boolean;
  readonly defaultBranch: string;
  readonly createdAt: number;
  pushedAt: number;
  readonly commits: Map<string, Commit>;
  /** Full names (`refs/heads/main`) to the sha of a commit or of a tag object. */
  readonly refs: Map<string, string>;
  readonly tagObjects: Map<string, TagObject>;
  readonly protectedBranches: Map<string, { readonly requiredContexts: readonly string[] }>;
  readonly checkRuns: CheckRun[];
  /** What a new pull request is checked by, and how many seconds each takes. */
  readonly pullChecks: ReadonlyMap<string, number>;
  readonly statuses: CommitStatus[];
  readonly pulls: Pull[];
  readonly deployments: Deployment[];
  readonly environments: Map<string, Environment>;
  readonly workflows: Map<string, WorkflowRef>;
  readonly behaviours: ReadonlyMap<string, WorkflowBehaviour>;
  readonly runs: Run[];
}

export type RepositoryRole = 'pull' | 'triage' | 'push' | 'maintain' | 'admin';

export interface Team {
  readonly id: number;
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly createdAt: number;
  readonly members: Map<string, 'member' | 'maintainer'>;
  readonly repositories: Map<string, RepositoryRole>;
}

export type PermissionLevel = 'read' | 'write' | 'admin';
export type Permissions = Readonly<Record<string, PermissionLevel>>;

interface App {
  readonly id: number;
  readonly slug: string;
  readonly name: string;
  readonly clientId: string;
  readonly installationId: number;
  readonly permissions: Permissions;
  readonly events: readonly string[];
  readonly createdAt: number;
  /** The key pair with which it signs in. */
  readonly keys: () => { readonly publicKey: KeyObject; readonly privatePem: string };
}

export interface Token {
  readonly kind: 'installation' | 'user';
  /** Who acts: a person, or the app's own bot account. */
  readonly login: string;
  readonly permissions: Permissions;
  /** `all`, or the names of the repositories that it reaches. */
  readonly repositories: 'all' | readonly string[];
  readonly expiresAt: number | null;
}

export interface GithubState {
  readonly clock: WorldClock;
  /** Where this box answers, without a slash at the end. Known once it listens. */
  baseUrl: string;
  readonly org: Account;
  readonly accounts: Map<string, Account>;
  /** Members of the organisation by login. */
  readonly members: Map<string, 'admin' | 'member'>;
  readonly teams: Map<string, Team>;
  readonly repositories: Map<string, Repository>;
  readonly app: App;
  readonly tokens: Map<string, Token>;
  readonly hooks: Map<number, Hook>;
  readonly deliveries: HookDelivery[];
  readonly logTickets: Map<string, { readonly body: string | Uint8Array; readonly expiresAt: number }>;
  nextId(): number;
  /** Tells the webhooks; set once the box is wired. */
  emit(event: string, action: string | undefined, repository: Repository, body: object, sender: string): void;
}
