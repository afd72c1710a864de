/**
 * Databases for tests whose subject is not how a database is made: their tables are made once for each process and
 * copied, which takes a tenth of the time.
 */
import { writeFile } from 'node:fs/promises';
import BetterSqlite3 from 'better-sqlite3';
import type { AuditStore } from '../../src/core/audit.ts';
import type { Store } from '../../src/core/store.ts';
import { migrate } from '../../src/store/migrate.ts';
import { createSqlStore } from '../../src/store/sql-store.ts';
import { kyselyOver } from '../../src/store/sqlite.ts';
import { sqliteDialect } from '../../src/store/sqlite-dialect.ts';

let made: Promise<Buffer> | undefined;

export async function memoryStore(): Promise<Store & AuditStore> {
  const database = new BetterSqlite3(await emptyDatabase());
  database.pragma('foreign_keys = ON');
  return createSqlStore(kyselyOver(database), sqliteDialect);
}

/** Puts an empty database with today's tables there. */
export async function writeEmptyDatabase(file: string): Promise<void> {
  await writeFile(file, await emptyDatabase());
}

function emptyDatabase(): Promise<Buffer> {
  made ??= makeTables();
  return made;
}

async function makeTables(): Promise<Buffer> {
  const database = new BetterSqlite3(':memory:');
  const db = kyselyOver(database);
  await migrate(db, sqliteDialect);
  const bytes = database.serialize();
  await db.destroy();
  return bytes;
}
