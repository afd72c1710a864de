/** A history comes to PostgreSQL whole or not at all, and goes on there where it was. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyAudit } from '../../../src/commands/audit/verify.ts';
import { migrateHistory } from '../../../src/commands/data/migrate.ts';
import { checkDatabase } from '../../../src/commands/doctor/database.ts';
import { Secret } from '../../../src/settings/secret.ts';
import { openToLook } from '../../../src/store/open-database.ts';
import { openStore } from '../../../src/store/open-store.ts';
import { openSqliteStore } from '../../../src/store/sqlite.ts';
import { tableNames } from '../../../src/store/tables.ts';
import { exported, verified } from '../../audit/logs.ts';
import { newDatabase } from '../../postgres/databases.ts';
import { refusedAtDoor, submit } from '../../store/example-requests.ts';
import { everything, fillHistory } from '../../store/rich-history.ts';

let folder: string;
let file: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'greenlight-move-'));
  file = join(folder, 'green light.db');
  const store = await openSqliteStore({ file });
  await fillHistory(store, file);
  await store.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

async function move(url: string, from = file): Promise<string> {
  const lines: string[] = [];
  await migrateHistory({ from, to: { url: new Secret(url) } }, (line) => lines.push(line));
  return lines.join('\n');
}

const problemOf = (moved: Promise<string>) =>
  moved.then(
    () => 'no problem',
    (error) => `${error.problem.sentence} ${error.problem.detail}`,
  );

async function all(place: Parameters<typeof openToLook>[0]) {
  const database = await openToLook(place);
  try {
    return await everything(database.db);
  } finally {
    await database.close();
  }
}

test('every table that there is, is copied', () => {
  const database = new BetterSqlite3(file, { readonly: true });
  const names = database.prepare("select name from sqlite_master where type = 'table'").pluck().all();
  const copied = names.filter((name) => !/^(?:sqlite_|kysely_)/.test(String(name)));
  expect([...tableNames].sort()).toEqual(copied.sort());
  database.close();
});

test('all rows arrive as they are, the audit verifies with the same head, and a bot goes on with the next numbers', async () => {
  const url = await newDatabase('nothing');
  const text = await move(url);
  expect(text).toContain('Verified: every table has as many rows here as there');
  const before = await all({ file });
  for (const rows of Object.values(before)) expect(rows).not.toEqual([]);
  expect(await all({ url: new Secret(url) })).toEqual(before);
  const heads = [];
  for (const database of [{ file }, { url: new Secret(url) }]) {
    const lines: string[] = [];
    const code = await verifyAudit({ file: undefined, database, keys: [], anchors: [] }, (line) =>
      lines.push(line),
    );
    heads.push([code, lines]);
  }
  expect(heads[1]).toEqual(heads[0]);
  const examined = await checkDatabase({ url: new Secret(url) }, undefined, Date.now);
  expect(examined.filter(({ state }) => state === 'fail')).toEqual([]);
  expect(examined.map(({ sentence }) => sentence).join('\n')).toMatch(
    /PostgreSQL [\d.]+.* answers.*UTF8.*Within 0.75 s of.*Each of 4 requests/s,
  );
  const store = await openStore({ url: new Secret(url) });
  try {
    expect((await submit(store, 'e')).id).toBe('REQ-5');
    // The audit still has those up to number 7, which are no rows any more.
    await store.addRefusal(refusedAtDoor);
    const [newest] = (await store.auditEntries(0, 100)).slice(-1);
    expect(newest?.link.seq).toBe(8);
    const report = verified(await exported(store));
    expect(report.last?.position).toBe(newest?.link.position);
  } finally {
    await store.close();
  }
  expect(await problemOf(move(url))).toContain('holds something already');
});

test('where a bot runs on the file nothing is copied', async () => {
  const url = await newDatabase();
  const bot = await openSqliteStore({ file });
  expect(await problemOf(move(url))).toContain('is in use');
  await bot.close();
});

test('what does not verify is not copied, and the PostgreSQL stays empty', async () => {
  const url = await newDatabase();
  const other = join(folder, 'changed.db');
  const store = await openSqliteStore({ file: other });
  await submit(store, 'a');
  await store.close();
  const sqlite = new BetterSqlite3(other);
  sqlite.exec("drop trigger audit_refuse_update; update audit set type = 'approved'");
  sqlite.close();
  expect(await problemOf(move(url, other))).toContain('Event 1 (approved');
  expect((await all({ url: new Secret(url) })).requests).toEqual([]);
});

test('what is no SQLite history, and what is no PostgreSQL, is refused', async () => {
  const url = await newDatabase();
  expect(await problemOf(move(url, join(folder, 'none.db')))).toContain('There is no database');
  const empty = join(folder, 'empty.db');
  new BetterSqlite3(empty).exec('create table x (y)').close();
  expect(await problemOf(move(url, empty))).toContain('not of this version');
  const to = { file };
  expect(await problemOf(migrateHistory({ from: file, to }, () => undefined).then(() => ''))).toContain(
    'no PostgreSQL',
  );
});
