import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import type { Read } from '../../src/documents/document.ts';
import { readDocument } from '../../src/documents/read-document.ts';
import {
  pollMs,
  settleMs,
  stillMs,
  type WatchedDocument,
  watchDocument,
} from '../../src/documents/watch-document.ts';

let folder: string;
let path: string;
let told: string[];
let changes: unknown[];
let waiting: { ms: number; call: () => void }[];
/** What happens while a look waits whether the file is still being written. */
let meanwhile: () => Promise<unknown>;
let open: WatchedDocument<{ limit: number }>[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'document-'));
  path = join(folder, 'limits.yml');
  [told, changes, waiting, open] = [[], [], [], []];
  meanwhile = async () => {};
});

afterEach(async () => {
  for (const document of open) document.close();
  await rm(folder, { recursive: true });
});

/** As an editor does: with the last line's end. */
const write = (text: string) => writeFile(path, `${text}\n`);

async function watch(): Promise<Read<WatchedDocument<{ limit: number }>>> {
  const watched = await watchDocument({
    path,
    name: 'limits.yml',
    read(source) {
      if (source.text.includes('stumble')) throw new Error('the reader stumbled');
      return readDocument(source, z.strictObject({ limit: z.number() }));
    },
    onMistakes: (mistakes) =>
      told.push(...mistakes.map(({ line, column, message }) => `${line}:${column} ${message}`)),
    onChange: (value) => changes.push(value),
    timers: {
      after: (ms, call) => {
        if (ms === stillMs) {
          void meanwhile().then(call);
          return () => {};
        }
        const timer = { ms, call };
        waiting.push(timer);
        return () => {
          waiting = waiting.filter((one) => one !== timer);
        };
      },
    },
  });
  if (watched.ok) open.push(watched.value);
  return watched;
}

async function watchGood(text: string): Promise<WatchedDocument<{ limit: number }>> {
  await write(text);
  const watched = await watch();
  if (!watched.ok) throw new Error(JSON.stringify(watched.mistakes));
  return watched.value;
}

test('a good edit is in force after a look', async () => {
  const document = await watchGood('limit: 1');
  await write('limit: 2');
  await document.look();
  expect(document.current()).toEqual({ limit: 2 });
  expect(changes).toEqual([{ limit: 2 }]);
});

test('a bad edit keeps the last good version and is told once', async () => {
  const document = await watchGood('limit: 1');
  await write('limt: 2');
  await document.look();
  await document.look();
  document.readAgain();
  expect(document.current()).toEqual({ limit: 1 });
  expect(told).toEqual(
    ['1:1 unknown key "limt". Did you mean "limit"?', '1:1 limit: this is missing.'].sort(),
  );
});

test('the same mistake is told again when it was mended in between', async () => {
  const document = await watchGood('limit: 1');
  for (const text of ['limit: x', 'limit: 1', 'limit: x']) {
    await write(text);
    await document.look();
  }
  expect(told).toHaveLength(2);
});

test('what is still being written is not in force, however good its beginning is', async () => {
  const document = await watchGood('limit: 1');
  await write('limit: 2');
  meanwhile = () => write('limit: 2 # and more');
  await document.look();
  expect(document.current()).toEqual({ limit: 1 });
  meanwhile = async () => {};
  await document.look();
  expect(changes).toEqual([{ limit: 2 }]);
});

test('a file that was cut short within a line is a mistake, not what its beginning says', async () => {
  const document = await watchGood('limit: 100');
  await writeFile(path, 'limit: 10');
  await document.look();
  expect(document.current()).toEqual({ limit: 100 });
  expect(told).toEqual([
    expect.stringContaining('1:10 The file ends within a line, as if it were cut short'),
  ]);
});

test('a file that vanishes is told, and comes back by itself', async () => {
  const document = await watchGood('limit: 1');
  await rename(path, `${path}.old`);
  await document.look();
  await document.look();
  expect(told).toEqual(['1:1 The file cannot be read: ENOENT: no such file or directory.']);
  expect(document.current()).toEqual({ limit: 1 });
  await write('limit: 3');
  await document.look();
  expect(document.current()).toEqual({ limit: 3 });
});

test('a first version with mistakes is refused', async () => {
  await write('limit: many');
  expect(await watch()).toMatchObject({ ok: false, mistakes: [{ line: 1, column: 8 }] });
});

test('a first version that is not there is refused', async () => {
  expect(await watch()).toMatchObject({ ok: false });
});

test('without any report of the file system it looks every few seconds', async () => {
  await watchGood('limit: 1');
  await write('limit: 5');
  const [poll] = waiting.filter(({ ms }) => ms === pollMs);
  poll?.call();
  await expect.poll(() => changes).toEqual([{ limit: 5 }]);
  expect(waiting.filter(({ ms }) => ms === pollMs)).toHaveLength(2);
});

test('what it refers to may change: the same text can be read again', async () => {
  const document = await watchGood('limit: 1');
  document.readAgain();
  expect(changes).toEqual([{ limit: 1 }]);
});

test('a report of the file system leads to one look when the writing has settled', async () => {
  await watchGood('limit: 1');
  await expect
    .poll(async () => {
      await write('limit: 4');
      return waiting.filter(({ ms }) => ms === settleMs).length;
    })
    .toBe(1);
});

test('a closed one leaves no timer behind', async () => {
  const document = await watchGood('limit: 1');
  document.close();
  expect(waiting).toEqual([]);
});

test('a text over which the reader stumbles is a mistake, and the next good one is in force', async () => {
  const document = await watchGood('limit: 1');
  await write('stumble: 1');
  await document.look();
  expect(told).toEqual(['1:1 The file cannot be read: the reader stumbled.']);
  expect(document.current()).toEqual({ limit: 1 });
  await write('limit: 2');
  await document.look();
  expect(document.current()).toEqual({ limit: 2 });
});

test('a look that is under way at the end begins no other', async () => {
  const document = await watchGood('limit: 1');
  for (const timer of waiting.splice(0)) timer.call();
  document.close();
  await document.look();
  await new Promise(setImmediate);
  expect(waiting).toEqual([]);
});
