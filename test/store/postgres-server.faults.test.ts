/** What only a server can do to us, and what it keeps people from who reach it past Greenlight. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { requestIdOf } from '../../src/core/ids.ts';
import { ProblemError } from '../../src/core/problem.ts';
import { freePort } from '../../src/free-port.ts';
import { redactFields } from '../../src/redact-fields.ts';
import { openStore } from '../../src/store/open-store.ts';
import { openPostgresStore } from '../../src/store/postgres.ts';
import { newDatabase, type ReusableDatabase, reusableDatabase } from '../postgres/databases.ts';
import { monday, personId, submit } from './example-requests.ts';
import type { OneStore } from './store-races.ts';

let database: ReusableDatabase;
let store: OneStore;
beforeAll(async () => {
  database = await reusableDatabase();
  store = await openPostgresStore({ url: database.url });
});
beforeEach(() => database.renew());
afterAll(async () => {
  await store.close();
  await database.close();
});

test.each(["update events set body = '{}'", 'delete from events', 'truncate events cascade'])(
  'history can be neither changed nor deleted, not even by SQL: %s',
  async (statement) => {
    await submit(store, 'a');
    await expect(database.sql(statement)).rejects.toThrow('events are append-only');
  },
);

test('a table of the same name in front of ours opens no door to history', async () => {
  await submit(store, 'a');
  const decoy =
    "create temp table audit as select 'event' as kind, 1 as request_number, 1 as seq, null::text as salt";
  await database.sql(decoy);
  await expect(database.sql("update events set body = '{}'")).rejects.toThrow('events are append-only');
  await database.sql('drop table pg_temp.audit');
});

test('replicas that start at once on a new database make it once, and all of them work', async () => {
  const url = await newDatabase('nothing');
  const stores = await Promise.all([1, 2, 3].map(() => openPostgresStore({ url })));
  await Promise.all(stores.map((one, index) => submit(one, `key ${index}`)));
  expect(await store.list({ limit: 10 })).toEqual([]);
  expect(await stores[0]?.list({ limit: 10 })).toHaveLength(3);
  await Promise.all(stores.map((one) => one.close()));
});

test('a newer schema than this code knows is refused in a sentence', async () => {
  await database.sql("insert into kysely_migration (name, timestamp) values ('9999-future', '2030-01-01')");
  await database.sql("update schema_floor set migration = '9999-future'");
  await expect(openPostgresStore({ url: database.url })).rejects.toMatchObject({
    problem: { sentence: 'The database was written by a newer Greenlight than this one.' },
  });
});

test('a command that only reads cannot write, and makes no schema', async () => {
  const reading = await openPostgresStore({ url: database.url, isReadOnly: true });
  expect(await reading.list({ limit: 1 })).toEqual([]);
  await expect(submit(reading, 'a')).rejects.toMatchObject({ problem: { code: 'outside_unavailable' } });
  await reading.close();
  const empty = await newDatabase('nothing');
  await expect(openPostgresStore({ url: empty, isReadOnly: true })).rejects.toMatchObject({
    problem: { sentence: 'The database is not of this version of Greenlight.' },
  });
});

test.each([
  [
    'nobody answers there',
    (url: URL, port: number) => Object.assign(url, { port: String(port) }),
    'Nothing answers',
  ],
  ['the password is wrong', (url: URL) => Object.assign(url, { password: 'hunter2' }), 'does not let us in'],
  ['there is no such database', (url: URL) => Object.assign(url, { pathname: '/none' }), 'no such database'],
  ['there is no such host', (url: URL) => Object.assign(url, { hostname: 'nowhere.invalid' }), 'host'],
  [
    'it must be encrypted, and is not',
    (url: URL) => Object.assign(url, { search: '?sslmode=verify-full' }),
    'TLS',
  ],
])('when %s, a sentence says what to look at and nothing tells the password', async (_, change, words) => {
  const url = change(new URL(database.url), await freePort());
  const error = await openStore({ url: { reveal: () => url.href } }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ProblemError);
  const { problem } = error as ProblemError;
  expect(problem).toMatchObject({
    ...{ code: 'outside_unavailable', isTransient: true, detail: expect.stringContaining(words) },
    sentence: 'Greenlight cannot use its database now.',
  });
  expect(JSON.stringify([problem, redactFields(error)])).not.toContain(url.password);
});

test('an address that is none is told at once, without a word of it', async () => {
  const open = openStore({ url: { reveal: () => 'postgresql://bot:hunter2@[db/x' } });
  const error = await open.catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    problem: { code: 'bad_input', next: expect.stringContaining('DATABASE_URL') },
  });
  expect(JSON.stringify(redactFields(error))).not.toContain('hunter2');
});

test('connections that break, also in the middle of a transaction, harm nobody but whoever used them', async () => {
  await submit(store, 'a');
  await breakAll();
  for (let round = 0; round < 3; round++) {
    const outcomes = await Promise.allSettled([
      breakAll(),
      ...Array.from({ length: 5 }, (_, index) => submit(store, `key ${round} ${index}`)),
    ]);
    for (const one of outcomes.slice(1)) {
      if (one.status === 'fulfilled') continue;
      expect(one.reason).toMatchObject({ problem: { code: 'outside_unavailable', isTransient: true } });
    }
  }
  const ids = (await store.list({ limit: 100 })).map(({ id }) => id);
  expect(ids.toReversed()).toEqual(ids.map((_, index) => requestIdOf(index + 1)));
});

test('a table that another version has changed since is read and written as before', async () => {
  const ada = personId('UADA');
  await store.beginCode(ada, 'sealed', monday);
  const use = async (round: number) => {
    expect(await store.keptCode(ada)).toMatchObject({ lastStep: 0 });
    const tried = await store.tryCode(ada, monday + 10 * round, { max: 99, withinMs: 1 });
    expect(tried).toEqual({ left: 98 });
  };
  for (let round = 0; round < 3; round++) await use(round);
  await database.sql('alter table codes add column tomorrow text');
  for (let round = 3; round < 6; round++) await use(round);
  await database.sql('alter table codes drop column tomorrow');
});

test('a number that fell between two milliseconds is kept as the later one', async () => {
  await store.setTimer('report', monday + 0.25);
  expect(await store.timer('report')).toEqual({ dueAt: monday + 1 });
});

test('its time is told, as that of all replicas', async () => {
  const before = Date.now();
  const told = (await store.serverTime()) ?? 0;
  // Of this machine: a clock that is set meanwhile is no matter of ours.
  expect(Math.abs(told - before)).toBeLessThan(60_000);
});

/** Ends every connection but the test's own. */
async function breakAll(): Promise<void> {
  await database.sql(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid()`,
  );
}
