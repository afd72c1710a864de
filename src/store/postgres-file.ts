/** A PostgreSQL's whole history as an SQLite file, while replicas write: one that any of our commands can work with. */
import { closeSync, openSync } from 'node:fs';
import BetterSqlite3 from 'better-sqlite3';
import { sql } from 'kysely';
import { z } from 'zod';
import { ProblemError } from '../core/problem.ts';
import { expectThisSchema, migrate } from './migrate.ts';
import { copyHistory } from './move-history.ts';
import { kyselyOverPostgres } from './postgres.ts';
import { postgresDialect } from './postgres-dialect.ts';
import { translating } from './sql.ts';
import { kyselyOver } from './sqlite.ts';
import { sqliteDialect } from './sqlite-dialect.ts';
import { removeSqliteFile, syncFile } from './sqlite-files.ts';
import { tableNames } from './tables.ts';

export interface PostgresSource {
  /** About as large as the file becomes, in bytes. */
  size(): Promise<number>;
  /**
   * As it is at the moment at which this begins: one transaction that only reads, and holds nobody up. Page by page, so
   * that it takes no more memory for a large history. `to` is a new file that nobody else can read.
   * @param signal ends it early; what was written is removed again, as after any failure.
   * @throws ProblemError of the PostgreSQL, also when it is of another version by then; of the disk its own errors.
   */
  copyTo(to: string, signal?: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** @throws ProblemError when it cannot be reached, or is of another version than this code. */
export async function openPostgresSource(url: string): Promise<PostgresSource> {
  const db = kyselyOverPostgres({ url, isReadOnly: true, isUnhurried: true });
  try {
    await translating(postgresDialect, () => expectThisSchema(db));
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return {
    async size() {
      const sizes = tableNames.map((table) => sql`pg_table_size(${table}::regclass)`);
      const { rows } = await translating(postgresDialect, () =>
        sql`select ${sql.join(sizes, sql` + `)} as bytes`.execute(db),
      );
      return z.object({ bytes: z.coerce.number() }).parse(rows[0]).bytes;
    },
    async copyTo(to, signal) {
      closeSync(openSync(to, 'wx', 0o600));
      try {
        const file = newFile(to);
        try {
          await migrate(file, sqliteDialect);
          await db
            .transaction()
            .setIsolationLevel('repeatable read')
            .execute(async (moment) => {
              // Again, at this moment: an upgrade may have begun since, and what it adds would be left out.
              await expectThisSchema(moment);
              await copyHistory({
                from: { db: moment, dialect: postgresDialect },
                to: { db: file, dialect: sqliteDialect },
                copied: () => signal?.throwIfAborted(),
              });
            });
        } finally {
          await file.destroy();
        }
        syncFile(to);
      } catch (error) {
        await removeSqliteFile(to);
        throw ofPostgres(error);
      }
    },
    close: () => db.destroy(),
  };
}

/** After a crash nothing of it counts, so it keeps no journal, and the disk is waited for once. */
function newFile(path: string) {
  const database = new BetterSqlite3(path);
  database.pragma('journal_mode = OFF');
  database.pragma('synchronous = OFF');
  database.pragma('foreign_keys = ON');
  return kyselyOver(database);
}

/** Those of the disk stay as they are. */
function ofPostgres(error: unknown): unknown {
  const cause = postgresDialect.problemFrom(error);
  return cause ? new ProblemError(cause, { cause: error }) : error;
}
