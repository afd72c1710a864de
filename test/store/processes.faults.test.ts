/** The SQLite file in the hands of processes: one that is killed, and two that write at once. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fold } from '../../src/core/fold.ts';
import { requestIdOf } from '../../src/core/ids.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'greenlight-store-'));
  file = join(folder, 'data', 'greenlight.db');
});
afterEach(() => rm(folder, { recursive: true }));

test('what an append confirmed survives a kill in the next moment', async () => {
  const child = writer('crash', Number.POSITIVE_INFINITY);
  const [lines] = await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'exit');
  const confirmed = Number(String(lines).trim().split('\n').at(-1));
  expect(confirmed).toBeGreaterThanOrEqual(2);

  const store = await openSqliteStore({ file });
  const history = await store.history(requestIdOf(1));
  expect(history.length).toBeGreaterThanOrEqual(confirmed);
  expect(fold(history.map(({ event }) => event))).toStrictEqual(await store.load(requestIdOf(1)));
  await store.close();
});

test('two processes may open a new file and write to it at the same time', async () => {
  const exits = await Promise.all(
    ['one', 'two'].map(async (key) => {
      const child = writer(key, 30);
      child.stdout.resume();
      return (await once(child, 'exit'))[0];
    }),
  );
  expect(exits).toEqual([0, 0]);
  const store = await openSqliteStore({ file });
  expect((await store.list({ limit: 10 })).map(({ id, version }) => [id, version])).toEqual([
    ['REQ-2', 31],
    ['REQ-1', 31],
  ]);
  await store.close();
});

test('a file that cannot be written to is refused at the start, not at the first request', async () => {
  const killed = writer('crash', Number.POSITIVE_INFINITY);
  await once(killed.stdout, 'data');
  killed.kill('SIGKILL');
  await once(killed, 'exit');
  // Nothing is missing that would have to be made: SQLite opens it to read without a word.
  for (const suffix of ['', '-wal', '-shm']) await chmod(`${file}${suffix}`, 0o444);
  await chmod(join(folder, 'data'), 0o555);
  await chmod(folder, 0o755);
  const module = new URL('../../src/store/sqlite.ts', import.meta.url).href;
  const open = `import { openSqliteStore } from ${JSON.stringify(module)};
    await openSqliteStore({ file: ${JSON.stringify(file)} }).then(
      () => console.log('opened'),
      ({ problem }) => console.log(problem.detail),
    );`;
  // Rights are nothing to root: as nobody, then.
  const asNobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  const child = spawn(process.execPath, ['--input-type=module', '--eval', open], { ...asNobody, cwd: '/' });
  let words = '';
  child.stdout.on('data', (part) => {
    words += part;
  });
  await once(child, 'close');
  await chmod(join(folder, 'data'), 0o755);
  expect(words).toContain('SQLITE_READONLY');
  expect(words).toContain('give the process the right to write both');
});

function writer(key: string, count: number) {
  const script = fileURLToPath(new URL('./writer.ts', import.meta.url));
  return spawn(process.execPath, [script, file, key, String(count)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}
