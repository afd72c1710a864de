/**
 * A chaos world: the boxes in this process, with a wire to each that can be cut, a database, and bots in processes of their
 * own. Time in it is many times as fast as the machine's.
 */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WorldClock } from '../../src/sandbox/clock.ts';
import { seededDraw } from '../../src/sandbox/faults.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { openSandbox } from '../../src/start-sandboxed.ts';
import { type Bot, type Bots, createBots } from './bots.ts';
import { type ChaosDatabase, type DatabaseKind, openDatabase } from './database.ts';
import { fastClock, type Pace, paceFromNow } from './fast-clock.ts';
import { layWire, type Place, type Wire } from './proxy.ts';
import { type Seen, watchBoxes } from './seen.ts';

export interface World {
  readonly sandbox: Sandbox;
  readonly clock: WorldClock;
  readonly pace: Pace;
  readonly seen: Seen;
  readonly bots: Bots;
  readonly database: ChaosDatabase;
  readonly wires: Readonly<Record<WireName, Wire>>;
  readonly folder: string;
  /** From 0 to 1, by the seed. */
  draw(): number;
  /** The clock of a machine jumps: of the first bot alone, or of all, and of those that are started from then on. */
  setClock(offsetMs: number, whose: 'first' | 'all'): void;
  /** Another bot, with the settings of this world. */
  startBot(): Bot;
  /** Another bot, once it takes what comes. @throws Error with its last words when it ends instead. */
  readyBot(): Promise<Bot>;
  close(): Promise<void>;
}

export type WireName = 'slack' | 'github' | 'cluster' | 'database';

export interface WorldOptions {
  readonly seed: number;
  readonly database: DatabaseKind;
  /** How many times as fast as the machine's time. */
  readonly speed?: number;
  /** Bots come and go by the second: one waits, loaded. */
  readonly isHasty?: boolean;
  /** Where the SQLite file is to be, when not in the world's own folder. */
  readonly databaseFolder?: string;
}

/** Slack's 3 s for an acknowledgement are 300 ms of the machine's then: a loaded bot still makes that. */
const usualSpeed = 10;
/**
 * Where replicas watch each other's leases, of which they keep a margin of 1.5 s: 300 ms of the machine's, which a busy one
 * may well stand still for otherwise.
 */
export const sharedSpeed = 5;

export async function openWorld(options: WorldOptions): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'greenlight-chaos-'));
  const closes: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  const close = async () => {
    for (const one of closes.toReversed()) await one();
  };
  try {
    const pace = paceFromNow(options.speed ?? usualSpeed);
    const clock = fastClock(pace);
    const places: Partial<Record<WireName, Place>> = {};
    const wire = async (name: WireName) => {
      const laid = await layWire(() => places[name] ?? { host: '127.0.0.1', port: 9 });
      closes.push(() => laid.stop());
      return laid;
    };
    const wires = {
      slack: await wire('slack'),
      github: await wire('github'),
      cluster: await wire('cluster'),
      database: await wire('database'),
    };
    const at = (name: WireName) => `http://127.0.0.1:${wires[name].port}`;
    const database = await openDatabase(
      options.database,
      options.databaseFolder ?? folder,
      wires.database.port,
    );
    closes.push(() => database.close());
    if (database.place) places.database = database.place;
    const { sandbox, settings } = await openSandbox({
      ...{ port: 0, mode: 'socket', clock, slackSeenAt: at('slack') },
      // No supervisor starts a bot again every few seconds; where we do, Slack would let only the first ten connect.
      ...(options.isHasty ? { rateLimits: { except: ['apps.connections.open'] } } : {}),
      dataFolder: await roomyData(folder),
      database: join(folder, 'greenlight.db'),
    });
    closes.push(() => sandbox.stop());
    const { slack, github, cluster } = sandbox;
    places.slack = placeOf(slack.url);
    places.github = placeOf(github.url);
    places.cluster = placeOf(cluster.url);
    const { database: _file, ...others } = settings;
    const wired = {
      ...others,
      slack: { ...settings.slack, apiUrl: `${at('slack')}/api/` },
      github: { ...settings.github, baseUrl: at('github') },
      kubeconfig: { literal: sandbox.credentials.kubeconfig.replaceAll(cluster.url, at('cluster')) },
    };
    const seen = watchBoxes(sandbox);
    const bots = createBots(options.isHasty ?? false);
    closes.push(() => bots.stop());
    let clockOffsetMs = 0;
    const startBot = () => bots.start({ settings: wired, database: database.forBots, pace, clockOffsetMs });
    return {
      ...{ sandbox, clock, pace, seen, bots, database, wires, folder, startBot, close },
      draw: seededDraw(options.seed),
      setClock(offsetMs, whose) {
        if (whose === 'all') clockOffsetMs = offsetMs;
        for (const bot of whose === 'all' ? bots.living() : bots.living().slice(0, 1)) {
          bot.tell({ clockOffsetMs: offsetMs });
        }
      },
      async readyBot() {
        const bot = startBot();
        if (await bot.ready) return bot;
        const words = bots.log.filter((line) => line.bot === bot.name).map((line) => JSON.stringify(line));
        throw new Error(`${bot.name} did not start: ${words.slice(-3).join('\n')}`);
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function placeOf(url: string): Place {
  const { hostname: host, port } = new URL(url);
  return { host, port: Number(port) };
}

/** The shipped guardrails, without the limits that a few people at a hundred times the usual haste would only run into. */
async function roomyData(folder: string): Promise<string> {
  const data = join(folder, 'data');
  await cp(new URL('../../data', import.meta.url), data, {
    recursive: true,
    filter: (path) => !path.includes('.db'),
  });
  const policy = join(data, 'policy.yml');
  const text = await readFile(policy, 'utf8');
  const roomy = text.replace('requests: 60\n', 'requests: 10000\n').replace('alive: 60\n', 'alive: 10000\n');
  if (roomy === text) throw new Error('data/policy.yml has other limits than those that chaos makes room in');
  await writeFile(policy, roomy);
  return data;
}
