/** A history with something in every table, also in those that come only later: for copies of all of it. */
import BetterSqlite3 from 'better-sqlite3';
import { sql } from 'kysely';
import type { AuditStore } from '../../src/core/audit.ts';
import { requestIdOf } from '../../src/core/ids.ts';
import type { Store } from '../../src/core/store.ts';
import type { Reader } from '../../src/store/dialect.ts';
import { kyselyOver } from '../../src/store/sqlite.ts';
import { type TableName, tableNames, tables } from '../../src/store/tables.ts';
import { at, keyPair } from '../audit/logs.ts';
import { evaluated, evaluation, monday, noticeOf, person, submit, write } from './example-requests.ts';
import { fillTables } from './fill-tables.ts';
import { approved, outputs, queue, start } from './lock-moves.ts';

/** `file` is that of the store. */
export async function fillHistory(store: Store & AuditStore, file: string): Promise<void> {
  const first = await submit(store, 'a', {
    input: { quotes: '“”’', emoji: '🚀', none: null, nested: [1, 'x'] },
  });
  await write(store, first, [evaluated('require_approval')], [noticeOf(first.id)]);
  await store.recordEvaluation(evaluation);
  await start(store, await approved(store, 'b'));
  await queue(store, await approved(store, 'c', person('Bob')));
  const lent = await approved(store, 'd');
  const away = {
    requestId: lent.id,
    from: person('Ada'),
    to: person('Bob'),
    since: monday,
    until: monday + 9,
  };
  const [row] = await store.outbox(monday, 1);
  if (row) await store.cardShown(row, { channel: 'C1', ts: '1.2', shownVersion: 1 });
  await write(store, lent, [{ type: 'started', at: monday, plan: [] }]);
  const started = await store.load(lent.id);
  if (started)
    await write(store, started, [
      { type: 'succeeded', at: monday, outputs: { ...outputs, delegation: away } },
    ]);
  const refusal = { at: monday, door: '/env', sentence: 'No.', reference: 'r', times: 1 };
  await store.addRefusal({ ...refusal, code: 'own_request', about: requestIdOf(1), by: 'UBOB' });
  await store.addRefusal({ ...refusal, code: 'busy' });
  await store.addCheckpoint(keyPair().signed(at(await store.auditEntries(2, 1), 0)));
  await store.moveCursor('sink file:/x', 0, 2);
  await fillTheRest(file);
}

/** A row of anything in each table that has none yet, and a few numbers of refusals that were forgotten. */
async function fillTheRest(file: string): Promise<void> {
  const database = new BetterSqlite3(file);
  database.pragma('foreign_keys = OFF');
  database.exec("update sqlite_sequence set seq = 7 where name = 'refusals'");
  const db = kyselyOver(database);
  await fillTables(db);
  await db.destroy();
}

/** All rows of all tables. */
export async function everything(db: Reader): Promise<Record<TableName, unknown>> {
  const found: Record<string, unknown> = {};
  for (const table of tableNames) {
    const order = sql.join(tables[table].key.map((column) => sql.ref(column)));
    found[table] = (await sql`select * from ${sql.table(table)} order by ${order}`.execute(db)).rows;
  }
  return found as Record<TableName, unknown>;
}
