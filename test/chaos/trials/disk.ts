/** What a file's disk can do to a bot: be full, be read-only, be held by somebody else. */
import { execFile } from 'node:child_process';
import { mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import BetterSqlite3 from 'better-sqlite3';
import { inWords, type Prepared, type Stage, type Trial } from '../stage.ts';

const run = promisify(execFile);
const sqlite = { database: 'sqlite', replicas: 1 } as const;

/** A disk of its own, where this machine lets us make one. */
async function smallDisk(): Promise<Prepared | string> {
  if (process.getuid?.() !== 0) return 'needs root, for a disk of its own';
  const folder = await mkdtemp(join(tmpdir(), 'greenlight-disk-'));
  try {
    await run('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', folder]);
  } catch {
    await rm(folder, { recursive: true });
    return 'this machine lets nobody mount a disk';
  }
  return {
    options: { databaseFolder: folder },
    async close() {
      await run('umount', ['--lazy', folder]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const fullDisk: Trial = {
  ...sqlite,
  name: 'disk full',
  tried: 'the disk of the database is filled to its last byte, then emptied',
  mustHold: 'who asks is told, nothing half is written, it goes on once there is room',
  prepare: smallDisk,
  async play(stage) {
    const filler = join(stage.world.database.file ?? '', '..', 'filler');
    await fill(filler);
    const asked = [await stage.ask(), await stage.ask(), await stage.ask()];
    await sleep(1_000);
    await rm(filler);
    return { times: asked.length, found: `${inWords(asked)}; then ${inWords([await stage.askAgain()])}` };
  },
};

async function fill(file: string): Promise<void> {
  const handle = await open(file, 'w');
  try {
    for (let bytes = 65_536; bytes >= 1; ) {
      try {
        await handle.write(Buffer.alloc(bytes));
      } catch {
        bytes = Math.floor(bytes / 16);
      }
    }
  } finally {
    await handle.close();
  }
}

/** The same from within the process: works without root, where there is `prlimit`. */
const limitedFile: Trial = {
  ...sqlite,
  name: 'file size limit',
  tried: 'the process may not write its files any longer than they are (prlimit), then may',
  mustHold: 'as with a full disk',
  async prepare() {
    const isThere = await run('prlimit', ['--version']).then(
      () => true,
      () => false,
    );
    return isThere ? { options: {}, close: async () => undefined } : 'needs prlimit';
  },
  async play(stage) {
    const [bot] = stage.bots();
    const { size } = await stat(`${stage.world.database.file}-wal`);
    const limit = (bytes: string) =>
      run('prlimit', ['--pid', String(bot?.pid), `--fsize=${bytes}:unlimited`]);
    await limit(String(size));
    const asked: Awaited<ReturnType<Stage['ask']>>[] = [];
    for (let times = 0; times < 4; times++) asked.push(await stage.ask());
    await limit('unlimited');
    return { times: asked.length, found: `${inWords(asked)}; then ${inWords([await stage.askAgain()])}` };
  },
};

const readOnlyDisk: Trial = {
  ...sqlite,
  name: 'read-only disk',
  tried: 'the bot is killed, its disk becomes read-only, it is started; then the disk is mended',
  mustHold: 'it ends with a sentence instead of serving what it cannot keep; mended, it goes on',
  prepare: smallDisk,
  async play({ world, bots, broken, askAgain }) {
    await Promise.all(bots().map((bot) => bot.kill()));
    const folder = join(world.database.file ?? '', '..');
    await run('mount', ['-o', 'remount,ro', folder]);
    const refused = world.startBot();
    if (await refused.ready) broken.push('it serves from a disk that it cannot write to');
    await refused.kill();
    const words =
      world.bots.log.findLast(({ bot, level }) => bot === refused.name && level === 'error')?.msg ??
      'nothing';
    await run('mount', ['-o', 'remount,rw', folder]);
    await world.readyBot();
    return { times: 1, found: `ends with “${words.trim()}”; then ${inWords([await askAgain()])}` };
  },
};

const lockedDatabase: Trial = {
  ...sqlite,
  name: 'locked database',
  tried: 'another process holds `begin exclusive` for 7 s, longer than the 5 s for which a statement waits',
  mustHold: 'who asks is told or asks again, and the process lives on',
  async play(stage) {
    const holder = new BetterSqlite3(stage.world.database.file ?? '');
    holder.exec('begin exclusive');
    const asking = stage.ask();
    await sleep(7_000);
    holder.exec('rollback');
    holder.close();
    const asked = [await asking];
    return { times: 1, found: `${inWords(asked)}; then ${inWords([await stage.askAgain()])}` };
  },
};

export const diskTrials: readonly Trial[] = [fullDisk, limitedFile, readOnlyDisk, lockedDatabase];
