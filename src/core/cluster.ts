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
