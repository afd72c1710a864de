/** A cluster, in our verbs. Adapters throw `ProblemError` and nothing else. */
import type { BeforeWrite } from './before-write.ts';
import type { ClusterView, Viewer } from './cluster-view.ts';
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

/** What one container of a Deployment is to run. */
export interface ImageOrder {
  readonly namespace: string;
  readonly deployment: string;
  /** The only one when not given. */
  readonly container?: string | undefined;
  readonly image: string;
  /** For the label that says it. */
  readonly version?: string;
  /** The run's, when it has one (core/fence.ts). */
  readonly fence: number | undefined;
}

/** One Pod template that a Deployment had, as its ReplicaSet keeps it. */
export interface Revision {
  readonly number: number;
  readonly image: string;
  readonly version: string;
  readonly madeAt: Moment;
}

export interface Revisions {
  /** @throws ProblemError `not_found` when there is no such Deployment or container. */
  image(namespace: string, deployment: string, container?: string): Promise<string>;
  /**
   * Changes the image and the version's label, and nothing else. The same again changes nothing.
   * @throws ProblemError `not_found` as `image` does, `conflict` when it carries a higher fence.
   */
  setImage(order: ImageOrder): Promise<void>;
  /** Newest first: the one that is wanted now, then those before it. */
  revisions(namespace: string, deployment: string): Promise<readonly Revision[]>;
  /**
   * Puts the whole Pod template of this revision back, as `kubectl rollout undo` does.
   * @throws ProblemError `not_found` when it is not kept any more, `conflict` when it carries a higher fence.
   */
  rollBack(order: {
    readonly namespace: string;
    readonly deployment: string;
    readonly revision: number;
    readonly fence: number | undefined;
  }): Promise<void>;
}

export interface Cluster extends Revisions {
  /**
   * Server-side apply under our field manager: the same manifest again changes nothing.
   * @throws ProblemError `conflict` naming the other manager, `outside_refused` with the server's reason.
   */
  apply(manifest: Manifest, beforeWrite?: BeforeWrite): Promise<void>;
  /**
   * Makes it only where there is none of that name: of two that try at once, one is told `taken`. Applying cannot tell,
   * because it changes what is there.
   */
  create(manifest: Manifest, beforeWrite?: BeforeWrite): Promise<'made' | 'taken'>;
  /** Whether `create` would make it: asked by trying without keeping it, which takes no right to read what is there. */
  wouldMake(manifest: Manifest): Promise<boolean>;
  /**
   * Makes a Secret once, with values that the adapter makes up: so many letters and digits under each key. Nobody else
   * ever sees them; one that is there already is left as it is.
   */
  createSecret(
    manifest: Manifest,
    generated: Readonly<Record<string, number>>,
    beforeWrite?: BeforeWrite,
  ): Promise<'made' | 'taken'>;
  read(ref: ManifestRef): Promise<Manifest | undefined>;
  /**
   * Asks for deletion. `going` while finalizers or contents are still there, with what it waits for.
   * @throws ProblemError `conflict` when the object does not carry every label of `onlyIf`: it is not ours.
   */
  remove(
    ref: ManifestRef,
    onlyIf: Readonly<Record<string, string>>,
    beforeWrite?: BeforeWrite,
  ): Promise<{ state: 'gone' } | { state: 'going'; waitsFor: string }>;
  /** All objects of a kind that carry every one of these labels, in one namespace or in all. */
  list(query: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  }): Promise<readonly Manifest[]>;
  /**
   * Changes a part of an object, whoever manages the rest (JSON merge patch, RFC 7386: `null` removes). With a
   * `metadata.resourceVersion` only the very object that was read is changed.
   * @throws ProblemError `conflict` when it has changed since it was read.
   */
  merge(
    ref: ManifestRef,
    change: Readonly<Record<string, unknown>>,
    beforeWrite?: BeforeWrite,
  ): Promise<'changed' | 'missing'>;
  /** Like `apply`, and takes back what anybody else has set of it. */
  reapply(manifest: Manifest, beforeWrite?: BeforeWrite): Promise<void>;
  /** The paths of the fields that applying it again would change; changes nothing (a dry run). */
  differences(manifest: Manifest): Promise<readonly string[] | 'missing'>;
  /** `undefined` when there is no such Deployment. */
  workload(namespace: string, deployment: string): Promise<Workload | undefined>;
  /**
   * Starts all Pods of a Deployment anew, one after the other, as `kubectl rollout restart` does. The same moment again
   * changes nothing. `fence`: the run's, when it has one (core/fence.ts).
   * @throws ProblemError `not_found` when there is no such Deployment, `conflict` when it carries a higher fence.
   */
  restart(namespace: string, deployment: string, at: Moment, fence?: number): Promise<void>;
  /** @throws ProblemError as `restart` does. */
  scale(namespace: string, deployment: string, replicas: number, fence?: number): Promise<void>;
  /**
   * Holds a Deployment's rollout, or lets it go on: Pods that run stay as they are.
   * @throws ProblemError as `restart` does.
   */
  pause(namespace: string, deployment: string, isPaused: boolean, fence?: number): Promise<void>;
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
  /** The last lines of the newest Pod of a Job, oldest first; none when it has not said anything. Not redacted. */
  jobLogs(namespace: string, job: string, lines: number): Promise<readonly string[]>;
  /** Warning events of a namespace, newest first. */
  warnings(namespace: string, limit: number): Promise<readonly Warning[]>;
  /**
   * The cluster as this person may see it, from what it has told us all along: for looking, not for deciding,
   * and for one answer, because what it learned of their rights stays as it was.
   */
  view(viewer: Viewer): ClusterView;
}
