/** What every store promises, whatever database is below. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fold } from '../../src/core/fold.ts';
import { readRequestId, requestIdOf } from '../../src/core/ids.ts';
import type { PlatformRequest } from '../../src/core/request.ts';
import type { Store } from '../../src/core/store.ts';
import {
  evaluated,
  evaluation,
  monday,
  noticeOf,
  person,
  personId,
  plan,
  requested,
  submit,
  write,
} from './example-requests.ts';
import { promiseClaims } from './store-claims.ts';
import { promiseTheClock } from './store-clock.ts';
import { promiseCodes } from './store-codes.ts';
import { promiseDrafts } from './store-drafts.ts';
import { promiseTheFold } from './store-fold.ts';
import { promiseForgetting } from './store-forgetting.ts';
import { promiseLeases } from './store-leases.ts';
import { promiseLocks } from './store-locks.ts';
import { promiseLocksInAnyOrder } from './store-locks-in-any-order.ts';
import { promiseOnce } from './store-once.ts';
import { promiseTheOutbox } from './store-outbox.ts';
import type { OneStore } from './store-races.ts';
import { promiseRefusals } from './store-refusals.ts';

/** A store with a place of its own, which outlives it. */
export interface StorePlace {
  /** Opens it, or opens it again after a close. */
  open(): Promise<OneStore>;
  /** Takes the place away. */
  remove(): Promise<void>;
}

export function describeStore(name: string, makePlace: () => Promise<StorePlace>): void {
  describe(name, () => {
    let place: StorePlace;
    let store: OneStore;
    beforeEach(async () => {
      place = await makePlace();
      store = await place.open();
    });
    afterEach(async () => {
      await store.close();
      await place.remove();
    });
    const reopen = async () => {
      await store.close();
      store = await place.open();
      return store;
    };

    promiseCreation(() => store);
    promiseChanges(() => store);
    promiseClaims(() => store);
    promiseTheClock(() => store);
    promiseLists(() => store);
    promiseTheOutbox(() => store, reopen);
    promiseLocks(() => store);
    promiseDrafts(() => store);
    promiseOnce(() => store);
    promiseLeases(() => store);
    promiseCodes(() => store);
    promiseRefusals(() => store);
    promiseForgetting(() => store);

    test('the highest number that can be typed is that of a request that is not there', async () => {
      const typed = Array.from({ length: 20 }, (_, digits) => readRequestId('9'.repeat(digits)));
      const highest = typed.findLast((id) => id !== undefined) ?? requestIdOf(1);
      expect(await store.load(highest)).toBeUndefined();
      expect(await store.history(highest)).toEqual([]);
      expect(await store.list({ limit: 1, before: highest })).toEqual([]);
    });

    test('a text may hold what no text should', async () => {
      const request = await submit(store, 'a\0b\ud800', { input: { note: 'a\0b\ud800' } });
      expect(await submit(store, 'a\0b\ud800')).toEqual(request);
      expect(await store.load(request.id)).toMatchObject({ input: { note: 'a\0b\ud800' } });
    });

    test('what was written is there after a restart', async () => {
      const request = await write(store, await submit(store, 'a'), [evaluated('require_approval')]);
      await store.recordEvaluation({ ...evaluation, stage: 'read' });
      await store.handled('delivery', monday, 1000);
      await reopen();
      expect(await store.load(request.id)).toEqual(request);
      expect(await store.history(request.id)).toHaveLength(2);
      expect(await store.wasHandled('delivery')).toBe(true);
      expect((await submit(store, 'b')).id).toBe('REQ-2');
    });
  });
}

/** What holds whatever comes in whatever order. So many commits that they want a store that waits for no disk. */
export function describeStoreInAnyOrder(name: string, open: () => Promise<Store>): void {
  describe(name, () => {
    let store: Store;
    beforeEach(async () => {
      store = await open();
    });
    afterEach(() => store.close());
    promiseLocksInAnyOrder(() => store);
    promiseTheFold(() => store);
  });
}

