/** What a large history takes: time, but no more memory than a small one. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrateHistory } from '../../../src/commands/data/migrate.ts';
import { Secret } from '../../../src/settings/secret.ts';
import { openSqliteStore } from '../../../src/store/sqlite.ts';
import { newDatabase } from '../../postgres/databases.ts';
import { submit } from '../../store/example-requests.ts';

const requests = 10_000;
/** Of each request's input, which is in its snapshot and in its first event. */
const inputBytes = 4_000;
/**
 * All of it would take 80 besides the program itself. What is alive at once was measured: at most 44, with 3,000 requests
 * as with 10,000.
 */
const heapMegabytes = 64;

let folder: string;
let url: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'greenlight-large-'));
  const file = join(folder, 'large.db');
  const store = await openSqliteStore({ file });
  const input = { text: 'x'.repeat(inputBytes) };
  for (let made = 0; made < requests; made += 250) {
    await Promise.all(
      Array.from({ length: 250 }, (_, index) => submit(store, `k${made + index}`, { input })),
    );
  }
  await store.close();
  url = await newDatabase('nothing');
  await migrateHistory({ from: file, to: { url: new Secret(url) } }, () => undefined);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

test('10,000 requests are backed up, and restored, in a heap that could not hold them', async () => {
  const greenlight = (address: string, ...line: string[]) =>
    promisify(execFile)(process.execPath, [`--max-old-space-size=${heapMegabytes}`, 'src/cli.ts', ...line], {
      env: { PATH: process.env.PATH, DATABASE_URL: address },
    });
  const to = join(folder, 'b.db');
  const made = await greenlight(url, 'backup', to);
  expect(made.stdout).toContain('10000 requests, 10000 events');
  const restored = await greenlight(await newDatabase('nothing'), 'restore', to);
  expect(restored.stdout).toContain('The next request is REQ-11001');
}, 240_000);
