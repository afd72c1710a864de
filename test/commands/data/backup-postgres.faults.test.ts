/** A PostgreSQL is backed up as a file while replicas write, and comes back from it whole. */
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { backup } from '../../../src/commands/data/backup.ts';
import { migrateHistory } from '../../../src/commands/data/migrate.ts';
import { restore } from '../../../src/commands/data/restore.ts';
import { Secret } from '../../../src/settings/secret.ts';
import { checkSqliteFile } from '../../../src/store/check-sqlite-file.ts';
import { openToLook } from '../../../src/store/open-database.ts';
import type { DatabasePlace } from '../../../src/store/open-store.ts';
import { openStore } from '../../../src/store/open-store.ts';
import { openPostgresSource } from '../../../src/store/postgres-file.ts';
import { openSqliteStore } from '../../../src/store/sqlite.ts';
import { exported, verified } from '../../audit/logs.ts';
import { newDatabase } from '../../postgres/databases.ts';
import { refusedAtDoor, submit } from '../../store/example-requests.ts';
import { everything, fillHistory } from '../../store/rich-history.ts';

let folder: string;
/** With something in every table, and numbers that were given and forgotten. */
let url: string;
const at = (name: string) => join(folder, name);
const placeOf = (address: string) => ({ url: new Secret(address) });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'greenlight-backup-'));
  const file = at('first.db');
  const store = await openSqliteStore({ file });
  await fillHistory(store, file);
  await store.close();
  url = await newDatabase('nothing');
  await migrateHistory({ from: file, to: placeOf(url) }, () => undefined);
});
afterAll(() => rmSync(folder, { recursive: true }));

async function run(to: string, address = url, signal?: AbortSignal) {
  const lines: string[] = [];
  const code = await backup({ database: placeOf(address), to, ...(signal && { signal }) }, (line) =>
    lines.push(line),
  );
  return { code, text: lines.join('\n') };
}

async function all(place: DatabasePlace) {
  const database = await openToLook(place);
  try {
    return await everything(database.db);
  } finally {
    await database.close();
  }
}

test('every row is in the file, and back in an empty PostgreSQL, whose numbers go on', async () => {
  const before = await all(placeOf(url));
  const { code, text } = await run(at('b.db'));
  expect(code).toBe(0);
  expect(text).toMatch(/4 requests, .* the audit ends at event \d+ with hash/);
  expect(statSync(at('b.db')).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder).filter((name) => name.startsWith('b.db'))).toEqual(['b.db']);
  expect(await all({ file: at('b.db') })).toEqual(before);
  const back = await newDatabase('nothing');
  await migrateHistory({ from: at('b.db'), to: placeOf(back) }, () => undefined);
  expect(await all(placeOf(back))).toEqual(before);
  const store = await openStore(placeOf(back));
  onTestFinished(() => store.close());
  await store.addRefusal(refusedAtDoor);
  expect((await store.auditEntries(0, 100)).at(-1)?.link.seq).toBe(8);
});

test('it is of one moment, however much is written meanwhile', async () => {
  const busy = await newDatabase();
  const store = await openStore(placeOf(busy));
  onTestFinished(() => store.close());
  for (let index = 0; index < 20; index++) await submit(store, `before ${index}`);
  let isEnding = false;
  const writing = (async () => {
    for (let index = 0; !isEnding; index++) await submit(store, `meanwhile ${index}`);
  })();
  await run(at('busy.db'), busy);
  isEnding = true;
  await writing;
  const checked = await checkSqliteFile(at('busy.db'));
  expect(checked.faults).toEqual([]);
  expect(checked.requests).toBeGreaterThanOrEqual(20);
  expect(checked.head?.position).toBe(checked.events);
  expect((await store.auditHead()).position).toBeGreaterThan(checked.events ?? 0);
});

test('ended half way it leaves nothing behind, and nobody waits for it', async () => {
  const enough = AbortSignal.abort(new Error('enough'));
  await expect(run(at('half.db'), url, enough)).rejects.toThrow('enough');
  expect(readdirSync(folder).filter((name) => name.startsWith('half.db'))).toEqual([]);
});

test('what a newer version adds before the copy begins is not left out without a word', async () => {
  const upgraded = await newDatabase();
  const source = await openPostgresSource(upgraded);
  onTestFinished(() => source.close());
  await sql(upgraded, "insert into kysely_migration (name, timestamp) values ('9999-next', '2030-01-01')");
  await expect(source.copyTo(at('added.db'))).rejects.toMatchObject({
    problem: { sentence: 'A newer Greenlight has added to it.' },
  });
  expect(readdirSync(folder).filter((name) => name.startsWith('added'))).toEqual([]);
});

test('of a history that somebody has changed is no backup, and is kept under another name', async () => {
  const changed = await newDatabase();
  const store = await openStore(placeOf(changed));
  await submit(store, 'a');
  await store.close();
  await sql(changed, 'drop trigger audit_refuse_update on audit');
  await sql(changed, "update audit set type = 'approved'");
  const { code, text } = await run(at('changed.db'), changed);
  expect(code).toBe(1);
  expect(text).toContain('Event 1 (approved');
  expect(text).toContain('This is NO backup');
  expect(readdirSync(folder).filter((name) => name.startsWith('changed'))).toEqual(['changed.db.damaged']);
});

test('of what is no PostgreSQL of a Greenlight, or none at all, it is refused without the password', async () => {
  const problemOf = (address: string) => run(at('none.db'), address).catch((error) => error.problem);
  expect(await problemOf(await newDatabase('nothing'))).toMatchObject({ code: 'bad_input' });
  const away = await problemOf('postgresql://bot:hunter2@127.0.0.1:1/x');
  expect(away).toMatchObject({ code: 'outside_unavailable' });
  expect(JSON.stringify(away)).not.toContain('hunter2');
  expect(readdirSync(folder).filter((name) => name.startsWith('none'))).toEqual([]);
});

test('restored into an empty PostgreSQL it gives no number twice, and its audit says so', async () => {
  await run(at('r.db'));
  const back = await newDatabase('nothing');
  const text = await restored(at('r.db'), back);
  expect(text).toContain('The next request is REQ-1005');
  const store = await openStore(placeOf(back));
  onTestFinished(() => store.close());
  expect((await submit(store, 'e')).id).toBe('REQ-1005');
  const report = verified(await exported(store));
  expect(report.fault).toBeUndefined();
  expect(report.restoredAt).toEqual([now.getTime()]);
  expect(readdirSync(folder).filter((name) => name.startsWith('r.db'))).toEqual(['r.db']);
});

test('nothing is restored over what is there, nor what is no backup of ours', async () => {
  await run(at('over.db'));
  const before = await all(placeOf(url));
  const problemOf = (from: string) => restored(from, url).catch((error) => error.problem);
  expect(await problemOf(at('over.db'))).toMatchObject({ code: 'conflict' });
  expect(await all(placeOf(url))).toEqual(before);
  writeFileSync(at('dump'), 'PGDMP and so on');
  expect(await problemOf(at('dump'))).toMatchObject({ next: expect.stringContaining('pg_restore') });
  expect(await problemOf(folder)).toMatchObject({ next: expect.stringContaining('pg_restore') });
  expect(await problemOf(at('nowhere'))).toMatchObject({ code: 'not_found' });
});

const now = new Date('2026-11-21T12:00:00Z');

async function restored(from: string, address: string): Promise<string> {
  const lines: string[] = [];
  await restore({ from, database: placeOf(address) }, now, (line) => lines.push(line));
  return lines.join('\n');
}

async function sql(address: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: address });
  await client.connect();
  await client.query(statement);
  await client.end();
}
