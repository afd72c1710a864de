/** What every store promises of locks: one holder, rising fences, a fair queue, and nobody waiting for what is free. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RequestId } from '../../src/core/ids.ts';
import { type Lock, type LockOrder, standingOf } from '../../src/core/lock.ts';
import { type LockKey, lockKeySchema } from '../../src/core/lock-key.ts';
import { heldLock } from '../../src/core/lock-life.ts';
import type { Person } from '../../src/core/person.ts';
import type { PlatformRequest, RequestEvent } from '../../src/core/request.ts';
import type { Store } from '../../src/core/store.ts';
import { evaluated, monday, person, plan, submit, write } from './example-requests.ts';

const staging = lockKeySchema.parse('payments/staging');
const production = lockKeySchema.parse('payments/production');
const payments = lockKeySchema.parse('payments/*');
const search = lockKeySchema.parse('search/staging');
const all = lockKeySchema.parse('*');

const outputs = { links: [], notes: [] };

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

    test('in any order of comings and goings: one at a time, rising fences, first come first, nobody waits in vain', async () => {
      let run = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(moves, { minLength: 8, maxLength: 24 }), async (sequence) => {
          run += 1;
          await play(store(), `run ${run}`, sequence);
        }),
        { numRuns: 10, seed: 2026 },
      );
    });
  });
}

const trouble = { code: 'step_failed' as const, sentence: 'It failed.', next: 'Look.' };
const people = ['Ada', 'Bob', 'Cleo'].map(person);
const keySets: readonly (readonly LockKey[])[] = [
  [staging],
  [production],
  [payments],
  [search],
  [staging, search],
  [all],
];

const moves = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('ask' as const),
      who: fc.nat(2),
      keys: fc.nat(5),
      isPerson: fc.boolean(),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('end' as const), which: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel' as const), which: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('steal' as const), which: fc.nat(), who: fc.nat(2) }) },
);
type Move = typeof moves extends fc.Arbitrary<infer One> ? One : never;

/** Plays the moves as the desk would, and looks at the whole after each. */
async function play(store: Store, name: string, sequence: readonly Move[]): Promise<void> {
  const ids: RequestId[] = [];
  let lastFence = 0;
  const known = new Set<number>();
  const each = async () => Promise.all(ids.map(async (id) => (await store.load(id)) as PlatformRequest));
  for (const [index, move] of sequence.entries()) {
    const requests = await each();
    if (move.do === 'ask') {
      const request = await approved(store, `${name} ${index}`, people[move.who]);
      ids.push(request.id);
      await tryToStart(store, request, {
        keys: keySets[move.keys] ?? [],
        kind: move.isPerson ? 'person' : 'run',
      });
    } else if (move.do === 'end') {
      const holding = requests.filter(heldLock);
      const one = holding[move.which % Math.max(1, holding.length)];
      if (one) await write(store, one, [endOf(one)]);
    } else if (move.do === 'cancel') {
      const waiting = requests.filter(({ queue }) => queue);
      const one = waiting[move.which % Math.max(1, waiting.length)];
      if (one) await write(store, one, [{ type: 'cancelled', at: monday, by: one.requester }]);
    } else {
      const holding = requests.filter(heldLock);
      const one = holding[move.which % Math.max(1, holding.length)];
      if (one?.lock) {
        const thief = await approved(store, `${name} ${index}`, people[move.who]);
        ids.push(thief.id);
        const order = { keys: one.lock.keys, kind: 'person' as const, over: [one.id] };
        const isTaken = await tryToStart(store, thief, order);
        if (isTaken)
          await write(store, one, [{ type: 'lock_ended', at: monday, how: 'stolen', by: thief.requester }]);
      }
    }
    lastFence = await goOn(store, ids, lastFence, known);
  }
  for (const one of await each()) {
    if (heldLock(one)) await write(store, one, [endOf(one)]);
    lastFence = await goOn(store, ids, lastFence, known);
  }
  for (;;) {
    const holding = (await each()).filter(heldLock);
    if (holding.length === 0) break;
    for (const one of holding) await write(store, one, [endOf(one)]);
    lastFence = await goOn(store, ids, lastFence, known);
  }
  expect(await store.locks()).toEqual({ held: [], waiting: [] });
}

