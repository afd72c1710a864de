/**
 * The catalog, its blueprints and its workflows, which the policy refers to by name: none of them comes into force that
 * would make rules fall silent. Edited together with what refers to it, each comes into force with the other.
 */
import type { Fresh } from '../blueprints/keep-fresh.ts';
import { readBlueprints } from '../blueprints/read-blueprints.ts';
import { readCatalog } from '../catalog/read-catalog.ts';
import { readWorkflows } from '../catalog/read-workflows.ts';
import type { Blueprints, Catalog, CatalogFile, Workflows } from '../core/catalog.ts';
import type { Mistake, Read } from '../documents/document.ts';
import type { WatchedDocument } from '../documents/watch-document.ts';

export interface CatalogParts {
  readonly file: WatchedDocument<CatalogFile>;
  readonly blueprints: Fresh<Blueprints>;
  readonly workflows: Fresh<Workflows>;
}

/** One of them as it was edited. */
export interface Edited {
  readonly file?: CatalogFile;
  readonly blueprints?: Blueprints;
  readonly workflows?: Workflows;
}

/** What stands against a catalog outside of it. */
export type MistakesWith = (catalog: Catalog) => readonly Mistake[];

/** `read`, unless something stands against the edit with the others as they are in force, and with the newest of all. */
export function fitting<Value>(
  read: Read<Value>,
  edited: (value: Value) => Edited,
  parts: Partial<CatalogParts>,
  mistakesWith: MistakesWith,
): Read<Value> {
  // At the start what refers to them is read after them.
  if (!read.ok || !areAll(parts)) return read;
  const mistakes = mistakesWith(withEdit(parts, edited(read.value)));
  if (mistakes.length === 0) return read;
  const isOneOfSeveral = Object.values(parts).filter((one) => one.isRefused()).length > 1;
  return isOneOfSeveral && mistakesWith(newestOf(parts)).length === 0 ? read : { ok: false, mistakes };
}

/** As it is in force. */
export function catalogOf({ file, blueprints, workflows }: CatalogParts): Catalog {
  return { ...file.current(), blueprints: blueprints.current(), workflows: workflows.current() };
}

function areAll(parts: Partial<CatalogParts>): parts is CatalogParts {
  return parts.file !== undefined && parts.blueprints !== undefined && parts.workflows !== undefined;
}

function withEdit(parts: CatalogParts, { file, blueprints, workflows }: Edited): Catalog {
  if (file) return withFile(parts, file);
  return { ...catalogOf(parts), ...(blueprints && { blueprints }), ...(workflows && { workflows }) };
}

/** With those in force, read again as they are when it comes into force: a newer one that is refused is none of its business. */
function withFile({ blueprints, workflows }: CatalogParts, file: CatalogFile): Catalog {
  const made = readBlueprints(blueprints.filesInForce(), file);
  const run = readWorkflows(file, workflows.filesInForce());
  return {
    ...file,
    blueprints: made.ok ? made.value : blueprints.current(),
    workflows: run.ok ? run.value : workflows.current(),
  };
}

/** But for what cannot be read: that does not come into force. */
function newestOf(parts: CatalogParts): Catalog {
  const [text] = parts.file.texts();
  const read = text && readCatalog(text);
  const file = read?.ok ? read.value : parts.file.current();
  const blueprints = readBlueprints(parts.blueprints.files(), file);
  const workflows = readWorkflows(file, parts.workflows.files());
  return {
    ...withFile(parts, file),
    ...(blueprints.ok && { blueprints: blueprints.value }),
    ...(workflows.ok && { workflows: workflows.value }),
  };
}
