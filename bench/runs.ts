/**
 * `npm run bench`: how soon a request begins with its first step, and how many requests a second go through an action of
 * five steps: ours on SQLite and on PostgreSQL, pg-boss and graphile-worker with five dependent jobs on the same server,
 * with the same number at work at once. The server waits for the disk at each commit.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Store } from '../src/core/store.ts';
import { openPostgresStore } from '../src/store/postgres.ts';
import { openSqliteStore } from '../src/store/sqlite.ts';
import { startPostgres } from '../test/postgres/server.ts';
import { fiveSteps } from './process/five-steps.ts';
import { graphileWorker, type Peer, pgBoss } from './process/peers.ts';

const requests = Number(process.env.BENCH_REQUESTS ?? 200);
/** One after the other, so that each finds everything at rest. */
const alone = 50;
/** At work at once; twice as many have been asked for at any moment, so that nobody is idle. */
const concurrency = 8;

const everything =
  'guardrails asked twice, each intent and result remembered, a fence, the audit chain, the card';
const jobsOnly =
  'each job done at least once; no order but what a job itself puts in, no memory of what was done';

const folder = await mkdtemp(join(tmpdir(), 'greenlight-bench-'));
const server = await startPostgres({ isDurable: true });
try {
  process.stdout.write(`${requests} requests of five steps, ${concurrency} at work at once\n`);
  await ours('Greenlight on SQLite', await openSqliteStore({ file: join(folder, 'runs.db') }));
  await ours('Greenlight on PostgreSQL', await openPostgresStore({ url: await server.createDatabase() }));
  await theirs('pg-boss', await pgBoss(await server.createDatabase('nothing'), concurrency), jobsOnly);
  await theirs(
    'graphile-worker',
    await graphileWorker(await server.createDatabase('nothing'), concurrency),
    jobsOnly,
  );
} finally {
  await server.stop();
  await rm(folder, { recursive: true });
}

async function ours(name: string, store: Store): Promise<void> {
  const bot = fiveSteps(store, concurrency);
  try {
    const [fromAsked, fromApproved]: [number[], number[]] = [[], []];
    for (let turn = 0; turn < alone; turn++) {
      const { askedAt, approvedAt, firstStepAt } = await bot.run();
      fromAsked.push(firstStepAt - askedAt);
      fromApproved.push(Math.max(0, firstStepAt - approvedAt));
    }
    const perSecond = await rate(() => bot.run());
    row(name, perSecond, everything);
    latency("asked for to the first step's begin", fromAsked);
    latency("let through to the first step's begin", fromApproved);
  } finally {
    await bot.stop();
    await store.close();
  }
}

function latency(what: string, waits: readonly number[]): void {
  const sorted = waits.toSorted((one, other) => one - other);
  const at = (share: number) => (sorted[Math.floor(share * sorted.length)] ?? 0).toFixed(1);
  process.stdout.write(`  ${`${what}, p50 / p95`.padEnd(50)}${`${at(0.5)} / ${at(0.95)} ms`.padStart(20)}\n`);
}

async function theirs(name: string, peer: Peer, guarantees: string): Promise<void> {
  try {
    await Promise.all(Array.from({ length: concurrency }, () => peer.run()));
    row(name, await rate(() => peer.run()), guarantees);
  } finally {
    await peer.stop();
  }
}

async function rate(run: () => Promise<unknown>): Promise<number> {
  let left = requests;
  const begunAt = performance.now();
  await Promise.all(
    Array.from({ length: concurrency * 2 }, async () => {
      while (left-- > 0) await run();
    }),
  );
  return (requests / (performance.now() - begunAt)) * 1_000;
}

function row(name: string, perSecond: number, guarantees: string): void {
  process.stdout.write(
    `${name.padEnd(28)}${`${perSecond.toFixed(1)} a second`.padStart(20)}   ${guarantees}\n`,
  );
}
