/** The doctor asks of a PostgreSQL what a bot will need of it, not only whether it answers. */
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkDatabase } from '../../../src/commands/doctor/database.ts';
import { Secret } from '../../../src/settings/secret.ts';
import { newDatabase, type ReusableDatabase, reusableDatabase } from '../../postgres/databases.ts';

let database: ReusableDatabase;
/** The database, as SQL names it. */
let name: string;
beforeEach(async () => {
  database = await reusableDatabase();
  name = `"${new URL(database.url).pathname.slice(1)}"`;
});
afterEach(() => database.close());

async function wrong(url = database.url) {
  const found = await checkDatabase({ url: new Secret(url) }, undefined, Date.now);
  for (const { state, next } of found) expect(next === undefined).toBe(state === 'ok');
  return found
    .filter(({ state }) => state !== 'ok')
    .map(({ state, check, sentence }) => `${state} ${check}: ${sentence}`);
}

test('one that a bot can write to is well', async () => {
  expect(await wrong()).toEqual([]);
});

test('before the first start of a bot there is no table that it may not write to', async () => {
  expect(await wrong(await newDatabase('nothing'))).toEqual([
    'fail schema: It is no database of a Greenlight.',
  ]);
});

test('one that only reads is none for a bot, though the doctor itself only reads', async () => {
  await database.sql(`alter database ${name} set default_transaction_read_only = on`);
  expect(await wrong()).toEqual([
    'fail writing: PostgreSQL only reads: default_transaction_read_only is on.',
  ]);
});

test('a standby is none for a bot', async () => {
  // In front of the server's own.
  await database.sql("create function pg_is_in_recovery() returns boolean language sql as 'select true'");
  await database.sql(`alter database ${name} set search_path = public, pg_catalog`);
  expect(await wrong()).toEqual(['fail writing: PostgreSQL only reads: it is a standby.']);
});

test('a user who may only read is none for a bot', async () => {
  const role = `reader_${randomUUID().replaceAll('-', '')}`;
  await database.sql(`create role ${role} login password 'reads'`);
  await database.sql(`grant select on all tables in schema public to ${role}`);
  await database.sql(`grant insert on outbox, requests to ${role}`);
  const url = Object.assign(new URL(database.url), { username: role, password: 'reads' }).href;
  const [finding, ...others] = await wrong(url);
  expect(finding).toMatch(/^fail writing: Its user may not write to counters, events, /);
  expect(finding).not.toMatch(/outbox|requests/);
  expect(others).toEqual([]);
});
