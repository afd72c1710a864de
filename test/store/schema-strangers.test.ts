/** What runs within our own statements is ours. */
import BetterSqlite3 from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { migrate, migrationNames } from '../../src/store/migrate.ts';
import { strangersIn } from '../../src/store/schema-strangers.ts';
import { kyselyOver } from '../../src/store/sqlite.ts';
import { sqliteDialect } from '../../src/store/sqlite-dialect.ts';

const newest = migrationNames.at(-1) ?? '';
let database: BetterSqlite3.Database;
beforeEach(async () => {
  database = new BetterSqlite3(':memory:');
  await migrate(kyselyOver(database), sqliteDialect);
});
afterEach(() => database.close());

test('a database as the migrations make it has no strangers', async () => {
  expect(await strangersIn(database, newest)).toEqual([]);
});

test.each([
  [
    "create trigger sneaky after insert on events begin update requests set snapshot = '{}'; end",
    'It has the trigger sneaky on events, which no Greenlight has made.',
  ],
  [
    `drop trigger events_refuse_update;
      create trigger events_refuse_update before update on events begin select raise(ignore); end`,
    'Its trigger events_refuse_update on events is not as Greenlight makes it.',
  ],
  [
    `drop trigger events_refuse_update; create trigger events_refuse_update before update on drafts
      begin select raise(abort, 'events are append-only'); end`,
    'Its trigger events_refuse_update on drafts is not as Greenlight makes it.',
  ],
  [
    'alter table drafts rename to other; create view drafts as select * from other',
    'It has the view drafts, which no Greenlight has made.',
  ],
])('%s', async (damage, words) => {
  database.exec(damage);
  expect(await strangersIn(database, newest)).toEqual([words]);
});

test('of an older schema, what that one had is ours', async () => {
  const older = new BetterSqlite3(':memory:');
  await migrate(kyselyOver(older), sqliteDialect, '0012-audit');
  expect(await strangersIn(older, '0012-audit')).toEqual([]);
  older.close();
});
