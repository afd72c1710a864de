/** The life of locks: taken, waited for, given back, forgotten. How they change hands: the file beside. */
import { describe, expect, test } from 'vitest';
import { hourMs, minuteMs } from '../../src/core/duration.ts';
import { idleAfterMs } from '../../src/core/lock-life.ts';
import { dana, max, priya, sam, value } from './desk-world.ts';
import { lockWorld, place, placeKey } from './lock-world.ts';

describe('a run', () => {
  test('has what it changes for itself, and gives it back with its last event', async () => {
    const world = await lockWorld();
    world.startRunner();
    const { open } = world.gate();
    const id = await world.order('thing.change', { name: 'it' }, dana);
    await world.pass(0);
    const { held } = await world.store.locks();
    expect(held).toMatchObject([{ requestId: id, keys: [placeKey], kind: 'run', holder: { id: dana.id } }]);
    expect((await world.request(id)).lock?.fence).toBeGreaterThan(0);
    open();
    await world.pass(2_000);
    expect(await world.status(id)).toBe('succeeded');
    expect((await world.store.locks()).held).toEqual([]);
  });

  test('gives it back when it fails, and when it is cancelled, once all is taken back', async () => {
    const world = await lockWorld();
    world.startRunner();
    world.gate();
    const cancelled = await world.order('thing.change', { name: 'it' }, dana);
    await world.pass(0);
    value(await world.desk.cancel(cancelled, dana));
    expect((await world.store.locks()).held).toHaveLength(1);
    await world.pass(0);
    expect(await world.status(cancelled)).toBe('cancelled');
    expect((await world.store.locks()).held).toEqual([]);

    world.outside.steps = [{ id: 'no', title: 'No', do: () => Promise.reject(new TypeError('never')) }];
    const failed = await world.order('thing.change', { name: 'it' }, dana);
    await world.pass(hourMs);
    expect(await world.status(failed)).toBe('failed');
    expect((await world.store.locks()).held).toEqual([]);
  });

  test('waits behind another one, says behind whom, and goes on by itself when that has ended', async () => {
    const world = await lockWorld();
    world.startRunner();
    const { open, did } = world.gate();
    const first = await world.order('thing.change', { name: 'it' }, dana);
    await world.pass(0);
    const second = await world.order('thing.change', { name: 'it' }, priya);
    const third = await world.order('thing.change', { name: 'it' }, max);
    await world.pass(0);
    expect(await world.behind(second)).toEqual([first]);
    expect(await world.behind(third)).toEqual([first, second]);
    expect((await world.request(third)).queue).toMatchObject({ place: 2 });
    expect(await world.notices(second)).toEqual([]);
    open();
    await world.pass(5_000);
    expect(did).toEqual([first, second, third]);
    for (const id of did) expect(await world.status(id as typeof first)).toBe('succeeded');
    expect(await world.notices(second)).toEqual(['lock_free', 'ended']);
    expect(await world.notices(first)).toEqual(['ended']);
    const fences = await Promise.all(
      [first, second, third].map(async (id) => (await world.request(id)).lock?.fence),
    );
    expect(fences).toEqual(fences.toSorted((one, other) => Number(one) - Number(other)));
    expect(new Set(fences).size).toBe(3);
  });

  test('asks the guardrails again before it goes on', async () => {
    const world = await lockWorld();
    world.startRunner();
    const { open } = world.gate();
    await world.order('thing.change', { name: 'it' }, dana);
    await world.pass(0);
    const second = await world.order('thing.change', { name: 'it' }, priya);
    await world.pass(0);
    world.enforce(`
  - id: no-more
    on: thing.change
    deny: nothing changes any more
`);
    open();
    await world.pass(2_000);
    expect(await world.request(second)).toMatchObject({ status: 'denied', deniedBy: 'policy' });
    expect(await world.store.locks()).toEqual({ held: [], waiting: [] });
  });

  test('that is cancelled while it waits lets the next one through', async () => {
    const world = await lockWorld();
    world.startRunner();
    const { open } = world.gate();
    await world.order('thing.change', { name: 'it' }, dana);
    await world.pass(0);
    const second = await world.order('thing.change', { name: 'it' }, priya);
    const third = await world.order('thing.change', { name: 'it' }, max);
    await world.pass(0);
    value(await world.desk.cancel(second, priya));
    await world.pass(0);
    expect((await world.request(third)).queue).toMatchObject({ place: 1 });
    open();
    await world.pass(2_000);
    expect(await world.status(third)).toBe('succeeded');
  });

  test('whose process was killed between its lock and its first step goes on when the lease has lapsed', async () => {
    const world = await lockWorld();
    const id = await world.order('thing.change', { name: 'it' }, dana);
    const claimed = await world.store.claimDue('killed', world.clock.now(), 30_000);
    const { createRunDesk } = await import('../../src/desk/carry.ts');
    if (!claimed) throw new Error('nothing was due');
    value(await createRunDesk(world.context).start(id, claimed.claim));
    expect((await world.store.locks()).held).toMatchObject([{ requestId: id }]);
    world.startRunner();
    await world.pass(10_000);
    expect(await world.status(id)).toBe('running');
    await world.pass(30_000);
    expect(await world.status(id)).toBe('succeeded');
    expect((await world.store.locks()).held).toEqual([]);
  });
});

