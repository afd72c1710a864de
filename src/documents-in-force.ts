/**
 * The catalog and the policy as they are in force: the last good version of each, read again when somebody edits them.
 * The policy is checked against the catalog, so a new catalog has the policy checked again.
 */
import { join } from 'node:path';
import { type Policy, readPolicy } from './approvals/policy.ts';
import { subjectsOf } from './approvals/subjects.ts';
import { readFolder } from './blueprints/folder.ts';
import { type Fresh, keepFresh } from './blueprints/keep-fresh.ts';
import { type BlueprintFiles, readBlueprints } from './blueprints/read-blueprints.ts';
import { readRepository } from './blueprints/repository.ts';
import { readCatalog } from './catalog/read-catalog.ts';
import { readWorkflows } from './catalog/read-workflows.ts';
import type { Actions } from './core/action.ts';
import type { Blueprints, Catalog, CatalogFile, Workflows } from './core/catalog.ts';
import { minuteMs, parseDuration } from './core/duration.ts';
import { findServices } from './core/find-services.ts';
import type { Forge } from './core/forge.ts';
import type { Clock, Log, Scheduler } from './core/ports.ts';
import { ProblemError, problem } from './core/problem.ts';
import { formatMistake, type Mistake, type Read } from './documents/document.ts';
import { pollMs, type WatchedDocument, watchDocument } from './documents/watch-document.ts';

export interface DocumentsInForce {
  catalog(): Catalog;
  policy(): Policy;
  close(): void;
}

export interface DocumentSurroundings {
  readonly log: Log;
  readonly scheduler: Scheduler;
  readonly clock: Clock;
  /** Asked only when the catalog says that blueprints are in a repository. */
  readonly forge: () => Forge;
  /** Each bad edit once, and each good one. */
  onNews?(news: DocumentNews): void;
}

/** How it stands with a file, or a folder of files, of `data/`. */
export interface DocumentNews {
  readonly file: string;
  /** `data/policy.yml:4:15 ...`; none when it is in force. */
  readonly mistakes: readonly string[];
}

/** @throws ProblemError `bad_input` naming every mistake: there is no older version to fall back on at the start. */
export async function openDocuments(
  folder: string,
  actions: Actions,
  surroundings: DocumentSurroundings,
): Promise<DocumentsInForce> {
  const open: { close(): void }[] = [];
  const close = () => {
    for (const one of open) one.close();
  };
  const inForce = <Value extends { close(): void }>(read: Read<Value>): Value => {
    const value = goodAtTheStart(read);
    open.push(value);
    return value;
  };
  try {
    return { ...(await openEach(folder, actions, surroundings, inForce)), close };
  } catch (error) {
    // Watched on, those that are good would keep a process alive that serves nobody.
    close();
    throw error;
  }
}

