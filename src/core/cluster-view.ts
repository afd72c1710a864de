/**
 * A cluster as one person may see it: answered from what Greenlight has been told by the cluster all along, so that a
 * look costs the cluster nothing, with how old that knowledge is.
 */
import { type Catalog, groupsOf } from './catalog.ts';
import type { ContainerLog, Warning, Workload } from './cluster.ts';
import type { Moment } from './ids.ts';
import type { Person } from './person.ts';

/** Whose eyes: Greenlight's own, or those of a person, by what the cluster knows them as. */
export type Viewer =
  | { readonly kind: 'system' }
  | { readonly kind: 'person'; readonly email: string | undefined; readonly groups: readonly string[] };

export function viewerOf(person: Person, catalog: Catalog): Viewer {
  if (person.kind === 'system') return { kind: 'system' };
  const { email } = person;
  return { kind: 'person', email: email?.toLowerCase(), groups: groupsOf(catalog, email) };
}

/** Every method throws `ProblemError`; of a right that the viewer lacks it names which. */
export interface ClusterView {
  /** Asks the cluster for a sign of life when there was none for a while. */
  freshness(): Promise<Freshness>;
  /** `undefined` when there is no such Deployment. */
  workload(namespace: string, deployment: string): Promise<WorkloadView | undefined>;
  /** Newest first; of this Deployment, its ReplicaSets and Pods when one is named. */
  warnings(namespace: string, limit: number, deployment?: string): Promise<readonly Warning[]>;
  /** Read anew: the last lines of at most `pods` Pods of a Deployment, those in the worst state first. */
  logs(
    namespace: string,
    deployment: string,
    most: { readonly pods: number; readonly lines: number },
  ): Promise<readonly ContainerLog[]>;
  overview(): Promise<ClusterOverview>;
}

export interface Freshness {
  /** Everything that is shown was so at this moment, or later. */
  readonly asOf: Moment;
  /** Whether changes are heard of as they happen. */
  readonly isLive: boolean;
  /** What stands in the way, as a sentence. */
  readonly trouble?: string;
}

export interface WorkloadView extends Workload {
  /** How many of the wanted Pods have the newest template. */
  readonly updated: number;
  /** Since when somebody holds its rollout; 0 when the cluster does not say. */
  readonly pausedAt?: Moment;
  /** When a container ended last, to be started again. */
  readonly restartedAt?: Moment;
  /** When the newest template came. */
  readonly changedAt?: Moment;
}

export interface ClusterOverview {
  /** Of the API server: `v1.32.13`; empty when it has not said. */
  readonly version: string;
  /** What is not well first. */
  readonly nodes: readonly NodeView[];
  /** The fullest first. */
  readonly quotas: readonly QuotaUse[];
  readonly unready: readonly UnreadyPods[];
  readonly pods: number;
  /** What could not be looked at and why, as sentences. */
  readonly notSeen: readonly string[];
}

export interface NodeView {
  readonly name: string;
  /** In words, worst first: "not ready: kubelet stopped posting node status", "memory pressure", "cordoned". */
  readonly troubles: readonly string[];
  readonly version: string;
  /** Cores; what Pods on it asked for, and what it can give. */
  readonly cpu: Share;
  /** Bytes. */
  readonly memory: Share;
  readonly pods: Share;
}

export interface Share {
  readonly used: number;
  readonly of: number;
}

export interface QuotaUse {
  readonly namespace: string;
  /** `compute-resources: limits.memory`. */
  readonly what: string;
  /** As the cluster writes them. */
  readonly used: string;
  readonly hard: string;
  /** 0 to 1, or more. */
  readonly share: number;
}

/** Pods of one namespace that should be ready and are not. */
export interface UnreadyPods {
  readonly namespace: string;
  readonly count: number;
  /** Why the first of them is not, in words. */
  readonly trouble: string;
}
