/** Databases of every schema there has been come to this one with all they have, and what they have joins the chain. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fold } from '../../src/core/fold.ts';
import { requestIdOf } from '../../src/core/ids.ts';
import type { RequestEvent } from '../../src/core/request.ts';
import { migrate, migrationNames } from '../../src/store/migrate.ts';
import type { Database } from '../../src/store/schema.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { sqliteDialect } from '../../src/store/sqlite-dialect.ts';
import { tableNames } from '../../src/store/tables.ts';
import { exported, verified } from '../audit/logs.ts';
import { evaluated, monday, requested, submit } from './example-requests.ts';
import { fillTables } from './fill-tables.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'greenlight-migrate-'));
});
afterAll(() => rm(folder, { recursive: true }));

const events: readonly RequestEvent[] = [requested(requestIdOf(1)), evaluated('require_approval', monday)];

/** A file as the version with this schema left it, with one request, and somebody who was refused where those were kept. */
async function older(schema: string, name = schema): Promise<string> {
  const file = join(folder, `${name}.db`);
  const sqlite = new BetterSqlite3(file);
  sqlite.pragma('synchronous = OFF');
  const db = new Kysely<Database>({ dialect: new SqliteDialect({ database: sqlite }) });
  await migrate(db, sqliteDialect, schema);
  sqlite
    .prepare(
      `insert into requests (number, submission_key, version, status, action, requester, created_at, due_at,
         has_living_environment, lease_fence, snapshot) values (1, 'a', 2, 'waiting', 'deploy', 'UADA', ?, null, 0, 0, ?)`,
    )
    .run(monday, JSON.stringify(fold(events)));
  sqlite.exec("update counters set value = 1 where name = 'requests'");
  for (const [index, event] of events.entries()) {
    sqlite
      .prepare('insert into events (request_number, seq, type, at, body) values (1, ?, ?, ?, ?)')
      .run(index + 1, event.type, event.at, JSON.stringify(event));
  }
  if (schema >= '0008') {
    const body = { at: monday, door: '/env', code: 'own_request', sentence: 'No.', reference: 'r', times: 1 };
    sqlite.prepare('insert into refusals (at, body) values (?, ?)').run(monday, JSON.stringify(body));
  }
  await db.destroy();
  return file;
}

test('until when each environment was there is known of those from before as well', async () => {
  const file = await older('0013-leases', 'environments');
  const sqlite = new BetterSqlite3(file);
  const environment = (number: number, isLiving: number, endedAt?: number) =>
    sqlite
      .prepare(
        `insert into requests (number, submission_key, version, status, action, requester, created_at, due_at,
           has_living_environment, lease_fence, snapshot)
         values (?, ?, 1, 'succeeded', 'environment.create', 'UADA', ?, null, ?, 0, ?)`,
      )
      .run(
        ...[number, `key ${number}`, monday, isLiving],
        JSON.stringify({ outputs: { environment: {} }, updatedAt: monday + 5, life: { endedAt } }),
      );
  environment(2, 1);
  environment(3, 0, monday + 3);
  environment(4, 0);
  sqlite.prepare("update requests set snapshot = '{' where number = 4").run();
  sqlite.close();
  await (await openSqliteStore({ file })).close();
  const migrated = new BetterSqlite3(file, { readonly: true });
  const until = migrated.prepare('select lived_until from requests order by number').pluck().all();
  migrated.close();
  expect(until).toEqual([null, 8.64e15, monday + 3, null]);
});

test.each(migrationNames.filter((name) => name < '0012'))('from %s', async (schema) => {
  const store = await openSqliteStore({ file: await older(schema) });
  expect((await store.history(requestIdOf(1))).map(({ event }) => event)).toEqual(events);
  expect(await store.load(requestIdOf(1))).toMatchObject({ version: 2, status: 'waiting' });
  const before = schema >= '0008' ? 3 : 2;
  expect(verified(await exported(store))).toMatchObject({
    ...{ entries: before + 1, older: before },
  });
  expect((await submit(store, 'b')).id).toBe('REQ-2');
  const report = verified(await exported(store));
  expect(report.fault).toBeUndefined();
  expect(report).toMatchObject({ entries: before + 2, older: before });
  expect(await store.unchainedEvents(1)).toEqual([]);
  await store.close();
});

test('an old row that cannot be read keeps no bot from starting, and joins as it stands', async () => {
  const file = await older('0011-delegations', 'damaged');
  const sqlite = new BetterSqlite3(file);
  sqlite.exec(
    "insert into events values (1, 3, 'wished', 1, 'no json'); insert into refusals values (9, 1, '[]')",
  );
  sqlite.close();
  const store = await openSqliteStore({ file });
  const report = verified(await exported(store));
  expect(report.fault).toBeUndefined();
  expect(report).toMatchObject({ older: 5 });
  await store.close();
});

test.each(migrationNames)(
  'from %s with a row in every table, and all of them are there afterwards',
  async (schema) => {
    const file = join(folder, `${schema}-filled.db`);
    const sqlite = new BetterSqlite3(file);
    sqlite.pragma('synchronous = OFF');
    sqlite.pragma('foreign_keys = OFF');
    const db = new Kysely<Database>({ dialect: new SqliteDialect({ database: sqlite }) });
    await migrate(db, sqliteDialect, schema);
    const before = await fillTables(db);
    expect(Object.values(before)).not.toContain(0);
    await migrate(db, sqliteDialect);
    const after = await fillTables(db);
    await db.destroy();
    for (const [table, rows] of Object.entries(before))
      expect(after[table], table).toBeGreaterThanOrEqual(rows);
    expect(Object.keys(after).sort()).toEqual([...tableNames].sort());
  },
);
