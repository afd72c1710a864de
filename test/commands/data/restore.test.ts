/** A restore is done where no bot runs, loses nothing that was there, and gives no number twice. */
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import BetterSqlite3 from 'better-sqlite3';
import { beforeEach, expect, test } from 'vitest';
import { backup } from '../../../src/commands/data/backup.ts';
import { restore } from '../../../src/commands/data/restore.ts';
import { checkSqliteFile } from '../../../src/store/check-sqlite-file.ts';
import { openSqliteStore } from '../../../src/store/sqlite.ts';
import { exported, verified } from '../../audit/logs.ts';
import { submit } from '../../store/example-requests.ts';
import { folderForEach } from './folder-for-each.ts';
import { onFullDisk } from './full-disk.ts';
import { whileCopied } from './while-copied.ts';

const at = folderForEach();
let file: string;
let from: string;
const now = new Date('2026-11-21T12:00:00Z');
const aside = () => `${file}.before-restore-20261121T120000Z`;

/** One request, a backup, and two more requests after it. */
beforeEach(async () => {
  file = at('greenlight.db');
  from = at('b.db');
  const store = await openSqliteStore({ file });
  await submit(store, 'a');
  await backup({ database: { file }, to: from }, () => undefined);
  await submit(store, 'b');
  await submit(store, 'c');
  await store.close();
});

async function run(more: Partial<Parameters<typeof restore>[0]> = {}): Promise<string> {
  const lines: string[] = [];
  await restore({ from, database: { file }, ...more }, now, (line) => lines.push(line));
  return lines.join('\n');
}

const problemOf = (more?: Partial<Parameters<typeof restore>[0]>) =>
  run(more).then(
    () => 'no problem',
    (error) => error.problem.sentence,
  );

test('the backup takes the place of the database, which is kept whole aside', async () => {
  const text = await run();
  expect(text).toContain('REQ-2 to REQ-3 were asked for after the backup, and are not in it');
  expect(text).toContain(`kept as ${aside()}`);
  expect((await checkSqliteFile(aside())).requests).toBe(3);
  expect(readdirSync(at()).sort()).toEqual([
    'b.db',
    'greenlight.db',
    'greenlight.db.before-restore-20261121T120000Z',
  ]);
  const store = await openSqliteStore({ file });
  expect(await store.list({ limit: 10 })).toHaveLength(1);
  expect((await submit(store, 'd')).id).toBe('REQ-4');
  const report = verified(await exported(store));
  expect(report.fault).toBeUndefined();
  expect(report.restoredAt).toEqual([now.getTime()]);
  await store.close();
});

test('where a bot runs nothing is restored, and it goes on', async () => {
  const bot = await openSqliteStore({ file });
  expect(await problemOf()).toContain('is in use, so nothing was changed');
  expect((await submit(bot, 'd')).id).toBe('REQ-4');
  await bot.close();
  expect(readdirSync(at()).sort()).toEqual(['b.db', 'greenlight.db']);
});

test('over a database that was begun anew since the backup, numbers leap: what it has counted says nothing', async () => {
  rmSync(file);
  const anew = await openSqliteStore({ file });
  await submit(anew, 'another');
  await anew.close();
  const text = await run();
  expect(text).toContain('Nobody can tell how many requests were made after REQ-1.');
  expect(text).toContain('The next request is REQ-1002');
});

test('over one that has lost its count, numbers leap', async () => {
  const old = new BetterSqlite3(file);
  old.exec("delete from counters where name = 'requests'");
  old.close();
  const text = await run();
  expect(text).toContain('Nobody can tell how many requests were made after REQ-1.');
  expect(text).toContain('The next request is REQ-1002');
});

test('over one that has counted further on another way, numbers leap from there', async () => {
  rmSync(file);
  const anew = await openSqliteStore({ file });
  for (const key of ['a', 'b', 'c', 'd']) await submit(anew, key);
  await anew.close();
  expect(await run()).toContain('The next request is REQ-1005');
});

