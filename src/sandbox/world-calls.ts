/**
 * The hand behind the GitHub and the cluster box, as the one address takes it: `POST /control/github/fail-next-run`.
 * Types only: each box checks what it is told (`github/control-routes.ts`, `cluster/control-http.ts`).
 */

/** A workflow of a repository, as its default branch has it. */
export interface Workflow {
  readonly repository: string;
  /** File name: `deploy.yml`. */
  readonly workflow: string;
  readonly name: string;
  /** Keys of its jobs, in the order of the file. */
  readonly jobs: readonly string[];
}

export interface RunSummary {
  readonly id: number;
  readonly repository: string;
  readonly workflow: string;
  readonly displayTitle: string;
  readonly status: string;
  readonly conclusion: string | null;
  readonly held: boolean;
}

/** Which run: the next one of that repository and workflow, when they are named. */
export interface WhichRun {
  readonly repository?: string;
  /** File name: `deploy.yml`. */
  readonly workflow?: string;
}

/** At its last step when none is named; `log` is what the log says before the error. */
export interface FailurePoint {
  readonly job: string;
  readonly step?: string | undefined;
  readonly log?: string | undefined;
}

export type PodFailure = 'imagepull' | 'crash' | 'oom' | 'unready' | 'fail';

/** The next custom resource of this kind, in any namespace and of any name unless they are named. */
export interface FailNextResource {
  readonly kind: string;
  readonly namespace?: string;
  readonly name?: string;
  /** What its operator says of it; something usual when not given. */
  readonly message?: string;
}

/** A kind that an operator of the box looks after. */
export interface OperatedKind {
  readonly operator: string;
  readonly apiVersion: string;
  readonly kind: string;
  /** Those of its objects that fail because they were told to. */
  readonly failing: readonly { readonly namespace: string; readonly name: string }[];
  /** How many further ones will. */
  readonly ordered: number;
}

/** A Deployment, and what control calls have broken about its further Pods. */
export interface Workload {
  readonly namespace: string;
  readonly name: string;
  readonly trouble?: PodFailure | 'unschedulable' | 'quota';
}

/** Which object: `apiVersion` and `kind` as in a manifest. */
export interface ObjectReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

export interface SetImage {
  readonly namespace: string;
  readonly deployment: string;
  readonly image: string;
  /** Goes into the label `app.kubernetes.io/version` when given. */
  readonly version?: string;
}

/** Nothing comes back but the fact that it was done. */
type Done = undefined;

/** What each call takes (`undefined`: it is a GET) and answers. */
export interface GithubCalls {
  /** What `@octokit/auth-app` takes to sign in as the App. */
  app: [undefined, { appId: number; clientId: string; installationId: number; privateKey: string }];
  workflows: [undefined, readonly Workflow[]];
  /** Newest first. */
  runs: [undefined, readonly RunSummary[]];
  deliveries: [undefined, readonly { id: number; event: string; payload: string; status?: number }[]];
  'fail-next-run': [WhichRun & { failsAt: FailurePoint }, Done];
  'hold-next-run': [WhichRun, Done];
  'hold-run': [{ runId: number }, Done];
  'release-run': [{ runId: number }, Done];
  'finish-run': [{ runId: number; conclusion?: 'success' | 'failure' }, Done];
  'review-run': [{ runId: number; verdict: 'approved' | 'rejected'; by: string; comment?: string }, Done];
  'protect-environment': [
    { repository: string; environment: string; reviewerTeams: readonly string[] },
    Done,
  ];
  'pull-conflict': [{ repository: string; number: number; conflicting: boolean }, Done];
  'protect-branch': [{ repository: string; branch: string; requiredContexts?: readonly string[] }, Done];
  /** What is left of the primary limit, for every token. */
  'rate-limit': [{ remaining: number }, Done];
  'secondary-limit': [
    { operation?: string; times?: number; status?: 403 | 429; retryAfterSeconds?: number },
    { faultId: string },
  ];
  webhooks: [{ url: string; secret: string; events?: readonly string[] }, { id: number }];
  redeliver: [{ deliveryId: number }, unknown];
}

interface OneWorkload {
  namespace: string;
  workload: string;
}

export interface ClusterCalls {
  workloads: [Record<never, never>, { workloads: readonly Workload[] }];
  makeWell: [{ namespace: string }, Done];
  setImage: [SetImage, Done];
  failNext: [OneWorkload & { failure: PodFailure }, Done];
  stopFailing: [OneWorkload, Done];
  operators: [Record<never, never>, { kinds: readonly OperatedKind[] }];
  failNextResource: [FailNextResource, Done];
  /** Its operator tries again, and it goes well. */
  mendResource: [ObjectReference, Done];
  unschedulable: [{ namespace: string; on: boolean }, Done];
  stuckFinalizer: [ObjectReference & { finalizer?: string }, Done];
  removeFinalizer: [ObjectReference & { finalizer?: string }, Done];
  setStatus: [ObjectReference & { status: Readonly<Record<string, unknown>> }, Done];
  stallQuota: [{ namespace: string }, Done];
  compact: [Record<never, never>, Done];
  restart: [Record<never, never>, Done];
  /** `{ ok: true }` when there is no such object. */
  read: [ObjectReference, unknown];
}
