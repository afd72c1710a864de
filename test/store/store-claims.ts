/** What every store promises of claims: one holder at a time, and nobody holds for ever. */
import { describe, expect, test } from 'vitest';
import { evaluateGraceMs } from '../../src/core/evaluated.ts';
import type { Store } from '../../src/core/store.ts';
import { evaluated, monday, person, submit, write } from './example-requests.ts';

export function promiseClaims(store: () => Store): void {
  describe('claiming', () => {
    const due = monday + evaluateGraceMs;

    test('what has been due longest is claimed first, and nothing before it is due', async () => {
      await submit(store(), 'late', { at: monday + 50 });
      await submit(store(), 'early');
      expect(await store().nextDueAt()).toBe(due);
      expect(await store().claimDue('one', due - 1, 1000)).toBeUndefined();
      const claimed = [];
      for (let i = 0; i < 3; i++) claimed.push((await store().claimDue('one', due + 50, 1000))?.request.id);
      expect(claimed).toEqual(['REQ-2', 'REQ-1', undefined]);
    });

    test('of many who claim at once one gets it', async () => {
      await submit(store(), 'a');
      const claims = await Promise.all(
        Array.from({ length: 10 }, (_, index) => store().claimDue(`holder ${index}`, due, 1000)),
      );
      expect(claims.filter((claim) => claim !== undefined)).toHaveLength(1);
    });

    test('a lapsed lease is taken over, and the old holder can write no more', async () => {
      await submit(store(), 'a');
      const old = await claim('old', due);
      expect(await store().claimDue('new', due + 999, 1000)).toBeUndefined();
      expect(await store().nextDueAt()).toBe(due + 1000);
      const taken = await claim('new', due + 1000);
      expect(taken.fence).toBeGreaterThan(old.fence);

      const change = { requestId: old.requestId, expectedVersion: 1, notices: [] };
      const late = { ...change, events: [evaluated('deny')], claim: old };
      expect(await store().append(late)).toEqual({ outcome: 'lease_lost' });
      expect(await store().renew(old, due + 1000, 1000)).toBe(false);
      await store().release(old);
      await store().postpone(old, due + 90_000);
      expect(await store().append({ ...change, events: [evaluated('hold')], claim: taken })).toMatchObject({
        outcome: 'appended',
      });
    });

    test('what follows from a carried request is written only under its claim, too', async () => {
      await submit(store(), 'carried');
      const { id: other } = await submit(store(), 'other', { at: monday + 5000 });
      const old = await claim('old', due);
      const taken = await claim('new', due + 1000);
      const change = { requestId: other, expectedVersion: 1, notices: [], events: [evaluated('hold')] };
      expect(await store().append({ ...change, claim: old })).toEqual({ outcome: 'lease_lost' });
      expect(await store().append({ ...change, claim: taken })).toMatchObject({
        ...{ outcome: 'appended', request: { id: other, version: 2 } },
      });
    });

    test('the same holder claiming again does not give its old claim new life', async () => {
      await submit(store(), 'a');
      const old = await claim('one', due);
      await claim('one', due + 1000);
      expect(await store().renew(old, due + 1000, 1000)).toBe(false);
    });

    test('a lease that lapsed unnoticed may still be renewed, and written under', async () => {
      await submit(store(), 'a');
      const held = await claim('one', due);
      expect(await store().renew(held, due + 5000, 1000)).toBe(true);
      expect(await store().claimDue('two', due + 5999, 1000)).toBeUndefined();
      expect(await store().claimDue('two', due + 6000, 1000)).toBeDefined();
    });

    test('what is released can be claimed at once, and its old claim is void', async () => {
      await submit(store(), 'a');
      const held = await claim('one', due);
      await store().release(held);
      expect(
        await store().append({
          requestId: held.requestId,
          expectedVersion: 1,
          events: [],
          notices: [],
          claim: held,
        }),
      ).toEqual({ outcome: 'lease_lost' });
      expect((await claim('two', due)).fence).toBe(held.fence + 1);
    });

    test('what is postponed waits until then', async () => {
      await submit(store(), 'a');
      await store().postpone(await claim('one', due), due + 30_000);
      expect(await store().claimDue('two', due + 29_999, 1000)).toBeUndefined();
      expect(await store().nextDueAt()).toBe(due + 30_000);
      expect(await store().claimDue('two', due + 30_000, 1000)).toBeDefined();
    });

    test('something happening ends a postponement', async () => {
      const request = await submit(store(), 'a');
      await store().postpone(await claim('one', due), due + 30_000);
      await write(store(), request, [
        evaluated('allow', due + 1),
        { type: 'approved', at: due + 1, because: 'policy' },
      ]);
      expect(await store().claimDue('two', due + 1, 1000)).toBeDefined();
    });

    test('what happens while somebody holds it is looked at again at once, however long they postpone it', async () => {
      const request = await submit(store(), 'a');
      const held = await claim('one', due);
      await write(store(), request, [
        evaluated('allow', due),
        { type: 'approved', at: due, because: 'policy' },
      ]);
      await store().postpone(held, due + 30_000);
      const again = await claim('two', due + 1);
      await store().postpone(again, due + 30_000);
      expect(await store().claimDue('two', due + 2, 1000)).toBeUndefined();
    });

    test("a holder's own writing does not end its postponement", async () => {
      const request = await submit(store(), 'a');
      const held = await claim('one', due);
      const change = { requestId: request.id, expectedVersion: 1, notices: [], claim: held };
      const approved = { type: 'approved', at: due, because: 'policy' } as const;
      await store().append({ ...change, events: [evaluated('allow', due), approved] });
      await store().postpone(held, due + 30_000);
      expect(await store().claimDue('two', due + 1, 1000)).toBeUndefined();
    });

    test('somebody else writing does not take a lease away', async () => {
      const request = await submit(store(), 'a');
      const held = await claim('one', due);
      const after = await write(store(), request, [evaluated('hold', due)]);
      expect(await store().claimDue('two', due + 999, 1000)).toBeUndefined();
      const change = { requestId: request.id, expectedVersion: after.version, notices: [], claim: held };
      expect((await store().append({ ...change, events: [evaluated('hold', due)] })).outcome).toBe(
        'appended',
      );
    });

    test('what has ended is never due', async () => {
      const request = await submit(store(), 'a');
      await write(store(), request, [{ type: 'cancelled', at: monday, by: person('Ada') }]);
      expect(await store().nextDueAt()).toBeUndefined();
      expect(await store().claimDue('one', Number.MAX_SAFE_INTEGER / 2, 1000)).toBeUndefined();
    });

    async function claim(holder: string, now: number) {
      const claimed = await store().claimDue(holder, now, 1000);
      if (!claimed) throw new Error(`${holder} could claim nothing`);
      return claimed.claim;
    }
  });
}
