/** `greenlight backup <file>`: the database as it is at this moment, in one file, while the bot runs. */
import { linkSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { ProblemError, problem } from '../../core/problem.ts';
import { checkSqliteFile } from '../../store/check-sqlite-file.ts';
import type { DatabasePlace } from '../../store/open-store.ts';
import { openPostgresSource, type PostgresSource } from '../../store/postgres-file.ts';
import { copySqliteFile, syncFile } from '../../store/sqlite-files.ts';
import { codeOf, existing, expectFree, expectRoom, newFileAt, orRemoved, writing } from './files.ts';
import { dumpAdvice } from './postgres-tools.ts';
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
 * @throws ProblemError when nothing was copied: nothing to copy, a name that is taken, no room, no answer.
 */
export async function backup({ database, to, signal }: BackupCommand, write: Write): Promise<0 | 1> {
  const source = await sourceAt(database);
  try {
    const target = newFileAt(to);
    const partial = `${target}.partial`;
    expectFree(partial, 'Another backup of that name runs, or was killed half way: then remove it first.');
    expectRoom(dirname(target), await source.size());
    await writing(target, () => source.copyTo(partial, signal));
    const copy = { source: source.name, partial, target, signal };
    const code = await orRemoved(partial, () => verifyAndName(copy, write));
    if ('url' in database) write(dumpAdvice(database.url, `${to}.dump`));
    return code;
  } finally {
    await source.close();
  }
}

interface Source extends PostgresSource {
  /** In a sentence. */
  readonly name: string;
}

async function sourceAt(place: DatabasePlace): Promise<Source> {
  if ('url' in place) return { name: 'The PostgreSQL', ...(await openPostgresSource(place.url.reveal())) };
  const file = existing(place.file, 'Name one with --database.');
  return {
    name: file,
    size: async () => statSync(file).size,
    copyTo: (to, signal) => copySqliteFile(file, to, signal),
    close: async () => undefined,
  };
}

interface Copy {
  readonly source: string;
  readonly partial: string;
  readonly target: string;
  readonly signal: AbortSignal | undefined;
}

async function verifyAndName({ source, partial, target, signal }: Copy, write: Write): Promise<0 | 1> {
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
}

function foreign(source: string, faults: readonly string[]): ProblemError {
  return new ProblemError(
    problem(
      'bad_input',
      `${source} was not backed up. ${faults.join(' ')}`,
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
