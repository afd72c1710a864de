/** The embedded store: one file beside the process. */
import { mkdirSync, realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import BetterSqlite3 from 'better-sqlite3';
import { Kysely, type SqliteDatabase, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';
import type { AuditStore } from '../core/audit.ts';
import { type Problem, ProblemError, problem } from '../core/problem.ts';
import type { Store } from '../core/store.ts';
import type { Forms } from './forms.ts';
import { groupCommit } from './group-commit.ts';
import { type OpenLog, onDisk, openLog } from './log-on-disk.ts';
import { expectSchema, migrate } from './migrate.ts';
import type { Database } from './schema.ts';
import { type JoinChain, translating } from './sql.ts';
import { createSqlStore } from './sql-store.ts';
import { ImmediateSqliteDriver, sqliteDialect, TransactionalSqliteAdapter } from './sqlite-dialect.ts';

/** How long a statement waits for another process (a backup, the CLI) before it gives up, in milliseconds. */
const busyTimeoutMs = 5_000;

export interface SqliteOptions {
  readonly file: string;
  /** For commands beside a bot that runs: the file must be there, with this code's schema, and stays as it is. */
  readonly isReadOnly?: true;
  /** Only a bench leaves the audit out, to see what it costs. */
  readonly joinChain?: JoinChain;
  /** Told once when the disk can no longer be believed: from then on every write is refused, and a new start is needed. */
  diskFailed?(cause: Problem): void;
  /** Only a test of two versions over one database is another than this one. */
  readonly forms?: Forms;
}

/**
 * Opens the file, made with its folder when it is not there, and brings it to this code's schema. `:memory:` lives as
 * long as the store.
 * @throws ProblemError when the file cannot be opened or is no database, or when a newer Greenlight wrote it.
 */
export async function openSqliteStore(options: SqliteOptions): Promise<Store & AuditStore> {
  const { file, isReadOnly, joinChain, forms, diskFailed } = options;
  return translating(sqliteDialect, async () => {
    const database = isReadOnly ? openToRead(file) : await openFile(file);
    const db = kyselyOver(database);
    let log: OpenLog | undefined;
    try {
      if (isReadOnly) await expectSchema(db);
      else await migrate(db, sqliteDialect);
      // In memory, and where nothing is written, there is no disk to wait for.
      if (file !== ':memory:' && !isReadOnly) log = await waitForDisk(database, file);
    } catch (error) {
      await db.destroy();
      throw error;
    }
    const reachDisk = log && onDisk(log.sync, diskFailed);
    const store = createSqlStore(db, sqliteDialect, {
      ...(reachDisk ? { transact: groupCommit(db, { reachDisk }) } : {}),
      ...(joinChain ? { joinChain } : {}),
      ...(forms ? { forms } : {}),
    });
    return {
      ...store,
      // Reads see what is not on the disk yet. Chat must not: after a power cut its number would be another request's.
      async outbox(now, limit) {
        const items = await store.outbox(now, limit);
        if (items.length > 0) await reachDisk?.();
        return items;
      },
      async close() {
        await store.close();
        await log?.close();
      },
    };
  });
}

/** From here on by ourselves, so that it holds nobody up. */
async function waitForDisk(database: BetterSqlite3.Database, file: string): Promise<OpenLog> {
  // Of a database behind a link the log is beside the database, not beside the link.
  const log = await openLog(realpathSync(file));
  // What was written while it was opened SQLite has waited for.
  database.pragma('synchronous = NORMAL');
  return log;
}

/** What closes it closes `database` too. */
export function kyselyOver(database: BetterSqlite3.Database): Kysely<Database> {
  return new Kysely<Database>({
    dialect: {
      createDriver: () => new ImmediateSqliteDriver({ database: async () => preparedOnce(database) }),
      createQueryCompiler: () => new SqliteQueryCompiler(),
      createAdapter: () => new TransactionalSqliteAdapter(),
      createIntrospector: (inner) => new SqliteIntrospector(inner),
    },
  });
}

/**
 * Keeps the statements that were used last: of a short transaction, preparing is the larger half. After a change of
 * the schema SQLite prepares them again by itself (sqlite.org/c3ref/prepare.html).
 */
function preparedOnce(database: BetterSqlite3.Database): SqliteDatabase {
  const kept = new Map<string, BetterSqlite3.Statement>();
  return {
    close: () => database.close(),
    prepare(text) {
      const statement = kept.get(text) ?? database.prepare(text);
      kept.delete(text);
      kept.set(text, statement);
      const [oldest = text] = kept.keys();
      if (kept.size > statementsMax) kept.delete(oldest);
      return statement;
    },
  };
}

/** More than our own; a list of any length within a statement makes others. Each takes a few kilobytes. */
const statementsMax = 200;

/** @throws ProblemError `not_found` */
export function openToRead(file: string): BetterSqlite3.Database {
  try {
    return new BetterSqlite3(file, { readonly: true, fileMustExist: true, timeout: busyTimeoutMs });
  } catch (error) {
    throw new ProblemError(
      problem('not_found', `There is no database at ${file}.`, 'Name one with --database.', {
        detail: String(error),
      }),
    );
  }
}

/** @throws ProblemError `bad_input` when what was opened is none: SQLite looks only at the first statement. */
export function expectDatabase(database: BetterSqlite3.Database, file: string): void {
  try {
    database.prepare('select count(*) from sqlite_master').get();
  } catch (error) {
    const next = 'Name the database of a Greenlight; if it was one, restore its last backup.';
    throw new ProblemError(
      problem('bad_input', `${file} cannot be read as a database.`, next, { detail: String(error) }),
    );
  }
}

async function openFile(file: string): Promise<BetterSqlite3.Database> {
  if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true });
  const database = new BetterSqlite3(file, { timeout: busyTimeoutMs });
  try {
    await useWriteAheadLog(database);
    // An approval that was confirmed in chat must not vanish with the power: NORMAL may lose the last commits.
    database.pragma('synchronous = FULL');
    database.pragma('foreign_keys = ON');
    // What may only be read SQLite opens to read, without a word: better no bot than one that can keep nothing.
    database.exec('begin immediate; pragma user_version = 0; rollback');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/**
 * Of two processes that open a new file at once, SQLite fails one at this switch without asking the busy timeout
 * (two readers that both want to become the writer would wait for each other), so this waits by itself.
 */
async function useWriteAheadLog(database: BetterSqlite3.Database): Promise<void> {
  for (let waitedMs = 0; ; waitedMs += switchRetryMs) {
    try {
      database.pragma('journal_mode = WAL');
      return;
    } catch (error) {
      const isBusy = error instanceof BetterSqlite3.SqliteError && error.code.startsWith('SQLITE_BUSY');
      if (!isBusy || waitedMs >= busyTimeoutMs) throw error;
      await setTimeout(switchRetryMs);
    }
  }
}

const switchRetryMs = 20;
