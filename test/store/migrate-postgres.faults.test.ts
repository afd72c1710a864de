/** A PostgreSQL of any schema there has been on one comes to today's with all that it has. */

import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { migrate, migrationNames } from '../../src/store/migrate.ts';
import { kyselyOverPostgres } from '../../src/store/postgres.ts';
import { postgresDialect } from '../../src/store/postgres-dialect.ts';
import { tableNames } from '../../src/store/tables.ts';
import { newDatabase } from '../postgres/databases.ts';
import { fillTables } from './fill-tables.ts';

/** The first that could be run on a PostgreSQL had this one. */
const released = migrationNames.filter((name) => name >= '0012');

test.each(released)('from %s', async (schema) => {
  const url = await newDatabase('nothing');
  const db = kyselyOverPostgres({ url, isUnhurried: true });
  try {
    await migrate(db, postgresDialect, schema);
    // On this one connection, rows need not refer to what is there.
    await sql`set session_replication_role = replica`.execute(db);
    const before = await fillTables(db);
    expect(Object.values(before)).not.toContain(0);
    await sql`set session_replication_role = origin`.execute(db);
    await migrate(db, postgresDialect);
    const after = await fillTables(db);
    for (const [table, rows] of Object.entries(before))
      expect(after[table], table).toBeGreaterThanOrEqual(rows);
    expect(Object.keys(after).sort()).toEqual([...tableNames].sort());
  } finally {
    await db.destroy();
  }
});