function promiseCreation(store: () => Store): void {
  describe('creating', () => {
    test('requests are numbered in the order of asking', async () => {
      const ids = [];
      for (const key of ['a', 'b', 'c']) ids.push((await submit(store(), key)).id);
      expect(ids).toEqual(['REQ-1', 'REQ-2', 'REQ-3']);
    });

    test('the same submission, however often and at once, is one request', async () => {
      const made = await Promise.all(
        Array.from({ length: 20 }, () => store().create('same', (id) => [requested(id)])),
      );
      expect(new Set(made.map(({ request }) => request.id))).toEqual(new Set(['REQ-1']));
      expect(made.filter(({ isNew }) => isNew)).toHaveLength(1);
      expect(await store().list({ limit: 10 })).toHaveLength(1);
    });

    test('different submissions at once get numbers without holes', async () => {
      await Promise.all(Array.from({ length: 20 }, (_, index) => submit(store(), `key ${index}`)));
      const ids = (await store().list({ limit: 100 })).map((request) => request.id);
      expect(ids).toEqual(Array.from({ length: 20 }, (_, index) => `REQ-${20 - index}`));
    });

    test('a creation that fails takes no number and leaves nothing', async () => {
      const failed = store().create('bad', () => {
        throw new Error('thought better of it');
      });
      await expect(failed).rejects.toMatchObject({ problem: { code: 'internal' } });
      await expect(store().create('wrong', () => [requested(requestIdOf(7))])).rejects.toThrow();
      await expect(store().create('empty', () => [])).rejects.toThrow();
      expect((await submit(store(), 'good')).id).toBe('REQ-1');
    });

    test('an unknown request is not there, and cannot be written to', async () => {
      expect(await store().load(requestIdOf(5))).toBeUndefined();
      expect(await store().history(requestIdOf(5))).toEqual([]);
      const append = store().append({
        requestId: requestIdOf(5),
        expectedVersion: 1,
        events: [],
        notices: [],
      });
      await expect(append).rejects.toMatchObject({ problem: { code: 'unknown_request' } });
    });
  });
}

