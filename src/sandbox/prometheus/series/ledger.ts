/**
 * What the scraped services have lived through: which version ran since when, how many Pods were there. Read from the
 * cluster's objects, and remembered beyond their end, as a Prometheus remembers the Pods of yesterday.
 */
import type { KubeObject } from '../../cluster/types.ts';

export interface Since<Value> {
  /** Milliseconds. */
  readonly at: number;
  readonly value: Value;
}

export interface WorkloadPast {
  readonly namespace: string;
  readonly name: string;
  readonly from: number;
  to?: number;
  readonly versions: Since<string>[];
  readonly wanted: Since<number>[];
  readonly available: Since<number>[];
}

export interface PodPast {
  readonly namespace: string;
  readonly name: string;
  readonly container: string;
  /** The workload it belongs to, by the label that says so. */
  readonly workload: string;
  readonly limits: Readonly<Record<string, string>>;
  readonly from: number;
  to?: number;
}

export interface Ledger {
  /** Forgets everything: the world begins anew. */
  begin(): void;
  see(storage: string, object: KubeObject, isGone: boolean): void;
  workloads(): readonly WorkloadPast[];
  pods(): readonly PodPast[];
}

/** What little of a Deployment and of a Pod is looked at. */
interface Seen {
  readonly metadata: {
    readonly namespace?: string;
    readonly name: string;
    readonly creationTimestamp?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly spec?: {
    readonly replicas?: number;
    readonly containers?: readonly {
      readonly name: string;
      readonly resources?: { readonly limits?: Readonly<Record<string, string>> };
    }[];
  };
  readonly status?: { readonly availableReplicas?: number };
}

/** More of the past than anybody asks for; the oldest Pods go first. */
const podsMax = 2_000;

export function createLedger(now: () => number): Ledger {
  const workloads = new Map<string, WorkloadPast>();
  const pods = new Map<string, PodPast>();

  function seeWorkload(key: string, { metadata, spec, status }: Seen): void {
    const known = workloads.get(key);
    const from = Date.parse(metadata.creationTimestamp ?? '') || now();
    // Whatever is there at the first look has been so since it was made.
    const at = known ? now() : from;
    const isLiving = known !== undefined && known.to === undefined;
    const past: WorkloadPast = isLiving
      ? known
      : { ...placeOf(metadata), from, versions: [], wanted: [], available: [] };
    workloads.set(key, past);
    note(past.versions, isLiving ? at : from, metadata.labels?.['app.kubernetes.io/version'] ?? 'unknown');
    note(past.wanted, isLiving ? at : from, spec?.replicas ?? 1);
    note(past.available, isLiving ? at : from, status?.availableReplicas ?? 0);
  }

  function seePod(key: string, { metadata, spec }: Seen): void {
    const [container] = spec?.containers ?? [];
    if (pods.has(key) || !container) return;
    pods.set(key, {
      ...placeOf(metadata),
      container: container.name,
      workload: metadata.labels?.['app.kubernetes.io/name'] ?? '',
      limits: container.resources?.limits ?? {},
      from: Date.parse(metadata.creationTimestamp ?? '') || now(),
    });
    const [oldest] = pods.keys();
    if (pods.size > podsMax && oldest !== undefined) pods.delete(oldest);
  }

  return {
    begin() {
      workloads.clear();
      pods.clear();
    },
    see(storage, object, isGone) {
      const seen = object as unknown as Seen;
      const { namespace = '', name } = seen.metadata;
      const key = `${namespace}/${name}`;
      if (storage === 'apps/deployments') {
        const past = workloads.get(key);
        if (!isGone) seeWorkload(key, seen);
        else if (past) past.to = now();
      }
      if (storage === '/pods') {
        const past = pods.get(key);
        if (!isGone) seePod(key, seen);
        else if (past) past.to = now();
      }
    },
    workloads: () => [...workloads.values()],
    pods: () => [...pods.values()],
  };
}

function placeOf({ namespace = '', name }: Seen['metadata']) {
  return { namespace, name };
}

function note<Value>(history: Since<Value>[], at: number, value: Value): void {
  if (history.at(-1)?.value !== value) history.push({ at, value });
}

/** What held at a moment; before the first word, the first word. */
export function valueAtMoment<Value>(history: readonly Since<Value>[], ms: number): Value | undefined {
  let [from, to] = [0, history.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((history[middle]?.at ?? ms) <= ms) from = middle + 1;
    else to = middle;
  }
  return history[Math.max(0, from - 1)]?.value;
}
