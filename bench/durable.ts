/**
 * `npm run bench`: what it costs that a request is on the disk before anybody hears of it. As many writers at once as in
 * a burst of commands, each with a submit and its verdict: our way (one commit for all of a turn, and a wait for the disk
 * beside it: decisions/0017), in turns with a database that never waits and with SQLite's own `synchronous = FULL`. Each
 * ratio is one of two that ran one after the other: a machine that gets slower meanwhile does so for both.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import type { Store } from '../src/core/store.ts';
import { groupCommit } from '../src/store/group-commit.ts';
import { migrate } from '../src/store/migrate.ts';
import { createSqlStore } from '../src/store/sql-store.ts';
import { kyselyOver, openSqliteStore } from '../src/store/sqlite.ts';
import { sqliteDialect } from '../src/store/sqlite-dialect.ts';
import { evaluated, submit, write } from '../test/store/example-requests.ts';
import { median } from './median.ts';

const rounds = 9;
const requests = Number(process.env.BENCH_REQUESTS ?? 500);
const writers = 64;
/** Of the requests a second of a database that never waits: `FULL` must cost little (issue 7). */
const ratioMin = 0.8;

const folder = await mkdtemp(join(tmpdir(), 'greenlight-bench-'));
const ways = [
  { name: 'ours', store: await openSqliteStore({ file: join(folder, 'ours.db') }) },
  { name: 'never waits for the disk', store: await opened('off.db', 'OFF', true) },
  { name: 'FULL, one commit for a turn', store: await opened('group.db', 'FULL', true) },
  { name: 'FULL, one commit for each', store: await opened('each.db', 'FULL', false) },
];
let asked = 0;
try {
  await Promise.all(ways.map(({ store }) => burst(store, writers)));
  const perSecond: number[][] = ways.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [index, { store }] of ways.entries()) {
      const begunAt = performance.now();
      await burst(store, requests);
      perSecond[index]?.push((requests / (performance.now() - begunAt)) * 1_000);
    }
  }
  report(perSecond);
} finally {
  for (const { store } of ways) await store.close();
  await rm(folder, { recursive: true });
}

async function opened(name: string, synchronous: 'OFF' | 'FULL', isGrouped: boolean): Promise<Store> {
  const database = new BetterSqlite3(join(folder, name));
  database.pragma('journal_mode = WAL');
  database.pragma(`synchronous = ${synchronous}`);
  const db = kyselyOver(database);
  await migrate(db, sqliteDialect);
  return createSqlStore(db, sqliteDialect, isGrouped ? { transact: groupCommit(db) } : {});
}

/** Each writer asks for its next when the one before has its verdict. */
async function burst(store: Store, size: number): Promise<void> {
  let left = size;
  const writer = async () => {
    while (left-- > 0) {
      const request = await submit(store, `request ${asked++}`);
      await write(store, request, [evaluated('require_approval')]);
    }
  };
  await Promise.all(Array.from({ length: writers }, writer));
}

function report(perSecond: readonly (readonly number[])[]): void {
  const [ours = []] = perSecond;
  const besideOurs = perSecond.map((figures) =>
    median(figures.map((figure, round) => (ours[round] ?? 0) / figure)),
  );
  for (const [index, { name }] of ways.entries()) {
    const figure = median(perSecond[index] ?? []);
    const beside = index === 0 ? '' : `   ours ${besideOurs[index]?.toFixed(2)} times`;
    print(`submit and verdict, ${name}`, `${figure.toFixed(0).padStart(6)} requests a second${beside}`);
  }
  const [, never = 0] = besideOurs;
  print(
    `  ${never.toFixed(2)} of one that never waits`,
    `at least ${ratioMin}: ${never >= ratioMin ? 'met' : 'MISSED'}`,
  );
}

function print(what: string, figure: string): void {
  process.stdout.write(`${what.padEnd(50)}${figure}\n`);
}
