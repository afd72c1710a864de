/** A replica whose database changes into one that only reads is given no work, and is again once it takes writes. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startApp } from '../src/app.ts';
import { systemChance } from '../src/chance.ts';
import { systemClock, systemScheduler } from '../src/clock.ts';
import { Secret } from '../src/settings/secret.ts';
import { openSandbox } from '../src/start-sandboxed.ts';
import { reusableDatabase } from './postgres/databases.ts';
import { dataFolder, quietLog } from './stories/support.ts';
import { until } from './stories/whole-process.ts';

test('a PostgreSQL that only reads makes it not ready, with the reason, until it takes writes again', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'greenlight-ready-'));
  const database = await reusableDatabase();
  const { sandbox, settings } = await openSandbox({
    ...{ port: 0, mode: 'socket', dataFolder, database: join(folder, 'none.db') },
  });
  const app = await startApp(
    {
      ...settings,
      database: { url: new Secret(database.url) },
      health: { port: 0, host: '127.0.0.1' },
    },
    {
      ...{ clock: systemClock, scheduler: systemScheduler, chance: systemChance, draw: Math.random },
      log: { ...quietLog, error: () => undefined },
    },
  );
  onTestFinished(async () => {
    await app.stop();
    await sandbox.stop();
    await database.close();
    await rm(folder, { recursive: true });
  });
  const ready = async () => {
    const answer = await fetch(`http://127.0.0.1:${app.healthPort}/readyz`);
    return { status: answer.status, text: await answer.text() };
  };
  const name = new URL(database.url).pathname.slice(1);
  const endOthers =
    'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()';
  /** Ends every connection until it is so: one that was being opened meanwhile still goes by what was set before. */
  const onceReconnected = async (isSo: () => Promise<boolean>) => {
    let looks = 0;
    await until(async () => {
      if (looks++ % 40 === 0) await database.sql(endOthers);
      return isSo();
    });
  };
  await until(async () => (await ready()).status === 200);
  await database.sql(`alter database "${name}" set default_transaction_read_only = on`);
  await onceReconnected(async () => (await ready()).text.includes('"database":"PostgreSQL only reads'));
  expect((await ready()).status).toBe(503);
  await database.sql('set default_transaction_read_only = off');
  await database.sql(`alter database "${name}" reset default_transaction_read_only`);
  await onceReconnected(async () => (await ready()).status === 200);
}, 90_000);