async function openEach(
  folder: string,
  actions: Actions,
  surroundings: DocumentSurroundings,
  inForce: <Value extends { close(): void }>(read: Read<Value>) => Value,
): Promise<Omit<DocumentsInForce, 'close'>> {
  const { log, scheduler, clock } = surroundings;
  const subjects = subjectsOf(actions);
  const timers = {
    after: (ms: number, call: () => void) => {
      const timer = scheduler.after(ms, call);
      return () => timer.cancel();
    },
  };
  const badEdit = (file: string) => (found: readonly Mistake[]) => {
    const mistakes = found.map(formatMistake);
    log.error({ file, mistakes }, 'a bad edit: the last good version stays in force');
    surroundings.onNews?.({ file: `data/${file}`, mistakes });
  };
  const goodEdit = (file: string, more: Readonly<Record<string, unknown>> = {}) => {
    log.info({ file, ...more }, 'a new version is in force');
    surroundings.onNews?.({ file: `data/${file}`, mistakes: [] });
  };
  const options = (name: string) => ({
    path: join(folder, name),
    name: `data/${name}`,
    timers,
    onMistakes: badEdit(name),
  });

  let policy: WatchedDocument<Policy> | undefined;
  let blueprints: Fresh<Blueprints> | undefined;
  let workflows: Fresh<Workflows> | undefined;
  const file = inForce(
    await watchDocument({
      ...options('catalog.yml'),
      read: readCatalog,
      onChange: (next) => {
        goodEdit('catalog.yml');
        blueprints?.readAgain();
        void blueprints?.look();
        workflows?.readAgain();
        policy?.readAgain();
        readForSearch(next);
      },
    }),
  );
  readForSearch(file.current());
  blueprints = inForce(
    await keepFresh({
      load: () => loadBlueprints(file.current(), folder, surroundings),
      read: (files) => readBlueprints(files, file.current()),
      everyMs: () => refreshOf(file.current()),
      onMistakes: badEdit('blueprints'),
      onAway: (why) => log.warn({ file: 'blueprints', why }, 'the last good version stays in force'),
      onChange: () => {
        goodEdit('blueprints');
        policy?.readAgain();
      },
      timers,
      now: () => clock.now(),
    }),
  );
  const fresh = blueprints;
  workflows = inForce(
    await keepFresh({
      load: () => loadWorkflows(file.current(), folder),
      read: (files) => readWorkflows(file.current(), files),
      everyMs: () => pollMs,
      onMistakes: badEdit('workflows'),
      onAway: (why) => log.warn({ file: 'workflows', why }, 'the last good version stays in force'),
      onChange: () => {
        goodEdit('workflows');
        // Rules may read what a workflow asks for.
        policy?.readAgain();
      },
      timers,
      now: () => clock.now(),
    }),
  );
  const runnable = workflows;
  const catalog = (): Catalog => {
    const { blueprints: place, ...rest } = file.current();
    const seen = 'repository' in place ? { blueprintsSeenAt: fresh.seenAt() } : {};
    return { ...rest, blueprints: fresh.current(), workflows: runnable.current(), ...seen };
  };
  policy = inForce(
    await watchDocument({
      ...options('policy.yml'),
      read: (source) => readPolicy(source, subjects, catalog()),
      onChange: ({ version }) => goodEdit('policy.yml', { version }),
    }),
  );
  const { current } = policy;
  // All were good just now: whoever was told otherwise before the last stop hears of it.
  for (const name of ['catalog.yml', 'blueprints', 'workflows', 'policy.yml'])
    surroundings.onNews?.({ file: `data/${name}`, mistakes: [] });
  return { catalog, policy: current };
}

/** Ten thousand services take as long as a person notices: so not while somebody types. */
function readForSearch(catalog: CatalogFile): void {
  findServices(catalog, '', 1);
}

function loadBlueprints({ blueprints: place }: CatalogFile, folder: string, { forge }: DocumentSurroundings) {
  return 'folder' in place
    ? readFolder(join(folder, place.folder), `data/${place.folder}`)
    : readRepository(forge(), place);
}

/** Their folder lies beside the catalog; there need be none while the catalog names no file in it. */
async function loadWorkflows({ workflows }: CatalogFile, folder: string): Promise<Read<BlueprintFiles>> {
  const isNeeded = Object.values(workflows).some(({ inputs }) => typeof inputs?.from === 'string');
  return isNeeded ? readFolder(join(folder, 'workflows'), 'data/workflows') : { ok: true, value: new Map() };
}

/** A folder is looked at as often as any file; a repository as the catalog says, and a minute apart at least. */
function refreshOf({ blueprints: place }: CatalogFile): number {
  return 'folder' in place ? pollMs : Math.max(minuteMs, parseDuration(place.refresh) ?? 5 * minuteMs);
}

function goodAtTheStart<Value>(read: Read<Value>): Value {
  if (read.ok) return read.value;
  throw new ProblemError(
    problem('bad_input', read.mistakes.map(formatMistake).join('\n'), 'Mend the file and start again.'),
  );
}
