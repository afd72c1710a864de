/**
 * Objects of one kind as a cluster last told them, found by the questions that are asked of them: what is in a
 * namespace, what belongs to this owner. Bounded: a cluster with more than fits is answered from live reads instead.
 */

interface Named {
  readonly metadata: { readonly name: string; readonly namespace?: string | undefined };
}

export interface Shelf<Item extends Named> {
  /** Everything anew, as a list gave it. */
  replace(items: readonly Item[]): void;
  put(item: Item): void;
  remove(item: Named): void;
  get(namespace: string | undefined, name: string): Item | undefined;
  /** In the order in which they last changed, oldest first. */
  find(key: string): readonly Item[];
  all(): Iterable<Item>;
  readonly size: number;
  /** Whether some are missing because there are too many. */
  readonly isCut: boolean;
}

/**
 * @param keysOf under which questions an object is found.
 * @param itemsMax of more than these, the ones that changed longest ago are let go.
 */
export function createShelf<Item extends Named>(
  keysOf: (item: Item) => readonly string[],
  itemsMax: number,
): Shelf<Item> {
  let items = new Map<string, Item>();
  let index = new Map<string, Map<string, Item>>();
  let isCut = false;

  const drop = (id: string) => {
    const item = items.get(id);
    if (item === undefined) return;
    items.delete(id);
    for (const key of keysOf(item)) {
      const found = index.get(key);
      found?.delete(id);
      if (found?.size === 0) index.delete(key);
    }
  };

  const put = (item: Item) => {
    const id = idOf(item.metadata.namespace, item.metadata.name);
    drop(id);
    items.set(id, item);
    for (const key of keysOf(item)) {
      const found = index.get(key) ?? new Map<string, Item>();
      found.set(id, item);
      index.set(key, found);
    }
    const [oldest] = items.keys();
    if (items.size <= itemsMax || oldest === undefined) return;
    isCut = true;
    drop(oldest);
  };

  return {
    replace(all) {
      items = new Map();
      index = new Map();
      isCut = false;
      for (const item of all) put(item);
    },
    put,
    remove: ({ metadata }) => drop(idOf(metadata.namespace, metadata.name)),
    get: (namespace, name) => items.get(idOf(namespace, name)),
    find: (key) => [...(index.get(key)?.values() ?? [])],
    all: () => items.values(),
    get size() {
      return items.size;
    },
    get isCut() {
      return isCut;
    },
  };
}

function idOf(namespace: string | undefined, name: string): string {
  return `${namespace ?? ''}/${name}`;
}
