/**
 * The bot as a machine runs it: `npm start` in a process of its own, against boxes that answer at once. To profile it, ask
 * Node: `NODE_OPTIONS="--cpu-prof --cpu-prof-dir=profiles" node bench/start.ts` leaves a profile of every process.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { parse } from 'yaml';
import { loadActions } from '../../src/actions/load.ts';
import type { WorldClock } from '../../src/sandbox/clock.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { type SlackSeed, slackSeedSchema } from '../../src/sandbox/slack/seed.ts';
import { manifestOf, slackPath } from '../../src/slack/manifest.ts';
import { environmentOf } from './environment.ts';
import { signingSecret } from './secret.ts';
import { startFile, startFlags } from './start-command.ts';

const root = new URL('../../', import.meta.url);

export interface Company {
  readonly world: Sandbox;
  /** Accounts that nobody in the catalog knows: members of no group. */
  readonly people: readonly string[];
}

/** Acme with so many more people, its boxes without rate limits. `clock`: the boxes' time, when it is not the machine's. */
export async function openCompany(size: number, clock?: WorldClock): Promise<Company> {
  const seed = slackSeedSchema.parse(
    parse(await readFile(new URL('src/sandbox/seed/slack.yml', root), 'utf8')),
  );
  const people = Array.from({ length: size }, (_, index) => `U0BENCH${index}`);
  const slackSeed: SlackSeed = {
    ...seed,
    app: { ...seed.app, signingSecret },
    people: [
      ...seed.people,
      ...people.map((id) => ({
        ...{ id, name: id.toLowerCase(), realName: id, email: `${id.toLowerCase()}@acme.example` },
        ...{ title: '', avatarColor: '#616061', timeZone: 'Europe/Berlin', isAdmin: false },
        kind: 'member' as const,
      })),
    ],
  };
  const world = await startSandbox({
    ports: { slack: 0, github: 0, cluster: 0 },
    manifest: manifestOf(await loadActions(), { mode: 'http', publicUrl: 'http://127.0.0.1:1' }),
    slackSeed,
    rateLimits: false,
    ...(clock ? { clock } : {}),
  });
  return { world, people };
}

export interface Bot {
  readonly url: string;
  /** From the start of the process until it said that it is ready, in ms. */
  readonly readyMs: number;
  /** Of that, on the processors; nothing where the system does not tell. */
  readonly readyProcessorMs: number | undefined;
  readonly process: ChildProcess;
  stop(): Promise<void>;
}

const overHttp = {
  SLACK_MODE: 'http',
  SLACK_SIGNING_SECRET: signingSecret,
  HOST: '127.0.0.1',
  PORT: '0',
};

/** As deploy/Dockerfile has it. */
const allocator = {
  MALLOC_ARENA_MAX: '1',
  MALLOC_TRIM_THRESHOLD_: '131072',
  MALLOC_MMAP_THRESHOLD_: '32768',
};

/** @throws Error when it ends before it is ready. */
export async function startBot(
  { world }: Company,
  folder: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<Bot> {
  const begunAt = performance.now();
  const child = spawn(process.execPath, [...startFlags, new URL(startFile, root).pathname], {
    env: {
      ...process.env,
      ...allocator,
      ...(await environmentOf(world, folder)),
      ...overHttp,
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const port = await portOf(child);
  return {
    url: `http://127.0.0.1:${port}${slackPath}`,
    readyMs: performance.now() - begunAt,
    readyProcessorMs: await processorMs(child),
    process: child,
    async stop() {
      const over = once(child, 'exit');
      child.kill('SIGTERM');
      await over;
    },
  };
}

/** What a process has used of the processors so far, in ms; nothing where the system does not say it in /proc. */
export async function processorMs({ pid }: ChildProcess): Promise<number | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  // The fields after the name, which is in brackets: the 12th and 13th count hundredths of a second (man 5 proc).
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields && (Number(fields[11]) + Number(fields[12])) * 10;
}

/** It logs as in production; the line of its readiness names the port. */
async function portOf(child: ChildProcess): Promise<number> {
  const { stdout } = child;
  if (!stdout) throw new Error('the bot has no output');
  const lines = createInterface({ input: stdout });
  const ready = new Promise<number>((resolve) => {
    lines.on('line', (line) => {
      if (line.includes('Greenlight is ready')) resolve(Number(JSON.parse(line).port));
    });
  });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the bot ended with ${code} before it was ready`);
  });
  return Promise.race([ready, ended]);
}
