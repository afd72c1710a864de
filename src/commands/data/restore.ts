/** `greenlight restore <backup>`: a backup in the place of the database, which is kept aside. */
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  renameSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type BetterSqlite3 from 'better-sqlite3';
import { z } from 'zod';
import { requestIdOf } from '../../core/ids.ts';
import { ProblemError, problem } from '../../core/problem.ts';
import { type CheckedFile, checkSqliteFile } from '../../store/check-sqlite-file.ts';
import { migrationNames } from '../../store/migrate.ts';
import { noteRestore } from '../../store/note-restore.ts';
import type { DatabasePlace } from '../../store/open-store.ts';
import {
  besideDatabase,
  copySqliteFile,
  gatherHeldFile,
  type HeldFile,
  holdSqliteFile,
  removeSqliteFile,
  syncFile,
} from '../../store/sqlite-files.ts';
import { codeOf, existing, expectFree, expectRoom, writing } from './files.ts';
import { leapNumbers, restoreCommand } from './postgres-tools.ts';
import { contentInWords, type Write } from './words.ts';

export interface RestoreCommand {
  readonly from: string;
  readonly database: DatabasePlace;
  /** Ends it early: nothing was changed then. */
  readonly signal?: AbortSignal;
}

/**
 * There is a whole database under the name at every moment: the old one, and then the new one.
 * @throws ProblemError when nothing was changed: what is given is no whole backup, a bot runs, no room, a PostgreSQL.
 */
export async function restore(options: RestoreCommand, now: Date, write: Write): Promise<void> {
  const { from, database, signal } = options;
  if ('url' in database) throw new ProblemError(restoreCommand(database.url, from));
  const backup = existing(from, 'Name the file that `greenlight backup` has made.');
  const { schema } = await wholeBackup(backup, signal);
  const file = placeOf(database.file);
  if (file === backup) throw new ProblemError(sameFile(file));
  expectRoom(dirname(file), statSync(backup).size);
  const partial = `${file}.restoring`;
  expectFree(partial, 'Another restore runs, or was killed half way: then remove it first.');
  const held = existsSync(file) ? holdSqliteFile(file) : undefined;
  try {
    await writing(file, () => copySqliteFile(backup, partial, signal));
    const newest = held && newestNumberIn(held.database);
    const { before, next } = await noteRestore(
      partial,
      now.getTime(),
      (known) => newest ?? known + leapNumbers,
    );
    const checked = await checkSqliteFile(partial, signal);
    if (checked.faults.length > 0) throw notWhole(partial, checked);
    likeTheOld(partial, file);
    const aside = swap(partial, file, held, now);
    write(`${file} is restored: ${contentInWords(checked, statSync(file).size)}`);
    if (aside !== undefined) write(`The database as it was is kept as ${aside}.`);
    for (const line of afterwards({ before, next, newest, schema })) write(line);
  } catch (error) {
    await removeSqliteFile(partial);
    throw error;
  } finally {
    held?.release();
  }
}

async function wholeBackup(file: string, signal: AbortSignal | undefined): Promise<CheckedFile> {
  const checked = await checkSqliteFile(file, signal);
  if (checked.faults.length > 0) throw notWhole(file, checked);
  return checked;
}

function notWhole(file: string, { faults }: CheckedFile): ProblemError {
  return new ProblemError(
    problem(
      'bad_input',
      `${file} is no backup that this Greenlight can restore, so nothing was changed. ${faults.join(' ')}`,
      'Name another backup; one that a newer Greenlight has written needs that one.',
    ),
  );
}

function sameFile(file: string) {
  return problem('bad_input', `${file} is the database itself.`, 'Name a backup.');
}

/** Where the database really is or will be; its folder is made, as the bot would make it. */
function placeOf(file: string): string {
  if (existsSync(file)) return existing(file, '');
  const whole = resolve(file);
  mkdirSync(dirname(whole), { recursive: true });
  return join(existing(dirname(whole), ''), basename(whole));
}

/** The newest request that the old database has given a number; `undefined` when it cannot be read. */
function newestNumberIn(database: BetterSqlite3.Database | undefined): number | undefined {
  try {
    const row = database?.prepare("select value from counters where name = 'requests'").get();
    return counterRow.parse(row).value;
  } catch {
    return undefined;
  }
}

const counterRow = z.object({ value: z.int().min(0) });

/** Whoever restores is often not the one as whom the bot runs, who must be able to open it. */
function likeTheOld(partial: string, file: string): void {
  const old = statSync(file, { throwIfNoEntry: false });
  if (old) chmodSync(partial, old.mode & 0o777);
  const { uid, gid } = old ?? statSync(dirname(file));
  if (process.getuid?.() === 0) chownSync(partial, uid, gid);
}

/**
 * Puts the new file under the name, and gives that of the old one. What stood beside the old one goes with it first:
 * SQLite would take an old `-wal` into the new file.
 */
function swap(partial: string, file: string, held: HeldFile | undefined, now: Date): string | undefined {
  const aside = `${file}.before-restore-${now.toISOString().replaceAll(/[-:]|\.\d+/g, '')}`;
  if (held) {
    expectFree(aside, 'Wait a second, and try again.');
    try {
      if (held.database) gatherHeldFile(held.database, file);
    } catch (error) {
      // A damaged one is kept as it is, in its pieces.
      if (!/^SQLITE_(?:CORRUPT|NOTADB|IOERR)/.test(codeOf(error))) throw error;
    }
    try {
      linkSync(file, aside);
    } catch {
      // Some file systems know no links.
      copyFileSync(file, aside);
    }
  }
  for (const suffix of besideDatabase) {
    if (existsSync(file + suffix)) renameSync(file + suffix, aside + suffix);
  }
  renameSync(partial, file);
  syncFile(dirname(file));
  return held && aside;
}

/** What a restore means for the world outside, which did not go back with it. */
function afterwards({
  before,
  next,
  newest,
  schema,
}: {
  readonly before: number;
  readonly next: number;
  readonly newest: number | undefined;
  readonly schema: string | undefined;
}): string[] {
  const lost =
    newest === undefined
      ? `Nobody can tell how many requests were made after ${before === 0 ? 'the backup' : requestIdOf(before)}.`
      : newest > before
        ? `${requestIdOf(before + 1)} to ${requestIdOf(newest)} were asked for after the backup, and are not in it: their cards are still in Slack, and what they made is still there.`
        : 'No request was made after the backup.';
  return [
    lost,
    `The next request is ${requestIdOf(next)}: no number is given twice, since what was made outside carries it.`,
    'What was answered after the backup waits for its answer again. What had begun by then is looked for outside when the bot starts, before anything is repeated.',
    'What is out there and not recorded, the bot says in its log and in `/env list`.',
    ...(schema === migrationNames.at(-1)
      ? []
      : [`Its schema is ${schema}; the bot brings it to ${migrationNames.at(-1)} when it starts.`]),
  ];
}
