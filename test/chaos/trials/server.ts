/** What a database server can do to its replicas: crash, stay away, end their connections. */
import { setTimeout as sleep } from 'node:timers/promises';
import { inWords, type Trial } from '../stage.ts';
import { sharedSpeed, type World } from '../world.ts';

const postgres = { database: 'postgres', replicas: 2, options: { speed: sharedSpeed } } as const;

const crashed: Trial = {
  ...postgres,
  name: 'PostgreSQL restarted',
  tried: 'PostgreSQL is ended at once (immediate mode) under load and started again, three times',
  mustHold: 'what was acknowledged is there, both replicas come back by themselves',
  async play(stage) {
    const { server } = stage.world.database;
    for (let times = 0; times < 3; times++) {
      const life = stage.live(2_500);
      await sleep(800);
      await server?.crash();
      await server?.start();
      await life;
    }
    return { times: 3, found: `both replicas live on; then ${inWords([await stage.askAgain()])}` };
  },
};

const away: Trial = {
  ...postgres,
  name: 'PostgreSQL away',
  tried: 'PostgreSQL is away for 30 s',
  mustHold: 'who asks is told, and it goes on once it is back',
  async play(stage) {
    const { server } = stage.world.database;
    await server?.pause();
    const since = Date.now();
    const asked = [await stage.ask(), await stage.ask()];
    await sleep(Math.max(0, awayMs - (Date.now() - since)));
    await server?.start();
    await sleep(1_000);
    return { times: asked.length, found: `${inWords(asked)}; then ${inWords([await stage.askAgain()])}` };
  },
};

/** By the machine's clock: connections wait by that. */
const awayMs = 30_000;

const disconnected: Trial = {
  ...postgres,
  name: 'connections ended',
  tried: 'every connection to PostgreSQL is ended (pg_terminate_backend) every 200 ms under load',
  mustHold: 'nothing is lost or done twice, and both replicas live on',
  async play(stage) {
    const life = stage.live(4_000);
    let ended = 0;
    for (let times = 0; times < 20; times++) {
      await sleep(200);
      ended += await endConnections(stage.world);
    }
    await life;
    return { times: ended, found: `${ended} connections ended; then ${inWords([await stage.askAgain()])}` };
  },
};

async function endConnections({ database }: World): Promise<number> {
  const rows = await database.rows(
    `select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'greenlight%'`,
  );
  return rows.length;
}

const paused: Trial = {
  ...postgres,
  name: 'paused replica',
  tried: 'one of two replicas is stopped (SIGSTOP) in the middle of work for 30 s of its time, then goes on',
  mustHold: 'the other one takes over; what the paused one still believes to hold does nothing a second time',
  async play(stage) {
    for (let times = 0; times < 5; times++) {
      const life = stage.live(4_500);
      await sleep(300 + stage.world.draw() * 500);
      const bot = stage.bots()[times % 2];
      bot?.signal('SIGSTOP');
      await sleep(30_000 / stage.world.pace.speed);
      bot?.signal('SIGCONT');
      await life;
    }
    return { times: 5, found: `both go on; then ${inWords([await stage.askAgain()])}` };
  },
};

export const serverTrials: readonly Trial[] = [crashed, away, disconnected, paused];
