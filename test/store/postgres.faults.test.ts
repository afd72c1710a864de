/** PostgreSQL under a load that no company has, restarted, frozen and taken away. */

import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openPostgresStore } from '../../src/store/postgres.ts';
import { dana, deskWorld, priya, sam, twoPeople, value } from '../desk/desk-world.ts';
import { startPostgres } from '../postgres/server.ts';
import { evaluated, submit, write } from './example-requests.ts';
import { describeStoreInAnyOrder } from './store-contract.ts';
import { promiseRaces, promiseWakes } from './store-races.ts';
import { twoReplicas } from './two-replicas.ts';

const { database, one, other } = await twoReplicas();

describeStoreInAnyOrder('the PostgreSQL store', () => openPostgresStore({ url: database.url }));

describe('two replicas with many connections', () => {
  promiseRaces(() => [one, other], 60);
  promiseWakes(() => [one, other], 50);

  test('of 200 requests that two people approve while both runners park them, none stays behind', async () => {
    const here = await deskWorld(twoPeople, { store: one });
    const there = await deskWorld(twoPeople, { store: other });
    const runners = [here.startRunner(), there.startRunner()];
    for (let batch = 0; batch < 10; batch++) {
      const ids = await Promise.all(Array.from({ length: 20 }, () => here.ask(dana)));
      const reviews = await Promise.all(ids.flatMap((id) => [here.review(id, sam), there.review(id, priya)]));
      for (const review of reviews) value(review);
      for (const runner of [...runners, ...runners]) await runner.settle();
      const requests = await Promise.all(ids.map((id) => here.request(id)));
      expect(requests.map(({ status }) => status)).toEqual(ids.map(() => 'succeeded'));
    }
  });
});

test('in all of that nobody had to be chosen to end a deadlock', async () => {
  // What was counted is told a moment later (stats are flushed once a second).
  await setTimeout(1_500);
  const { rows } = await database.sql(
    'select deadlocks from pg_stat_database where datname = current_database()',
  );
  expect(Number(rows[0].deadlocks)).toBe(0);
});

test('whoever was chosen to end a deadlock begins anew, and nobody hears of it', async () => {
  const [ada, bob] = [await submit(one, 'a'), await submit(one, 'b')];
  const rude = new pg.Client({ connectionString: database.url });
  await rude.connect();
  // Somebody else's transaction takes the rows in another order than ours, and waits for longer than we do.
  await rude.query("set deadlock_timeout = '10s'; begin");
  await rude.query("update audit_head set hash = hash where name = 'chain'");
  const written = write(one, ada, [evaluated('hold')]);
  await waitingFor(1);
  await rude.query(`update requests set due_at = due_at where number = 1`);
  await rude.query('commit');
  await rude.end();
  expect(await written).toMatchObject({ version: 2 });
  expect(await one.history(bob.id)).toHaveLength(1);
});

describe('a server of its own', () => {
  test('is restarted: whoever writes meanwhile is told so, and all go on, also those who listen', async () => {
    const server = await startPostgres();
    onTestFinished(() => server.stop());
    const url = await server.createDatabase();
    const [here, there] = [await openPostgresStore({ url }), await openPostgresStore({ url })];
    let heard = 0;
    there.listen(() => {
      heard += 1;
    });
    await submit(here, 'before');
    await server.pause();
    await expect(submit(here, 'meanwhile')).rejects.toMatchObject({
      problem: { code: 'outside_unavailable', isTransient: true },
    });
    await expect(there.list({ limit: 1 })).rejects.toMatchObject({ problem: { isTransient: true } });
    await server.start();
    await submit(here, 'after');
    expect(await there.list({ limit: 9 })).toHaveLength(2);
    await expect.poll(() => heard, { timeout: 5_000 }).toBeGreaterThan(0);
    const before = heard;
    await submit(here, 'and again');
    await expect.poll(() => heard).toBeGreaterThan(before);
    await here.close();
    await there.close();
  });

  test('answers no more, as behind a cable that was pulled: whoever waits is told so, and it goes on after', async () => {
    const wire = await wireTo(Number(new URL(database.url).port));
    const store = await openPostgresStore({
      url: Object.assign(new URL(database.url), { port: String(wire.port) }).href,
    });
    onTestFinished(() => store.close());
    await submit(store, 'before');
    wire.freeze();
    const began = performance.now();
    await expect(submit(store, 'meanwhile')).rejects.toMatchObject({
      problem: { code: 'outside_unavailable', isTransient: true },
    });
    expect(performance.now() - began).toBeLessThan(25_000);
    wire.thaw();
    await submit(store, 'after');
  });

  test('is there without an installed one, and without the install script of the package', async () => {
    const server = await startPostgres({ folders: [tmpdir()] });
    onTestFinished(() => server.stop());
    const store = await openPostgresStore({ url: await server.createDatabase() });
    expect((await submit(store, 'a')).id).toBe('REQ-1');
    await store.close();
  });
});

/** A way to the server through which for a while nothing comes. */
async function wireTo(port: number) {
  let isFrozen = false;
  const sockets = new Set<Socket>();
  const proxy = createServer((from) => {
    const to = connect(port, '127.0.0.1');
    for (const [one, another] of [
      [from, to],
      [to, from],
    ] as const) {
      sockets.add(one);
      one.on('data', (part) => void (isFrozen || another.write(part)));
      one.on('error', () => undefined);
      one.on('close', () => another.destroy());
    }
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    proxy.close();
  });
  return {
    port: (proxy.address() as AddressInfo).port,
    freeze: () => {
      isFrozen = true;
    },
    thaw: () => {
      isFrozen = false;
    },
  };
}

/** Until so many connections wait for a lock. */
async function waitingFor(number: number): Promise<void> {
  for (;;) {
    const { rows } = await database.sql(
      "select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    );
    if (rows.length >= number) return;
  }
}
