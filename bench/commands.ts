/**
 * `npm run bench`: commands a second through the whole guarded path, and the acknowledgement's p50 and p99. The real bot
 * over HTTP with a SQLite file, each commit on the disk before it is answered; beside it, by turns in the same run, a bare
 * Bolt app that only acks.
 *
 * What is counted: a command's signature, line, person, rules and input are checked, the request is written, the
 * guardrails are asked, and the verdict is written; a round is over when every command of its burst is acknowledged AND
 * every verdict is in the database. Whom to ask and the card follow at Slack's pace of one message a second; how far
 * the runner had got with that by then is printed too.
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
const bot = await startBot(company, folder);
const database = new BetterSqlite3(join(folder, 'greenlight.db'), { readonly: true });
let asked = 0;
try {
  // Both get warm, and the bot has met everybody.
  await burstOn(bare.url, people);
  await burstOn(bot.url, people);
  await judged();
  const ours: Round[] = [];
  const theirs: Round[] = [];
  for (let round = 0; round < rounds; round++) {
    theirs.push(await roundOf(bare.process, () => burstOn(bare.url, commands)));
    ours.push(
      await roundOf(bot.process, async () => {
        const begunAt = performance.now();
        const burst = await burstOn(bot.url, commands);
        await judged();
        return { ...burst, tookMs: performance.now() - begunAt };
      }),
    );
  }
  report(ours, theirs);
} finally {
  database.close();
  await bot.stop();
  bare.process.kill();
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
async function judged(): Promise<void> {
  const open = database.prepare(`select count(*) as open from requests where status = 'submitted'`);
  while ((open.get() as { open: number }).open > 0) await new Promise((resolve) => setTimeout(resolve, 5));
}

async function roundOf(child: ChildProcess, work: () => Promise<Burst>): Promise<Round> {
  const before = (await processorMs(child)) ?? 0;
  const { tookMs, ackMs, failed } = await work();
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
}

async function startBare(): Promise<{ readonly url: string; readonly process: ChildProcess }> {
  const child = spawn(process.execPath, [new URL('process/bare-bolt.ts', import.meta.url).pathname], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [port] = await new Promise<string[]>((resolve) => {
    createInterface({ input: child.stdout }).once('line', (line) => resolve([line]));
  });
  return { url: `http://127.0.0.1:${port}${slackPath}`, process: child };
}

function report(ours: readonly Round[], theirs: readonly Round[]): void {
  const row = (what: string, all: readonly Round[]) => {
    const figures = [
      `${median(all.map((one) => one.perSecond)).toFixed(0)} a second`,
      `ack p50 / p99 ${median(all.map((one) => one.p50)).toFixed(1)} / ${median(all.map((one) => one.p99)).toFixed(1)} ms`,
      `processor ${median(all.map((one) => one.processorMs)).toFixed(2)} ms each`,
    ];
    process.stdout.write(`${what.padEnd(44)}${figures.join('   ')}\n`);
  };
  row(`a guarded command, to its written verdict`, ours);
  row('a bare Bolt app that only acks', theirs);
  const ratio = median(ours.map((one, index) => one.perSecond / (theirs[index]?.perSecond ?? 1)));
  const slowest = Math.max(...ours.map((one) => one.p99));
  const { attended, all } = database
    .prepare('select sum(lease_until is not null) as attended, count(*) as "all" from requests')
    .get() as { attended: number; all: number };
  process.stdout.write(`  by then the runner had seen whom to ask about ${attended} of all ${all}\n`);
  const failed = ours.reduce((sum, one) => sum + one.failed, 0);
  say(`${failed} not acknowledged`, 'none', failed === 0);
  say(`${ratio.toFixed(2)} of its throughput`, `at least ${ratioMin}`, ratio >= ratioMin);
  say(`p99 of the acknowledgement ${slowest.toFixed(0)} ms`, `at most ${ackMsMax} ms`, slowest <= ackMsMax);
}

function say(figure: string, limit: string, isMet: boolean): void {
  process.stdout.write(`  ${figure.padEnd(42)}${limit}: ${isMet ? 'met' : 'MISSED'}\n`);
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}
