/** The catalog as it is in force, with the blueprints and the workflows beside it: what it says of them decides how they are read. */
import { join } from 'node:path';
import { readFolder } from '../blueprints/folder.ts';
import { keepFresh } from '../blueprints/keep-fresh.ts';
import { type BlueprintFiles, readBlueprints } from '../blueprints/read-blueprints.ts';
import { readRepository } from '../blueprints/repository.ts';
import { readCatalog } from '../catalog/read-catalog.ts';
import { readWorkflows } from '../catalog/read-workflows.ts';
import type { Catalog, CatalogFile } from '../core/catalog.ts';
import { minuteMs, parseDuration } from '../core/duration.ts';
import { findServices } from '../core/find-services.ts';
import type { Forge } from '../core/forge.ts';
import type { Read } from '../documents/document.ts';
import { pollMs, watchDocument } from '../documents/watch-document.ts';
import { type CatalogParts, catalogOf, type Edited, fitting, type MistakesWith } from './edited-together.ts';
import type { Edits } from './edits.ts';

export interface CatalogOptions {
  readonly folder: string;
  readonly edits: Edits;
  /** Asked only when the catalog says that blueprints are in a repository. */
  readonly forge: () => Forge;
  /**
   * What was read, to be closed with all the rest.
   * @throws ProblemError when it was not good.
   */
  readonly inForce: <Value extends { close(): void }>(read: Read<Value>) => Value;
  readonly mistakesWith: MistakesWith;
  /** The catalog, or what it takes in, is another one now. */
  onChange(): void;
}

export interface CatalogInForce {
  current(): Catalog;
  /** Reads again what was refused of it: for when something may have changed that stood against it. */
  retry(): void;
}

/** @throws ProblemError `bad_input` naming every mistake. */
export async function openCatalog(options: CatalogOptions): Promise<CatalogInForce> {
  const { edits, inForce, onChange, mistakesWith } = options;
  const parts: { -readonly [Name in keyof CatalogParts]?: CatalogParts[Name] } = {};
  const retry = () => {
    for (const one of Object.values(parts)) one.retry();
  };
  /** With a new catalog all of it is read again: then once for all. */
  let isInOneGo = false;
  const changed = (name: string) => () => {
    edits.good(name);
    if (isInOneGo) return;
    onChange();
    retry();
  };
  const fits = <Value>(read: Read<Value>, edited: (value: Value) => Edited) =>
    isInOneGo ? read : fitting(read, edited, parts, mistakesWith);
  const file = inForce(
    await watchDocument({
      ...edits.ofFile('catalog.yml'),
      read: (source) => fits(readCatalog(source), (next) => ({ file: next })),
      onText: retry,
      onChange(next) {
        isInOneGo = true;
        parts.blueprints?.readAgain();
        parts.workflows?.readAgain();
        isInOneGo = false;
        void parts.blueprints?.look();
        changed('catalog.yml')();
        readForSearch(next);
      },
    }),
  );
  readForSearch(file.current());
  const blueprints = inForce(
    await keepFresh({
      ...edits.ofFolder('blueprints'),
      load: () => loadBlueprints(file.current(), options),
      read: (files) => fits(readBlueprints(files, file.current()), (made) => ({ blueprints: made })),
      everyMs: () => refreshOf(file.current()),
      onFiles: retry,
      onChange: changed('blueprints'),
    }),
  );
  // Each at once: the file may be edited while the other is read.
  parts.blueprints = blueprints;
  const workflows = inForce(
    await keepFresh({
      ...edits.ofFolder('workflows'),
      load: () => loadWorkflows(file.current(), options.folder),
      read: (files) => fits(readWorkflows(file.current(), files), (run) => ({ workflows: run })),
      everyMs: () => pollMs,
      onFiles: retry,
      onChange: changed('workflows'),
    }),
  );
  parts.workflows = workflows;
  parts.file = file;
  return {
    current() {
      const { blueprints: place } = file.current();
      const seen = 'repository' in place ? { blueprintsSeenAt: blueprints.seenAt() } : {};
      return { ...catalogOf({ file, blueprints, workflows }), ...seen };
    },
    retry,
  };
}

/** Ten thousand services take as long as a person notices: so not while somebody types. */
function readForSearch(catalog: CatalogFile): void {
  findServices(catalog, '', 1);
}

function loadBlueprints({ blueprints: place }: CatalogFile, { folder, forge }: CatalogOptions) {
  return 'folder' in place
    ? readFolder(join(folder, place.folder), `data/${place.folder}`)
    : readRepository(forge(), place);
}

/** A folder is looked at as often as any file; a repository as the catalog says, and a minute apart at least. */
function refreshOf({ blueprints: place }: CatalogFile): number {
  return 'folder' in place ? pollMs : Math.max(minuteMs, parseDuration(place.refresh) ?? 5 * minuteMs);
}

/** Their folder lies beside the catalog; there need be none while the catalog names no file in it. */
async function loadWorkflows({ workflows }: CatalogFile, folder: string): Promise<Read<BlueprintFiles>> {
  const isNeeded = Object.values(workflows).some(({ inputs }) => typeof inputs?.from === 'string');
  return isNeeded ? readFolder(join(folder, 'workflows'), 'data/workflows') : { ok: true, value: new Map() };
}
