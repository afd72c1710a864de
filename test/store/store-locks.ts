/** What every store promises of locks: one holder, a fair queue, and one order for what happens at one moment. */
import { describe, expect, test } from 'vitest';
import type { PlatformRequest, RequestEvent } from '../../src/core/request.ts';
import type { Store } from '../../src/core/store.ts';
import { monday, person, write } from './example-requests.ts';
import {
  all,
  approved,
  firstOf,
  outputs,
  payments,
  production,
  queue,
  search,
  staging,
  start,
  startedOf,
} from './lock-moves.ts';

export function promiseLocks(store: () => Store): void {
  describe('locking', () => {
    test('of many who start at one moment one gets the lock, and the others may wait', async () => {
      const requests = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((key) => approved(store(), key)));
      const outcomes = await Promise.all(requests.map((one) => start(store(), one)));
      expect(outcomes.filter(Boolean)).toHaveLength(1);
      const others = requests.filter((_, index) => !outcomes[index]);
      const places = [];
      for (const one of others) places.push((await queue(store(), one))?.queue?.place);
      expect(places).toEqual([1, 2, 3, 4]);
      expect((await store().locks()).held).toHaveLength(1);
    });

    test('parts of a service exclude the whole, and everything excludes all', async () => {
      const one = await approved(store(), 'a');
      expect(await start(store(), one, { keys: [staging] })).toBeDefined();
      for (const keys of [[staging], [payments], [all], [search, staging]]) {
        expect(await start(store(), await approved(store(), `${keys}`), { keys })).toBeUndefined();
      }
      for (const keys of [[production], [search]]) {
        expect(await start(store(), await approved(store(), `${keys} too`), { keys })).toBeDefined();
      }
    });

    test('what is free cannot be waited for, and what is waited for cannot be taken by who came later', async () => {
      const [holder, first, later] = await Promise.all(['a', 'b', 'c'].map((key) => approved(store(), key)));
      if (!holder || !first || !later) throw new Error('three were asked for');
      expect(await queue(store(), first)).toBeUndefined();
      const running = await start(store(), holder);
      const waiting = await queue(store(), first);
      await write(store(), running as PlatformRequest, [{ type: 'succeeded', at: monday, outputs }]);
      expect(await start(store(), later)).toBeUndefined();
      expect(await start(store(), waiting as PlatformRequest)).toBeDefined();
    });

    test('every end gives the lock back and wakes who waits, in one transaction', async () => {
      const endings: RequestEvent[] = [
        { type: 'succeeded', at: monday + 1, outputs },
        { type: 'cancelled', at: monday + 1, by: person('Ada') },
        { type: 'failed', at: monday + 1, problem: trouble, remains: [] },
        { type: 'lock_ended', at: monday + 1, how: 'stolen', by: person('Bob') },
      ];
      for (const [index, ending] of endings.entries()) {
        const running = await start(store(), await approved(store(), `holder ${index}`));
        const waiting = await queue(store(), await approved(store(), `waits ${index}`));
        expect(waiting?.dueAt).toBeUndefined();
        while (await store().claimDue('anybody', monday + 1, 1_000_000));
        await write(store(), running as PlatformRequest, [ending]);
        const next = await store().claimDue('runner', monday + 1, 1_000_000);
        expect(next?.request.id, ending.type).toBe(waiting?.id);
        const started = await start(store(), waiting as PlatformRequest);
        await write(store(), started as PlatformRequest, [{ type: 'succeeded', at: monday, outputs }]);
      }
      expect(await store().locks()).toEqual({ held: [], waiting: [] });
    });

    test('who waited and is postponed is woken all the same', async () => {
      const running = await start(store(), await approved(store(), 'a'));
      const waiting = await queue(store(), await approved(store(), 'b'));
      const early = await approved(store(), 'c');
      await queue(store(), early);
      await write(store(), running as PlatformRequest, [{ type: 'succeeded', at: monday, outputs }]);
      const claimed = await store().claimDue('runner', monday, 1_000);
      expect(claimed?.request.id).toBe(waiting?.id);
      if (claimed) await store().postpone(claimed.claim, monday + 90_000);
      // Somebody before it gives up: everybody behind looks again, however long they meant to rest.
      await write(store(), waiting as PlatformRequest, [
        { type: 'cancelled', at: monday + 1, by: person('Ada') },
      ]);
      expect((await store().claimDue('runner', monday + 1, 1_000))?.request.id).toBe(early.id);
    });

    test('of a release and a theft at one moment the lock has one holder after, and one end each', async () => {
      for (let round = 0; round < 5; round++) {
        const mine = await start(store(), await approved(store(), `mine ${round}`), { kind: 'person' });
        const held = await write(store(), mine as PlatformRequest, [
          { type: 'succeeded', at: monday, outputs },
        ]);
        const thief = await approved(store(), `thief ${round}`, person('Bob'));
        const [, stolen] = await Promise.all([
          write(store(), held, [{ type: 'lock_ended', at: monday, how: 'released', by: person('Ada') }]),
          start(store(), thief, { kind: 'person', over: [held.id] }),
        ]);
        expect((await store().locks()).held).toMatchObject([{ requestId: thief.id }]);
        await write(store(), stolen as PlatformRequest, [{ type: 'lock_ended', at: monday, how: 'expired' }]);
      }
    });

    test('of an end and a start at one moment either the start comes after it, or it waits', async () => {
      for (let round = 0; round < 5; round++) {
        const mine = await start(store(), await approved(store(), `mine ${round}`), { kind: 'person' });
        const held = await write(store(), mine as PlatformRequest, [
          { type: 'succeeded', at: monday, outputs },
        ]);
        const next = await approved(store(), `next ${round}`, person('Bob'));
        const order = round % 2 === 0;
        const end = () => write(store(), held, [{ type: 'lock_ended', at: monday, how: 'expired' }]);
        const begin = () => start(store(), next);
        const [started] = order
          ? await Promise.all([begin(), end()])
          : (await Promise.all([end(), begin()])).toReversed();
        if (!started) expect(await start(store(), next)).toBeDefined();
        const { held: now } = await store().locks();
        expect(now).toMatchObject([{ requestId: next.id }]);
        const running = await store().load(next.id);
        await write(store(), running as PlatformRequest, [{ type: 'succeeded', at: monday, outputs }]);
      }
    });

    test('a start that is refused leaves no lock behind', async () => {
      const request = await approved(store(), 'a');
      await expect(
        store().append({
          requestId: request.id,
          expectedVersion: request.version,
          // The fold refuses a second beginning, after the lock was taken.
          events: [startedOf(request), { ...firstOf(request) }],
          notices: [],
        }),
      ).rejects.toThrow();
      expect(await store().locks()).toEqual({ held: [], waiting: [] });
      expect(await start(store(), request)).toBeDefined();
    });
  });
}

const trouble = { code: 'step_failed' as const, sentence: 'It failed.', next: 'Look.' };
