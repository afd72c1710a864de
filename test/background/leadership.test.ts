/** One replica at a time holds it, another takes it over in time, and nobody believes too long that it is theirs. */
import { expect, onTestFinished, test } from 'vitest';
import { type Leadership, leadershipLimits, startLeadership } from '../../src/background/leadership.ts';
import { secondMs } from '../../src/core/duration.ts';
import type { Lease, Store } from '../../src/core/store.ts';
import { createWorldClock } from '../../src/sandbox/clock.ts';
import { memoryStore } from '../store/ready-store.ts';

const { leaseMs, lookMs } = leadershipLimits;

async function world() {
  const clock = createWorldClock({ mode: 'still', startAt: Date.UTC(2026, 10, 18, 9) });
  const store = await memoryStore();
  onTestFinished(() => store.close());
  return {
    clock,
    store,
    /**
     * `frozen` timers stand still as those of a paused process do; what it asks of the store fails while `isCut`, and
     * is done while it is `delayed`, but heard of only afterwards.
     */
    replica(holder: string, delayed?: Promise<void>) {
      const state = { isCut: false, isFrozen: false, delayed, said: [] as string[] };
      const late: (() => void)[] = [];
      const through = async <Value>(work: () => Promise<Value>): Promise<Value> => {
        if (state.isCut) throw new Error('the store does not answer');
        const answer = await work();
        await state.delayed;
        return answer;
      };
      const port: Pick<Store, 'claimLease' | 'renewLease' | 'releaseLease'> = {
        claimLease: (...asked) => through(() => store.claimLease(...asked)),
        renewLease: (...asked) => through(() => store.renewLease(...asked)),
        releaseLease: (...asked) => through(() => store.releaseLease(...asked)),
      };
      const leadership: Leadership = startLeadership({
        store: port,
        clock,
        scheduler: {
          after: (delayMs, fire) =>
            clock.after(delayMs, () => void (state.isFrozen ? late.push(fire) : fire())),
        },
        log: { info: () => {}, warn: () => {}, error: () => {} },
        name: 'leader',
        holder,
        taken: (lease: Lease) => void state.said.push(`taken ${lease.fence}`),
        lost: () => void state.said.push('lost'),
      });
      onTestFinished(() => leadership.stop());
      return {
        ...leadership,
        state,
        wakeUp() {
          state.isFrozen = false;
          for (const fire of late.splice(0)) fire();
        },
      };
    },
    /** Time passes in small pieces, so that what was asked is answered. */
    async pass(ms: number, watch = () => {}) {
      for (let passed = 0; passed < ms; passed += 250) {
        await clock.advance(250);
        await new Promise(setImmediate);
        watch();
      }
    },
  };
}

test('one of three replicas holds it, and keeps it as long as it lives', async () => {
  const { replica, pass } = await world();
  const replicas = ['a', 'b', 'c'].map((holder) => replica(holder));
  await Promise.all(replicas.map((one) => one.look()));
  const before = replicas.map((one) => one.current()?.fence);
  expect(before.filter((fence) => fence === 1)).toHaveLength(1);
  await pass(5 * leaseMs);
  expect(replicas.map((one) => one.current()?.fence)).toEqual(before);
});

test('a killed holder is followed by another in under 8 seconds, with a higher fence', async () => {
  const { replica, pass } = await world();
  const a = replica('a');
  await a.look();
  const b = replica('b');
  await pass(10 * secondMs + 100);
  a.state.isFrozen = true;
  await pass(leaseMs - leaseMs / 3 - secondMs);
  expect(b.current()).toBeUndefined();
  await pass(8 * secondMs - (leaseMs - leaseMs / 3 - secondMs));
  expect(b.state.said).toEqual(['taken 2']);
  expect(b.current()).toMatchObject({ holder: 'b', fence: 2 });
});

test('one that stops in order is followed at the next look', async () => {
  const { replica, pass } = await world();
  const a = replica('a');
  await a.look();
  const b = replica('b');
  await pass(lookMs);
  await a.stop();
  expect(a.state.said).toEqual(['taken 1', 'lost']);
  await pass(lookMs);
  expect(b.current()).toMatchObject({ fence: 2 });
});

test('whoever cannot reach the store has stopped before anybody else begins', async () => {
  const { replica, pass } = await world();
  const a = replica('a');
  await a.look();
  const b = replica('b');
  await pass(5 * secondMs);
  a.state.isCut = true;
  let both = 0;
  await pass(3 * leaseMs, () => {
    if (a.current() && b.current()) both += 1;
    if (b.state.said.length > 0 && a.state.said.length < 2) both += 1;
  });
  expect(both).toBe(0);
  expect(a.state.said).toEqual(['taken 1', 'lost']);
  expect(b.state.said).toEqual(['taken 2']);
  a.state.isCut = false;
  await pass(2 * leaseMs);
  expect(a.current()).toBeUndefined();
});

test('a short silence of the store costs nobody anything', async () => {
  const { replica, pass } = await world();
  const a = replica('a');
  await a.look();
  replica('b');
  a.state.isCut = true;
  await pass(3 * secondMs);
  a.state.isCut = false;
  await pass(3 * leaseMs);
  expect(a.current()?.fence).toBe(1);
  expect(a.state.said).toEqual(['taken 1']);
});

test('a paused process knows at once that it is no longer the one, before any timer of its own', async () => {
  const { replica, pass } = await world();
  const a = replica('a');
  await a.look();
  const b = replica('b');
  await pass(secondMs);
  a.state.isFrozen = true;
  await pass(60 * secondMs);
  expect(a.current()).toBeUndefined();
  expect(a.state.said).toEqual(['taken 1']);
  a.wakeUp();
  await pass(secondMs);
  expect(a.state.said).toEqual(['taken 1', 'lost']);
  expect(b.current()).toMatchObject({ fence: 2 });
});

test('a renewal that is answered after it was given up makes nobody a holder again, and is no second loss', async () => {
  const { replica, pass } = await world();
  const a = replica('a');
  await a.look();
  const answered = Promise.withResolvers<void>();
  a.state.delayed = answered.promise;
  await pass(2 * leaseMs);
  expect(a.state.said).toEqual(['taken 1', 'lost']);
  answered.resolve();
  await pass(2 * lookMs);
  expect(a.state.said).toEqual(['taken 1', 'lost', 'taken 2']);
  expect(a.current()).toMatchObject({ fence: 2 });
});

test('a claim that is answered when it may no longer be believed is let go of, for whoever comes next', async () => {
  const { replica, pass, store, clock } = await world();
  const answered = Promise.withResolvers<void>();
  const a = replica('a', answered.promise);
  // The store would still give it to nobody else.
  await pass(leaseMs - 250);
  expect(await store.claimLease('leader', 'b', clock.now(), leaseMs)).toBeUndefined();
  answered.resolve();
  await new Promise(setImmediate);
  expect(a.state.said).toEqual([]);
  expect(await store.claimLease('leader', 'b', clock.now(), leaseMs)).toMatchObject({ fence: 2 });
});

test('an end while it asks leaves nothing held', async () => {
  const { replica, store, clock } = await world();
  const a = replica('a');
  await a.stop();
  expect(a.state.said).toEqual([]);
  expect(await store.claimLease('leader', 'b', clock.now(), leaseMs)).toBeDefined();
});