/** Whoever is woken tries, as the runner does; then all promises must hold. */
async function goOn(
  store: Store,
  ids: readonly RequestId[],
  lastFence: number,
  knownFences: Set<number>,
): Promise<number> {
  for (let claimed = await next(store); claimed; claimed = await next(store)) {
    const { request, claim } = claimed;
    const isWaiting =
      request.queue && ids.includes(request.id) && !(await tryToStart(store, request, request.queue.order));
    if (isWaiting) await store.release(claim);
    // What runs is not carried on here.
    else await store.postpone(claim, Number.MAX_SAFE_INTEGER / 4);
  }
  const { held, waiting } = await store.locks();
  const locks = held as Lock[];
  for (const one of locks) {
    const running = locks.filter((other) => other.kind === 'run' && one.kind === 'run' && other !== one);
    expect(
      standingOf({ ...one, requestId: ids[0] ?? one.requestId, over: [] }, { held: running, waiting: [] })
        .behind,
    ).toEqual([]);
  }
  for (const one of waiting) {
    // Nobody waits for what is free, and the card says what is true now.
    const standing = standingOf(one as LockOrder, { held, waiting });
    expect(standing.behind).not.toEqual([]);
    expect((await store.load(one.requestId))?.queue).toMatchObject(JSON.parse(JSON.stringify(standing)));
  }
  const fences = locks.map(({ fence }) => fence);
  const taken = fences.filter((fence) => !knownFences.has(fence));
  for (const fence of taken) expect(fence).toBeGreaterThan(lastFence);
  for (const fence of taken) knownFences.add(fence);
  return Math.max(lastFence, ...fences);
}

function next(store: Store) {
  return store.claimDue('runner', monday, 1_000_000);
}

function endOf(request: PlatformRequest): RequestEvent {
  return request.status === 'running' && request.lock?.kind === 'run'
    ? { type: 'succeeded', at: monday, outputs }
    : { type: 'lock_ended', at: monday, how: 'released', by: request.requester };
}

/** As the desk does: start, or wait when that is a conflict, until one of both is written. */
async function tryToStart(
  store: Store,
  request: PlatformRequest,
  more: Partial<LockOrder>,
): Promise<boolean> {
  const current = (await store.load(request.id)) as PlatformRequest;
  const started = await start(store, current, more);
  if (started) return true;
  expect(await queue(store, current, more)).toBeDefined();
  return false;
}

async function approved(
  store: Store,
  key: string,
  requester: Person = person('Ada'),
): Promise<PlatformRequest> {
  const request = await submit(store, key, { requester });
  return write(store, request, [evaluated('allow'), { type: 'approved', at: monday, because: 'policy' }]);
}

function orderOf(request: PlatformRequest, more: Partial<LockOrder>): LockOrder {
  return {
    requestId: request.id,
    keys: [staging],
    kind: 'run',
    holder: request.requester,
    over: [],
    ...more,
  };
}

function startedOf(request: PlatformRequest, more: Partial<LockOrder> = {}): RequestEvent {
  const lock: Lock = { ...orderOf(request, more), fence: 0, reason: 'a test', since: monday };
  return { type: 'started', at: monday, plan, lock };
}

function firstOf(request: PlatformRequest): RequestEvent {
  const { id, action, effect, input, target, requester, origin, channel } = request;
  return { type: 'requested', at: monday, id, action, effect, input, target, requester, origin, channel };
}

/** `undefined` when it is a conflict. */
function start(store: Store, request: PlatformRequest, more: Partial<LockOrder> = {}) {
  return append(store, request, startedOf(request, more));
}

async function queue(store: Store, request: PlatformRequest, more: Partial<LockOrder> = {}) {
  const order = orderOf(request, more);
  return append(store, request, { type: 'lock_queued', at: monday, order, behind: [], place: 1 });
}

async function append(store: Store, request: PlatformRequest, event: RequestEvent) {
  const change = { requestId: request.id, expectedVersion: request.version, events: [event], notices: [] };
  const appended = await store.append(change);
  return appended.outcome === 'appended' ? appended.request : undefined;
}
