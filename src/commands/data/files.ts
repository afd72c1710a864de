/** Where the files of a backup and of a restore are, and what becomes of an error of the disk. */
import { existsSync, lstatSync, readlinkSync, realpathSync, statfsSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { ProblemError, problem } from '../../core/problem.ts';
import { removeSqliteFile } from '../../store/sqlite-files.ts';

/**
 * Where it really is, when it is a link.
 * @throws ProblemError `not_found`
 */
export function existing(file: string, next: string): string {
  try {
    return realpathSync(file);
  } catch (error) {
    throw new ProblemError(
      problem('not_found', `There is no database at ${file}.`, next, { detail: String(error) }),
    );
  }
}

/**
 * The whole path of a file that is not there yet, in a folder that is.
 * @throws ProblemError `not_found` or `conflict`
 */
export function newFileAt(path: string): string {
  const whole = resolve(path);
  const folder = dirname(whole);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new ProblemError(
      problem('not_found', `There is no folder ${folder}.`, 'Make it, or name another.'),
    );
  }
  const target = join(realpathSync(folder), basename(whole));
  expectFree(target, 'A backup never takes the place of another: name a new one, with the date for example.');
  return target;
}

/**
 * Where it leads, when it is a link to a file that is not there: what is made there leaves the link as it is.
 * @throws ProblemError `not_found` when there is no folder for it: a volume that is not mounted, for example.
 */
export function behindLinks(file: string, linksLeft = linksMax): string {
  if (!lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink()) return file;
  const place = resolve(dirname(file), readlinkSync(file));
  const folder = dirname(place);
  if (linksLeft > 0 && existsSync(folder))
    return behindLinks(join(realpathSync(folder), basename(place)), linksLeft - 1);
  throw new ProblemError(
    problem(
      'not_found',
      `${file} is a link that leads nowhere, to ${place}, so nothing was changed.`,
      `Make or mount ${folder}, or name the file itself with --database.`,
    ),
  );
}

/** As Linux does (path_resolution(7)): they may lead round in a circle. */
const linksMax = 40;

/** @throws ProblemError `conflict` when something is there: a link that leads nowhere counts too. */
export function expectFree(file: string, next: string): void {
  if (!lstatSync(file, { throwIfNoEntry: false })) return;
  throw new ProblemError(problem('conflict', `${file} is there already, so nothing was copied.`, next));
}

/**
 * Finds out before, rather than after some minutes; another writer may still be faster.
 * @throws ProblemError `outside_unavailable`
 */
export function expectRoom(folder: string, bytes: number): void {
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize > bytes) return;
  throw noRoom(folder, `${bytes} bytes are needed, ${bavail * bsize} are free`);
}

/**
 * @throws ProblemError `outside_unavailable` when the disk of `target` is full, or does not let it be written; `conflict`
 * when somebody else began to write it in the same moment.
 */
export async function writing<Value>(target: string, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    const code = codeOf(error);
    if (/^(?:SQLITE_FULL|ENOSPC|EDQUOT)/.test(code)) throw noRoom(dirname(target), String(error));
    if (code === 'EEXIST') {
      const next = 'Wait until that is done, or name another.';
      throw new ProblemError(
        problem('conflict', `Another command writes ${target}, so nothing was copied.`, next),
      );
    }
    if (!/^(?:E[A-Z]+$|SQLITE_(?:IOERR|READONLY|CANTOPEN))/.test(code)) throw error;
    throw new ProblemError(
      problem(
        'outside_unavailable',
        `${target} could not be written (${code}).`,
        'Look at the rights of its folder and at its disk, or name another.',
        { detail: String(error) },
      ),
    );
  }
}

/**
 * Removes a copy that comes to nothing. Only for one that is made already: if making it fails, it may be another command's
 * that was faster, and whoever makes one removes it by himself.
 */
export async function orRemoved<Value>(copy: string, use: () => Promise<Value>): Promise<Value> {
  try {
    return await use();
  } catch (error) {
    await removeSqliteFile(copy);
    throw error;
  }
}

/** Of an error of the system or of SQLite; empty of any other. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function noRoom(folder: string, detail: string): ProblemError {
  return new ProblemError(
    problem('outside_unavailable', `There is no room for it in ${folder}.`, 'Make room, or name another.', {
      detail,
    }),
  );
}
