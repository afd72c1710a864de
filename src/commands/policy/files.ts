/** What the policy commands read: the actions, the catalog with its blueprints and workflows, and policies, from files alone. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadActions } from '../../actions/load.ts';
import { type Policy, readPolicy } from '../../approvals/policy.ts';
import { type Subjects, subjectsOf } from '../../approvals/subjects.ts';
import { readFolder } from '../../blueprints/folder.ts';
import { readBlueprints } from '../../blueprints/read-blueprints.ts';
import { readCatalog } from '../../catalog/read-catalog.ts';
import { readWorkflows } from '../../catalog/read-workflows.ts';
import type { Actions } from '../../core/action.ts';
import type { Catalog } from '../../core/catalog.ts';
import { ProblemError, problem } from '../../core/problem.ts';
import { cutShort } from '../../documents/cut-short.ts';
import { formatMistake, type Read, type Source } from '../../documents/document.ts';

export interface World {
  readonly actions: Actions;
  readonly subjects: Subjects;
  readonly catalog: Catalog;
  /** What could not be read without the network. */
  readonly notes: readonly string[];
}

export type Write = (line: string) => void;

/** @throws ProblemError `bad_input` naming every mistake. */
export async function loadWorld(folder: string): Promise<World> {
  const actions = await loadActions();
  const file = accepted(readCatalog(await sourceAt(join(folder, 'catalog.yml'))));
  const { blueprints: place } = file;
  const isHere = 'folder' in place;
  const blueprints = isHere
    ? accepted(readBlueprints(accepted(await readFolder(join(folder, place.folder), place.folder)), file))
    : {};
  const needsFiles = Object.values(file.workflows).some(({ inputs }) => typeof inputs?.from === 'string');
  const folderOfWorkflows = join(folder, 'workflows');
  const files = needsFiles ? accepted(await readFolder(folderOfWorkflows, folderOfWorkflows)) : new Map();
  return {
    actions,
    subjects: subjectsOf(actions),
    catalog: { ...file, blueprints, workflows: accepted(readWorkflows(file, files)) },
    notes: isHere
      ? []
      : [`The blueprints of ${place.repository} are not looked at: these commands ask nobody outside.`],
  };
}

/** @throws ProblemError `bad_input` naming every mistake. */
export async function loadPolicy(file: string, { subjects, catalog }: World): Promise<Policy> {
  return accepted(readPolicy(await sourceAt(file), subjects, catalog));
}

/** @throws ProblemError `not_found`, `bad_input` when it was cut short. */
export async function sourceAt(file: string): Promise<Source> {
  const source = { file, text: await textOf(file) };
  const cut = cutShort(source);
  return accepted(cut ? { ok: false, mistakes: [cut] } : { ok: true, value: source });
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new ProblemError(
      problem('not_found', `${file} cannot be read.`, 'Name a file that is there.', {
        detail: String(error),
      }),
    );
  }
}

function accepted<Value>(read: Read<Value>): Value {
  if (read.ok) return read.value;
  throw new ProblemError(problem('bad_input', read.mistakes.map(formatMistake).join('\n'), 'Mend the file.'));
}
