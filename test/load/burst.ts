/**
 * 1,000 commands in one burst to the real bot: each is acknowledged within Slack's 3 s, and what was acknowledged is in
 * the database - also when the bot is killed in the middle of it. A kill takes the process and not the machine: that a
 * commit also waits for the disk is `store/log-on-disk.ts`, and PostgreSQL's own default.
 */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bot, type Company, openCompany, startBot } from '../../bench/process/bot.ts';
import { Secret } from '../../src/settings/secret.ts';
import { type DatabasePlace, openStore } from '../../src/store/open-store.ts';
import { startPostgres } from '../postgres/server.ts';
import { askAt } from './ask.ts';
import { ms, percentile, type Row, row } from './table.ts';

const commands = 1_000;
/** Each may ask for 60 things in an hour. */
const people = 200;
/** Slack's (docs.slack.dev, "Responding to slash commands"). */
const ackMsMax = 3_000;

export async function loadBursts(kills: number): Promise<Row[]> {
  const company = await openCompany(people);
  const server = await startPostgres({ isDurable: true }).catch((cause: unknown) => {
    throw new Error('There is no PostgreSQL to measure: half of the bursts would be left out.', { cause });
  });
  const rows: Row[] = [];
  try {
    rows.push(...(await burstsOn('SQLite', company, kills, async () => undefined)));
    const place = () => server.createDatabase('nothing');
    rows.push(...(await burstsOn('PostgreSQL', company, kills, place)));
  } finally {
    await server.stop();
    await company.world.stop();
  }
  return rows;
}

async function burstsOn(
  name: string,
  company: Company,
  kills: number,
  database: () => Promise<string | undefined>,
): Promise<Row[]> {
  const whole = await inFolder(company, database, (bot, place) => burst(bot, company, place));
  let acked = whole.took.length;
  let lost = whole.lost;
  for (let kill = 0; kill < kills; kill++) {
    // From the first acknowledgements to the last ones.
    const killAfterMs = (0.1 + (0.9 * kill) / kills) * whole.tookMs;
    const cut = await inFolder(company, database, (bot, place) => burst(bot, company, place, killAfterMs));
    acked += cut.took.length;
    lost += cut.lost;
  }
  const slowest = Math.max(...whole.took);
  const spread = `${[0.5, 0.99].map((share) => ms(percentile(whole.took, share))).join(' / ')} / ${ms(slowest)}`;
  const isWhole = whole.took.length === commands && whole.placeholders === 0;
  return [
    row(
      `${name}: ${commands} at once, ack p50 / p99 / slowest`,
      spread,
      `below ${ackMsMax} ms`,
      slowest < ackMsMax && isWhole,
    ),
    row(
      `${name}: killed ${kills} times in a burst, acked and lost`,
      `${lost} of ${acked}`,
      'none',
      lost === 0,
    ),
  ];
}

interface Measured {
  readonly took: readonly number[];
  readonly tookMs: number;
  /** Acknowledged, and not in the database afterwards. */
  readonly lost: number;
  /** Acknowledged with "working on it" instead of what was written. */
  readonly placeholders: number;
}

async function burst(
  bot: Bot,
  { people: members }: Company,
  place: DatabasePlace,
  killAfterMs?: number,
): Promise<Measured> {
  await meet(bot, members);
  const asking = askAt(bot.url, Number.POSITIVE_INFINITY);
  const begunAt = performance.now();
  const timer =
    killAfterMs === undefined ? undefined : setTimeout(() => bot.process.kill('SIGKILL'), killAfterMs);
  const acked = await Promise.all(
    Array.from({ length: commands }, async (_, index) => {
      const name = `burst-${index}`;
      const user = members[index % members.length] ?? '';
      // Anybody may ask for it, also members of no team; it is a request like any other.
      const line = `payments staging for 2h --reason "${name}"`;
      const answer = await asking.command(user, '/lock', line).catch(() => undefined);
      return answer?.status === 200 ? [{ name, ...answer }] : [];
    }),
  );
  const tookMs = performance.now() - begunAt;
  clearTimeout(timer);
  asking.close();
  const answers = acked.flat();
  // Never in order: what was acknowledged is there whatever becomes of the process.
  await killed(bot);
  const names = await namesIn(place);
  const [waiting, done] = [answers.filter(isPlaceholder), answers.filter((one) => !isPlaceholder(one))];
  return {
    tookMs,
    took: done.map((one) => one.tookMs),
    placeholders: waiting.length,
    lost: done.filter(({ name }) => !names.has(name)).length,
  };
}

/** Who somebody is, Slack is asked once a minute: its box is in this process, and a burst of that would measure the box. */
async function meet(bot: Bot, members: readonly string[]): Promise<void> {
  const asking = askAt(bot.url, 4);
  for (const user of members) await asking.command(user, '/requests', 'help');
  asking.close();
}

async function killed({ process: child }: Bot): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const over = once(child, 'exit');
  child.kill('SIGKILL');
  await over;
}

function isPlaceholder({ body }: { readonly body: string }): boolean {
  return body.includes('Working on it');
}

async function namesIn(place: DatabasePlace): Promise<ReadonlySet<string>> {
  const store = await openStore(place);
  const all = await store.list({ limit: 10_000 });
  await store.close();
  return new Set(all.map(({ input }) => String(input.reason)));
}

async function inFolder<Value>(
  company: Company,
  database: () => Promise<string | undefined>,
  work: (bot: Bot, place: DatabasePlace) => Promise<Value>,
): Promise<Value> {
  const folder = await mkdtemp(join(tmpdir(), 'greenlight-load-'));
  try {
    const url = await database();
    const bot = await startBot(
      company,
      folder,
      url === undefined ? {} : { DATABASE_URL: url, GREENLIGHT_DATABASE: '' },
    );
    try {
      return await work(
        bot,
        url === undefined ? { file: join(folder, 'greenlight.db') } : { url: new Secret(url) },
      );
    } finally {
      bot.process.kill('SIGKILL');
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
