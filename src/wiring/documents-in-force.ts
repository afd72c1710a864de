/**
 * The catalog and the policy as they are in force: the last good version of each, read again when somebody edits them.
 * The policy is checked against the catalog: one with which no version of it can be read is refused as well, as rules that
 * name a service or a group by another name would fall silent. Both edited together come into force together.
 */
import { type Policy, readPolicy } from '../approvals/policy.ts';
import { subjectsOf } from '../approvals/subjects.ts';
import type { Actions } from '../core/action.ts';
import type { Catalog } from '../core/catalog.ts';
import type { Forge } from '../core/forge.ts';
import { ProblemError, problem } from '../core/problem.ts';
import { formatMistake, type Mistake, type Read, type Source } from '../documents/document.ts';
import { type WatchedDocument, watchDocument } from '../documents/watch-document.ts';
import { type CatalogOptions, openCatalog } from './catalog-in-force.ts';
import { type EditSurroundings, editsIn } from './edits.ts';

export interface DocumentsInForce {
  catalog(): Catalog;
  policy(): Policy;
  close(): void;
}

export interface DocumentSurroundings extends EditSurroundings {
  /** Asked only when the catalog says that blueprints are in a repository. */
  readonly forge: () => Forge;
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
  inForce: CatalogOptions['inForce'],
): Promise<Omit<DocumentsInForce, 'close'>> {
  const edits = editsIn(folder, surroundings);
  const subjects = subjectsOf(actions);
  let policy: WatchedDocument<Policy> | undefined;
  const catalog = await openCatalog({
    ...{ folder, edits, inForce, forge: surroundings.forge },
    mistakesWith: (candidate) =>
      mistakesInAll(policy?.texts() ?? [], (source) => readPolicy(source, subjects, candidate)),
    // Rules name blueprints, and read what a workflow asks for.
    onChange: () => policy?.readAgain(),
  });
  policy = inForce(
    await watchDocument({
      ...edits.ofFile('policy.yml'),
      read: (source) => readPolicy(source, subjects, catalog.current()),
      onChange: ({ version }) => edits.good('policy.yml', { version }),
      onText: catalog.retry,
    }),
  );
  for (const name of ['catalog.yml', 'blueprints', 'workflows', 'policy.yml']) edits.found(name);
  return { catalog: catalog.current, policy: policy.current };
}

/** Of the first text, when no text can be read. */
function mistakesInAll(
  texts: readonly Source[],
  read: (source: Source) => Read<unknown>,
): readonly Mistake[] {
  let ofTheFirst: readonly Mistake[] | undefined;
  for (const source of texts) {
    const one = read(source);
    if (one.ok) return [];
    ofTheFirst ??= one.mistakes;
  }
  return ofTheFirst ?? [];
}

function goodAtTheStart<Value>(read: Read<Value>): Value {
  if (read.ok) return read.value;
  throw new ProblemError(
    problem('bad_input', read.mistakes.map(formatMistake).join('\n'), 'Mend the file and start again.'),
  );
}
