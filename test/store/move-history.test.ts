/** What comes out of a move is compared with what went in: the rows, the head of the audit, and what the events fold to. */
import BetterSqlite3 from 'better-sqlite3';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { migrate } from '../../src/store/migrate.ts';
import { copyHistory } from '../../src/store/move-history.ts';
import { opened } from '../../src/store/open-database.ts';
import { kyselyOver } from '../../src/store/sqlite.ts';
import { sqliteDialect } from '../../src/store/sqlite-dialect.ts';
import { evaluated, monday, submit, write } from './example-requests.ts';

async function database() {
  const sqlite = new BetterSqlite3(':memory:');
  const db = kyselyOver(sqlite);
  onTestFinished(() => db.destroy());
  await migrate(db, sqliteDialect);
  return { sqlite, db, dialect: sqliteDialect, store: opened(db, sqliteDialect).store };
}

let from: Awaited<ReturnType<typeof database>>;
let to: Awaited<ReturnType<typeof database>>;
beforeEach(async () => {
  [from, to] = [await database(), await database()];
  await write(from.store, await submit(from.store, 'a'), [evaluated('require_approval')]);
  await from.store.handled('a delivery', monday, 1_000);
});

const copied = () => copyHistory({ from, to, copied: () => undefined });

test('a history that arrives whole is kept', async () => {
  expect(await copied()).toMatchObject({ counts: { requests: 1, deliveries: 1 }, compared: 1 });
  expect(await to.store.auditHead()).toEqual(await from.store.auditHead());
});

test.each([
  [
    'one row less than went in',
    'after insert on deliveries begin delete from deliveries; end',
    'rows of deliveries',
  ],
  [
    'another head of the audit',
    "after insert on audit_head begin update audit_head set hash = 'another'; end",
    'the head of the audit',
  ],
  [
    'a request that is another than it was',
    `after insert on requests begin update requests set snapshot = replace(snapshot, '"deploys"', '"requests"'); end`,
    'REQ-1',
  ],
])('with %s nothing of it is kept', async (_what, trigger, detail) => {
  to.sqlite.exec(`create trigger spoils ${trigger}`);
  await expect(copied()).rejects.toMatchObject({
    problem: { sentence: 'What came out is not what went in, so nothing of it was kept.', detail },
  });
  expect(await to.store.list({ limit: 10 })).toEqual([]);
});