describe("a person's lock", () => {
  test('outlives its request, keeps others waiting in words, and lets its holder work', async () => {
    const world = await lockWorld();
    world.startRunner();
    const lock = await world.lock(sam);
    expect(lock.status).toBe('succeeded');
    const others = await world.order('thing.change', { name: 'it' }, dana);
    const own = await world.order('thing.change', { name: 'it' }, sam);
    await world.pass(0);
    expect(await world.status(own)).toBe('succeeded');
    expect(await world.request(others)).toMatchObject({
      status: 'approved',
      queue: {
        behind: [{ kind: 'person', holder: 'Sam', reason: 'incident 42', since: lock.lock?.since }],
      },
    });
    const seen = await world.desk.forecast({
      ...{ action: 'thing.change', input: { name: 'it' }, requester: dana },
      origin: { surface: 'modal' },
    });
    expect(value(seen).preview.cautions[0]).toContain('payments in staging is locked by Sam: incident 42');
  });

  test('is released by its holder, and whoever waited goes on', async () => {
    const world = await lockWorld();
    world.startRunner();
    const lock = await world.lock(sam);
    const waiting = await world.order('thing.change', { name: 'it' }, dana);
    await world.pass(0);
    const release = await world.order('lock.release', place, sam);
    await world.pass(0);
    expect(await world.status(release)).toBe('succeeded');
    expect((await world.request(lock.id)).lock?.end).toMatchObject({ how: 'released', by: { id: sam.id } });
    expect(await world.status(waiting)).toBe('succeeded');
    expect(await world.notices(lock.id)).not.toContain('lock_ended');
  });

  test('ends with its time, of which its holder is told', async () => {
    const world = await lockWorld();
    world.startRunner();
    const lock = await world.lock(sam, { for: '30m' });
    const waiting = await world.order('thing.change', { name: 'it' }, dana);
    await world.pass(29 * minuteMs);
    expect(await world.status(waiting)).toBe('approved');
    await world.pass(minuteMs);
    expect(await world.status(waiting)).toBe('succeeded');
    expect((await world.request(lock.id)).lock?.end).toMatchObject({ how: 'expired' });
    expect(await world.notices(lock.id)).toEqual(['ended', 'lock_ended']);
  });

  test('under which nothing runs is asked about, less often each time, and not while its holder works', async () => {
    const world = await lockWorld();
    world.startRunner();
    const lock = await world.lock(sam, { for: '2d' });
    const reminders = async () => (await world.types(lock.id)).filter((type) => type === 'lock_idle').length;
    await world.pass(idleAfterMs / 2);
    await world.order('thing.change', { name: 'it' }, sam);
    await world.pass(idleAfterMs - minuteMs);
    expect(await reminders()).toBe(0);
    await world.pass(2 * minuteMs);
    expect(await reminders()).toBe(1);
    await world.pass(idleAfterMs);
    expect(await reminders()).toBe(2);
    await world.pass(2 * idleAfterMs);
    expect(await reminders()).toBe(3);
    value(await world.desk.keepLock(lock.id, sam));
    await world.pass(8 * idleAfterMs - minuteMs);
    expect(await reminders()).toBe(3);
    await world.pass(2 * minuteMs);
    expect(await reminders()).toBe(4);
  });

  test('waits for what runs there, but one on everything stops all starts at once', async () => {
    const world = await lockWorld();
    world.startRunner();
    const { open } = world.gate();
    const run = await world.order('thing.change', { name: 'it' }, dana);
    await world.pass(0);
    const part = await world.order('lock.take', { ...place, reason: 'a look' }, sam);
    const all = await world.order('lock.take', { service: 'everything', reason: 'incident 42' }, sam);
    await world.pass(0);
    expect(await world.behind(part)).toEqual([run]);
    expect(await world.status(all)).toBe('succeeded');
    const next = await world.order('thing.change', { name: 'it' }, priya);
    open();
    await world.pass(2_000);
    expect(await world.status(run)).toBe('succeeded');
    expect(await world.status(part)).toBe('succeeded');
    expect(await world.status(next)).toBe('approved');
  });

  test('cannot be taken twice by one person', async () => {
    const world = await lockWorld();
    world.startRunner();
    await world.lock(sam);
    const again = await world.order('lock.take', { ...place, reason: 'incident 42' }, sam);
    expect(await world.request(again)).toMatchObject({ status: 'failed', problem: { code: 'conflict' } });
  });
});
