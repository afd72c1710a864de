/** Nobody gets at a lock that is not theirs, and a lock that nobody can read keeps everybody out. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { minuteMs } from '../../src/core/duration.ts';
import { requestIdOf } from '../../src/core/ids.ts';
import { standingOf } from '../../src/core/lock.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { evaluated, monday, plan, submit, write } from '../store/example-requests.ts';
import { codeOf, dana, max, person, priya, sam } from './desk-world.ts';
import { lockWorld, place, placeKey } from './lock-world.ts';

describe('somebody else’s lock', () => {
  test('is not released, handed over or kept by whoever does not hold it, with rules that allow all', async () => {
    const world = await lockWorld();
    world.startRunner();
    const lock = await world.lock(sam);
    const tries = [
      ['lock.release', place],
      ['lock.handover', { ...place, to: 'max@acme.example' }],
    ] as const;
    for (const [action, input] of tries) {
      const id = await world.order(action, input, dana);
      expect(await world.request(id), action).toMatchObject({
        status: 'failed',
        problem: { code: 'not_yours' },
      });
    }
    expect(codeOf(await world.desk.keepLock(lock.id, dana))).toBe('not_yours');
    expect(codeOf(await world.desk.keepLock(requestIdOf(77), dana))).toBe('unknown_request');
    expect((await world.store.locks()).held).toMatchObject([{ requestId: lock.id, holder: { id: sam.id } }]);
  });

  test('that changed hands between the yes and the deed is not released by who had it', async () => {
    const world = await lockWorld();
    await world.order('lock.take', { ...place, reason: 'incident 42' }, sam);
    const runner = world.startRunner();
    await world.pass(0);
    await runner.stop();
    const release = await world.order('lock.release', place, sam);
    const handover = await world.order('lock.handover', { ...place, to: '@U0PRIYA' }, sam);
    // The release was judged first, and is carried out last.
    const claimed = await world.store.claimDue('slow', world.clock.now(), minuteMs);
    expect(claimed?.request.id).toBe(release);
    world.startRunner();
    await world.pass(2 * minuteMs);
    expect(await world.status(handover)).toBe('succeeded');
    expect(await world.status(release)).not.toBe('succeeded');
    expect((await world.store.locks()).held).toMatchObject([{ holder: { id: priya.id } }]);
  });

  test('is its holder’s by either of their accounts, and by no other', async () => {
    const world = await lockWorld();
    world.startRunner();
    const second = person('U0SAM2', 'Sam', { email: 'SAM@acme.example' });
    world.outside.people.set(second.id, second);
    await world.lock(sam);
    const id = await world.order('lock.release', place, second);
    await world.pass(0);
    expect(await world.status(id)).toBe('succeeded');
  });

  test.each(['guest', 'outside', 'bot', 'deactivated'] as const)('is out of reach for a %s', async (kind) => {
    const world = await lockWorld();
    world.startRunner();
    const lock = await world.lock(sam);
    const stranger = { ...max, kind };
    const tries = [
      ['lock.take', { ...place, reason: 'just so' }],
      ['lock.release', place],
      ['lock.steal', { ...place, from: lock.id, reason: 'just so' }],
      ['lock.handover', { ...place, to: '@U0PRIYA' }],
    ] as const;
    for (const [action, input] of tries) {
      const ask = {
        key: action,
        action,
        input,
        requester: stranger,
        origin: { surface: 'command' as const },
      };
      expect(codeOf(await world.desk.submit(ask)), action).toBe('not_a_member');
    }
  });

  test('cannot be named into being: no place that the catalog does not have is locked', async () => {
    const world = await lockWorld();
    const odd = [
      '*',
      'payments/*',
      '../payments',
      'payments staging',
      'PAYMENTS',
      'nothing',
      ' ',
      '__proto__',
    ];
    for (const service of odd) {
      const input = { service, reason: 'just so' };
      const ask = {
        key: service,
        action: 'lock.take',
        input,
        requester: sam,
        origin: { surface: 'command' as const },
      };
      expect(codeOf(await world.desk.submit(ask)), service).toBe('bad_input');
    }
    const ask = { action: 'lock.take', requester: sam, origin: { surface: 'command' as const } };
    for (const more of [
      { for: '1000d' },
      { for: '1s' },
      { for: 'for ever' },
      { reason: '  ' },
      { environment: '*' },
    ]) {
      const input = { ...place, reason: 'just so', ...more };
      expect(codeOf(await world.desk.submit({ ...ask, key: JSON.stringify(more), input }))).toBe('bad_input');
    }
    expect(await world.store.locks()).toEqual({ held: [], waiting: [] });
  });
});

describe('a lock that cannot be read', () => {
  test.each([
    [`update locks set body = 'nonsense'`, 'payments/staging'],
    [`update locks set body = replace(body, '"kind":"person"', '"kind":"nobody"')`, 'payments/staging'],
    [`update locks set body = replace(body, 'REQ-1', 'REQ-2')`, 'payments/staging'],
    [`update locks set keys = '../..'`, '*'],
    [`update locks set keys = 'search/staging'`, 'search/staging'],
  ])('%s: stands in the way there', async (damage, key) => {
    const { store, sql, close } = await damagedStore();
    sql(damage);
    const table = await store.locks();
    expect(table.held).toMatchObject([{ kind: 'unreadable', requestId: 'REQ-1', keys: [key] }]);
    const keys = key === '*' ? [placeKey] : table.held.flatMap((one) => one.keys);
    const order = { keys, kind: 'run' as const, holder: sam, over: [] };
    expect(standingOf(order, table).behind).toMatchObject([{ kind: 'unreadable' }]);
    await close();
  });

  test('keeps a start waiting with a sentence and a next step, until it is mended', async () => {
    const world = await lockWorld();
    world.startRunner();
    const lock = await world.lock(sam);
    const { held } = await world.store.locks();
    const readable = world.store.locks;
    const broken = { kind: 'unreadable' as const, requestId: lock.id, keys: held[0]?.keys ?? [] };
    const table = { held: [broken], waiting: [] };
    Object.assign(world.store, { locks: async () => table });
    const own = await world.order('thing.change', { name: 'it' }, sam);
    await world.pass(10 * minuteMs);
    // The holder's own run waits as well: nobody can tell any more that it is theirs.
    expect(await world.status(own)).toBe('approved');
    Object.assign(world.store, { locks: readable });
    await world.pass(minuteMs);
    expect(await world.status(own)).toBe('succeeded');
  });

  test('beside one that could be read is looked at in peace, by whoever that one has woken', async () => {
    const { store, sql, close } = await fileStore();
    onTestFinished(close);
    const world = await lockWorld({ store });
    world.startRunner();
    await world.lock(sam);
    const everywhere = await world.order(
      'lock.take',
      { service: 'everything', reason: 'incident 43' },
      priya,
    );
    const waiting = await world.order('thing.change', { name: 'it' }, dana);
    await world.pass(0);
    const table = await store.locks();
    expect(table.held).toMatchObject([{ holder: { id: sam.id } }, { requestId: everywhere }]);
    expect((await world.request(waiting)).dueAt).toBeUndefined();

    sql(`update locks set body = 'nonsense' where keys = '*'`);
    let looks = 0;
    const { claimDue } = store;
    Object.assign(store, {
      claimDue(...of: Parameters<typeof claimDue>) {
        looks += 1;
        return claimDue(...of);
      },
    });
    await world.order('lock.release', place, sam);
    await world.pass(10 * minuteMs);
    expect(looks).toBeLessThan(100);
    expect(await world.request(waiting)).toMatchObject({ queue: { behind: [{ kind: 'unreadable' }] } });

    sql(`delete from locks where keys = '*'`);
    await world.pass(minuteMs);
    expect(await world.status(waiting)).toBe('succeeded');
  });

  test('stops a run before its next step, after a quarter of an hour of looking again', async () => {
    const world = await lockWorld();
    world.startRunner();
    const { did } = world.gate();
    const id = await world.order('thing.change', { name: 'it' }, dana);
    await world.pass(5_000);
    const broken = { kind: 'unreadable' as const, requestId: id, keys: [placeKey] };
    Object.assign(world.store, { locks: async () => ({ held: [broken], waiting: [] }) });
    await world.pass(20 * minuteMs);
    expect(await world.request(id)).toMatchObject({
      status: 'failed',
      problem: { sentence: expect.stringContaining('cannot be read, so nothing is changed there') },
    });
    expect(did).toEqual([id, `undo ${id}`]);
  });

  test('is listed as such, first', async () => {
    const world = await lockWorld();
    world.startRunner();
    const lock = await world.lock(sam);
    const broken = { kind: 'unreadable' as const, requestId: lock.id, keys: [placeKey] };
    Object.assign(world.store, { locks: async () => ({ held: [broken], waiting: [] }) });
    const ask = {
      key: 'l',
      action: 'lock.list',
      input: {},
      requester: dana,
      origin: { surface: 'command' as const },
    };
    const answer = await world.desk.answer(ask);
    expect(answer).toMatchObject({
      ok: true,
      value: { sentence: expect.stringContaining('cannot be read'), sections: [{ mood: 'bad' }] },
    });
  });
});

/** A store with one lock of payments in staging, held by REQ-1, and a hand in its file. */
async function damagedStore() {
  const opened = await fileStore();
  const { store } = opened;
  const request = await submit(store, 'a');
  const approved = await write(store, request, [
    evaluated('allow'),
    { type: 'approved', at: monday, because: 'policy' },
  ]);
  const lock = {
    ...{ requestId: request.id, keys: [placeKey], kind: 'person' as const, holder: sam, over: [] },
    ...{ fence: 0, reason: 'incident 42', since: monday },
  };
  await write(store, approved, [{ type: 'started', at: monday, plan, lock }]);
  return opened;
}

async function fileStore() {
  const folder = await mkdtemp(join(tmpdir(), 'greenlight-locks-'));
  const file = join(folder, 'greenlight.db');
  const store = await openSqliteStore({ file });
  return {
    store,
    sql(text: string) {
      const database = new BetterSqlite3(file);
      database.exec(text);
      database.close();
    },
    async close() {
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
}
