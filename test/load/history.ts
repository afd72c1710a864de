/**
 * Two bots side by side, one on an empty store and one on a million requests of history: the same submits, lists, Homes
 * and histories by turns. What is slower, or larger, is what grows with the past.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bot, openCompany, startBot } from '../../bench/process/bot.ts';
import { type Acked, type Asking, askAt } from './ask.ts';
import { fillHistory } from './fill-history.ts';
import { residentKib } from './memory.ts';
import { mib, ms, percentile, type Row, row } from './table.ts';

const people = 200;
const rounds = 20;
const submitsPerRound = 25;
const looksPerRound = 5;
const ratioMax = 1.2;
/** A person with a past sees twenty requests of theirs, one without a few: that is more to draw, however long the past. */
const looksRatioMax = 3;
/** SQLite keeps 16 MB of pages of whatever it has read (`cache_size`), and V8 collects when it likes. */
const grownKibMax = 60 * 1_024;

export async function loadHistory(count: number): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'greenlight-load-'));
  const company = await openCompany(people);
  const started: Bot[] = [];
  try {
    const [emptyFolder, fullFolder] = [
      await mkdtemp(join(folder, 'empty-')),
      await mkdtemp(join(folder, 'full-')),
    ];
    const file = join(fullFolder, 'greenlight.db');
    const fillingAt = performance.now();
    await fillHistory(file, count, company.people);
    const filledS = (performance.now() - fillingAt) / 1_000;
    const { size } = await stat(file);
    const empty = await startBot(company, emptyFolder);
    started.push(empty);
    const full = await startBot(company, fullFolder);
    started.push(full);
    const sides = [sideOf(empty), sideOf(full)] as const;
    for (const side of sides) await playRound(side, company.people, -1);
    const warm = await Promise.all(sides.map(({ bot }) => residentKib(bot.process.pid)));
    for (const side of sides) for (const list of Object.values(side.took)) list.length = 0;
    for (let round = 0; round < rounds; round++) {
      // The other one first each time: whoever comes second finds the machine warmer.
      for (const side of round % 2 === 0 ? sides : sides.toReversed())
        await playRound(side, company.people, round);
    }
    const grown = (await Promise.all(sides.map(({ bot }) => residentKib(bot.process.pid)))).map(
      (kib, index) => kib - (warm[index] ?? 0),
    );
    for (const { asking } of sides) asking.close();
    for (const bot of started) await bot.stop();
    const verify = await verified(file);
    const [emptyWarm = 0, fullWarm = 0] = warm;
    const [emptyGrown = 0, fullGrown = 0] = grown;
    return [
      row(
        `history: ${count} requests`,
        `${(size / 1e9).toFixed(1)} GB, made in ${Math.round(filledS)} s`,
        '',
        true,
      ),
      ...Object.keys(sides[0].took).map((what) => compared(what as Look, sides[0], sides[1])),
      row(
        'start to ready: empty / full',
        `${ms(empty.readyMs)} / ${ms(full.readyMs)}`,
        'below 3,000 ms',
        full.readyMs < 3_000,
      ),
      row(
        'resident memory after boot: empty / full',
        `${mib(emptyWarm)} / ${mib(fullWarm)}`,
        `at most ${mib(grownKibMax)} more`,
        fullWarm - emptyWarm < grownKibMax,
      ),
      row(
        'grown in the same work: empty / full',
        `${mib(emptyGrown)} / ${mib(fullGrown)}`,
        `at most ${mib(grownKibMax)} more`,
        fullGrown - emptyGrown < grownKibMax,
      ),
      row(
        'audit verify: time, most memory',
        `${verify.seconds.toFixed(1)} s, ${mib(verify.mostKib)}`,
        'exit 0, below 400 MiB',
        verify.code === 0 && verify.mostKib < 400 * 1_024,
      ),
    ];
  } finally {
    for (const bot of started) bot.process.kill('SIGKILL');
    await company.world.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

type Look = 'submit' | 'list' | 'Home' | 'history of one';

interface Side {
  readonly bot: Bot;
  readonly asking: Asking;
  readonly took: Readonly<Record<Look, number[]>>;
}

function sideOf(bot: Bot): Side {
  return { bot, asking: askAt(bot.url, 1), took: { submit: [], list: [], Home: [], 'history of one': [] } };
}

async function playRound({ asking, took }: Side, people: readonly string[], round: number): Promise<void> {
  const note = (look: Look, { status, tookMs }: Acked) => {
    if (status !== 200) throw new Error(`${look} was answered with ${status}`);
    took[look].push(tookMs);
  };
  const someone = (index: number) => people[(round * 31 + index + people.length) % people.length] ?? '';
  for (let index = 0; index < submitsPerRound; index++) {
    const name = `past-${round + 1}-${index}`;
    const line = `payments staging for 2h --reason "${name}"`;
    note('submit', await asking.command(someone(index), '/lock', line));
  }
  for (let index = 0; index < looksPerRound; index++) {
    // A look is acknowledged at once and answered after: the next one waits in the same process for it to end.
    note('list', await timedWhole(() => asking.command(someone(index), '/requests', ''), asking));
    const id = `REQ-${1 + round * looksPerRound + index + 1}`;
    note('history of one', await timedWhole(() => asking.command(someone(index), '/requests', id), asking));
    const opened = { type: 'app_home_opened', user: someone(index), tab: 'home', channel: 'D0X' };
    note('Home', await timedWhole(() => asking.event(opened), asking));
  }
}

/** With a help right behind it, whose answer comes when the process is free again. */
async function timedWhole(look: () => Promise<Acked>, asking: Asking): Promise<Acked> {
  const begunAt = performance.now();
  const acked = await look();
  await asking.command('U0DANA', '/env', 'help');
  return { ...acked, tookMs: performance.now() - begunAt };
}

function compared(look: Look, empty: Side, full: Side): Row {
  const [before, after] = [percentile(empty.took[look], 0.5), percentile(full.took[look], 0.5)];
  const ratio = after / before;
  const measured = `${ms(before)} / ${ms(after)}, ${ratio.toFixed(2)} times`;
  const limit = look === 'submit' ? ratioMax : looksRatioMax;
  return row(`${look}, p50: empty / full`, measured, `at most ${limit} times`, ratio <= limit);
}

async function verified(file: string) {
  const begunAt = performance.now();
  const child = fork(new URL('../../src/cli.ts', import.meta.url), ['audit', 'verify', '--database', file], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  let mostKib = 0;
  const timer = setInterval(async () => {
    mostKib = Math.max(mostKib, await residentKib(child.pid));
  }, 100);
  const [code] = await once(child, 'exit');
  clearInterval(timer);
  return { code: Number(code), seconds: (performance.now() - begunAt) / 1_000, mostKib };
}