function promiseChanges(store: () => Store): void {
  describe('changing', () => {
    test('of two who decide on the same version one wins, and the other learns of it', async () => {
      const { id } = await submit(store(), 'a');
      const change = { requestId: id, expectedVersion: 1, notices: [] };
      const outcomes = await Promise.all([
        store().append({ ...change, events: [evaluated('allow')] }),
        store().append({ ...change, events: [{ type: 'cancelled', at: monday, by: person('Ada') }] }),
      ]);
      expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['appended', 'conflict']);
      expect(await store().history(id)).toHaveLength(2);
    });

    test('what could not be read again is not written, and the lists go on', async () => {
      const { id } = await submit(store(), 'a');
      const unreadable = { ...evaluated('allow'), verdict: 'maybe' } as never;
      await expect(
        store().append({ requestId: id, expectedVersion: 1, events: [unreadable], notices: [] }),
      ).rejects.toThrow('nothing was changed');
      expect(await store().list({ limit: 10 })).toHaveLength(1);
      expect(await store().history(id)).toHaveLength(1);
    });

    test('events, evaluation and notices of a change are written together', async () => {
      const { id } = await submit(store(), 'a');
      await store().append({
        requestId: id,
        expectedVersion: 1,
        events: [evaluated('allow'), { type: 'approved', at: monday, because: 'policy' }],
        evaluation,
        notices: [noticeOf(id)],
      });
      expect((await store().history(id)).map(({ seq, event }) => [seq, event.type])).toEqual([
        [1, 'requested'],
        [2, 'evaluated'],
        [3, 'approved'],
      ]);
      expect(await store().evaluations(id)).toEqual([evaluation]);
    });

    test('a change that fails half way leaves nothing of itself', async () => {
      const before = await submit(store(), 'a');
      const append = store().append({
        requestId: before.id,
        expectedVersion: 1,
        // An event that a request can have only once: the fold refuses it after the first was taken.
        events: [evaluated('allow'), requested(before.id)],
        evaluation,
        notices: [noticeOf(before.id)],
      });
      await expect(append).rejects.toMatchObject({ problem: { code: 'internal' } });
      expect(await store().load(before.id)).toEqual(before);
      expect(await store().history(before.id)).toHaveLength(1);
      expect(await store().evaluations(before.id)).toEqual([]);
      expect(await store().outbox(monday, 10)).toEqual([]);
    });

    test('what an append returns is what a load gives', async () => {
      const request = await submit(store(), 'a', {
        input: { gone: undefined, quotes: '“”’', emoji: '🚀', nested: { list: [1, null, 'x'] } },
      });
      expect(await store().load(request.id)).toStrictEqual(request);
      const after = await write(store(), request, [evaluated('hold')]);
      expect(await store().load(request.id)).toStrictEqual(after);
    });

    test('evaluations come newest first, and those of a read belong to no request', async () => {
      const { id } = await submit(store(), 'a');
      await store().recordEvaluation({ ...evaluation, stage: 'read' });
      for (const [index, stage] of (['submit', 'start'] as const).entries()) {
        await store().append({
          requestId: id,
          expectedVersion: index + 1,
          events: [evaluated('hold')],
          evaluation: { ...evaluation, stage },
          notices: [],
        });
      }
      expect((await store().evaluations(id)).map(({ stage }) => stage)).toEqual(['start', 'submit']);
      expect(await store().countReads(evaluation.at)).toBe(1);
      expect(await store().countReads(evaluation.at + 1)).toBe(0);
    });

    test('a click is kept once, and until it is handled; one that nobody has in hand is given to one', async () => {
      const keep = (key: string, now: number) => store().keepClick(key, `{"is":"${key}"}`, now, 1000);
      const firsts = await Promise.all(['k1', 'k1', 'k2', 'k1'].map((key) => keep(key, monday)));
      expect(firsts.filter(Boolean)).toHaveLength(2);
      expect(await keep('k2', monday)).toBe(false);
      expect(await store().wasHandled('k1')).toBe(true);

      const lapsed = async (now: number) =>
        (await store().lapsedClicks(now, 1000, 0)).toSorted((one, other) => (one.key < other.key ? -1 : 1));
      expect(await lapsed(monday + 999)).toEqual([]);
      await store().handled('k2', monday, 10_000);
      expect(await keep('k2', monday)).toBe(false);
      expect(await lapsed(monday + 1000)).toEqual([
        { key: 'k1', click: '{"is":"k1"}', at: monday, times: 1 },
      ]);
      expect(await lapsed(monday + 1999)).toEqual([]);
      expect(await lapsed(monday + 2000)).toMatchObject([{ at: monday, times: 2 }]);

      // Held anew by whoever works on it; what is handled stays so.
      await store().holdClick('k1', monday + 2500, 1000);
      await store().holdClick('k2', monday, 0);
      expect(await lapsed(monday + 3499)).toEqual([]);
      // However old it is, it is not over.
      await store().handled('k4', monday + 9000, 1000);
      expect(await lapsed(monday + 9000)).toMatchObject([{ key: 'k1', times: 3 }]);
      await store().handled('k1', monday + 9000, 10_000);

      // Kept by a clock that was days ahead.
      await keep('k3', monday + 1_000_000);
      expect(await lapsed(monday + 9000)).toMatchObject([{ key: 'k3' }]);
    });

    test('clicks that lapsed one after the other are given together, once the first has lapsed for a while', async () => {
      await store().keepClick('first', '{}', monday, 1000);
      await store().keepClick('second', '{}', monday + 500, 1000);
      const keys = async (now: number) =>
        (await store().lapsedClicks(now, 1000, 600)).map(({ key }) => key).sort();
      expect(await keys(monday + 1599)).toEqual([]);
      expect(await keys(monday + 1600)).toEqual(['first', 'second']);
      expect(await keys(monday + 3000)).toEqual([]);
    });

    test('a delivery is known once it was handled, and forgotten when it is old', async () => {
      const known = () => Promise.all(['e1', 'e2', 'e\0'].map((key) => store().wasHandled(key)));
      expect(await known()).toEqual([false, false, false]);
      await Promise.all(Array.from({ length: 5 }, () => store().handled('e1', monday, 1000)));
      expect(await known()).toEqual([true, false, false]);
      await store().handled('e2', monday + 500, 1000);
      await store().handled('e\0', monday + 1000, 1000);
      expect(await known()).toEqual([true, true, true]);
      await store().handled('e3', monday + 1001, 1000);
      expect(await known()).toEqual([false, true, true]);
    });
  });
}

