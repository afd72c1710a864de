/** What every store promises after a clock that was ahead. */
import { describe, expect, test } from 'vitest';
import type { Store } from '../../src/core/store.ts';
import { evaluated, monday, submit, write } from './example-requests.ts';

const day = 24 * 3_600_000;

export function promiseTheClock(store: () => Store): void {
  describe('once a clock that was two days ahead is right again', () => {
    const early = monday - 2 * day;

    test('what happened to a request meanwhile is gone on with at once, and so is its card', async () => {
      await write(store(), await submit(store(), 'a'), [evaluated('hold')]);
      expect(await store().claimDue('bot', early, 10_000)).toBeUndefined();
      expect(await store().outbox(early, 10)).toEqual([]);
      expect(await store().bringForward(early)).toBeGreaterThan(0);
      expect((await store().claimDue('bot', early, 10_000))?.request.id).toBe('REQ-1');
      expect(await store().outbox(early, 10)).toHaveLength(1);
      expect(await store().bringForward(early)).toBe(0);
    });

    test('what somebody held then is free, and what was put off is looked at', async () => {
      await submit(store(), 'a');
      await submit(store(), 'b');
      const held = await store().claimDue('killed', monday + day, 10_000);
      const other = await store().claimDue('killed', monday + day, 10_000);
      if (!held || !other) throw new Error('two requests are due');
      await store().postpone(other.claim, monday + day);
      await store().bringForward(early);
      const free = [
        await store().claimDue('bot', early, 10_000),
        await store().claimDue('bot', early, 10_000),
      ];
      expect(free.map((one) => one?.request.id).toSorted()).toEqual(['REQ-1', 'REQ-2']);
    });

    test('a look that was put off further than anybody puts one off is due, though nothing happened to its request meanwhile', async () => {
      await submit(store(), 'a');
      const later = monday + 3_600_000;
      const found = await store().claimDue('bot', later, 10_000);
      if (!found) throw new Error('a request is due');
      await store().postpone(found.claim, later + 2 * day);
      expect(await store().bringForward(later)).toBe(1);
      expect((await store().claimDue('bot', later, 10_000))?.request.id).toBe('REQ-1');
    });

    test('a channel that was to be left alone for longer than Slack asks is spoken to', async () => {
      const request = await write(store(), await submit(store(), 'a'), [evaluated('hold')]);
      const [item] = await store().outbox(monday, 1);
      if (!item) throw new Error('a card is to be shown');
      const lease = await store().claimLease('speaker', 'bot', monday, 10_000);
      if (!lease) throw new Error('nobody speaks');
      const lane = { name: 'chat.postMessage C1', freeAt: monday + day, pausedUntil: monday + day };
      const soon = { name: 'chat.postMessage C2', freeAt: monday + 1_000, pausedUntil: 0 };
      const posted = { channel: 'C1', ts: '1.000001', shownVersion: request.version };
      await store().cardShown(item, posted, { lease, lanes: [lane, soon] });
      await store().bringForward(monday);
      expect(await store().chatLanes(monday)).toEqual([soon]);
    });

    test('what waits for its time by a clock that is right goes on waiting', async () => {
      await submit(store(), 'a');
      const due = await store().claimDue('bot', monday + day, 10_000);
      if (!due) throw new Error('a request is due');
      await store().postpone(due.claim, monday + day + 3_600_000);
      expect(await store().bringForward(monday + day)).toBe(0);
      expect(await store().claimDue('bot', monday + day, 10_000)).toBeUndefined();
    });
  });
}
