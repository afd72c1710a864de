/** Processes of the bot: started, killed, stopped for a while; what they log is kept. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { startFlags } from '../../bench/process/start-command.ts';
import type { BotMessage, BotOrder } from './bot.ts';

export interface LogLine {
  readonly bot: string;
  readonly level: string;
  readonly msg: string;
  readonly [field: string]: unknown;
}

export interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
}

export interface Bot {
  readonly name: string;
  readonly pid: number | undefined;
  /** `undefined` while it lives. */
  ended(): Ended | undefined;
  isReady(): boolean;
  /** Resolves when it is ready, or has ended instead: `false`. */
  readonly ready: Promise<boolean>;
  readonly exited: Promise<void>;
  signal(signal: NodeJS.Signals): void;
  kill(): Promise<void>;
  tell(message: BotMessage): void;
}

export interface Bots {
  readonly log: readonly LogLine[];
  /** All that were ever started. */
  readonly all: readonly Bot[];
  start(order: Omit<BotOrder, 'name'>): Bot;
  living(): readonly Bot[];
  /** Kills what is left: nothing that was started outlives the driver. */
  stop(): Promise<void>;
}

/** @param isHasty one always waits with its modules loaded: half of a start is that. */
export function createBots(isHasty: boolean): Bots {
  const all: Bot[] = [];
  const log: LogLine[] = [];
  let spare: ChildProcess | undefined;
  let isOver = false;

  function start(order: Omit<BotOrder, 'name'>): Bot {
    const child = spare ?? load();
    spare = undefined;
    const name = `b${all.length + 1}`;
    const bot = follow(child, name, log);
    bot.tell({ order: { ...order, name } });
    all.push(bot);
    if (isHasty) {
      void bot.ready.then(() => {
        if (!isOver) spare ??= load();
      });
    }
    return bot;
  }

  const living = () => all.filter((bot) => bot.ended() === undefined);
  return {
    ...{ log, all, start, living },
    async stop() {
      isOver = true;
      spare?.kill('SIGKILL');
      await Promise.all(living().map((bot) => bot.kill()));
    },
  };
}

function load(): ChildProcess {
  return fork(new URL('bot.ts', import.meta.url), {
    execArgv: [...startFlags],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
}

function follow(child: ChildProcess, name: string, log: LogLine[]): Bot {
  let isReady = false;
  let ended: Ended | undefined;
  const exited = once(child, 'exit').then(([code, signal]) => {
    ended = { code, signal };
  });
  const { promise: ready, resolve } = Promise.withResolvers<boolean>();
  child.once('message', () => {
    isReady = true;
    resolve(true);
  });
  void exited.then(() => resolve(false));
  for (const stream of [child.stdout, child.stderr]) {
    if (stream) createInterface(stream).on('line', (line) => log.push(readLine(line, name)));
  }
  return {
    ...{ name, ready, exited, pid: child.pid },
    ended: () => ended,
    isReady: () => isReady,
    signal: (signal) => void child.kill(signal),
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
    tell(message) {
      // It may have died in this moment, which is nobody's mistake here.
      if (child.connected) child.send(message, () => undefined);
    },
  };
}

/** What is no line of our log (a stack of Node's own) is an error. */
function readLine(line: string, bot: string): LogLine {
  try {
    return { ...(JSON.parse(line) as Omit<LogLine, 'bot'>), bot } as LogLine;
  } catch {
    return { bot, level: 'error', msg: line };
  }
}
