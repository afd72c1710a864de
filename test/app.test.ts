/** Starting and ending as a whole: all of it, or nothing. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { startApp } from '../src/app.ts';
import { newSigningKey } from '../src/audit/checkpoint.ts';
import { secondMs } from '../src/core/duration.ts';
import type { Scheduler } from '../src/core/ports.ts';
import { createWorldClock } from '../src/sandbox/clock.ts';
import type { Sandbox } from '../src/sandbox/sandbox.ts';
import type { AppSettings } from '../src/settings/app-settings.ts';
import { openSandbox } from '../src/start-sandboxed.ts';
import { openStore } from '../src/store/open-store.ts';
import { dataFolder, quietLog } from './stories/support.ts';

let folder: string;
/** All that a data folder needs, but for the policy. */
let badData: string;
let sandbox: Sandbox;
let settings: AppSettings;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'greenlight-app-'));
  badData = join(folder, 'data');
  await cp(dataFolder, badData, { recursive: true });
  await writeFile(join(badData, 'policy.yml'), 'rules: none');
  const database = join(folder, 'greenlight.db');
  ({ sandbox, settings } = await openSandbox({ port: 0, mode: 'socket', dataFolder, database }));
});

afterAll(async () => {
  await sandbox.stop();
  await rm(folder, { recursive: true, force: true });
});

/** A scheduler that knows what it still has to fire: each of these would keep the process alive. */
function countedTimers() {
  const pending = new Set<NodeJS.Timeout>();
  return {
    pending,
    after(delayMs: number, fire: () => void) {
      const timer = setTimeout(() => {
        pending.delete(timer);
        fire();
      }, delayMs);
      pending.add(timer);
      return {
        cancel() {
          clearTimeout(timer);
          pending.delete(timer);
        },
      };
    },
  };
}

describe('an app that cannot start says why and leaves nothing running', () => {
  test.each<[string, (whole: AppSettings) => AppSettings]>([
    ['the bot token is wrong', (whole) => slackWith(whole, { botToken: 'xoxb-wrong' })],
    ['the token is of another workspace', (whole) => slackWith(whole, { teamId: 'T0OTHER' })],
    [
      'the app token is wrong',
      (whole) => slackWith(whole, { transport: { mode: 'socket', appToken: 'xapp-wrong' } }),
    ],
    ['the policy is none', (whole) => ({ ...whole, dataFolder: badData })],
    ['the kubeconfig is none', (whole) => ({ ...whole, kubeconfig: { literal: 'no kubeconfig' } })],
    ['the database cannot be opened', (whole) => ({ ...whole, database: { file: folder } })],
  ])('when %s', async (_why, spoil) => {
    const scheduler = countedTimers();
    const starting = startApp(spoil(settings), environmentWith(scheduler));
    await expect(starting).rejects.toThrow();
    expect(scheduler.pending.size).toBe(0);
  });

  test('when its port is taken', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const scheduler = countedTimers();
    const transport = { mode: 'http', signingSecret: 'secret', port, host: '127.0.0.1' } as const;
    const starting = startApp(slackWith(settings, { transport }), environmentWith(scheduler));
    await expect(starting).rejects.toThrow('EADDRINUSE');
    expect(scheduler.pending.size).toBe(0);
    await new Promise((resolve) => server.close(resolve));
  });
});

test('an app that starts finds no fault with itself; ended, it leaves nothing running and signs the audit once more', async () => {
  const before = await openStore(settings.database);
  const refused = {
    at: 1,
    door: '/env',
    code: 'not_signed',
    sentence: 'No.',
    reference: 'r',
    times: 1,
  } as const;
  await before.addRefusal(refused);
  await before.close();
  const sink = join(folder, 'audit.jsonl');
  const audit = { key: newSigningKey(), anchors: [], sinks: [{ kind: 'file', path: sink }] } as const;
  const scheduler = countedTimers();
  const faults: string[] = [];
  const app = await startApp({ ...settings, audit }, environmentWith(scheduler, faults));
  await app.settle();
  expect(faults).toEqual([]);
  await app.stop();
  expect(scheduler.pending.size).toBe(0);
  const after = await openStore(settings.database);
  expect(await after.checkpoints(0, 10)).toMatchObject([{ checkpoint: { position: 1 } }]);
  await after.close();
  expect(await readFile(sink, 'utf8')).toContain('"type":"not_signed"');
});

test('an app that leads takes up the clicks of a process that has died over them', async () => {
  const clock = createWorldClock({ mode: 'still', startAt: Date.now() });
  const before = await openStore(settings.database);
  await before.keepClick('b:left', 'nobody of us has sealed this', clock.now(), 1);
  await before.close();
  const faults: string[] = [];
  const app = await startApp(settings, { ...environmentWith(clock, faults), clock });
  onTestFinished(() => app.stop());
  await app.settle();
  await clock.advance(10 * secondMs);
  await app.settle();
  expect(faults).toEqual(['a kept click could not be carried out']);
});

function slackWith(whole: AppSettings, slack: Partial<AppSettings['slack']>): AppSettings {
  return { ...whole, slack: { ...whole.slack, ...slack } };
}

/** @param faults gets what the log calls an error. */
function environmentWith(scheduler: Scheduler, faults: string[] = []) {
  const log = { ...quietLog, error: (_fields: object, message: string) => void faults.push(message) };
  return {
    clock: { now: () => Date.now() },
    scheduler,
    chance: { reference: () => 'ref00001' },
    log,
    draw: () => 0.5,
  };
}
