/** The SQLite store: the contract, and what only a file can promise. */
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { requestIdOf } from '../../src/core/ids.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { evaluated, monday, submit, write } from './example-requests.ts';
import { memoryStore, writeEmptyDatabase } from './ready-store.ts';
import { describeStore, describeStoreInAnyOrder } from './store-contract.ts';

describeStore('the SQLite store', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'greenlight-store-'));
  const file = join(folder, 'greenlight.db');
  await writeEmptyDatabase(file);
  return {
    open: () => openSqliteStore({ file }),
    remove: () => rm(folder, { recursive: true }),
  };
});

describeStoreInAnyOrder('the SQLite store in memory', memoryStore);

describe('the SQLite file', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'greenlight-store-'));
    file = join(folder, 'data', 'greenlight.db');
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('a store in memory works and is gone when it closes', async () => {
    const store = await openSqliteStore({ file: ':memory:' });
    expect((await submit(store, 'a')).id).toBe('REQ-1');
    await store.close();
    const other = await openSqliteStore({ file: ':memory:' });
    expect(await other.list({ limit: 1 })).toEqual([]);
    await other.close();
  });

  test('behind a link it is the same file, whose log is waited for', async () => {
    await prepared();
    const link = join(folder, 'link.db');
    await symlink(file, link);
    const store = await openSqliteStore({ file: link });
    expect((await submit(store, 'through the link')).id).toBe('REQ-2');
    await store.close();
  });

  test('events can be neither changed nor deleted, not even by SQL', async () => {
    await prepared();
    expect(() => sql("update events set body = '{}'")).toThrow('events are append-only');
    expect(() => sql('delete from events')).toThrow('events are append-only');
  });

  test.each([
    ["update requests set snapshot = '{'", 'the snapshot of REQ-1 cannot be read'],
    ["update requests set snapshot = '{}'", 'the snapshot of REQ-1 cannot be read'],
    ['update requests set version = 7', 'its row says version 7'],
    [`update requests set snapshot = replace(snapshot, '"waiting"', '"happy"')`, 'status'],
    [`update requests set snapshot = replace(snapshot, '"count":2', '"count":0')`, 'count'],
  ])('a damaged snapshot is an error that names it: %s', async (damage, words) => {
    await prepared();
    sql(damage);
    const store = await openSqliteStore({ file });
    await expect(store.load(requestIdOf(1))).rejects.toMatchObject({
      problem: { code: 'internal', detail: expect.stringContaining(words) },
    });
    await store.close();
  });

  test('a damaged event is an error that names it', async () => {
    await prepared();
    sql('drop trigger events_refuse_update');
    sql('update events set body = \'{"type":"wished","at":1}\' where seq = 2');
    const store = await openSqliteStore({ file });
    await expect(store.history(requestIdOf(1))).rejects.toMatchObject({
      problem: { detail: expect.stringContaining('event 2 of REQ-1 cannot be read') },
    });
    await store.close();
  });

  test('a newer schema than this code knows is refused in a sentence', async () => {
    await prepared();
    sql("insert into kysely_migration (name, timestamp) values ('9999-future', '2030-01-01')");
    sql("update schema_floor set migration = '9999-future'");
    await expect(openSqliteStore({ file })).rejects.toMatchObject({
      problem: {
        sentence: 'The database was written by a newer Greenlight than this one.',
        detail: expect.stringContaining('9999-future'),
      },
    });
  });

  test('a file that is no database is refused with what to do', async () => {
    const other = join(folder, 'notes.txt');
    await writeFile(other, 'this is not a database, it is a long enough text about other things'.repeat(20));
    await expect(openSqliteStore({ file: other })).rejects.toMatchObject({
      problem: { code: 'outside_unavailable', detail: expect.stringContaining('GREENLIGHT_DATABASE') },
    });
  });

  test('a file that may only be read ends the start, rather than each write after it', async () => {
    await prepared();
    const bytes = await readFile(file);
    // Its format's version for writing: one from the future may be read and not written (sqlite.org/fileformat.html).
    bytes[18] = 3;
    await writeFile(file, bytes);
    await expect(openSqliteStore({ file })).rejects.toMatchObject({
      problem: { detail: expect.stringContaining('readonly') },
    });
  });

  test('a closed store says so as a problem', async () => {
    const store = await openSqliteStore({ file });
    await store.close();
    await expect(store.load(requestIdOf(1))).rejects.toMatchObject({ problem: { code: 'internal' } });
  });

  /** A closed file with one waiting request. */
  async function prepared(): Promise<void> {
    const store = await openSqliteStore({ file });
    await write(store, await submit(store, 'a'), [evaluated('require_approval', monday)]);
    await store.close();
  }

  function sql(statement: string): void {
    const database = new BetterSqlite3(file);
    try {
      database.exec(statement);
    } finally {
      database.close();
    }
  }
});
