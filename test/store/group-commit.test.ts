/** What writers may count on when they share a commit. The whole contract runs over it too: sqlite.test.ts. */
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { type Kysely, sql } from 'kysely';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Writer } from '../../src/store/dialect.ts';
import { groupCommit } from '../../src/store/group-commit.ts';
import { onDisk } from '../../src/store/log-on-disk.ts';
import type { Database } from '../../src/store/schema.ts';
import { kyselyOver, openSqliteStore } from '../../src/store/sqlite.ts';
import { evaluated, monday, submit, write } from './example-requests.ts';

let folder: string;
let statements: string[];
let database: BetterSqlite3.Database;
let db: Kysely<Database>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'greenlight-group-'));
  statements = [];
  const verbose = (text: unknown) => void statements.push(String(text));
  database = new BetterSqlite3(join(folder, 'group.db'), { timeout: 0, verbose });
  database.pragma('journal_mode = WAL');
  database.exec(`create table words (word text primary key);
    create table echoes (word text references words (word) deferrable initially deferred)`);
  db = kyselyOver(database);
});
afterEach(async () => {
  await db.destroy();
  await rm(folder, { recursive: true });
});

/** On a machine that is at its limit a few words take longer than a group may. */
const unhurried = { ms: 60_000 };

test('what is written at once shares one commit, in the order in which it came', async () => {
  const write = groupCommit(db, unhurried);
  await Promise.all(['one', 'two', 'three'].map((word) => write(saying(word))));
  expect(commits()).toBe(1);
  expect(await words()).toEqual(['one', 'two', 'three']);
});

test('a write alone waits for nobody', async () => {
  const write = groupCommit(db);
  expect(await write(async () => 'done')).toBe('done');
  await write(saying('one'));
  expect(commits()).toBe(2);
});

test('what fails is rolled back and refused alone', async () => {
  const write = groupCommit(db, unhurried);
  const half = async (trx: Writer) => {
    await saying('half')(trx);
    throw new Error('changed my mind');
  };
  const outcomes = await Promise.allSettled([write(saying('one')), write(half), write(saying('two'))]);
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(await words()).toEqual(['one', 'two']);
  expect(commits()).toBe(1);
});

test('a statement that is refused takes nobody else with it', async () => {
  const write = groupCommit(db);
  const outcomes = await Promise.allSettled(['one', 'one', 'two'].map((word) => write(saying(word))));
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(await words()).toEqual(['one', 'two']);
});

