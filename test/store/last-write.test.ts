/** A database that still answers, and keeps nothing, is told from one that is well. */
import BetterSqlite3 from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { ProblemError, problem } from '../../src/core/problem.ts';
import { rememberLastWrite } from '../../src/store/last-write.ts';
import { migrate } from '../../src/store/migrate.ts';
import { createSqlStore } from '../../src/store/sql-store.ts';
import { kyselyOver } from '../../src/store/sqlite.ts';
import { sqliteDialect } from '../../src/store/sqlite-dialect.ts';
import { monday } from './example-requests.ts';

test('a disk without room fails what the store is asked to be, until something was written again', async () => {
  const database = new BetterSqlite3(':memory:');
  const db = kyselyOver(database);
  await migrate(db, sqliteDialect);
  const store = createSqlStore(db, sqliteDialect);
  onTestFinished(() => store.close());
  await store.expectWritable();
  const pages = database.pragma('page_count', { simple: true });
  database.pragma(`max_page_count = ${pages}`);
  const tooLong = 'x'.repeat(100_000);
  await expect(store.setTimer(tooLong, monday)).rejects.toThrow('outside_unavailable');
  await expect(store.expectWritable()).rejects.toMatchObject({
    problem: {
      code: 'outside_unavailable',
      sentence: 'The last write to the database failed.',
      detail: expect.stringContaining('SQLITE_FULL'),
    },
  });
  database.pragma('max_page_count = 100000');
  await store.setTimer('short', monday);
  await store.expectWritable();
});

test('what the work itself refuses says nothing of the database', async () => {
  const { transact, expectSuccess } = rememberLastWrite(async () => {
    throw new ProblemError(problem('conflict', 'Somebody was faster.', 'Look.'));
  }, sqliteDialect);
  await expect(transact(async () => 1)).rejects.toThrow('conflict');
  expectSuccess();
});

test('a disk that is not believed any more counts as one that failed', async () => {
  const { transact, expectSuccess } = rememberLastWrite(async () => {
    throw new ProblemError(problem('outside_unavailable', 'The disk failed.', 'Look.'));
  }, sqliteDialect);
  await expect(transact(async () => 1)).rejects.toThrow();
  expect(expectSuccess).toThrow('last write');
});
