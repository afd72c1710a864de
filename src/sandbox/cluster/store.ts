/**
 * The box's etcd: objects by resource, namespace and name, one counter of revisions for all of them, and the
 * history that watches replay. Nothing here knows what a kind means.
 */
import { copy } from './json.ts';
import { createTables, type Tables } from './tables.ts';
import type { KubeObject } from './types.ts';

export interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly storage: string;
  readonly revision: number;
  readonly object: KubeObject;
  /** What it was before; absent for ADDED. */
  readonly before?: KubeObject;
}

export interface Store extends Pick<Tables, 'get' | 'list' | 'everything' | 'withUid' | 'ownedBy'> {
  /** The newest revision. */
  revision(): number;
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
}

/** How many changes a watch can look back on. Real servers keep minutes; this keeps memory small. */
export const historyMax = 5_000;

export function createStore(firstRevision = 1000): Store {
  const tables = createTables();
  const listeners = new Set<(change: Change) => void>();
  let history: Change[] = [];
  let revision = firstRevision;
  let compacted = firstRevision;

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
    get: tables.get,
    list: tables.list,
    everything: tables.everything,
    withUid: tables.withUid,
    ownedBy: tables.ownedBy,
    put(storage, input) {
      const object = copy(input);
      revision += 1;
      object.metadata.resourceVersion = String(revision);
      const before = tables.set(storage, object);
      record(
        before
          ? { type: 'MODIFIED', storage, revision, object, before }
          : { type: 'ADDED', storage, revision, object },
      );
      return object;
    },
    remove(storage, object) {
      const before = tables.delete(storage, object);
      if (!before) return;
      revision += 1;
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
  };
}
