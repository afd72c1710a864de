/**
 * The hand behind the GitHub and the cluster box, as the one address takes it: `POST /control/github/fail-next-run`.
 * Types only: each box checks what it is told (`github/control-routes.ts`, `cluster/control-http.ts`).
 */
import type { ClusterControl, ObjectReference, SetImage } from './cluster/control.ts';
import type { PodFailure } from './cluster/world.ts';
import type { GithubControl } from './github/control.ts';

export type { PodFailure };
export type Workload = ReturnType<ClusterControl['workloads']>[number];
export type Workflow = ReturnType<GithubControl['workflows']>[number];

/** Nothing comes back but the fact that it was done. */
type Done = undefined;

/** What each call takes (`undefined`: it is a GET) and answers. */
export interface GithubCalls {
  app: [undefined, GithubControl['app']];
  workflows: [undefined, readonly Workflow[]];
  runs: [undefined, ReturnType<GithubControl['runs']>];
  deliveries: [undefined, ReturnType<GithubControl['deliveries']>];
  'fail-next-run': [Parameters<GithubControl['failNextRun']>[0], Done];
  'hold-next-run': [{ repository?: string; workflow?: string }, Done];
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
