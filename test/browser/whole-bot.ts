/** The whole bot in its sandbox, for stories played in the page: it and its world can go and come back. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, startApp } from '../../src/app.ts';
import { connectSandbox, type Sandbox } from '../../src/sandbox/client.ts';
import { createWorldClock } from '../../src/sandbox/clock.ts';
import { PortInUseError } from '../../src/sandbox/serve.ts';
import { openSandbox } from '../../src/start-sandboxed.ts';
import { dataFolder, quietLog } from '../stories/support.ts';

export interface WholeBot {
  readonly url: string;
  /** Lets time pass until what is waited for has come. */
  inTime<Value>(waitedFor: Promise<Value>): Promise<Value>;
  /** The world around the page: its time, its people. */
  world(): Sandbox;
  stopBot(): Promise<void>;
  /** The same store, as after a crash or a new release. */
  startBot(): Promise<void>;
  stopSandbox(): Promise<void>;
  /** A world that begins anew at the same address, with a bot that remembers nothing. */
  startAfresh(): Promise<void>;
  stop(): Promise<void>;
}

/** A Wednesday at ten in Berlin, so that no weekend window is in force. */
const startAt = Date.UTC(2026, 10, 18, 9, 0);
/** The page needs a moment for each picture, so time runs about ten times as fast, not all at once. */
const tickMs = 1_000;
const pauseMs = 100;

export async function startWholeBot(): Promise<WholeBot> {
  const folder = await mkdtemp(join(tmpdir(), 'greenlight-browser-'));
  let store = 0;
  const openWorld = async (port: number) => {
    const clock = createWorldClock({ mode: 'running', startAt });
    store += 1;
    const database = join(folder, `${store}.db`);
    const { sandbox, settings } = await openSandbox({ port, mode: 'socket', dataFolder, database, clock });
    const openBot = () =>
      startApp(settings, {
        clock,
        scheduler: clock,
        chance: { reference: () => 'ref00001' },
        log: quietLog,
        draw: () => 0.5,
      });
    return { sandbox, openBot, control: connectSandbox(sandbox.url) };
  };

  const { port, world: first } = await onFreePorts(openWorld);
  let world = first;
  let bot: App | undefined = await world.openBot();

  const stopBot = async () => {
    await bot?.stop();
    bot = undefined;
  };
  return {
    url: first.sandbox.url,
    async inTime(waitedFor) {
      let isOver = false;
      const over = waitedFor.finally(() => {
        isOver = true;
      });
      // Whoever awaits `over` below hears of a failure; this only keeps it from counting as unhandled until then.
      over.catch(() => undefined);
      while (!isOver) {
        await Promise.race([over.catch(() => undefined), new Promise((go) => setTimeout(go, pauseMs))]);
        if (!isOver) await world.control.advance(tickMs);
      }
      return over;
    },
    world: () => world.control,
    stopBot,
    async startBot() {
      bot = await world.openBot();
    },
    stopSandbox: () => world.sandbox.stop(),
    async startAfresh() {
      world = await openWorld(port);
      bot = await world.openBot();
    },
    async stop() {
      await stopBot();
      await world.sandbox.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A port that stays the same over a restart cannot be 0, so a few are tried. */
async function onFreePorts<World>(open: (port: number) => Promise<World>) {
  for (let port = 14_300; ; port += 10) {
    try {
      return { port, world: await open(port) };
    } catch (error) {
      if (!(error instanceof PortInUseError) || port > 14_800) throw error;
    }
  }
}
