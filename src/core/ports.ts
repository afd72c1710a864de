/** What Greenlight needs of the outside, in its own verbs. Adapters throw `ProblemError` and nothing else. */
import type { CheckState } from './facts.ts';
import type { Moment, PersonId, RequestId } from './ids.ts';
import type { Person } from './person.ts';
import type { Problem } from './problem.ts';
import type { PlatformRequest, RecordedEvent, RequestEvent, RequestStatus } from './request.ts';
import type { Verdict } from './verdict.ts';

export interface Clock {
  now(): Moment;
}

/** Calls once, later. What must outlive a restart is a row in the store, not one of these. */
export interface Scheduler {
  after(delayMs: number, fire: () => void): { cancel(): void };
}

/** Where randomness comes from, so that a simulation can own it. */
export interface Chance {
  /** A short reference that a person can read out: 8 characters. */
  reference(): string;
}

export interface Log {
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
}

/** Who people are. */
export interface Directory {
  /** @throws ProblemError `outside_unavailable` when it cannot be told now; `not_found` for an id nobody has. */
  person(id: PersonId): Promise<Person>;
  /** `undefined` when nobody has that address. */
  personByEmail(email: string): Promise<Person | undefined>;
}

/** A card in chat: where it is, and which version of its request it shows. */
export interface PostedCard {
  readonly channel: string;
  readonly ts: string;
  readonly shownVersion: number;
}

/** A line that mentions people, once. */
export interface Notice {
  /** `REQ-12:waiting:1`: the same notice never goes out twice. */
  readonly key: string;
  readonly kind: 'waiting' | 'moved' | 'ended';
  readonly requestId: RequestId;
}

/** Chat, as far as requests need it. */
export interface Messenger {
  /** Posts the card, edits it in place, or posts it anew when the old message is gone. */
  showCard(
    request: PlatformRequest,
    history: readonly RecordedEvent[],
    posted: PostedCard | undefined,
  ): Promise<PostedCard>;
  /** Says it in the card's thread. */
  tell(notice: Notice, request: PlatformRequest, posted: PostedCard): Promise<void>;
}

/** A Kubernetes object as JSON. */
export type Manifest = Readonly<Record<string, unknown>> & {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
};

