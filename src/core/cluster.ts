/** A cluster, in our verbs. Adapters throw `ProblemError` and nothing else. */
import type { Moment } from './ids.ts';

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

/** The last lines that one container wrote, oldest first, as it wrote them: whoever shows them redacts them. */
export interface ContainerLog {
  readonly pod: string;
  readonly container: string;
  /** What its former run said before it ended: the one that is now has crashed, or has not begun. */
  readonly isPrevious: boolean;
  /** Why the Pod is not well, in words; empty when it is. */
  readonly trouble: string;
  readonly lines: readonly string[];
}

export interface Cluster {
  /**
   * Server-side apply under our field manager: the same manifest again changes nothing.
   * @throws ProblemError `conflict` naming the other manager, `outside_refused` with the server's reason.
   */
  apply(manifest: Manifest): Promise<void>;
  /**
   * Makes it only where there is none of that name: of two that try at once, one is told `taken`. Applying cannot tell,
   * because it changes what is there.
   */
  create(manifest: Manifest): Promise<'made' | 'taken'>;
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
  /**
   * Starts all Pods of a Deployment anew, one after the other, as `kubectl rollout restart` does. The same moment again
   * changes nothing.
   * @throws ProblemError `not_found` when there is no such Deployment.
   */
  restart(namespace: string, deployment: string, at: Moment): Promise<void>;
  /** @throws ProblemError `not_found` when there is no such Deployment. */
  scale(namespace: string, deployment: string, replicas: number): Promise<void>;
  /** How many Pods more the quotas of its namespace leave room for, and which one is the first to refuse. */
  room(
    namespace: string,
    deployment: string,
  ): Promise<{ readonly pods: number; readonly boundBy: string } | undefined>;
  /**
   * The last lines of at most `pods` Pods of a Deployment, those in the worst state first.
   * @throws ProblemError `not_found` when there is no such Deployment.
   */
  logs(
    namespace: string,
    deployment: string,
    most: { readonly pods: number; readonly lines: number },
  ): Promise<readonly ContainerLog[]>;
  /** Warning events of a namespace, newest first. */
  warnings(namespace: string, limit: number): Promise<readonly Warning[]>;
}
