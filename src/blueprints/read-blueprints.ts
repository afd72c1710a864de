/** A folder of blueprints: every `.yml` is one, and the other files are what they take their inputs `from`. */
import type { Blueprint } from '../core/blueprint.ts';
import type { Blueprints, CatalogFile } from '../core/catalog.ts';
import { dnsLabel } from '../core/names.ts';
import type { Mistake, Read, Source } from '../documents/document.ts';
import { readBlueprint } from './read-blueprint.ts';

/** By the file's name within its folder. */
export type BlueprintFiles = ReadonlyMap<string, Source>;

/** Blueprints that a folder may hold, with the files beside them: a form has room for 100 to choose from. */
export const blueprintFilesMax = 200;

export function readBlueprints(
  files: BlueprintFiles,
  catalog: Pick<CatalogFile, 'environments' | 'prices'>,
): Read<Blueprints> {
  const { outside } = catalog.environments;
  const { currency: _currency, ...prices } = catalog.prices;
  const context = {
    outside,
    prices: Object.keys(prices),
    neighbour: (name: string) => files.get(name),
  };
  const mistakes: Mistake[] = [];
  // People's words are looked up in it: a plain object would also know the name "constructor".
  const blueprints: Record<string, Blueprint> = Object.create(null);
  for (const [file, source] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (!isBlueprint(file)) continue;
    const name = file.slice(0, -'.yml'.length);
    const named = dnsLabel.safeParse(name);
    const read = readBlueprint(name, source, context);
    if (!named.success) mistakes.push({ file: source.file, line: 1, column: 1, message: wrongName });
    if (read.ok) blueprints[name] = read.value;
    else mistakes.push(...read.mistakes);
  }
  return mistakes.length > 0 ? { ok: false, mistakes } : { ok: true, value: blueprints };
}

const wrongName = 'The name of a blueprint is its file: use small letters, digits and dashes.';

/** What of a folder is read at all. */
export function isTaken(file: string): boolean {
  return /^[a-z0-9][\w.-]*\.(?:yml|yaml|json)$/.test(file);
}

/** `widgets.crd.yml` or `widgets.values.yml` is something that a blueprint takes its inputs from. */
function isBlueprint(file: string): boolean {
  return file.endsWith('.yml') && !file.slice(0, -'.yml'.length).includes('.');
}
