/** How SQLite does what the databases do differently. */
import { CompiledQuery, type DatabaseConnection, SqliteAdapter, SqliteDriver, sql } from 'kysely';
import { z } from 'zod';
import { problem } from '../core/problem.ts';
import type { SqlDialect } from './dialect.ts';

export const sqliteDialect: SqlDialect = {
  numberedByItself: (column) => column.primaryKey().autoIncrement(),

  async lastNumber(db, table) {
    const { rows } =
      await sql`select coalesce(max(seq), 0) as last from sqlite_sequence where name = ${table}`.execute(db);
    return numberRow.parse(rows[0]).last;
  },

  async numberAfter(db, table, last) {
    await sql`delete from sqlite_sequence where name = ${table}`.execute(db);
    await sql`insert into sqlite_sequence (name, seq) values (${table}, ${last})`.execute(db);
  },

  async makeAppendOnly(db, table) {
    for (const verb of ['update', 'delete']) {
      await sql`create trigger ${sql.ref(`${table}_refuse_${verb}`)} before ${sql.raw(verb)} on ${sql.table(table)}
        begin select raise(abort, ${sql.lit(`${table} are append-only`)}); end`.execute(db);
    }
  },

  async letUpdate(db, table, condition) {
    const name = sql.ref(`${table}_refuse_update`);
    await sql`drop trigger ${name}`.execute(db);
    await sql`create trigger ${name} before update on ${sql.table(table)} when not (${sql.raw(condition)})
      begin select raise(abort, ${sql.lit(`${table} are append-only`)}); end`.execute(db);
  },

  // It knows nobody to tell.
  tellOfChanges: async () => undefined,

  // `begin immediate` holds the whole database already.
  lock: (query) => query,
  lockTable: async () => undefined,

  problemFrom(error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const kind = Object.keys(causes).find((one) => code === one || code.startsWith(`${one}_`));
    if (kind === undefined) return undefined;
    const cause = `${code}: ${error instanceof Error ? error.message : ''}`;
    return problem(
      'outside_unavailable',
      'Greenlight cannot use its database now, so nothing was changed.',
      'Try again in a minute; if it stays, tell the platform team.',
      { detail: `${cause}. ${causes[kind] ?? ''}`, isTransient: true },
    );
  },
};

const numberRow = z.object({ last: z.int() });

/** SQLite's result codes that say something of the machine rather than of our SQL, and what to do (sqlite.org/rescode.html). */
const causes: Readonly<Record<string, string>> = {
  SQLITE_BUSY: 'Another process holds the database file for longer than 5 s: find it and stop it.',
  SQLITE_LOCKED: 'Another statement holds the table.',
  SQLITE_FULL: 'The disk is full: make room.',
  SQLITE_IOERR: 'The disk does not read or write: look at the system log.',
  SQLITE_READONLY: 'The database file or its folder is read-only: give the process the right to write both.',
  SQLITE_CANTOPEN: 'The database file cannot be opened: look at the folder and its rights.',
  SQLITE_CORRUPT: 'The database file is damaged: restore a backup.',
  SQLITE_NOTADB: 'The file is not a database: name another in GREENLIGHT_DATABASE.',
};

/**
 * Begins each transaction as its writer at once. SQLite's own `begin` takes the write lock at the first write; when
 * another process wrote in between, that fails at once, whatever the busy timeout (sqlite.org/isolation.html).
 */
export class ImmediateSqliteDriver extends SqliteDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }

  /** A full disk rolls back by itself: that there is nothing left to roll back must not stand in place of its error. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await super.rollbackTransaction(connection).catch((error: unknown) => {
      if (!String(error).includes('no transaction is active')) throw error;
    });
  }
}

/**
 * SQLite can roll back a change of the schema (sqlite.org/lang_transaction.html), so all migrations run in one
 * transaction: a crash leaves no half a schema, and of two processes that open a new file the second finds it made.
 */
export class TransactionalSqliteAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}
