/** Two versions of Greenlight over one database, as while an upgrade rolls out. The next one is made here. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { evaluateGraceMs } from '../../src/core/evaluated.ts';
import { requestIdOf } from '../../src/core/ids.ts';
import type { Log } from '../../src/core/ports.ts';
import type { RequestEvent } from '../../src/core/request.ts';
import { startRunner } from '../../src/runner/runner.ts';
import { createWorldClock } from '../../src/sandbox/clock.ts';
import { ourForms } from '../../src/store/forms.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { evaluated, monday, noticeOf, requested, submit, write } from './example-requests.ts';

const due = monday + evaluateGraceMs;

async function database() {
  const folder = await mkdtemp(join(tmpdir(), 'greenlight-versions-'));
  const file = join(folder, 'greenlight.db');
  const old = await openSqliteStore({ file });
  const sqlite = new BetterSqlite3(file);
  onTestFinished(async () => {
    sqlite.close();
    await old.close();
    await rm(folder, { recursive: true });
  });
  return {
    file,
    old,
    /** The next version only adds: a table, and a column with a default where the old one writes and reads. */
    expand() {
      sqlite.exec('create table next_things (id text primary key)');
      for (const table of ['requests', 'events', 'outbox', 'watches']) {
        sqlite.exec(`alter table ${table} add column next_column integer not null default 7`);
      }
      sqlite.exec("insert into kysely_migration (name, timestamp) values ('9999-next', '2030-01-01')");
    },
    /** The version after that takes away what the old one reads. */
    contract() {
      sqlite.exec("insert into kysely_migration (name, timestamp) values ('9999-next', '2030-01-01')");
      sqlite.exec("update schema_floor set migration = '9999-next'");
    },
    /** What a request is once the next version has paused it: an event and a status that the old one has never heard of. */
    pause(number: number) {
      const row = sqlite.prepare('select snapshot, version from requests where number = ?').get(number);
      const { snapshot, version } = row as { snapshot: string; version: number };
      const paused = { ...JSON.parse(snapshot), status: 'paused', version: version + 1, dueAt: due };
      sqlite
        .prepare(
          'update requests set form = 3, status = ?, version = ?, due_at = ?, snapshot = ? where number = ?',
        )
        .run('paused', version + 1, due, JSON.stringify(paused), number);
      sqlite
        .prepare("insert into events (request_number, seq, type, at, body) values (?, ?, 'paused', ?, ?)")
        .run(number, version + 1, due, JSON.stringify({ type: 'paused', at: due }));
      sqlite
        .prepare('update outbox set wanted_version = ? where request_number = ?')
        .run(version + 1, number);
    },
    damage(number: number) {
      sqlite.prepare("update requests set snapshot = '{}' where number = ?").run(number);
    },
    rows: () => sqlite.prepare('select * from requests').all(),
  };
}

const newer = { problem: { code: 'busy', isTransient: true } };

test('an old version that runs while a new one adds to the schema goes on', async () => {
  const { old, expand } = await database();
  const request = await submit(old, 'before');
  expand();
  await write(old, request, [evaluated('require_approval')]);
  expect((await submit(old, 'after')).id).toBe('REQ-2');
  expect(await old.list({ limit: 5 })).toHaveLength(2);
  expect(await old.history(request.id)).toHaveLength(2);
  expect(await old.claimDue('old', due, 1000)).toMatchObject({ request: { id: 'REQ-1' } });
});

test('an old version may be started again beside one that has only added, and not beside one that took away', async () => {
  const { file, expand } = await database();
  expand();
  const again = await openSqliteStore({ file });
  expect((await submit(again, 'again')).id).toBe('REQ-1');
  await again.close();
  const looking = await openSqliteStore({ file, isReadOnly: true });
  await looking.close();
  const other = await database();
  other.contract();
  await expect(openSqliteStore({ file: other.file })).rejects.toMatchObject({
    problem: { sentence: 'The database was written by a newer Greenlight than this one.' },
  });
  await expect(openSqliteStore({ file: other.file, isReadOnly: true })).rejects.toThrow(
    'not of this version',
  );
});

