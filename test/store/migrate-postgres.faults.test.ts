/** A PostgreSQL of any schema there has been on one comes to today's with all that it has. */

import { sql } from 'kysely';
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { secondMs } from '../../src/core/duration.ts';
import { migrate, migrationNames } from '../../src/store/migrate.ts';
import { openStore } from '../../src/store/open-store.ts';
import { kyselyOverPostgres } from '../../src/store/postgres.ts';
import { postgresDialect } from '../../src/store/postgres-dialect.ts';
import { tableNames } from '../../src/store/tables.ts';
import { newDatabase } from '../postgres/databases.ts';
import { until } from '../stories/whole-process.ts';
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

test('a backup that reads for minutes holds up a change of the schema, but no replica that runs', async () => {
  const url = await newDatabase('nothing');
  const db = kyselyOverPostgres({ url, isUnhurried: true });
  // The next one alters `deliveries`.
  await migrate(db, postgresDialect, '0024-by-time');
  await db.destroy();
  const [backup, replica] = [await session(url), await session(url)];
  await backup.query('begin isolation level repeatable read');
  await backup.query('select from deliveries');
  let timesHeldUp = 0;
  const opening = openStore({ url: { reveal: () => url } }, { heldUp: () => void timesHeldUp++ });

  const waiting = "select from pg_locks where relation = 'deliveries'::regclass and not granted";
  await until(async () => (await replica.query(waiting)).rowCount === 1);
  const askedAt = performance.now();
  await replica.query('select from deliveries');
  expect(performance.now() - askedAt).toBeLessThan(4 * secondMs);
  await until(async () => timesHeldUp === 1);
  await backup.query('commit');
  const store = await opening;
  expect(await store.list({ limit: 1 })).toEqual([]);
  await store.close();
});

async function session(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, query_timeout: 10 * secondMs });
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}
