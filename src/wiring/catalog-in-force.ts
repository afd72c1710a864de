/** The catalog as it is in force, with the blueprints and the workflows beside it: what it says of them decides how they are read. */
import { join } from 'node:path';
import { readFolder } from '../blueprints/folder.ts';
import { type Fresh, keepFresh } from '../blueprints/keep-fresh.ts';
import { type BlueprintFiles, readBlueprints } from '../blueprints/read-blueprints.ts';
import { readRepository } from '../blueprints/repository.ts';
import { readCatalog } from '../catalog/read-catalog.ts';
import { readWorkflows } from '../catalog/read-workflows.ts';
import type { Blueprints, Catalog, CatalogFile, Workflows } from '../core/catalog.ts';
import { minuteMs, parseDuration } from '../core/duration.ts';
import { findServices } from '../core/find-services.ts';
import type { Forge } from '../core/forge.ts';
import type { Mistake, Read } from '../documents/document.ts';
import { pollMs, watchDocument } from '../documents/watch-document.ts';
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
  /** What stands against this catalog outside of it, where something does. */
  mistakesWith(catalog: Catalog): readonly Mistake[];
  /** The catalog, or what it takes in, is another one now. */
  onChange(): void;
}

export interface CatalogInForce {
  current(): Catalog;
  /** Reads one again that was refused: for when something may have changed that stood against it. */
  retry(): void;
}

/** @throws ProblemError `bad_input` naming every mistake. */
export async function openCatalog(options: CatalogOptions): Promise<CatalogInForce> {
  const { edits, inForce, onChange, mistakesWith } = options;
  const beside: { blueprints?: Fresh<Blueprints>; workflows?: Fresh<Workflows> } = {};
  const file = inForce(
    await watchDocument({
      ...edits.ofFile('catalog.yml'),
      read(source) {
        const read = readCatalog(source);
        const { blueprints, workflows } = beside;
        // At the start what else refers to it is read after it.
        if (!read.ok || !blueprints || !workflows) return read;
        const mistakes = mistakesWith(wholeOf(read.value, blueprints, workflows));
        return mistakes.length === 0 ? read : { ok: false, mistakes };
      },
      onChange(next) {
        edits.good('catalog.yml');
        beside.blueprints?.readAgain();
        void beside.blueprints?.look();
        beside.workflows?.readAgain();
        onChange();
        readForSearch(next);
      },
    }),
  );
  readForSearch(file.current());
  const blueprints = inForce(await openBlueprints(options, file.current));
  // Each at once: the file may be edited while the other is read.
  beside.blueprints = blueprints;
  const workflows = inForce(await openWorkflows(options, file.current));
  beside.workflows = workflows;
  return {
    current() {
      const { blueprints: place, ...rest } = file.current();
      const seen = 'repository' in place ? { blueprintsSeenAt: blueprints.seenAt() } : {};
      return { ...rest, blueprints: blueprints.current(), workflows: workflows.current(), ...seen };
    },
    retry: file.retry,
  };
}

/** As it would be in force; of what cannot be read with it, as it is. */
function wholeOf(file: CatalogFile, blueprints: Fresh<Blueprints>, workflows: Fresh<Workflows>): Catalog {
  const [made, run] = [readBlueprints(blueprints.files(), file), readWorkflows(file, workflows.files())];
  return {
    ...file,
    blueprints: made.ok ? made.value : blueprints.current(),
    workflows: run.ok ? run.value : workflows.current(),
  };
}

/** Ten thousand services take as long as a person notices: so not while somebody types. */
function readForSearch(catalog: CatalogFile): void {
  findServices(catalog, '', 1);
}

function openBlueprints(options: CatalogOptions, file: () => CatalogFile): Promise<Read<Fresh<Blueprints>>> {
  const { edits, onChange } = options;
  return keepFresh({
    ...edits.ofFolder('blueprints'),
    load: () => loadBlueprints(file(), options),
    read: (files) => readBlueprints(files, file()),
    everyMs: () => refreshOf(file()),
    onChange() {
      edits.good('blueprints');
      onChange();
    },
  });
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

function openWorkflows(options: CatalogOptions, file: () => CatalogFile): Promise<Read<Fresh<Workflows>>> {
  const { folder, edits, onChange } = options;
  return keepFresh({
    ...edits.ofFolder('workflows'),
    load: () => loadWorkflows(file(), folder),
    read: (files) => readWorkflows(file(), files),
    everyMs: () => pollMs,
    onChange() {
      edits.good('workflows');
      onChange();
    },
  });
}

/** Their folder lies beside the catalog; there need be none while the catalog names no file in it. */
async function loadWorkflows({ workflows }: CatalogFile, folder: string): Promise<Read<BlueprintFiles>> {
  const isNeeded = Object.values(workflows).some(({ inputs }) => typeof inputs?.from === 'string');
  return isNeeded ? readFolder(join(folder, 'workflows'), 'data/workflows') : { ok: true, value: new Map() };
}
