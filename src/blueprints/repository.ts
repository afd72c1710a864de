/** The files of a folder in a git repository, at what a ref stands for now. */
import type { Forge } from '../core/forge.ts';
import type { Read } from '../documents/document.ts';
import { type BlueprintFiles, blueprintFilesMax, isTaken } from './read-blueprints.ts';

export interface RepositoryPlace {
  readonly repository: string;
  readonly ref: string;
  readonly path: string;
}

/** @throws ProblemError when it cannot be told now: what is in force stays so. */
export async function readRepository(
  forge: Forge,
  { repository, ref, path }: RepositoryPlace,
): Promise<Read<BlueprintFiles>> {
  const name = `${repository}@${ref}:${path}`;
  const found = await forge.folder({ repository, ref, path, isWanted: isTaken, most: blueprintFilesMax });
  if (!found) {
    const message = 'There is no such folder.';
    return { ok: false, mistakes: [{ file: name, line: 1, column: 1, message }] };
  }
  const files = found.map((one) => [one.name, { file: `${name}/${one.name}`, text: one.text }] as const);
  return { ok: true, value: new Map(files) };
}
