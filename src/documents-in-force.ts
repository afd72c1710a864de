/**
 * The catalog and the policy as they are in force: the last good version of each, read again when somebody edits them.
 * The policy is checked against the catalog, so a new catalog has the policy checked again.
 */
import { join } from 'node:path';
import { type Policy, readPolicy } from './approvals/policy.ts';
import { subjectsOf } from './approvals/subjects.ts';
import { readCatalog } from './catalog/read-catalog.ts';
import type { Actions } from './core/action.ts';
import type { Catalog } from './core/catalog.ts';
import type { Log, Scheduler } from './core/ports.ts';
import { ProblemError, problem } from './core/problem.ts';
import { formatMistake, type Mistake, type Read } from './documents/document.ts';
import { type WatchedDocument, watchDocument } from './documents/watch-document.ts';

export interface DocumentsInForce {
  catalog(): Catalog;
  policy(): Policy;
  close(): void;
}

/** @throws ProblemError `bad_input` naming every mistake: there is no older version to fall back on at the start. */
export async function openDocuments(
  folder: string,
  actions: Actions,
  { log, scheduler }: { readonly log: Log; readonly scheduler: Scheduler },
): Promise<DocumentsInForce> {
  const subjects = subjectsOf(actions);
  const options = (name: string) => ({
    path: join(folder, name),
    name: `data/${name}`,
    timers: {
      after: (ms: number, call: () => void) => {
        const timer = scheduler.after(ms, call);
        return () => timer.cancel();
      },
    },
    onMistakes: (mistakes: readonly Mistake[]) =>
      log.error(
        { file: name, mistakes: mistakes.map(formatMistake) },
        'a bad edit: the last good version stays in force',
      ),
  });

  let policy: WatchedDocument<Policy> | undefined;
  const catalog = opened(
    await watchDocument({
      ...options('catalog.yml'),
      read: readCatalog,
      onChange: () => {
        log.info({ file: 'catalog.yml' }, 'a new version is in force');
        policy?.readAgain();
      },
    }),
  );
  policy = opened(
    await watchDocument({
      ...options('policy.yml'),
      read: (source) => readPolicy(source, subjects, catalog.current()),
      onChange: ({ version }) => log.info({ file: 'policy.yml', version }, 'a new version is in force'),
    }),
  );
  const { current } = policy;
  return {
    catalog: () => catalog.current(),
    policy: current,
    close() {
      catalog.close();
      policy?.close();
    },
  };
}

function opened<Value>(read: Read<WatchedDocument<Value>>): WatchedDocument<Value> {
  if (read.ok) return read.value;
  throw new ProblemError(
    problem('bad_input', read.mistakes.map(formatMistake).join('\n'), 'Mend the file and start again.'),
  );
}