function promiseLists(store: () => Store): void {
  describe('listing', () => {
    test('lists are newest first and take what the query says', async () => {
      await submit(store(), 'a');
      await submit(store(), 'b', { requester: person('Bob'), action: 'environment.create' });
      const third = await submit(store(), 'c', { at: monday + 10 });
      await write(store(), third, [evaluated('hold')]);

      const ids = async (query: Omit<Parameters<Store['list']>[0], 'limit'>, limit = 10) =>
        (await store().list({ ...query, limit })).map((request) => request.id);
      expect(await ids({})).toEqual(['REQ-3', 'REQ-2', 'REQ-1']);
      expect(await ids({}, 2)).toEqual(['REQ-3', 'REQ-2']);
      expect(await ids({ requester: personId('UADA') })).toEqual(['REQ-3', 'REQ-1']);
      expect(await ids({ action: 'environment.create' })).toEqual(['REQ-2']);
      expect(await ids({ statuses: ['held', 'waiting'] })).toEqual(['REQ-3']);
      expect(await ids({ statuses: [] })).toEqual([]);
      expect(await ids({ since: monday + 10 })).toEqual(['REQ-3']);
      expect(await ids({ before: third.id })).toEqual(['REQ-2', 'REQ-1']);
      expect(await ids({ actions: ['deploy', 'environment.create'] })).toEqual(['REQ-3', 'REQ-2', 'REQ-1']);
      expect(await ids({ actions: [] })).toEqual([]);
      const other = { ...person('Ada'), id: personId('UADA2'), email: 'ADA@example.com' };
      await submit(store(), 'd', { requester: other, at: monday + 10 });
      expect(await ids({ asker: person('Ada') })).toEqual(['REQ-4', 'REQ-3', 'REQ-1']);
      expect(await ids({ asker: person('Ada'), since: monday + 10 })).toEqual(['REQ-4', 'REQ-3']);
      expect(await ids({ asker: { id: personId('UADA') } })).toEqual(['REQ-3', 'REQ-1']);
    });

    test('an environment is alive from its success until it is retired', async () => {
      const living = async () => (await store().list({ hasLivingEnvironment: true, limit: 10 })).length;
      let request: PlatformRequest = await submit(store(), 'a');
      request = await write(store(), request, [
        evaluated('allow'),
        { type: 'approved', at: monday, because: 'policy' },
        { type: 'started', at: monday, plan },
      ]);
      expect(await living()).toBe(0);
      const environment = {
        name: 'checkout',
        blueprint: 'web',
        team: 'payments',
        cluster: 'dev',
        namespace: 'env-checkout',
        requestId: request.id,
        url: 'https://checkout.example.com',
        expiresAt: monday + 5000,
      };
      request = await write(store(), request, [
        { type: 'succeeded', at: monday, outputs: { links: [], notes: [], environment } },
      ]);
      expect(await living()).toBe(1);
      // Its end is announced a quarter of its life before, then it is due at the end itself.
      expect(await store().nextDueAt()).toBe(monday + 3750);
      request = await write(store(), request, [
        { type: 'end_announced', at: monday + 3750, end: monday + 5000 },
      ]);
      expect(await store().nextDueAt()).toBe(monday + 5000);
      request = await write(store(), request, [
        { type: 'extended', at: monday + 3800, by: requestIdOf(3), from: monday, until: monday + 9800 },
      ]);
      expect(await store().nextDueAt()).toBe(monday + 8300);
      const there = async (livedSince: number) => (await store().list({ livedSince, limit: 10 })).length;
      expect(await there(monday + 9_999_999)).toBe(1);
      await write(store(), request, [{ type: 'retired', at: monday, by: requestIdOf(2) }]);
      expect(await living()).toBe(0);
      expect([await there(monday), await there(monday + 1)]).toEqual([1, 0]);
      expect(await store().list({ hasLivingEnvironment: false, limit: 10 })).toHaveLength(1);
      expect(fold((await store().history(request.id)).map(({ event }) => event))).toEqual(
        await store().load(request.id),
      );
    });
  });
}
