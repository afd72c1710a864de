/** Database files as a whole: copied while a bot writes to them, and held so that none does. */
import { closeSync, fsyncSync, openSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import BetterSqlite3 from 'better-sqlite3';
import { ProblemError, problem } from '../core/problem.ts';
import { expectDatabase, openToRead } from './sqlite.ts';

/** How many pages (of 4 kB) are copied before others in this process have their turn. */
const pagesPerStep = 1_000;

/**
 * Copies `from`, as it is at this moment, to `to`, a new file that nobody else can read. What else stands beside a
 * database file (`-wal`, `-shm`) is in the copy, which is one file alone.
 *
 * SQLite's backup by pages, within one reading transaction: without that it begins anew whenever another process
 * writes (sqlite.org/backup.html), so that beside a busy bot it never ended. In WAL mode a reader holds up no writer.
 * `VACUUM INTO` reads the same moment, but cannot be stopped half way.
 *
 * @param signal ends it early; what was written is removed again, as after any failure.
 * @throws ProblemError `not_found` when there is no such database; `outside_unavailable` when there is no room.
 */
export async function copySqliteFile(from: string, to: string, signal?: AbortSignal): Promise<void> {
  const source = openToRead(from);
  try {
    source.exec('begin');
    // The transaction begins with the first statement that reads.
    expectDatabase(source, from);
    closeSync(openSync(to, 'wx', 0o600));
    try {
      await source.backup(to, {
        progress: () => {
          signal?.throwIfAborted();
          return pagesPerStep;
        },
      });
      inOneFile(to);
      syncFile(to);
    } catch (error) {
      await removeSqliteFile(to);
      throw error;
    }
  } finally {
    source.close();
  }
}

/** With what stands beside it. */
export async function removeSqliteFile(file: string): Promise<void> {
  for (const suffix of ['', ...besideDatabase]) await rm(`${file}${suffix}`, { force: true });
}

/** What SQLite keeps beside a file, and takes into it at its next opening: beside another file it would destroy that. */
export const besideDatabase = ['-wal', '-shm', '-journal'] as const;

/** Until the disk has it. A folder too: what was renamed in it. */
export function syncFile(path: string): void {
  const opened = openSync(path, 'r');
  try {
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
}

/** The right to a database file that nobody else has open, as long as it is held. */
export interface HeldFile {
  /** `undefined` when the file is so damaged that SQLite cannot read it: then nobody can work with it either. */
  readonly database: BetterSqlite3.Database | undefined;
  release(): void;
}

/**
 * Whoever has a database in WAL mode open, a bot or a command, holds its lock: so this is a lock that a crash cannot
 * leave behind, and that needs no clock.
 * @throws ProblemError `busy` when somebody has it open.
 */
export function holdSqliteFile(file: string): HeldFile {
  const database = new BetterSqlite3(file, { fileMustExist: true, timeout: waitMs });
  try {
    database.pragma('locking_mode = EXCLUSIVE');
    // Locks at once, and keeps it in this mode after the end of the transaction.
    database.exec('begin exclusive; commit');
    return { database, release: () => database.close() };
  } catch (error) {
    database.close();
    const code = error instanceof BetterSqlite3.SqliteError ? error.code : '';
    if (/^SQLITE_(?:NOTADB|CORRUPT)/.test(code)) return { database: undefined, release: () => undefined };
    if (!/^SQLITE_(?:BUSY|LOCKED)/.test(code)) throw error;
    throw inUse(file, error);
  }
}

function inUse(file: string, detail: unknown): ProblemError {
  return new ProblemError(
    problem(
      'busy',
      `${file} is in use, so nothing was changed.`,
      'Stop the bot, and whatever else has this database open, and try again.',
      { detail: String(detail) },
    ),
  );
}

/** Somebody who only looks in is gone by then. */
const waitMs = 300;

/** Of a file that nobody else has open: takes in what stands in its `-wal`, and goes on without one. */
function inOneFile(file: string): void {
  const database = new BetterSqlite3(file);
  try {
    database.pragma('journal_mode = DELETE');
  } finally {
    database.close();
  }
}

/**
 * The same of a file that is held, which still is held afterwards.
 * @throws ProblemError `busy` when somebody was faster in between.
 */
export function gatherHeldFile(database: BetterSqlite3.Database, file: string): void {
  database.pragma('journal_mode = DELETE');
  // In exclusive mode the journal would stay, to be taken for one of the file that comes in its place.
  database.pragma('locking_mode = NORMAL');
  database.prepare('select count(*) from sqlite_master').get();
  try {
    database.exec('begin exclusive');
  } catch (error) {
    throw inUse(file, error);
  }
  // In WAL mode that would not have locked them out.
  if (database.pragma('journal_mode', { simple: true }) !== 'delete') throw inUse(file, 'it was opened');
}
