/**
 * `npm run bench`: commands a second through the whole guarded path, and the acknowledgement's p50 and p99. The real bot
 * over HTTP with a SQLite file, each commit on the disk before it is answered; beside it, by turns in the same run, a bare
 * Bolt app that only acks, and one that writes a single row to the disk before it does.
 *
 * Two rates of the same bursts. The guarded path: a command's signature, line, person, rules and input are checked, the
 * request is written, the guardrails are asked, the verdict is written; over when every command is acknowledged AND every
 * verdict is in the database. With what it causes: over when the runner has also taken up each request and written whom
 * to ask. Cards are in both as far as Slack takes them: one a second.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import BetterSqlite3 from 'better-sqlite3';
import { slackPath } from '../src/slack/manifest.ts';
import { median } from './median.ts';
import { openCompany, processorMs, startBot } from './process/bot.ts';
import { type Burst, send, signed } from './process/burst.ts';

const rounds = Number(process.env.BENCH_ROUNDS ?? 5);
const commands = Number(process.env.BENCH_COMMANDS ?? 1_000);
const connections = Number(process.env.BENCH_CONNECTIONS ?? 64);
/** Each may ask for 60 things in an hour. */
const people = 400;
/** Of a bare app's commands a second (issue 7). */
const ratioMin = 0.6;
/** Slack's limit for an acknowledgement, in ms. */
const ackMsMax = 3_000;

const folder = await mkdtemp(join(tmpdir(), 'greenlight-bench-'));
const company = await openCompany(people);
const answers = createServer((_request, response) => response.end('ok'));
await new Promise<void>((resolve) => answers.listen(0, '127.0.0.1', resolve));
const bare = await startBare();
const keeping = await startBare(join(folder, 'peer.db'));
const bot = await startBot(company, folder);
const database = new BetterSqlite3(join(folder, 'greenlight.db'), { readonly: true });
let asked = 0;
try {
  // Both get warm, and the bot has met everybody.
  await burstOn(bare.url, people);
  await burstOn(keeping.url, people);
  await burstOn(bot.url, people);
  await attended();
  const guarded: Round[] = [];
  const whole: Round[] = [];
  const acked: Round[] = [];
  const kept: Round[] = [];
  for (let round = 0; round < rounds; round++) {
    acked.push(await lapOf(bare));
    kept.push(await lapOf(keeping));
    const lap = await watch(bot.process);
    const burst = await burstOn(bot.url, commands);
    await judged();
    guarded.push(await lap(burst));
    await attended();
    whole.push(await lap(burst));
  }
  report({ guarded, whole, acked, kept });
} finally {
  database.close();
  await bot.stop();
  bare.process.kill();
  keeping.process.kill();
  answers.close();
  await company.world.stop();
  await rm(folder, { recursive: true });
}

interface Round {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Of the processors, for each command; 0 where the system does not tell. */
  readonly processorMs: number;
  /** Not answered with 200. */
  readonly failed: number;
}

async function burstOn(url: string, size: number): Promise<Burst> {
  const requests = Array.from({ length: size }, () => signed(url, commandOf(asked++)));
  return send(url, requests, connections);
}

/** Somebody who does not own it asks for a lock: two of its owners' rules are asked, and one of them must say yes. */
function commandOf(number: number): string {
  const user = company.people[number % people] ?? '';
  return new URLSearchParams({
    ...{ token: 'none', team_id: 'T0ACME', team_domain: 'acme', api_app_id: 'A0GREENLIGHT' },
    ...{ channel_id: 'C0DEPLOYS', channel_name: 'deploys', user_id: user, user_name: user.toLowerCase() },
    ...{ command: '/lock', text: `payments staging for 2h --reason "bench ${number}"` },
    response_url: `http://127.0.0.1:${(answers.address() as AddressInfo).port}/commands/${number}`,
    ...{ trigger_id: `bench.${number}`, is_enterprise_install: 'false' },
  }).toString();
}

/** Until no request is without a verdict. */
function judged(): Promise<void> {
  return none(`status = 'submitted'`);
}

/** Until the runner has nothing left to do with any of them for now. */
function attended(): Promise<void> {
  return none('lease_until is null or lease_holder is not null');
}

async function none(which: string): Promise<void> {
  const open = database.prepare(`select exists (select 1 from requests where ${which}) as "is"`);
  while ((open.get() as { is: number }).is) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Begins now; what it gives makes a round of a burst and of all until then. */
async function watch(child: ChildProcess): Promise<(burst: Burst) => Promise<Round>> {
  const begunAt = performance.now();
  const before = (await processorMs(child)) ?? 0;
  return async ({ ackMs, failed }) => {
    const tookMs = performance.now() - begunAt;
    const used = ((await processorMs(child)) ?? 0) - before;
    const sorted = ackMs.toSorted((one, other) => one - other);
    const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
    return {
      perSecond: (ackMs.length / tookMs) * 1_000,
      p50: at(0.5),
      p99: at(0.99),
      processorMs: used / ackMs.length,
      failed,
    };
  };
}

interface Peer {
  readonly url: string;
  readonly process: ChildProcess;
}

async function lapOf(peer: Peer): Promise<Round> {
  const lap = await watch(peer.process);
  return lap(await burstOn(peer.url, commands));
}

/** @param file of the database that it writes a row of each command to; none: it only acks. */
async function startBare(file?: string): Promise<Peer> {
  const path = new URL('process/bare-bolt.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [path, ...(file === undefined ? [] : [file])], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // Also where the bot beside it does not start.
  process.once('exit', () => child.kill());
  const [port] = await new Promise<string[]>((resolve) => {
    createInterface({ input: child.stdout }).once('line', (line) => resolve([line]));
  });
  return { url: `http://127.0.0.1:${port}${slackPath}`, process: child };
}

type Rounds = Readonly<Record<'guarded' | 'whole' | 'acked' | 'kept', readonly Round[]>>;

function report({ guarded, whole, acked, kept }: Rounds): void {
  const row = (what: string, all: readonly Round[]) => {
    const figures = [
      `${median(all.map((one) => one.perSecond)).toFixed(0)} a second`,
      `ack p50 / p99 ${median(all.map((one) => one.p50)).toFixed(1)} / ${median(all.map((one) => one.p99)).toFixed(1)} ms`,
      `processor ${median(all.map((one) => one.processorMs)).toFixed(2)} ms each`,
    ];
    process.stdout.write(`${what.padEnd(44)}${figures.join('   ')}\n`);
  };
  row('a guarded command, to its written verdict', guarded);
  row('the same, with whom to ask', whole);
  row('a bare Bolt app that only acks', acked);
  row('the same that writes one row first', kept);
  const ratioTo = (theirs: readonly Round[]) =>
    median(guarded.map((one, index) => one.perSecond / (theirs[index]?.perSecond ?? 1)));
  const ratio = ratioTo(acked);
  const slowest = Math.max(...guarded.map((one) => one.p99));
  const failed = guarded.reduce((sum, one) => sum + one.failed, 0);
  say(`${failed} not acknowledged`, 'none', failed === 0);
  say(`${ratio.toFixed(2)} of its throughput`, `at least ${ratioMin}`, ratio >= ratioMin);
  process.stdout.write(`  ${ratioTo(kept).toFixed(2)} of that of the one that writes a row\n`);
  say(`p99 of the acknowledgement ${slowest.toFixed(0)} ms`, `at most ${ackMsMax} ms`, slowest <= ackMsMax);
}

function say(figure: string, limit: string, isMet: boolean): void {
  process.stdout.write(`  ${figure.padEnd(42)}${limit}: ${isMet ? 'met' : 'MISSED'}\n`);
}
