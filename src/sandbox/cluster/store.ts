/**
 * The box's etcd: objects by resource, namespace and name, one counter of revisions for all of them, and the
 * history that watches replay. Nothing here knows what a kind means.
 */
import { copy } from './json.ts';
import type { KubeObject } from './types.ts';

export interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly storage: string;
  readonly revision: number;
  readonly object: KubeObject;
  /** What it was before; absent for ADDED. */
  readonly before?: KubeObject;
}

export interface Store {
  /** The newest revision. */
  revision(): number;
  /** Objects are frozen in spirit: copy before changing one. */
  get(storage: string, namespace: string | undefined, name: string): KubeObject | undefined;
  /** In the order of their keys, as etcd lists them. */
  list(storage: string, namespace?: string): KubeObject[];
  /** Writes a new revision and tells everybody. Returns the stored object. */
  put(storage: string, object: KubeObject): KubeObject;
  remove(storage: string, object: KubeObject): void;
  /** Changes after `revision`, oldest first; `undefined` when they are forgotten. */
  since(revision: number): readonly Change[] | undefined;
  /** Forgets all older revisions: watches from there end with 410. Returns the first revision still known. */
  compact(): number;
  /** The oldest revision from which a watch can start. */
  compactedAt(): number;
  subscribe(listener: (change: Change) => void): () => void;
  everything(): { readonly storage: string; readonly object: KubeObject }[];
}

/** How many changes a watch can look back on. Real servers keep minutes; this keeps memory small. */
export const historyMax = 5_000;

export function createStore(firstRevision = 1000): Store {
  const tables = new Map<string, Map<string, KubeObject>>();
  const listeners = new Set<(change: Change) => void>();
  let history: Change[] = [];
  let revision = firstRevision;
  let compacted = firstRevision;

  const tableOf = (storage: string) => {
    const table = tables.get(storage) ?? new Map<string, KubeObject>();
    tables.set(storage, table);
    return table;
  };
  const record = (change: Change) => {
    history.push(change);
    if (history.length > historyMax) {
      history = history.slice(-historyMax / 2);
      compacted = (history[0]?.revision ?? revision) - 1;
    }
    for (const listener of [...listeners]) listener(change);
  };

  return {
    revision: () => revision,
    get: (storage, namespace, name) => tables.get(storage)?.get(keyOf(namespace, name)),
    list(storage, namespace) {
      const found = [...(tables.get(storage)?.entries() ?? [])].filter(
        ([key]) => namespace === undefined || key.startsWith(`${namespace}/`),
      );
      return found.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object);
    },
    put(storage, input) {
      const object = copy(input);
      revision += 1;
      object.metadata.resourceVersion = String(revision);
      const key = keyOf(object.metadata.namespace, object.metadata.name);
      const table = tableOf(storage);
      const before = table.get(key);
      table.set(key, object);
      record(
        before
          ? { type: 'MODIFIED', storage, revision, object, before }
          : { type: 'ADDED', storage, revision, object },
      );
      return object;
    },
    remove(storage, object) {
      const table = tableOf(storage);
      const key = keyOf(object.metadata.namespace, object.metadata.name);
      const before = table.get(key);
      if (!before) return;
      revision += 1;
      table.delete(key);
      const last = copy(object);
      last.metadata.resourceVersion = String(revision);
      record({ type: 'DELETED', storage, revision, object: last, before });
    },
    since: (from) => (from < compacted ? undefined : history.filter((change) => change.revision > from)),
    compact() {
      history = [];
      compacted = revision;
      return compacted;
    },
    compactedAt: () => compacted,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    everything: () =>
      [...tables].flatMap(([storage, table]) => [...table.values()].map((object) => ({ storage, object }))),
  };
}

function keyOf(namespace: string | undefined, name: string): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}
