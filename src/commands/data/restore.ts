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
import { ProblemError, problem } from '../../core/problem.ts';
import { noteRestore } from '../../store/note-restore.ts';
import type { DatabasePlace } from '../../store/open-store.ts';
import {
  besideDatabase,
  copySqliteFile,
  gatherHeldFile,
  type HeldFile,
  holdSqliteFile,
  syncFile,
} from '../../store/sqlite-files.ts';
import { behindLinks, codeOf, existing, expectFree, expectRoom, orRemoved, writing } from './files.ts';
import { givenNumbers } from './given-numbers.ts';
import { leapNumbers } from './postgres-tools.ts';
import { restoreIntoPostgres } from './restore-postgres.ts';
import { wholeBackup } from './whole-backup.ts';
import { contentInWords, restoreInWords, type Write } from './words.ts';

export interface RestoreCommand {
  readonly from: string;
  readonly database: DatabasePlace;
  /** Ends it early: nothing was changed then. */
  readonly signal?: AbortSignal;
}

/**
 * There is a whole database under the name at every moment: the old one, and then the new one.
 * @throws ProblemError when nothing was changed: what is given is no whole backup, a bot runs, no room, a PostgreSQL that
 * holds something.
 */
export async function restore(options: RestoreCommand, now: Date, write: Write): Promise<void> {
  const { from, database, signal } = options;
  if ('url' in database) return restoreIntoPostgres({ from, database, signal }, now, write);
  const backup = existing(from, 'Name the file that `greenlight backup` has made.');
  const { schema, head } = await wholeBackup(backup, signal);
  const file = placeOf(database.file);
  if (file === backup) throw new ProblemError(sameFile(file));
  expectRoom(dirname(file), statSync(backup).size);
  const partial = `${file}.restoring`;
  expectFree(partial, 'Another restore runs, or was killed half way: then remove it first.');
  const held = existsSync(file) ? holdSqliteFile(file) : undefined;
  try {
    await writing(file, () => copySqliteFile(backup, partial, signal));
    await orRemoved(partial, async () => {
      const { atLeast, isAll } = givenNumbers(held?.database, head);
      const { before, next } = await noteRestore(partial, now.getTime(), (known) =>
        isAll ? atLeast : Math.max(known, atLeast) + leapNumbers,
      );
      const checked = await wholeBackup(partial, signal);
      likeTheOld(partial, file);
      const aside = swap(partial, file, held, now);
      write(`${file} is restored: ${contentInWords(checked, statSync(file).size)}`);
      if (aside !== undefined) write(`The database as it was is kept as ${aside}.`);
      for (const line of restoreInWords({ before, next, newest: isAll ? atLeast : undefined, schema }))
        write(line);
    });
  } finally {
    held?.release();
  }
}

function sameFile(file: string) {
  return problem('bad_input', `${file} is the database itself.`, 'Name a backup.');
}

/** Where the database really is or will be; its folder is made, as the bot would make it. */
function placeOf(file: string): string {
  if (existsSync(file)) return existing(file, '');
  const whole = resolve(file);
  mkdirSync(dirname(whole), { recursive: true });
  return behindLinks(join(existing(dirname(whole), ''), basename(whole)));
}

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
