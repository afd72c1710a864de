/**
 * `npm run bench`: from the start of the process to its readiness, its memory when nothing happens, and a restart with
 * 10,000 requests open. The real bot in a process of its own, with a SQLite file, against boxes that answer at once.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import BetterSqlite3 from 'better-sqlite3';
import { hourMs } from '../src/core/duration.ts';
import { personIdSchema } from '../src/core/ids.ts';
import type { Store } from '../src/core/store.ts';
import { openSqliteStore } from '../src/store/sqlite.ts';
import { evaluated, submit, write } from '../test/store/example-requests.ts';
import { median } from './median.ts';
import { type Bot, openCompany, startBot } from './process/bot.ts';

/** Limits of issue 7. */
const readyMsMax = 1_000;
const idleBytesMax = 150_000_000;
const restartMsMax = 5_000;

const starts = 9;
const idleMs = Number(process.env.BENCH_IDLE_MS ?? 10_000);
const open = Number(process.env.BENCH_OPEN ?? 10_000);
/** So many fell due while nobody looked: each is attended to after the restart. */
const due = 100;

const folder = await mkdtemp(join(tmpdir(), 'greenlight-bench-'));
const company = await openCompany(1);
try {
  await startToReady();
  await restart();
} finally {
  await company.world.stop();
  await rm(folder, { recursive: true });
}

async function startToReady(): Promise<void> {
  // The boxes are as warm as Slack is, and what one start keeps for the next is there.
  await (await started('warm.db')).stop();
  const took: number[] = [];
  const used: number[] = [];
  for (let turn = 0; turn < starts; turn++) {
    const bot = await started(`empty-${turn}.db`);
    took.push(bot.readyMs);
    used.push(bot.readyProcessorMs ?? 0);
    if (turn === starts - 1) await idle(bot);
    await bot.stop();
  }
  const first = await started('first.db', { NODE_DISABLE_COMPILE_CACHE: '1' });
  await first.stop();
  const ready = median(took);
  say('from start to ready', `${ready.toFixed(0)} ms`, `at most ${readyMsMax} ms`, ready <= readyMsMax);
  say('  of that on the processors', `${median(used).toFixed(0)} ms`);
  say('  the first of all, with nothing compiled before', `${first.readyMs.toFixed(0)} ms`);
}

async function idle(bot: Bot): Promise<void> {
  await setTimeout(idleMs);
  const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(bot.process.pid)]);
  const bytes = Number(stdout) * 1_024;
  say(
    `memory after ${idleMs / 1_000} s without work`,
    `${(bytes / 1e6).toFixed(0)} MB`,
    `at most ${idleBytesMax / 1e6} MB`,
    bytes <= idleBytesMax,
  );
}

/** They wait for people, were asked about and have their cards; their next reminder is an hour away, but for some. */
async function restart(): Promise<void> {
  const file = 'restart.db';
  const store = await openSqliteStore({ file: join(folder, file) });
  await Promise.all(Array.from({ length: open }, (_, index) => waiting(store, index)));
  await settle(store);
  await store.close();

  const database = new BetterSqlite3(join(folder, file), { readonly: true });
  const begunAt = performance.now();
  const bot = await started(file);
  const left = database.prepare(
    'select count(*) as left from requests where due_at <= ? and (lease_until is null or lease_until <= ?)',
  );
  while ((left.get(Date.now(), Date.now()) as { left: number }).left > 0) await setTimeout(10);
  const attendedMs = performance.now() - begunAt;
  await bot.stop();
  database.close();
  const isMet = attendedMs <= restartMsMax;
  const count = open.toLocaleString('en');
  say(`restart with ${count} requests open: ready`, `${bot.readyMs.toFixed(0)} ms`);
  say(
    `  ... and ${due} that fell due attended to`,
    `${attendedMs.toFixed(0)} ms`,
    `at most ${restartMsMax} ms`,
    isMet,
  );
}

async function waiting(store: Store, index: number): Promise<void> {
  const at = Date.now();
  const requester = { id: personIdSchema.parse('U0DANA'), name: 'Dana Fox', kind: 'member' as const };
  const request = await submit(store, `open ${index}`, { at, requester });
  await write(store, request, [evaluated('require_approval', at)]);
}

/** As the runner and the outbox leave it: looked at until later, and shown. */
async function settle(store: Store): Promise<void> {
  const now = Date.now();
  for (let left = open - due; left > 0; left -= 500) {
    const claims = Array.from({ length: Math.min(500, left) }, () => store.claimDue('bench', now, hourMs));
    const found = (await Promise.all(claims)).flatMap((one) => (one ? [one.claim] : []));
    await Promise.all(found.map((claim) => store.postpone(claim, now + hourMs)));
  }
  for (;;) {
    const items = await store.outbox(now, 500);
    if (items.length === 0) return;
    const shown = { channel: 'C0DEPLOYS', shownVersion: 2 };
    await Promise.all(items.map((item) => store.cardShown(item, { ...shown, ts: `${item.id}.000001` })));
  }
}

function started(file: string, settings: Readonly<Record<string, string>> = {}): Promise<Bot> {
  return startBot(company, folder, { ...settings, GREENLIGHT_DATABASE: join(folder, file) });
}

function say(what: string, figure: string, limit?: string, isMet?: boolean): void {
  const verdict = limit === undefined ? '' : `${limit}: ${isMet ? 'met' : 'MISSED'}`;
  process.stdout.write(`${what.padEnd(52)}${figure.padStart(10)}   ${verdict}\n`.replace(/ +\n$/, '\n'));
}
