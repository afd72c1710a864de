/** `greenlight restore <backup>` into a PostgreSQL that is empty: the one that was there is never overwritten. */
import { closeSync, mkdtempSync, openSync, readSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProblemError } from '../../core/problem.ts';
import { migrationNames } from '../../store/migrate.ts';
import { noteRestore } from '../../store/note-restore.ts';
import { type DatabasePlace, openStore } from '../../store/open-store.ts';
import { copySqliteFile } from '../../store/sqlite-files.ts';
import { existing, expectRoom, writing } from './files.ts';
import { movedInWords, moveFile } from './migrate.ts';
import { leapNumbers, restoreCommand } from './postgres-tools.ts';
import { wholeBackup } from './whole-backup.ts';
import { restoreInWords, type Write } from './words.ts';

export interface PostgresRestore {
  readonly from: string;
  readonly database: Extract<DatabasePlace, { url: unknown }>;
  /** Ends it early: the PostgreSQL holds nothing then. */
  readonly signal: AbortSignal | undefined;
}

/** @throws ProblemError when nothing was restored: what is given is no whole backup of ours, the PostgreSQL holds something. */
export async function restoreIntoPostgres(
  { from, database, signal }: PostgresRestore,
  now: Date,
  write: Write,
): Promise<void> {
  const backup = existing(from, 'Name the file that `greenlight backup` has made.');
  if (!isSqliteFile(backup)) throw new ProblemError(restoreCommand(database.url, from));
  await wholeBackup(backup, signal);
  const folder = mkdtempSync(join(tmpdir(), 'greenlight-restore-'));
  const copy = join(folder, 'copy.db');
  try {
    expectRoom(folder, statSync(backup).size);
    await writing(copy, () => copySqliteFile(backup, copy, signal));
    const { before, next } = await noteRestore(copy, now.getTime(), (known) => known + leapNumbers);
    // An older version's backup is brought to this schema, as its bot would be.
    await (await openStore({ file: copy })).close();
    const moved = await moveFile(copy, database, signal);
    write(`${backup} is restored into the PostgreSQL:`);
    for (const line of movedInWords(moved)) write(line);
    const schema = migrationNames.at(-1);
    for (const line of restoreInWords({ before, next, newest: undefined, schema })) write(line);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** How each begins (sqlite.org/fileformat2.html, 1.3). */
const firstBytes = 'SQLite format 3\0';

function isSqliteFile(file: string): boolean {
  // A dump may be a folder.
  if (!statSync(file).isFile()) return false;
  const bytes = Buffer.alloc(firstBytes.length);
  const opened = openSync(file, 'r');
  try {
    readSync(opened, bytes);
  } finally {
    closeSync(opened);
  }
  return bytes.toString('latin1') === firstBytes;
}
