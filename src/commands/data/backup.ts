/** `greenlight backup <file>`: the database as it is at this moment, in one file, while the bot runs. */
import { linkSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { ProblemError, problem } from '../../core/problem.ts';
import { checkSqliteFile } from '../../store/check-sqlite-file.ts';
import type { DatabasePlace } from '../../store/open-store.ts';
import { copySqliteFile, removeSqliteFile, syncFile } from '../../store/sqlite-files.ts';
import { codeOf, existing, expectFree, expectRoom, newFileAt, writing } from './files.ts';
import { dumpCommand } from './postgres-tools.ts';
import { contentInWords, type Write } from './words.ts';

export interface BackupCommand {
  readonly database: DatabasePlace;
  readonly to: string;
  /** Ends it early: nothing is left of it. */
  readonly signal?: AbortSignal;
}

/**
 * 0: there is a backup, and it was verified. 1: what was copied is not whole, and stands beside as `.damaged`.
 * The file has its name only once all of it is on the disk and was verified: what has the name is a backup.
 * @throws ProblemError when nothing was copied: nothing to copy, a name that is taken, no room, a PostgreSQL.
 */
export async function backup({ database, to, signal }: BackupCommand, write: Write): Promise<0 | 1> {
  if ('url' in database) throw new ProblemError(dumpCommand(database.url, to));
  const source = existing(database.file, 'Name one with --database.');
  const target = newFileAt(to);
  const partial = `${target}.partial`;
  expectFree(partial, 'Another backup of that name runs, or was killed half way: then remove it first.');
  expectRoom(dirname(target), statSync(source).size);
  try {
    await writing(target, () => copySqliteFile(source, partial, signal));
    const checked = await checkSqliteFile(partial, signal);
    if (checked.isForeign) throw foreign(source, checked.faults);
    if (checked.faults.length > 0) {
      const kept = `${target}.damaged`;
      renameSync(partial, kept);
      for (const fault of checked.faults) write(fault);
      write(`This is NO backup: the database itself is like that. The copy is kept as ${kept}.`);
      write('Run `greenlight doctor`, and keep the last backup that was whole.');
      return 1;
    }
    name(partial, target);
    syncFile(dirname(target));
    write(`${target} is a backup: ${contentInWords(checked, statSync(target).size)}`);
    write('Verified: SQLite finds no damage, and every entry of the audit follows the one before.');
    return 0;
  } catch (error) {
    await removeSqliteFile(partial);
    throw error;
  }
}

function foreign(file: string, faults: readonly string[]): ProblemError {
  return new ProblemError(
    problem(
      'bad_input',
      `${file} was not backed up. ${faults.join(' ')}`,
      'Name the database of this Greenlight, or use the command of the version that wrote it.',
    ),
  );
}

/** A link fails where somebody has made a file of that name meanwhile; `rename` would replace it. */
function name(partial: string, target: string): void {
  try {
    linkSync(partial, target);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') {
      throw new ProblemError(
        problem('conflict', `${target} was made meanwhile, so nothing was kept.`, 'Name a new one.'),
      );
    }
    // Some file systems know no links (exFAT, some network shares).
    renameSync(partial, target);
    return;
  }
  rmSync(partial, { force: true });
}