test('a request that takes a newer version to understand is left to it, and all others are carried on', async () => {
  const { old, pause, rows } = await database();
  await submit(old, 'paused');
  await submit(old, 'ours', { at: monday + 5 });
  pause(1);
  const before = rows()[0];
  expect(await old.nextDueAt()).toBe(due + 5);
  const claimed = await old.claimDue('old', due + 5, 1000);
  expect(claimed?.request.id).toBe('REQ-2');
  expect(await old.claimDue('old', due + 5, 1000)).toBeUndefined();
  expect(await old.leftToNewer(due)).toEqual(['REQ-1']);
  expect(await old.leftToNewer(due - 1)).toEqual([]);

  const id = requestIdOf(1);
  const change = { requestId: id, expectedVersion: 2, notices: [noticeOf(id)], events: [evaluated('deny')] };
  await expect(old.append(change)).rejects.toMatchObject(newer);
  await expect(old.load(id)).rejects.toMatchObject(newer);
  await expect(old.create('paused', (one) => [requested(one)])).rejects.toMatchObject(newer);
  expect(rows()[0]).toEqual(before);
});

test('what is counted fails rather than being counted without it, what is shown leaves it out', async () => {
  const { old, pause } = await database();
  await submit(old, 'paused');
  await submit(old, 'ours');
  pause(1);
  await expect(old.list({ limit: 5 })).rejects.toMatchObject(newer);
  expect((await old.list({ limit: 5, isToShow: true })).map(({ id }) => id)).toEqual(['REQ-2']);
});

test('its card and its notices are told by the newer version', async () => {
  const { old, pause } = await database();
  const shown = await submit(old, 'paused');
  await write(old, shown, [evaluated('require_approval')]);
  expect(await old.outbox(due, 10)).toHaveLength(1);
  pause(1);
  expect(await old.outbox(due, 10)).toEqual([]);
  expect(await old.nextOutboxAt()).toBeUndefined();
});

test('the newer version reads it, and what it adds makes a request one of its form', async () => {
  const { file, old } = await database();
  const request = await submit(old, 'a');
  const next = await openSqliteStore({
    file,
    forms: { known: 3, of: ({ type }) => (type === 'evaluated' ? 3 : 1) },
  });
  onTestFinished(() => next.close());
  await write(next, request, [evaluated('hold')]);
  expect((await next.load(request.id))?.status).toBe('held');
  await expect(old.load(request.id)).rejects.toMatchObject(newer);
  const made = await next.create('b', (id) => [requested(id), evaluated('hold')]);
  await expect(old.load(made.request.id)).rejects.toMatchObject(newer);
});

test('what only this version minds keeps a request from versions before it', () => {
  const asked = requested(requestIdOf(1));
  const judged = evaluated('hold');
  const { target } = asked;
  expect([asked, judged].map(ourForms.of)).toEqual([1, 1]);
  expect([{ ...asked, end: due }, { ...judged, target } as RequestEvent].map(ourForms.of)).toEqual([2, 2]);
});

test('a runner says once what it leaves to a newer version, and does not spin', async () => {
  const { old, pause } = await database();
  await submit(old, 'paused');
  pause(1);
  const clock = createWorldClock({ mode: 'still', startAt: due });
  const said: string[] = [];
  const note = (fields: Readonly<Record<string, unknown>>, message: string) =>
    void said.push(`${message}: ${fields.requests}`);
  const log: Log = { info: note, warn: note, error: note };
  let looks = 0;
  const store = {
    ...old,
    claimDue: (...asked: Parameters<typeof old.claimDue>) => {
      looks += 1;
      return old.claimDue(...asked);
    },
  };
  const never = () => {
    throw new Error('nothing is to be carried');
  };
  const runner = startRunner({
    ...{ store, clock, scheduler: clock, log, holder: 'old', desk: {} as never, decide: never },
    ...{ actions: new Map(), reading: never, requestKey: never },
  });
  onTestFinished(async () => void (await runner.stop()));
  for (let minute = 0; minute < 10; minute++) {
    for (let second = 0; second < 60; second += 5) {
      await clock.advance(5_000);
      await runner.settle();
    }
  }
  expect(said).toEqual(['requests are left to a newer version of Greenlight: REQ-1']);
  expect(looks).toBeLessThan(10 * 12 * 2 + 2);
});

test('one damaged row keeps nothing behind it waiting', async () => {
  const { old, damage } = await database();
  await submit(old, 'damaged');
  await submit(old, 'ours', { at: monday + 5 });
  damage(1);
  await expect(old.claimDue('old', due + 5, 1000)).rejects.toThrow();
  expect((await old.claimDue('old', due + 5, 1000))?.request.id).toBe('REQ-2');
  expect(await old.claimDue('old', due + 5, 1000)).toBeUndefined();
  // It is asked for again, after what has been free for longer.
  expect((await old.claimDue('old', due + 60_000, 1000))?.request.id).toBe('REQ-2');
  await expect(old.claimDue('old', due + 60_000, 1000)).rejects.toThrow();
});
