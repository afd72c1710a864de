/** The doctor finds what is wrong with a database, names it, says what to do, and finds nothing in one that is well. */
import { randomUUID } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { checkDatabase } from '../../../src/commands/doctor/database.ts';
import { requestIdOf } from '../../../src/core/ids.ts';
import { problem } from '../../../src/core/problem.ts';
import { openSqliteStore } from '../../../src/store/sqlite.ts';
import { at, keyPair } from '../../audit/logs.ts';
import { evaluated, monday, noticeOf, person, submit, write } from '../../store/example-requests.ts';
import { approved, queue, start } from '../../store/lock-moves.ts';

let folder: string;
let file: string;
const keys = keyPair();
const day = 86_400_000;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'greenlight-doctor-'));
  file = join(folder, 'whole.db');
  const store = await openSqliteStore({ file });
  await write(store, await submit(store, 'a'), [evaluated('require_approval')], [noticeOf(requestIdOf(1))]);
  await start(store, await approved(store, 'b'));
  await queue(store, await approved(store, 'c', person('Bob')));
  await write(store, await submit(store, 'd'), [{ type: 'cancelled', at: monday, by: person('Ada') }]);
  await store.addCheckpoint(keys.signed(at(await store.auditEntries(0, 100), -1)));
  for (const item of await store.outbox(monday, 9))
    await store.cardShown(item, { channel: 'C', ts: '1', shownVersion: 9 });
  for (const item of await store.outbox(monday, 9)) await store.noticeTold(item);
  await store.close();
});
beforeEach(() => {
  const whole = join(folder, 'whole.db');
  file = join(folder, `${randomUUID()}.db`);
  copyFileSync(whole, file);
});
afterAll(() => rmSync(folder, { recursive: true }));

function sql(statement: string): void {
  const database = new BetterSqlite3(file);
  database.pragma('foreign_keys = OFF');
  database.pragma('synchronous = OFF');
  database.exec(statement);
  database.close();
}

async function look(now = monday, key: string | undefined = keys.privateKey) {
  const found = await checkDatabase({ file }, key, () => now);
  for (const { state, next } of found) expect(next === undefined).toBe(state === 'ok');
  return found;
}

const wrong = async (now?: number, key?: string) =>
  (await look(now, key))
    .filter(({ state }) => state !== 'ok')
    .map(({ state, check, sentence }) => `${state} ${check}: ${sentence}`);

test('a history as it should be, with locks, a queue and a signed audit, is well', async () => {
  expect(await wrong()).toEqual([]);
  const text = (await look()).map(({ sentence }) => sentence).join('\n');
  expect(text).toContain('Each of 4 requests is what its events say');
  expect(text).toMatch(/signed up to event \d+/);
});

describe('what somebody or something has changed is found and named', () => {
  test.each([
    [
      "update requests set requester = 'UEVE' where number = 4",
      'fail requests: REQ-4: each is not what its events say.',
    ],
    [
      `update requests set snapshot = replace(snapshot, '"waiting"', '"approved"') where number = 1`,
      'fail requests: REQ-1: each is not what its events say.',
    ],
    [
      `update requests set snapshot = replace(snapshot, '"isShown":true', '"isShown":false') where number = 1`,
      'warn requests: REQ-1: each is kept as an older version folded it',
    ],
    [
      "update requests set snapshot = 'no json' where number = 4",
      'fail requests: REQ-4: each cannot be read.',
    ],
    [
      'update requests set due_at = null where number = 1',
      'fail requests: REQ-1: each is open, and nothing says when',
    ],
    [
      "insert into locks (request_number, keys, body) values (4, 'payments/staging', '{}')",
      'fail requests: REQ-4: each has a lock that its events know nothing of',
    ],
    ['delete from locks', 'warn requests: REQ-2: each should have a lock, and has none'],
    ['delete from lock_waits', 'warn requests: REQ-3: each should have a lock'],
    [
      `update requests set lease_holder = 'x', lease_until = ${monday + day} where number = 1`,
      'fail leases: REQ-1: held for more than an hour',
    ],
    [
      `insert into leases (name, holder, fence, until) values ('leader', 'x', 1, ${monday + day})`,
      'fail leases: leader: held',
    ],
    [
      "drop trigger audit_refuse_update; update audit set type = 'approved' where position = 2",
      'fail audit: Event 2 (approved',
    ],
    [
      'drop trigger audit_refuse_delete; delete from audit where position = (select max(position) from audit)',
      'fail audit: The events after',
    ],
    [
      'create trigger sneaky after insert on events begin delete from locks; end',
      'fail schema: It has the trigger sneaky on events, which no Greenlight has made',
    ],
    [
      "insert into kysely_migration values ('9999-future', '2030-01-01')",
      'warn schema: A newer Greenlight has added to it (9999-future)',
    ],
    [
      "insert into kysely_migration values ('9999-future', '2030-01-01'); update schema_floor set migration = '9999-future'",
      'fail schema: A newer Greenlight wrote it (9999-future)',
    ],
    [
      "delete from kysely_migration where name > '0012'",
      'warn schema: It is of an older version (0011-delegations).',
    ],
    ['drop table kysely_migration', 'fail schema: It is no database of a Greenlight.'],
    [
      "insert into cards (request_number, channel, ts, shown_version) values (99, 'C', '1', 1)",
      'fail database: ',
    ],
  ])('%s', async (damage, words) => {
    sql(damage);
    expect((await wrong()).join('\n')).toContain(words);
  });

  test('a file with a broken page', async () => {
    const bytes = readFileSync(file);
    bytes.fill(0xab, 4096 * 3, 4096 * 5);
    writeFileSync(file, bytes);
    expect((await wrong()).join('\n')).toMatch(/fail database: .*damaged/);
  });
});

test('what Slack was not told for long is told, with why', async () => {
  const store = await openSqliteStore({ file });
  const first = await store.load(requestIdOf(1));
  if (first) await write(store, first, [evaluated('hold', monday + 1)]);
  const [item] = await store.outbox(monday + 1, 1);
  if (!item) throw new Error('nothing to tell');
  const cause = problem('outside_refused', 'No.', 'Look.', { detail: 'channel_not_found' });
  await store.outboxFailed({ ...item, attempts: 20 }, monday + day, cause);
  await store.close();
  expect((await wrong()).join('\n')).toMatch(
    /warn outbox: REQ-1:card: .*21 attempts \(outside_refused: channel_not_found\)/,
  );
});

test('a message that nobody has sent for an hour, and an audit that nobody has signed for a day, are told', async () => {
  const store = await openSqliteStore({ file });
  await submit(store, 'e', { at: monday });
  const last = await store.load(requestIdOf(5));
  if (last) await write(store, last, [evaluated('require_approval')]);
  await store.close();
  expect(await wrong(monday + 2 * day)).toEqual([
    expect.stringContaining('warn outbox: 1 message should have gone out'),
    expect.stringContaining('warn checkpoints: Only up to event'),
  ]);
});

test('signed by another key is told, and that the chain itself is whole', async () => {
  expect(await wrong(monday, keyPair().privateKey)).toEqual([
    expect.stringMatching(/^warn checkpoints: .*signed by the key/),
  ]);
});

test('no database yet is no fault, and what is none is', async () => {
  rmSync(file);
  expect(await wrong()).toEqual([expect.stringContaining('warn database: There is no database at')]);
  writeFileSync(file, 'this is a long enough text about other things'.repeat(50));
  expect(await wrong()).toEqual([expect.stringContaining('fail database: ')]);
});
