/** A backup is whole, of one moment, made beside a bot that writes; and what has the name of one is one. */
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import BetterSqlite3 from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { backup } from '../../../src/commands/data/backup.ts';
import type { AuditStore } from '../../../src/core/audit.ts';
import type { Store } from '../../../src/core/store.ts';
import { checkSqliteFile } from '../../../src/store/check-sqlite-file.ts';
import { openSqliteStore } from '../../../src/store/sqlite.ts';
import { evaluated, submit, write } from '../../store/example-requests.ts';
import { folderForEach } from './folder-for-each.ts';
import { onFullDisk } from './full-disk.ts';
import { whileCopied } from './while-copied.ts';

const at = folderForEach();
let file: string;
let store: Store & AuditStore;
beforeEach(async () => {
  file = at('greenlight.db');
  store = await openSqliteStore({ file });
  await write(store, await submit(store, 'a'), [evaluated('require_approval')]);
});
afterEach(() => store.close());

async function run(to: string, more: Partial<Parameters<typeof backup>[0]> = {}) {
  const lines: string[] = [];
  const code = await backup({ database: { file }, to, ...more }, (line) => lines.push(line));
  return { code, text: lines.join('\n') };
}

const problemOf = (to: string, more?: Partial<Parameters<typeof backup>[0]>) =>
  run(to, more).then(
    () => 'no problem',
    (error) => error.problem.sentence,
  );

describe('a backup', () => {
  test('is made while the bot has the database open, says what is in it, and is one file that nobody else can read', async () => {
    const { position, hash } = await store.auditHead();
    const { code, text } = await run(at('a copy, with spaces.db'));
    expect(code).toBe(0);
    expect(text).toContain(`1 request, 2 events`);
    expect(text).toContain(`the audit ends at event ${position} with hash ${hash}`);
    expect(readdirSync(at()).filter((name) => name.startsWith('a copy'))).toEqual(['a copy, with spaces.db']);
    expect(statSync(at('a copy, with spaces.db')).mode & 0o777).toBe(0o600);
    const copy = await openSqliteStore({ file: at('a copy, with spaces.db') });
    expect((await submit(copy, 'b')).id).toBe('REQ-2');
    await copy.close();
  });

  test('is of one moment, however much is written meanwhile', async () => {
    for (let index = 0; index < 40; index++) await submit(store, `more ${index}`);
    const writing = (async () => {
      for (let index = 0; index < 40; index++) await submit(store, `meanwhile ${index}`);
    })();
    await run(at('b.db'));
    await writing;
    const checked = await checkSqliteFile(at('b.db'));
    expect(checked.faults).toEqual([]);
    expect(checked.requests).toBeGreaterThanOrEqual(41);
    expect(checked.head?.position).toBe(checked.events);
  });

  test('of an empty database is one too', async () => {
    await (await openSqliteStore({ file: at('empty.db') })).close();
    const { text } = await run(at('b.db'), { database: { file: at('empty.db') } });
    expect(text).toContain('the audit is empty');
  });

  test('takes the place of nothing: no file, no link that leads nowhere, none that is being made', async () => {
    writeFileSync(at('there.db'), 'mine');
    symlinkSync(at('nowhere'), at('link.db'));
    writeFileSync(at('half.db.partial'), '');
    for (const name of ['there.db', 'link.db', 'half.db']) {
      expect(await problemOf(at(name))).toMatch(/is there already, so nothing was copied/);
    }
    expect(statSync(at('there.db')).size).toBe(4);
  });

  test('takes not even the place of a file that was made while it was copied', async () => {
    const signal = whileCopied(at('b.db.partial'), () => writeFileSync(at('b.db'), 'mine'));
    expect(await problemOf(at('b.db'), { signal })).toContain('was made meanwhile, so nothing was kept');
    expect(readFileSync(at('b.db'), 'utf8')).toBe('mine');
    expect(readdirSync(at()).filter((name) => name.startsWith('b.db'))).toEqual(['b.db']);
  });

  test('for which there is no room is not begun', async () => {
    expect(await onFullDisk(() => problemOf(at('b.db')))).toContain('There is no room for it');
    expect(readdirSync(at()).filter((name) => name.startsWith('b.db'))).toEqual([]);
  });

  test('of what is no database, or is not there, or into no folder, is refused in a sentence', async () => {
    writeFileSync(at('notes.txt'), 'this is a long enough text about other things'.repeat(50));
    expect(await problemOf(at('b.db'), { database: { file: at('notes.txt') } })).toContain(
      'cannot be read as a database',
    );
    expect(await problemOf(at('b.db'), { database: { file: at('none.db') } })).toContain(
      'There is no database',
    );
    new BetterSqlite3(at('other.db')).exec('create table x (y)').close();
    expect(await problemOf(at('b.db'), { database: { file: at('other.db') } })).toContain(
      'no database of a Greenlight',
    );
    expect(await problemOf(at('none', 'b.db'))).toContain('There is no folder');
    expect(readdirSync(at()).filter((name) => name.startsWith('b.db'))).toEqual([]);
  });

  test('that begins in the same moment as another of that name is refused, and leaves that one alone', async () => {
    const outcomes = await Promise.allSettled([run(at('b.db')), run(at('b.db'))]);
    const refused = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason.problem] : []));
    expect(refused).toMatchObject([{ code: 'conflict' }]);
    expect((await checkSqliteFile(at('b.db'))).faults).toEqual([]);
    expect(readdirSync(at()).filter((name) => name.startsWith('b.db'))).toEqual(['b.db']);
  });

  test('that is ended half way leaves nothing behind', async () => {
    await expect(run(at('b.db'), { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow(
      'enough',
    );
    expect(readdirSync(at()).filter((name) => name.startsWith('b.db'))).toEqual([]);
  });

  test.skipIf(process.getuid?.() === 0)('into a folder without rights is refused', async () => {
    mkdirSync(at('locked'));
    chmodSync(at('locked'), 0o500);
    expect(await problemOf(at('locked', 'b.db'))).toContain('could not be written');
  });

  test('of a history that somebody has changed is no backup, and is kept under another name', async () => {
    const sqlite = new BetterSqlite3(file);
    sqlite.exec("drop trigger audit_refuse_update; update audit set hash = 'x' where position = 1");
    sqlite.close();
    const { code, text } = await run(at('b.db'));
    expect(code).toBe(1);
    expect(text).toContain('This is NO backup');
    expect(readdirSync(at()).filter((name) => name.startsWith('b.db'))).toEqual(['b.db.damaged']);
  });
});