export interface ManifestRef {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

/** A Deployment as an on-call colleague would describe it. */
export interface Workload {
  readonly version: string;
  readonly image: string;
  readonly wanted: number;
  readonly ready: number;
  readonly restarts: number;
  /** Whether every wanted replica runs the newest template and is available. */
  readonly isSettled: boolean;
  /** Why it is not well, in words, worst first: "CrashLoopBackOff: the container search exits with code 1". */
  readonly troubles: readonly string[];
  /** Whether waiting longer may help: false for an image that does not exist, true for one being pulled. */
  readonly mayRecover: boolean;
}

export interface Warning {
  readonly reason: string;
  readonly message: string;
  readonly object: string;
  readonly count: number;
  readonly lastAt: Moment;
}

export interface Cluster {
  /**
   * Server-side apply under our field manager: the same manifest again changes nothing.
   * @throws ProblemError `conflict` naming the other manager, `outside_refused` with the server's reason.
   */
  apply(manifest: Manifest): Promise<void>;
  read(ref: ManifestRef): Promise<Manifest | undefined>;
  /**
   * Asks for deletion. `going` while finalizers or contents are still there, with what it waits for.
   * @throws ProblemError `conflict` when the object does not carry every label of `onlyIf`: it is not ours.
   */
  remove(
    ref: ManifestRef,
    onlyIf: Readonly<Record<string, string>>,
  ): Promise<{ state: 'gone' } | { state: 'going'; waitsFor: string }>;
  /** `undefined` when there is no such Deployment. */
  workload(namespace: string, deployment: string): Promise<Workload | undefined>;
  /** Warning events of a namespace, newest first. */
  warnings(namespace: string, limit: number): Promise<readonly Warning[]>;
}

export interface Commit {
  readonly sha: string;
  readonly title: string;
  readonly author: string;
  /** Empty when GitHub does not tell. */
  readonly authorEmail: string;
  readonly url: string;
}

export interface Comparison {
  /** In the head and not in the base, newest first; at most 250. */
  readonly commits: readonly Commit[];
  readonly total: number;
  /** How many commits the base has that the head lacks: more than 0 means going back. */
  readonly behind: number;
  readonly url: string;
}

export interface Checks {
  readonly state: CheckState;
  /** Names of those that failed, or that still run when `pending`. */
  readonly names: readonly string[];
}

export interface Deployment {
  readonly id: number;
  readonly ref: string;
  readonly sha: string;
  readonly at: Moment;
  /** Who asked, as recorded with it: a name or a login. */
  readonly by: string;
  readonly state: DeploymentState;
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
export interface Forge {
  /** Where people look at it. */
  repositoryUrl(repository: string): string;
  /** A tag, a branch or a commit; `undefined` when there is none of that name. */
  resolve(repository: string, ref: string): Promise<Commit | undefined>;
  /** Tags, newest first, for suggestions. */
  tags(repository: string, limit: number): Promise<readonly string[]>;
  compare(repository: string, base: string, head: string): Promise<Comparison>;
  checks(repository: string, sha: string): Promise<Checks>;
  /** Newest first. */
  deployments(repository: string, environment: string, limit: number): Promise<readonly Deployment[]>;
  /** The deployment that carries our key in its payload. */
  findDeployment(repository: string, environment: string, key: string): Promise<Deployment | undefined>;
  createDeployment(order: {
    repository: string;
    ref: string;
    environment: string;
    isProduction: boolean;
    key: string;
    by: string;
    description: string;
  }): Promise<{ id: number }>;
  setDeploymentStatus(order: {
    repository: string;
    deploymentId: number;
    state: DeploymentState;
    description: string;
    logUrl?: string;
  }): Promise<void>;
  /** Looks through recent runs of the workflow for the marker in their title. */
  findRun(
    repository: string,
    workflow: string,
    marker: string,
    since: Moment,
  ): Promise<{ id: number } | undefined>;
  /** `undefined` id when the server does not tell: look for the marker. */
  dispatch(order: {
    repository: string;
    workflow: string;
    ref: string;
    inputs: Readonly<Record<string, string>>;
  }): Promise<{ id: number | undefined }>;
  run(repository: string, id: number): Promise<WorkflowRun>;
  cancelRun(repository: string, id: number): Promise<void>;
}

/** An evaluation as it is kept: all it looked at and what came out. */
export interface Evaluation {
  readonly stage: 'read' | 'submit' | 'review' | 'start' | 'release';
  readonly at: Moment;
  readonly facts: unknown;
  readonly verdict: Verdict;
}

export interface Change {
  readonly requestId: RequestId;
  /** The version this change was decided on: any other writer since makes it a `conflict`. */
  readonly expectedVersion: number;
  readonly events: readonly RequestEvent[];
  readonly evaluation?: Evaluation;
  readonly notices: readonly Notice[];
  /** Only the holder of this claim may write; a newer fence makes it `lease_lost`. */
  readonly claim?: Claim;
}

export type AppendOutcome =
  | { readonly outcome: 'appended'; readonly request: PlatformRequest }
  | { readonly outcome: 'conflict' }
  | { readonly outcome: 'lease_lost' };

/** The right to carry a request on, until `until`. `fence` rises with every claim of the same request. */
export interface Claim {
  readonly requestId: RequestId;
  readonly holder: string;
  readonly fence: number;
  readonly until: Moment;
}

export interface RequestQuery {
  readonly requester?: PersonId;
  readonly statuses?: readonly RequestStatus[];
  readonly action?: string;
  /** Asked at or after. */
  readonly since?: Moment;
  /** Succeeded requests whose environment is still there. */
  readonly hasLivingEnvironment?: boolean;
  readonly limit: number;
}

/** One row of work for chat: the newest state of a card, or one notice. */
export interface OutboxItem {
  readonly id: number;
  readonly requestId: RequestId;
  readonly notice?: Notice;
  readonly attempts: number;
}

/**
 * The one place where anything is kept. Every method is one transaction, durable when it resolves, and none makes
 * a network call inside. Lists come newest first.
 */
export interface Store {
  /**
   * Gives the next number and writes its first events. The same `key` again gives the request it already made,
   * with `isNew: false`: a repeated submission is one request.
   */
  create(
    key: string,
    events: (id: RequestId) => readonly RequestEvent[],
  ): Promise<{ request: PlatformRequest; isNew: boolean }>;
  load(id: RequestId): Promise<PlatformRequest | undefined>;
  append(change: Change): Promise<AppendOutcome>;
  history(id: RequestId): Promise<readonly RecordedEvent[]>;
  list(query: RequestQuery): Promise<readonly PlatformRequest[]>;
  /** An evaluation that belongs to no request: of a read. */
  recordEvaluation(evaluation: Evaluation): Promise<void>;
  evaluations(id: RequestId): Promise<readonly Evaluation[]>;

  /** The request that has been due longest and that nobody holds. */
  claimDue(
    holder: string,
    now: Moment,
    leaseMs: number,
  ): Promise<{ request: PlatformRequest; claim: Claim } | undefined>;
  /** `false` when somebody else holds it now. */
  renew(claim: Claim, now: Moment, leaseMs: number): Promise<boolean>;
  release(claim: Claim): Promise<void>;
  /** Releases it and lets nobody claim it before `until`: nothing has happened that is worth an event. */
  postpone(claim: Claim, until: Moment): Promise<void>;
  /** When `claimDue` will next have something, leases included. */
  nextDueAt(): Promise<Moment | undefined>;

  /** Outbox rows due by now; a notice is due only after its card was posted. */
  outbox(now: Moment, limit: number): Promise<readonly OutboxItem[]>;
  postedCard(id: RequestId): Promise<PostedCard | undefined>;
  /** The card shows this version now; the row stays when a newer one was written meanwhile. */
  cardShown(item: OutboxItem, posted: PostedCard): Promise<void>;
  noticeTold(item: OutboxItem): Promise<void>;
  /** Not this time; again at `retryAt`. */
  outboxFailed(item: OutboxItem, retryAt: Moment, cause: Problem): Promise<void>;
  nextOutboxAt(): Promise<Moment | undefined>;

  /** Remembers a delivery's key; `false` when it was here before. Keys older than `keepMs` are forgotten. */
  firstTime(key: string, now: Moment, keepMs: number): Promise<boolean>;
  close(): Promise<void>;
}
