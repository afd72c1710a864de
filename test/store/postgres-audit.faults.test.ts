/** The audit on PostgreSQL: a stray hand is refused or found, a redaction keeps the chain whole, an old schema joins it. */
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { fold } from '../../src/core/fold.ts';
import { requestIdOf } from '../../src/core/ids.ts';
import type { RequestEvent } from '../../src/core/request.ts';
import { migrate } from '../../src/store/migrate.ts';
import { kyselyOverPostgres, openPostgresStore } from '../../src/store/postgres.ts';
import { postgresDialect } from '../../src/store/postgres-dialect.ts';
import { exported, verified } from '../audit/logs.ts';
import { newDatabase, type ReusableDatabase, reusableDatabase } from '../postgres/databases.ts';
import { evaluated, evaluation, monday, person, requested, submit, write } from './example-requests.ts';
import type { OneStore } from './store-races.ts';

const year = monday + 365 * 86_400_000;
let database: ReusableDatabase;
let store: OneStore;
beforeAll(async () => {
  database = await reusableDatabase();
  store = await openPostgresStore({ url: database.url });
});
/** Two requests, the first of them over, and somebody who was refused. */
beforeEach(async () => {
  await database.renew();
  const first = await write(store, await submit(store, 'a'), [evaluated('require_approval', monday)]);
  await submit(store, 'b', { requester: person('Bob') });
  const words = { door: '/env', code: 'own_request', sentence: 'No.', reference: 'ref00001' } as const;
  await store.addRefusal({ ...words, at: monday, times: 1, by: 'U0EVE', about: requestIdOf(1) });
  await store.append({
    ...{ requestId: first.id, expectedVersion: 2, notices: [], evaluation },
    events: [{ type: 'cancelled', at: monday + 1000, by: person('Ada') }],
  });
});
afterAll(async () => {
  await store.close();
  await database.close();
});

test.each([
  'delete from audit',
  'truncate audit',
  "update audit set hash = 'x'",
  "update audit set salt = 'x'",
  "update audit set salt = null, type = 'x'",
  "update events set body = '{}'",
])('a stray hand is refused by the database itself: %s', async (statement) => {
  await expect(database.sql(statement)).rejects.toThrow('are append-only');
  expect(verified(await exported(store)).fault).toBeUndefined();
});

test.each([
  [
    "update events set body = replace(body, 'payments', 'search') where seq = 1",
    'Event 1 (requested, number 1 of REQ-1) was changed',
  ],
  ['delete from events where seq = 2', 'Event 2 (evaluated, number 2 of REQ-1) was changed'],
  [
    'update audit set at = 1 where position = 3',
    'Event 3 (requested, number 1 of REQ-2) was changed: its place',
  ],
  ['delete from audit where position = 3', 'Event 3 is missing.'],
])('a stray hand is found when it gets past that: %s', async (statement, words) => {
  await database.sql(`set session_replication_role = replica; ${statement}; reset session_replication_role`);
  expect(verified(await exported(store)).fault).toContain(words);
});

test('a redaction takes out what is personal, once, and the chain still verifies', async () => {
  const redact = () => store.redactRequests({ before: year }, 'older than 365d', year, 10);
  expect(await redact()).toMatchObject({ requests: 1, events: 3 });
  expect(await redact()).toMatchObject({ requests: 0, events: 0 });
  expect(verified(await exported(store)).fault).toBeUndefined();
  const history = await store.history(requestIdOf(1));
  expect(JSON.stringify(history)).not.toMatch(/Ada|ada@|UADA/);
  expect(fold(history.map(({ event }) => event))).toStrictEqual(await store.load(requestIdOf(1)));
});

test('a database of an older schema comes to this one with all it has, and what it has joins the chain', async () => {
  const url = await newDatabase('nothing');
  const events: readonly RequestEvent[] = [requested(requestIdOf(1)), evaluated('require_approval', monday)];
  const old = kyselyOverPostgres({ url, isUnhurried: true });
  await migrate(old, postgresDialect, '0011-delegations');
  const columns =
    'number, submission_key, version, status, action, requester, created_at, has_living_environment';
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(
    `insert into requests (${columns}, lease_fence, snapshot)
     values (1, 'a', 2, 'waiting', 'deploy', 'UADA', $1, 0, 0, $2)`,
    [monday, JSON.stringify(fold(events))],
  );
  await client.query("update counters set value = 1 where name = 'requests'");
  for (const [index, { type, at, ...rest }] of events.entries()) {
    const row = [index + 1, type, at, JSON.stringify({ type, at, ...rest })];
    await client.query(
      'insert into events (request_number, seq, type, at, body) values (1, $1, $2, $3, $4)',
      row,
    );
  }
  await client.end();
  await old.destroy();
  const opened = await openPostgresStore({ url });
  expect((await opened.history(requestIdOf(1))).map(({ event }) => event)).toEqual(events);
  expect((await submit(opened, 'b')).id).toBe('REQ-2');
  const report = verified(await exported(opened));
  expect(report.fault).toBeUndefined();
  expect(report).toMatchObject({ entries: 4, older: 2 });
  await opened.close();
});
