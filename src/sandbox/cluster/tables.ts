/** What the store holds now, by its keys and by its uids: a cluster that a whole company works in has many thousands. */
import type { KubeObject } from './types.ts';

export interface Tables {
  /** Objects are frozen in spirit: copy before changing one. */
  get(storage: string, namespace: string | undefined, name: string): KubeObject | undefined;
  /** In the order of their keys, as etcd lists them. @param isWanted is asked before they are put in order: mostly few are. */
  list(storage: string, namespace?: string, isWanted?: (object: KubeObject) => boolean): KubeObject[];
  everything(): { readonly storage: string; readonly object: KubeObject }[];
  withUid(uid: string): KubeObject | undefined;
  /** What names the uid as one of its owners. */
  ownedBy(uid: string): KubeObject[];
  /** Returns what was there before. */
  set(storage: string, object: KubeObject): KubeObject | undefined;
  delete(storage: string, object: KubeObject): KubeObject | undefined;
}

/** The objects of one resource in one namespace, by their names. */
type Shelf = Map<string, KubeObject>;

export function createTables(): Tables {
  /** By resource, then by namespace; without one, under the empty name. */
  const tables = new Map<string, Map<string, Shelf>>();
  const byUid = new Map<string, KubeObject>();
  const byOwner = new Map<string, Shelf>();

  function shelfOf(storage: string, namespace = ''): Shelf {
    const table = tables.get(storage) ?? new Map<string, Shelf>();
    tables.set(storage, table);
    const shelf = table.get(namespace) ?? new Map();
    table.set(namespace, shelf);
    return shelf;
  }

  function index(object: KubeObject): void {
    byUid.set(object.metadata.uid, object);
    for (const { uid } of object.metadata.ownerReferences ?? []) {
      const owned = byOwner.get(uid) ?? new Map();
      byOwner.set(uid, owned.set(object.metadata.uid, object));
    }
  }

  function unindex(object: KubeObject): void {
    byUid.delete(object.metadata.uid);
    for (const { uid } of object.metadata.ownerReferences ?? []) {
      const owned = byOwner.get(uid);
      owned?.delete(object.metadata.uid);
      if (owned?.size === 0) byOwner.delete(uid);
    }
  }

  return {
    get: (storage, namespace = '', name) => tables.get(storage)?.get(namespace)?.get(name),
    list(storage, namespace, isWanted = () => true) {
      const table = tables.get(storage);
      const shelves =
        namespace === undefined ? [...(table?.values() ?? [])] : [table?.get(namespace) ?? new Map()];
      const found: { readonly key: string; readonly object: KubeObject }[] = [];
      for (const shelf of shelves) {
        for (const object of shelf.values()) if (isWanted(object)) found.push({ key: keyOf(object), object });
      }
      return found.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ object }) => object);
    },
    everything: () =>
      [...tables].flatMap(([storage, table]) =>
        [...table.values()].flatMap((shelf) => [...shelf.values()].map((object) => ({ storage, object }))),
      ),
    withUid: (uid) => byUid.get(uid),
    ownedBy: (uid) => [...(byOwner.get(uid)?.values() ?? [])],
    set(storage, object) {
      const shelf = shelfOf(storage, object.metadata.namespace);
      const before = shelf.get(object.metadata.name);
      if (before) unindex(before);
      shelf.set(object.metadata.name, object);
      index(object);
      return before;
    },
    delete(storage, { metadata: { namespace, name } }) {
      const shelf = shelfOf(storage, namespace);
      const before = shelf.get(name);
      if (before) unindex(before);
      shelf.delete(name);
      return before;
    },
  };
}

function keyOf({ metadata: { namespace, name } }: KubeObject): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}