test('without an old database, or with one that cannot be read, numbers leap, and its pieces go aside', async () => {
  rmSync(file);
  writeFileSync(`${file}-wal`, 'left over');
  expect(await run()).toContain('The next request is REQ-1002');
  expect(readFileSync(`${aside()}-wal`, 'utf8')).toBe('left over');
  writeFileSync(file, 'this is not a database at all'.repeat(200));
  expect(await run()).toContain('The next request is REQ-1002');
  expect(readFileSync(aside(), 'utf8')).toContain('not a database');
  expect((await checkSqliteFile(file)).faults).toEqual([]);
});

test('the file has the rights of the old one, and a link to it stays a link', async () => {
  const link = at('link.db');
  symlinkSync(file, link);
  await run({ database: { file: link } });
  expect(statSync(file).mode & 0o777).toBe(0o644);
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
});

test('where a link leads to a file that is not there yet, that is made, and the link stays one', async () => {
  mkdirSync(at('volume'));
  symlinkSync('volume/other.db', at('one.db'));
  symlinkSync(at('one.db'), at('two.db'));
  await run({ database: { file: at('two.db') } });
  expect(lstatSync(at('one.db')).isSymbolicLink()).toBe(true);
  expect(lstatSync(at('two.db')).isSymbolicLink()).toBe(true);
  expect((await checkSqliteFile(at('volume', 'other.db'))).requests).toBe(1);
});

test('a link into a folder that is not there, or to itself, is no place', async () => {
  symlinkSync(at('gone', 'greenlight.db'), at('lost.db'));
  symlinkSync(at('round.db'), at('round.db'));
  expect(await problemOf({ database: { file: at('lost.db') } })).toContain(
    'lost.db is a link that leads nowhere',
  );
  expect(await problemOf({ database: { file: at('round.db') } })).toContain('leads nowhere');
  expect(lstatSync(at('lost.db')).isSymbolicLink()).toBe(true);
  expect(existsSync(at('gone'))).toBe(false);
});

test.each([
  [
    'one of a newer Greenlight',
    "insert into kysely_migration values ('9999-future', '2030-01-01')",
    'A newer Greenlight wrote it (9999-future)',
  ],
  [
    'one that somebody has changed',
    "drop trigger audit_refuse_update; update audit set hash = 'x'",
    'not as it was written',
  ],
  [
    'one with a trigger that somebody has put there',
    "create trigger sneaky after insert on events begin update requests set snapshot = '{}'; end",
    'It has the trigger sneaky on events, which no Greenlight has made',
  ],
  ['another program’s database', 'drop table kysely_migration', 'no database of a Greenlight'],
])('%s is refused, and nothing is changed', async (_name, damage, words) => {
  const sqlite = new BetterSqlite3(from);
  sqlite.exec(damage);
  sqlite.close();
  expect(await problemOf()).toContain(words);
  expect(readdirSync(at()).sort()).toEqual(['b.db', 'greenlight.db']);
  expect((await checkSqliteFile(file)).requests).toBe(3);
});

test('where there is no room, nothing is begun', async () => {
  expect(await onFullDisk(() => problemOf())).toContain('There is no room for it');
  expect(readdirSync(at()).sort()).toEqual(['b.db', 'greenlight.db']);
});

test('what another restore has left half done is refused in a sentence, and stays', async () => {
  writeFileSync(`${file}.restoring`, 'half');
  expect(await problemOf()).toContain('greenlight.db.restoring is there already, so nothing was copied');
  expect(readFileSync(`${file}.restoring`, 'utf8')).toBe('half');
});

test('the copy is looked at once more: what the disk gave otherwise the second time is not restored', async () => {
  const signal = whileCopied(`${file}.restoring`, () => {
    writeFileSync(from, readFileSync(from, 'latin1').replaceAll('v1.4.2', 'v6.6.6'), 'latin1');
  });
  expect(await problemOf({ signal })).toContain('not as it was written');
  expect(readdirSync(at()).sort()).toEqual(['b.db', 'greenlight.db']);
  expect((await checkSqliteFile(file)).requests).toBe(3);
});

test('what is no file, no database or the database itself is refused', async () => {
  writeFileSync(at('notes.txt'), 'this is a long enough text about other things'.repeat(50));
  expect(await problemOf({ from: at('none.db') })).toContain('There is no database at');
  expect(await problemOf({ from: at('notes.txt') })).toContain('It is no database.');
  expect(await problemOf({ from: file })).toContain('is the database itself');
  await expect(run({ signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
});
