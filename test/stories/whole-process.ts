/** The bot as people start it, `npm start` with its environment, against a sandbox of the test's: to be signalled. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { environmentOf } from '../../bench/process/environment.ts';
import { startFile, startFlags } from '../../bench/process/start-command.ts';
import { freePort } from '../../src/free-port.ts';
import { connectSandbox } from '../../src/sandbox/client.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { Secret } from '../../src/settings/secret.ts';
import { openSandbox } from '../../src/start-sandboxed.ts';
import { openStore } from '../../src/store/open-store.ts';
import { dataFolder } from './support.ts';

export interface WholeProcess {
  readonly process: ChildProcess;
  readonly lines: readonly string[];
  /** What `/readyz` or `/healthz` says: the status, or 0 when nobody answers. */
  health(path: '/readyz' | '/healthz'): Promise<number>;
  /** How it ended, and how long after this call. */
  ended(): Promise<{ readonly code: number | null; readonly tookMs: number }>;
}

export interface StartOptions {
  /** The folder of another version of the whole project: this one's by default. */
  readonly root?: string;
  /** Over what is set for every process of the world. */
  readonly environment?: Readonly<Record<string, string>>;
}

export interface WholeWorld {
  readonly sandbox: Sandbox;
  readonly people: ReturnType<typeof connectSandbox>;
  /** Does not wait for it to be ready. */
  begin(options?: StartOptions): Promise<WholeProcess>;
  /** @throws Error with all that it said when it ends instead of being ready. */
  start(options?: StartOptions): Promise<WholeProcess>;
  /** Resolves when a step of some request has begun. */
  stepBegun(): Promise<void>;
  /** Successful calls of an operation, whoever made them. */
  calls(operation: RegExp): number;
  close(): Promise<void>;
}

/** @param databaseUrl of a PostgreSQL; a file of the world's own by default. */
export async function openWholeWorld(databaseUrl?: string): Promise<WholeWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'greenlight-signals-'));
  const database = join(folder, 'greenlight.db');
  const { sandbox } = await openSandbox({ port: 0, mode: 'socket', dataFolder, database });
  const { GREENLIGHT_DATABASE: file = database, ...others } = await environmentOf(sandbox, folder);
  const environment = {
    ...others,
    ...(databaseUrl === undefined ? { GREENLIGHT_DATABASE: file } : { DATABASE_URL: databaseUrl }),
  };
  const started: ChildProcess[] = [];

  async function begin({ root = projectRoot, environment: over = {} }: StartOptions = {}) {
    const port = await freePort();
    const child = spawn(process.execPath, [...startFlags, startFile], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...environment,
        PATH: process.env.PATH,
        SLACK_APP_TOKEN: sandbox.credentials.slack.appToken,
        GREENLIGHT_HEALTH_PORT: String(port),
        ...over,
      },
    });
    started.push(child);
    const closed = once(child, 'close');
    const lines: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      createInterface(stream).on('line', (line) => lines.push(line));
    }
    return {
      process: child,
      lines,
      async health(path: '/readyz' | '/healthz') {
        const answer = await fetch(`http://127.0.0.1:${port}${path}`).catch(() => undefined);
        await answer?.text();
        return answer?.status ?? 0;
      },
      async ended() {
        const since = Date.now();
        const [code] = await closed;
        return { code, tookMs: Date.now() - since };
      },
    };
  }

  return {
    sandbox,
    people: connectSandbox(sandbox.url),
    begin,
    async start(options) {
      const one = await begin(options);
      await until(async () => {
        if (one.process.exitCode !== null) throw new Error(`it did not start:\n${one.lines.join('\n')}`);
        return (await one.health('/readyz')) === 200;
      });
      return one;
    },
    async stepBegun() {
      const place = databaseUrl === undefined ? { file } : { url: new Secret(databaseUrl) };
      const store = await openStore(place, { isReadOnly: true });
      await until(async () => (await store.list({ statuses: ['running'], limit: 1 })).length > 0);
      await until(async () => {
        const [request] = await store.list({ statuses: ['running'], limit: 1 });
        return request?.steps.some(({ state }) => state === 'running') ?? false;
      });
      await store.close();
    },
    calls: (operation) =>
      sandbox.journal
        .since(0)
        .filter((entry) => operation.test(entry.operation) && Number(entry.outcome) < 300).length,
    async close() {
      for (const child of started) if (child.exitCode === null) child.kill('SIGKILL');
      await sandbox.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const projectRoot = fileURLToPath(new URL('../..', import.meta.url));

/** Real processes keep no test's time: looks again until it is so, for half a minute at most. */
export async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let looks = 0; !(await isSo()); looks++) {
    if (looks > 600) throw new Error('it did not come to that');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
