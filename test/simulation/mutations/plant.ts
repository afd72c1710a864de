/** Plants a mistake into the product's sources while they are loaded: the files stay as they are. */
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import type { Edit, Mutation } from './mutation.ts';
import { mutations } from './mutations.ts';

/** To be called before anything of the product is imported. @throws Error when there is no mistake of that name. */
export function plant(name: string): void {
  const found = mutations.find((one) => one.name === name);
  if (!found)
    throw new Error(`there is no mutation "${name}": ${mutations.map((one) => one.name).join(', ')}`);
  const edits = new Map<string, Edit[]>();
  for (const edit of found.edits) edits.set(urlOf(edit), [...(edits.get(urlOf(edit)) ?? []), edit]);
  registerHooks({
    load(asked, context, next) {
      const loaded = next(asked, context);
      const wanted = edits.get(asked);
      return wanted ? { ...loaded, source: edited(found, wanted) } : loaded;
    },
  });
}

/** The file with these edits. @throws Error when what one takes away is not there, or there more than once. */
export function edited({ name }: Mutation, edits: readonly Edit[]): string {
  const [first] = edits;
  if (!first) throw new Error(`"${name}" changes nothing`);
  return edits.reduce(
    (source, { find, replace }) => {
      const parts = source.split(find);
      if (parts.length !== 2)
        throw new Error(`"${name}" does not fit any more: ${parts.length - 1} times "${find}"`);
      return parts.join(replace);
    },
    readFileSync(new URL(urlOf(first)), 'utf8'),
  );
}

function urlOf({ file }: Edit): string {
  return new URL(`../../../src/${file}`, import.meta.url).href;
}
