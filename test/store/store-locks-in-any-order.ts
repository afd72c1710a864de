/** Whatever comes and goes in whatever order: one holder, rising fences, a fair queue, and nobody waits for what is free. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RequestId } from '../../src/core/ids.ts';
import { type Lock, type LockOrder, standingOf } from '../../src/core/lock.ts';
import type { LockKey } from '../../src/core/lock-key.ts';
import { heldLock } from '../../src/core/lock-life.ts';
import type { PlatformRequest, RequestEvent } from '../../src/core/request.ts';
import type { Store } from '../../src/core/store.ts';
import { monday, person, write } from './example-requests.ts';
import { all, approved, outputs, payments, production, queue, search, staging, start } from './lock-moves.ts';

export function promiseLocksInAnyOrder(store: () => Store): void {
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
}

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
