/** A replica is given no work before its database is of its schema, nor while that only reads, and is not killed for it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startApp } from '../src/app.ts';
import { systemChance } from '../src/chance.ts';
import { systemClock, systemScheduler } from '../src/clock.ts';
import { freePort } from '../src/free-port.ts';
import { Secret } from '../src/settings/secret.ts';
import { openSandbox } from '../src/start-sandboxed.ts';
import { migrate } from '../src/store/migrate.ts';
import { kyselyOverPostgres } from '../src/store/postgres.ts';
import { postgresDialect } from '../src/store/postgres-dialect.ts';
import { newDatabase, reusableDatabase } from './postgres/databases.ts';
import { dataFolder, quietLog } from './stories/support.ts';
import { until } from './stories/whole-process.ts';

test('a PostgreSQL that only reads makes it not ready, with the reason, until it takes writes again', async () => {
  const database = await reusableDatabase();
  onTestFinished(() => database.close());
  const { starting, ask } = await start(database.url);
  await starting;
  const ready = () => ask('/readyz');
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

test('one whose new schema waits for a backup is alive, and not ready before it has it', async () => {
  const url = await newDatabase('nothing');
  const db = kyselyOverPostgres({ url, isUnhurried: true });
  await migrate(db, postgresDialect, '0024-by-time');
  const release = Promise.withResolvers<void>();
  // The next one alters it.
  const backup = db.transaction().execute(async (moment) => {
    await moment.selectFrom('deliveries').select('key').execute();
    await release.promise;
  });
  const { starting, ask } = await start(url);
  onTestFinished(() => release.resolve());
  await until(async () => (await ask('/healthz')).status === 200);
  expect(await ask('/readyz')).toEqual({
    status: 503,
    text: '{"ready":false,"failed":["slack","database"]}',
  });
  release.resolve();
  await backup;
  await db.destroy();
  await starting;
  await until(async () => (await ask('/readyz')).status === 200);
}, 90_000);

/** One that answers how it is from its start on. */
async function start(url: string) {
  const folder = await mkdtemp(join(tmpdir(), 'greenlight-ready-'));
  const { sandbox, settings } = await openSandbox({
    ...{ port: 0, mode: 'socket', dataFolder, database: join(folder, 'none.db') },
  });
  const port = await freePort();
  const starting = startApp(
    { ...settings, database: { url: new Secret(url) }, health: { port, host: '127.0.0.1' } },
    {
      ...{ clock: systemClock, scheduler: systemScheduler, chance: systemChance, draw: Math.random },
      log: { ...quietLog, error: () => undefined },
    },
  );
  onTestFinished(async () => {
    await (await starting).stop();
    await sandbox.stop();
    await rm(folder, { recursive: true });
  });
  return {
    starting,
    /** Status 0: nobody answers. */
    async ask(path: '/healthz' | '/readyz') {
      const answer = await fetch(`http://127.0.0.1:${port}${path}`).catch(() => undefined);
      return { status: answer?.status ?? 0, text: (await answer?.text()) ?? '' };
    },
  };
}
