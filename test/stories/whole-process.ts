/** The bot as people start it, `src/start.js` with its environment, against a sandbox of the test's: to be signalled. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { environmentOf } from '../../bench/process/environment.ts';
import { freePort } from '../../src/free-port.ts';
import { connectSandbox } from '../../src/sandbox/client.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
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

export interface WholeWorld {
  readonly sandbox: Sandbox;
  readonly people: ReturnType<typeof connectSandbox>;
  start(): Promise<WholeProcess>;
  /** Resolves when a step of some request has begun. */
  stepBegun(): Promise<void>;
  /** Successful calls of an operation, whoever made them. */
  calls(operation: RegExp): number;
  close(): Promise<void>;
}

export async function openWholeWorld(): Promise<WholeWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'greenlight-signals-'));
  const database = join(folder, 'greenlight.db');
  const { sandbox } = await openSandbox({ port: 0, mode: 'socket', dataFolder, database });
  const environment = await environmentOf(sandbox, folder);
  const started: ChildProcess[] = [];

  return {
    sandbox,
    people: connectSandbox(sandbox.url),
    async start() {
      const port = await freePort();
      const child = spawn(process.execPath, ['src/start.js'], {
        cwd: new URL('../..', import.meta.url),
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
          ...environment,
          PATH: process.env.PATH,
          SLACK_APP_TOKEN: sandbox.credentials.slack.appToken,
          GREENLIGHT_HEALTH_PORT: String(port),
        },
      });
      started.push(child);
      const exited = once(child, 'exit');
      const lines: string[] = [];
      for (const stream of [child.stdout, child.stderr]) {
        createInterface(stream).on('line', (line) => lines.push(line));
      }
      const one: WholeProcess = {
        process: child,
        lines,
        async health(path) {
          const answer = await fetch(`http://127.0.0.1:${port}${path}`).catch(() => undefined);
          await answer?.text();
          return answer?.status ?? 0;
        },
        async ended() {
          const since = Date.now();
          const [code] = await exited;
          return { code, tookMs: Date.now() - since };
        },
      };
      await until(async () => {
        if (child.exitCode !== null) throw new Error(`it did not start:\n${lines.join('\n')}`);
        return (await one.health('/readyz')) === 200;
      });
      return one;
    },
    async stepBegun() {
      const store = await openStore({ file: database }, { isReadOnly: true });
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

/** Real processes keep no test's time: looks again until it is so, for half a minute at most. */
export async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let looks = 0; !(await isSo()); looks++) {
    if (looks > 600) throw new Error('it did not come to that');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
