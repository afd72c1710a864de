/** What becomes of a server, or of its last word, in the middle of our work. */
import { type AddressInfo, connect, createServer } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { openPostgresStore } from '../../src/store/postgres.ts';
import { postgresProblem } from '../../src/store/postgres-problems.ts';
import { type ReusableDatabase, reusableDatabase } from '../postgres/databases.ts';
import { evaluated, submit, write } from './example-requests.ts';

let database: ReusableDatabase;
beforeAll(async () => {
  database = await reusableDatabase();
});
beforeEach(() => database.renew());
afterAll(() => database.close());

async function openStore(url: string) {
  const store = await openPostgresStore({ url });
  onTestFinished(() => store.close());
  return store;
}

test('a request whose commit was answered by nobody is one request, and its requester hears that it is there', async () => {
  const wire = await wireTo(Number(new URL(database.url).port));
  const store = await openStore(Object.assign(new URL(database.url), { port: String(wire.port) }).href);
  await submit(store, 'before');
  wire.swallowNextCommit();
  expect((await submit(store, 'a')).id).toBe('REQ-2');
  expect(await store.list({ limit: 9 })).toHaveLength(2);
});

test('a change whose commit was answered by nobody is not made again', async () => {
  const wire = await wireTo(Number(new URL(database.url).port));
  const store = await openStore(Object.assign(new URL(database.url), { port: String(wire.port) }).href);
  const request = await submit(store, 'a');
  wire.swallowNextCommit();
  await expect(write(store, request, [evaluated('require_approval')])).rejects.toMatchObject({
    problem: { code: 'outside_unavailable', next: expect.stringContaining('/requests') },
  });
  expect(await store.history(request.id)).toHaveLength(2);
});

test('a server that became a standby is left for the one that took its place', async () => {
  const store = await openStore(database.url);
  const name = new URL(database.url).pathname.slice(1);
  await database.sql(`alter database "${name}" set default_transaction_read_only = on`);
  await database.sql(
    'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  );
  await submit(store, 'a').catch(() => undefined);
  await expect(submit(store, 'a')).rejects.toMatchObject({ problem: { code: 'outside_unavailable' } });
  await database.sql('set default_transaction_read_only = off');
  await database.sql(`alter database "${name}" reset default_transaction_read_only`);
  expect((await submit(store, 'a')).id).toBe('REQ-1');
});

test('a database that only reads is none to be given work for, and says so', async () => {
  const name = new URL(database.url).pathname.slice(1);
  const before = await openStore(database.url);
  await before.expectWritable();
  await database.sql(`alter database "${name}" set default_transaction_read_only = on`);
  onTestFinished(async () => {
    await database.sql('set default_transaction_read_only = off');
    await database.sql(`alter database "${name}" reset default_transaction_read_only`);
  });
  const store = await openStore(database.url);
  expect(await store.list({ limit: 9 })).toEqual([]);
  await expect(store.expectWritable()).rejects.toMatchObject({
    problem: { sentence: 'PostgreSQL only reads: default_transaction_read_only is on.' },
  });
});

test('a replica that stands still in the middle of a change holds others up, but fails none of them', async () => {
  const wire = await wireTo(Number(new URL(database.url).port));
  const paused = await openStore(Object.assign(new URL(database.url), { port: String(wire.port) }).href);
  const other = await openStore(database.url);
  await submit(paused, 'before');
  const held = wire.keepBackNextCommit();
  const lost = submit(paused, 'a').catch((error: unknown) => error);
  await held;
  expect((await submit(other, 'b')).id).toBe('REQ-2');
  wire.letGo();
  expect(await lost).toMatchObject({ id: 'REQ-3' });
});

test.each(['08P01', '26000'])(
  'a pooler that shares its connections (%s) is told as such, and gives up no request',
  (code) => {
    const told = postgresProblem(Object.assign(new Error('as it says'), { code }));
    expect(told).toMatchObject({ isTransient: true, detail: expect.stringContaining('pooler') });
  },
);

/** A way to the server that can lose the answer to a commit with the connection, or keep a commit back. */
async function wireTo(port: number) {
  let isToSwallow = false;
  let keptBack: (() => void) | undefined;
  let letGo = () => {};
  const proxy = createServer((from) => {
    const to = connect(port, '127.0.0.1');
    let isCommitting = false;
    from.on('data', (part) => {
      if (keptBack && part.includes('commit\0')) {
        letGo = () => void to.write(part);
        keptBack();
        keptBack = undefined;
        return;
      }
      if (isToSwallow && part.includes('commit\0')) [isToSwallow, isCommitting] = [false, true];
      to.write(part);
    });
    to.on('data', (part) => {
      if (isCommitting) from.destroy();
      else from.write(part);
    });
    for (const [one, another] of [
      [from, to],
      [to, from],
    ] as const) {
      one.on('error', () => undefined);
      one.on('close', () => another.destroy());
    }
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void proxy.close());
  return {
    port: (proxy.address() as AddressInfo).port,
    swallowNextCommit: () => {
      isToSwallow = true;
    },
    /** Resolves when one is kept back. */
    keepBackNextCommit: () =>
      new Promise<void>((resolve) => {
        keptBack = resolve;
      }),
    letGo: () => letGo(),
  };
}
