/** A database itself rather than the store over it: for commands that look at all of it, or copy it. */
import type { AuditStore } from '../core/audit.ts';
import type { Store } from '../core/store.ts';
import type { Reader, SqlDialect } from './dialect.ts';
import type { DatabasePlace } from './open-store.ts';
import { kyselyOverPostgres } from './postgres.ts';
import { postgresDialect } from './postgres-dialect.ts';
import { createSqlStore } from './sql-store.ts';
import { expectDatabase, kyselyOver, openToRead } from './sqlite.ts';
import { sqliteDialect } from './sqlite-dialect.ts';

export interface OpenDatabase {
  readonly db: Reader;
  readonly dialect: SqlDialect;
  /** The store over the same connections. */
  readonly store: Store & AuditStore;
  close(): Promise<void>;
}

/**
 * Only to be read, beside whatever bot runs; no statement is ended for taking long.
 * @throws ProblemError when it is not there or cannot be reached.
 */
export async function openToLook(place: DatabasePlace): Promise<OpenDatabase> {
  if ('file' in place) {
    const database = openToRead(place.file);
    try {
      expectDatabase(database, place.file);
    } catch (error) {
      database.close();
      throw error;
    }
    return opened(kyselyOver(database), sqliteDialect);
  }
  const url = place.url.reveal();
  return opened(kyselyOverPostgres({ url, isReadOnly: true, isUnhurried: true }), postgresDialect);
}

/** Over connections that were opened already; what closes it closes them. */
export function opened(db: Reader, dialect: SqlDialect): OpenDatabase {
  return { db, dialect, store: createSqlStore(db, dialect), close: () => db.destroy() };
}
