/** The embedded store: one file beside the process. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';
import type { Store } from '../core/ports.ts';
import { migrate } from './migrate.ts';
import type { Database } from './schema.ts';
import { translating } from './sql.ts';
import { createSqlStore } from './sql-store.ts';
import { ImmediateSqliteDriver, sqliteDialect } from './sqlite-dialect.ts';

/** How long a statement waits for another process (a backup, the CLI) before it gives up, in milliseconds. */
const busyTimeoutMs = 5_000;

/**
 * Opens the file, made with its folder when it is not there, and brings it to this code's schema. `:memory:` lives as
 * long as the store.
 * @throws ProblemError when the file cannot be opened or is no database, or when a newer Greenlight wrote it.
 */
export async function openSqliteStore({ file }: { readonly file: string }): Promise<Store> {
  return translating(sqliteDialect, async () => {
    const database = openFile(file);
    const db = new Kysely<Database>({
      dialect: {
        createDriver: () => new ImmediateSqliteDriver({ database: async () => database }),
        createQueryCompiler: () => new SqliteQueryCompiler(),
        createAdapter: () => new SqliteAdapter(),
        createIntrospector: (inner) => new SqliteIntrospector(inner),
      },
    });
    try {
      await migrate(db, sqliteDialect);
    } catch (error) {
      await db.destroy();
      throw error;
    }
    return createSqlStore(db, sqliteDialect);
  });
}

function openFile(file: string): BetterSqlite3.Database {
  if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true });
  const database = new BetterSqlite3(file, { timeout: busyTimeoutMs });
  try {
    database.pragma('journal_mode = WAL');
    // An approval that was confirmed in chat must not vanish with the power: NORMAL may lose the last commits.
    database.pragma('synchronous = FULL');
    database.pragma('foreign_keys = ON');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}
