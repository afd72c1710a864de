/** In which order resources are made: each after those it needs. */

export interface Node {
  readonly name: string;
  readonly needs: readonly string[];
}

/** In the file's order as far as it can be kept; or the names along one cycle, the first one again at its end. */
export function inOrder<Item extends Node>(
  items: readonly Item[],
): { readonly order: readonly Item[] } | { readonly cycle: readonly string[] } {
  const order: Item[] = [];
  const left = new Set(items);
  while (left.size > 0) {
    const next = [...left].find(
      ({ needs }) => !needs.some((name) => [...left].some((one) => one.name === name)),
    );
    if (!next) return { cycle: cycleIn([...left]) };
    order.push(next);
    left.delete(next);
  }
  return { order };
}

/** Every item here needs another one here, so that going on leads back. */
function cycleIn(items: readonly Node[]): string[] {
  const names: string[] = [];
  let here = items[0];
  while (here && !names.includes(here.name)) {
    names.push(here.name);
    const { needs } = here;
    here = items.find(({ name }) => needs.includes(name));
  }
  const start = here?.name ?? '';
  return [...names.slice(names.indexOf(start)), start];
}