test('nobody is told of success when the commit fails, and nothing is there', async () => {
  const write = groupCommit(db);
  // Its word is looked for only at the commit.
  const echo = (trx: Writer) => sql`insert into echoes values ('nothing')`.execute(trx);
  const outcomes = await Promise.allSettled([write(saying('one')), write(echo), write(saying('two'))]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(await words()).toEqual([]);
  await write(saying('three'));
  expect(await words()).toEqual(['three']);
});

test('no read sees what may still be rolled back', async () => {
  const write = groupCommit(db);
  let seen: Promise<string[]> | undefined;
  const failing = write(async (trx) => {
    await saying('never')(trx);
    seen = words();
    await Promise.resolve();
    throw new Error('changed my mind');
  });
  const after = write(saying('one'));
  await expect(failing).rejects.toThrow('changed my mind');
  await after;
  expect(await seen).toEqual(['one']);
});

test('a group ends where it is full, and the rest is the next', async () => {
  const write = groupCommit(db, { works: 2, ms: 1_000 });
  await Promise.all(['one', 'two', 'three', 'four', 'five'].map((word) => write(saying(word))));
  expect(commits()).toBe(3);
  expect(await words()).toEqual(['one', 'two', 'three', 'four', 'five']);
});

test('a group ends when its time is up, and the rest is the next', async () => {
  const write = groupCommit(db, { works: 100, ms: 0 });
  await Promise.all(['one', 'two'].map((word) => write(saying(word))));
  expect(commits()).toBe(2);
});

test('a database that another process holds refuses all who wait, and takes the next', async () => {
  const write = groupCommit(db);
  const other = new BetterSqlite3(join(folder, 'group.db'));
  other.exec('begin immediate');
  const outcomes = await Promise.allSettled([write(saying('one')), write(saying('two'))]);
  other.exec('rollback');
  other.close();
  expect(outcomes).toEqual(
    [1, 2].map(() => ({ status: 'rejected', reason: expect.objectContaining({ code: 'SQLITE_BUSY' }) })),
  );
  await write(saying('three'));
  expect(await words()).toEqual(['three']);
});

test('nobody is told of success before the disk has it, and others are written meanwhile', async () => {
  const disk = slowDisk();
  const write = groupCommit(db, { reachDisk: onDisk(disk.sync) });
  const told: string[] = [];
  const one = write(saying('one')).then(() => told.push('one'));
  await vi.waitFor(() => expect(disk.waits).toHaveLength(1));
  const later = ['two', 'three'].map((word) => write(saying(word)).then(() => told.push(word)));
  await vi.waitFor(async () => expect(await words()).toEqual(['one', 'two', 'three']));
  expect(told).toEqual([]);
  disk.waits[0]?.resolve();
  await one;
  // What came while the disk was busy is not part of what it has written.
  expect(told).toEqual(['one']);
  await vi.waitFor(() => expect(disk.waits).toHaveLength(2));
  disk.waits[1]?.resolve();
  await Promise.all(later);
  expect(told).toEqual(['one', 'two', 'three']);
});

test('what is only for now waits for no disk, until that has failed', async () => {
  const disk = slowDisk();
  const write = groupCommit(db, { reachDisk: onDisk(disk.sync) });
  const told: string[] = [];
  const lasting = write(saying('lasting')).then(
    () => told.push('lasting'),
    () => told.push('refused'),
  );
  await write(saying('one'), { isForNow: true });
  await write(saying('two'), { isForNow: true });
  expect(await words()).toEqual(['lasting', 'one', 'two']);
  expect(told).toEqual([]);
  expect(disk.waits).toHaveLength(1);
  disk.waits[0]?.reject(new Error('EIO'));
  await lasting;
  expect(told).toEqual(['refused']);
  await expect(write(saying('three'), { isForNow: true })).rejects.toThrow('EIO');
});

test('a disk that failed once is never believed again', async () => {
  const disk = slowDisk();
  const heard: string[] = [];
  const write = groupCommit(db, { reachDisk: onDisk(disk.sync, ({ detail = '' }) => heard.push(detail)) });
  const outcomes = Promise.allSettled([write(saying('one')), write(saying('two'))]);
  await vi.waitFor(() => expect(disk.waits).toHaveLength(1));
  disk.waits[0]?.reject(new Error('EIO'));
  expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await expect(write(saying('three'))).rejects.toThrow('EIO');
  expect(disk.waits).toHaveLength(1);
  // Whoever runs the process hears of it once, and ends it.
  expect(heard).toEqual([expect.stringContaining('EIO')]);
});

test('chat hears of nothing that is not on the disk', async () => {
  const reached = vi.spyOn(await fileHandles(), 'datasync');
  const store = await openSqliteStore({ file: join(folder, 'bot.db') });
  const order: string[] = [];
  reached.mockImplementation(async () => void order.push('disk'));
  await write(store, await submit(store, 'a'), [evaluated('hold')]);
  order.length = 0;
  expect(await store.outbox(monday, 10)).toHaveLength(1);
  expect(order).toEqual(['disk']);
  await store.close();
  reached.mockRestore();
});

test('a lease waits for the disk when it is claimed, and not when it is renewed', async () => {
  const reached = vi.spyOn(await fileHandles(), 'datasync');
  const store = await openSqliteStore({ file: join(folder, 'bot.db') });
  const lease = await store.claimLease('leader', 'A', monday, 8_000);
  if (!lease) throw new Error('nobody has it');
  expect(reached).toHaveBeenCalledTimes(1);
  await submit(store, 'a');
  const work = await store.claimDue('A', Number.MAX_SAFE_INTEGER / 2, 8_000);
  if (!work) throw new Error('nothing is due');
  reached.mockClear();
  expect(await store.renewLease(lease, monday + 1, 8_000)).toBe(true);
  expect(await store.renew(work.claim, monday + 1, 8_000)).toBe(true);
  expect(reached).not.toHaveBeenCalled();
  await store.close();
  reached.mockRestore();
});

test('a full disk is named to whoever meets it', async () => {
  const write = groupCommit(db);
  database.pragma('max_page_count = 8');
  const long = (trx: Writer) => sql`insert into words values (${'x'.repeat(100_000)})`.execute(trx);
  const outcomes = await Promise.allSettled([write(saying('one')), write(long)]);
  expect(outcomes[1]).toEqual({
    status: 'rejected',
    reason: expect.objectContaining({ code: 'SQLITE_FULL' }),
  });
  const isThere = (await words()).includes('one');
  expect(outcomes[0]?.status).toBe(isThere ? 'fulfilled' : 'rejected');
});

function slowDisk() {
  const waits: PromiseWithResolvers<void>[] = [];
  const sync = () => {
    const wait = Promise.withResolvers<void>();
    waits.push(wait);
    return wait.promise;
  };
  return { waits, sync };
}

function saying(word: string) {
  return (trx: Writer) => sql`insert into words values (${word})`.execute(trx);
}

async function words(): Promise<string[]> {
  const { rows } = await sql<{ word: string }>`select word from words order by rowid`.execute(db);
  return rows.map(({ word }) => word);
}

function commits(): number {
  return statements.filter((text) => text === 'commit').length;
}

/** What every open file of this process has its methods from. */
async function fileHandles(): Promise<Awaited<ReturnType<typeof open>>> {
  const file = await open(join(folder, 'any'), 'w');
  await file.close();
  return Object.getPrototypeOf(file);
}
