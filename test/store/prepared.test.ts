/** Statements that are compiled once, and requests that are read once: what must not be mistaken for one another. */
import BetterSqlite3 from 'better-sqlite3';
import { SqliteQueryCompiler } from 'kysely';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { minuteMs } from '../../src/core/duration.ts';
import { requestIdOf } from '../../src/core/ids.ts';
import { createSnapshotReader } from '../../src/store/kept-snapshots.ts';
import { prepared } from '../../src/store/prepared.ts';
import { columnsOf } from '../../src/store/request-rows.ts';
import { kyselyOver } from '../../src/store/sqlite.ts';
import { evaluated, monday, submit, write } from './example-requests.ts';
import { memoryStore } from './ready-store.ts';

const db = kyselyOver(new BetterSqlite3(':memory:'));

beforeAll(() =>
  db.schema
    .createTable('timers')
    .addColumn('name', 'text')
    .addColumn('due_at', 'integer')
    .addColumn('held_until', 'integer')
    .execute(),
);
afterAll(() => db.destroy());

interface Timer {
  readonly name: string;
  readonly due_at: number;
  readonly held_until: number | null;
}

const built: string[] = [];
const add = prepared((reader, timers: readonly Timer[]) => {
  built.push(`insert ${timers.length}`);
  return reader.insertInto('timers').values(timers);
});
const find = prepared((reader, asked: { readonly names?: readonly string[]; readonly isHeld?: boolean }) => {
  built.push('select');
  let rows = reader.selectFrom('timers').select('name').orderBy('name');
  if (asked.names) rows = rows.where('name', 'in', asked.names);
  if (asked.isHeld !== undefined) rows = rows.where('held_until', asked.isHeld ? 'is not' : 'is', null);
  return rows;
});

test('each call fills the statement with its own values, and it is built once', async () => {
  await add(db, [{ name: 'a', due_at: 1, held_until: null }]);
  await add(db, [{ name: "b'); drop table timers", due_at: 2, held_until: 7 }]);
  await add(db, [
    { name: 'c', due_at: 3, held_until: null },
    { name: 'd', due_at: 4, held_until: 8 },
  ]);
  expect(await db.selectFrom('timers').selectAll().orderBy('name').execute()).toEqual([
    { name: 'a', due_at: 1, held_until: null },
    { name: "b'); drop table timers", due_at: 2, held_until: 7 },
    { name: 'c', due_at: 3, held_until: null },
    { name: 'd', due_at: 4, held_until: 8 },
  ]);
  expect(built.splice(0)).toEqual(['insert 1', 'insert 2']);
});

test('what is asked for in another way is another statement', async () => {
  const names = async (asked: Parameters<typeof find>[1]) =>
    (await find(db, asked)).rows.map(({ name }) => name.slice(0, 1));
  expect(await names({ isHeld: true })).toEqual(['b', 'd']);
  expect(await names({ isHeld: false })).toEqual(['a', 'c']);
  expect(await names({ names: ['c'] })).toEqual(['c']);
  expect(await names({ names: ['d'] })).toEqual(['d']);
  expect(await names({ names: ['a', 'd'], isHeld: true })).toEqual(['d']);
  expect(await names({})).toEqual(['a', 'b', 'c', 'd']);
  expect(built.splice(0)).toHaveLength(5);
});

test('what a bot asks each second, and does with what is due, is built once', async () => {
  const store = await memoryStore();
  onTestFinished(() => store.close());
  await submit(store, 'a');
  const lease = await store.claimLease('leader', 'one', monday, 10_000);
  const look = async () => {
    await store.nextDueAt();
    await store.outbox(monday, 100);
    await store.nextOutboxAt(monday);
    if (lease) await store.renewLease(lease, monday, 10_000);
    const found = await store.claimDue('one', monday + minuteMs, 1_000);
    if (!found) throw new Error('a request is due');
    await store.renew(found.claim, monday + minuteMs, 1_000);
    await store.release(found.claim);
  };
  await look();
  const builds = vi.spyOn(SqliteQueryCompiler.prototype, 'compileQuery');
  onTestFinished(() => builds.mockRestore());
  await look();
  expect(builds).not.toHaveBeenCalled();
  await store.postedCard(requestIdOf(1));
  expect(builds).toHaveBeenCalled();
});

test('a change names what it changes, and no more: of each column that is named every index is written anew', async () => {
  const store = await memoryStore();
  onTestFinished(() => store.close());
  const request = await submit(store, 'a');
  const prepare = vi.spyOn(BetterSqlite3.prototype, 'prepare');
  onTestFinished(() => prepare.mockRestore());
  await write(store, request, [evaluated('require_approval', monday + minuteMs)]);
  const updates = prepare.mock.calls.map(([text]) => text).filter((text) => /^update "requests"/.test(text));
  expect(updates).toEqual([
    'update "requests" set "version" = ?, "status" = ?, "due_at" = ?, "snapshot" = ? where "number" = ?',
  ]);
});

test('a request is read again when a letter of its row has changed, whatever its version says', async () => {
  const store = await memoryStore();
  onTestFinished(() => store.close());
  const request = await submit(store, 'a');
  const read = createSnapshotReader();
  const { version, snapshot } = columnsOf(request);
  const row = { number: 1, version, snapshot };
  expect(read(row)).toEqual(request);
  expect(read({ ...row })).toBe(read(row));
  expect(read({ ...row, snapshot: snapshot.replace('"moves":0', '"moves":1') }).moves).toBe(1);
  expect(() => read({ ...row, snapshot: snapshot.slice(1) })).toThrow('cannot read');
  expect(() => read({ ...row, number: 2 })).toThrow('cannot read');
  expect(() => read({ ...row, version: version + 1 })).toThrow('cannot read');
});

test('of a list that is longer than what is kept, some are found all the same', async () => {
  const store = await memoryStore();
  onTestFinished(() => store.close());
  const rows = [];
  for (const key of ['a', 'b', 'c', 'd', 'e']) {
    const request = await submit(store, key);
    const { version, snapshot } = columnsOf(request);
    rows.push({ number: rows.length + 1, version, snapshot });
  }
  const draws = [0.1, 0.6, 0.3, 0.9];
  const read = createSnapshotReader({ keptMax: 4, draw: () => draws[0] ?? 0 });
  let found = 0;
  const before = new Map<number, unknown>();
  for (let times = 0; times < 4; times++) {
    for (const row of rows) {
      const request = read(row);
      if (before.get(row.number) === request) found++;
      before.set(row.number, request);
    }
    draws.push(...draws.splice(0, 1));
  }
  expect(found).toBeGreaterThan(5);
});
