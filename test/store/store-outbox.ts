/** What every store promises of the outbox: told once, in order, newest state only. */
import { describe, expect, test } from 'vitest';
import type { PostedCard } from '../../src/core/ports.ts';
import { problem } from '../../src/core/problem.ts';
import type { OutboxItem, Store } from '../../src/core/store.ts';
import { evaluated, monday, noticeOf, submit, write } from './example-requests.ts';

const trouble = problem('outside_unavailable', 'Slack does not answer.', 'Wait.', { detail: 'socket' });
const posted: PostedCard = { channel: 'C1', ts: '1.0', shownVersion: 2 };

export function promiseTheOutbox(store: () => Store, reopen: () => Promise<Store>): void {
  describe('the outbox', () => {
    const dueNow = (at = monday) => store().outbox(at, 10);

    test('a request that nobody has judged has no card, nor has one that is refused at once', async () => {
      await submit(store(), 'a');
      await write(store(), await submit(store(), 'b'), [
        evaluated('deny'),
        { type: 'denied', at: monday, by: 'policy' },
      ]);
      expect(await dueNow()).toEqual([]);
      expect(await store().nextOutboxAt()).toBeUndefined();
    });

    test('many changes want one card', async () => {
      const request = await write(store(), await submit(store(), 'a'), [evaluated('hold')]);
      await write(store(), await write(store(), request, [evaluated('hold')]), [evaluated('hold')]);
      const items = await dueNow();
      expect(items).toMatchObject([{ requestId: 'REQ-1', attempts: 0 }]);
      await store().cardShown(only(items), { ...posted, shownVersion: 4 });
      expect(await dueNow()).toEqual([]);
      expect(await store().postedCard(request.id)).toEqual({ ...posted, shownVersion: 4 });
    });

    test('a card stays wanted when it changed while it was being shown', async () => {
      const request = await write(store(), await submit(store(), 'a'), [evaluated('hold')]);
      const item = only(await dueNow());
      await write(store(), request, [evaluated('hold')]);
      await store().cardShown(item, posted);
      expect(await dueNow()).toHaveLength(1);
      await store().cardShown(item, { ...posted, shownVersion: 3 });
      expect(await dueNow()).toEqual([]);
      expect(await store().nextOutboxAt()).toBeUndefined();
    });

    test('a card that was shown is wanted again by the next change', async () => {
      const request = await write(store(), await submit(store(), 'a'), [evaluated('hold')]);
      await store().cardShown(only(await dueNow()), posted);
      await write(store(), request, [evaluated('hold', monday + 100)]);
      expect(await store().nextOutboxAt()).toBe(monday + 100);
      expect(await store().nextOutboxAt(monday + 99)).toBe(monday + 100);
      expect(await store().nextOutboxAt(monday + 100)).toBeUndefined();
      expect(await dueNow(monday + 100)).toHaveLength(1);
    });

    test('a notice is due only after its card was posted', async () => {
      const { id } = await waiting();
      const items = await dueNow();
      expect(items.map(({ notice }) => notice)).toEqual([undefined]);
      await store().cardShown(only(items), posted);
      expect((await dueNow()).map(({ notice }) => notice)).toEqual([noticeOf(id)]);
      expect(await store().nextOutboxAt()).toBe(monday);
    });

    test('what is not said under a card is due though there is none', async () => {
      const request = await submit(store(), 'a');
      const notices = (['waiting', 'glass_broken', 'lock_idle'] as const).map((kind) =>
        noticeOf(request.id, kind),
      );
      await write(store(), request, [evaluated('hold')], notices);
      const due = (await dueNow()).map(({ notice }) => notice?.kind);
      expect(due).toEqual([undefined, 'glass_broken', 'lock_idle']);
    });

    test('a notice is told once, whoever wants it again, also after a restart', async () => {
      const request = await waiting();
      await store().cardShown(only(await dueNow()), posted);
      await write(store(), request, [], [noticeOf(request.id), noticeOf(request.id, 'moved')]);
      const notices = await dueNow();
      expect(notices.map(({ notice }) => notice?.kind)).toEqual(['waiting', 'moved']);
      for (const one of notices) await store().noticeTold(one);
      await write(store(), request, [], [noticeOf(request.id)]);
      expect(await dueNow()).toEqual([]);
      await reopen();
      expect(await dueNow()).toEqual([]);
    });

    test('what failed comes again at its time, with its attempts, also after a restart', async () => {
      const request = await write(store(), await submit(store(), 'a'), [evaluated('hold')]);
      await store().outboxFailed(only(await dueNow()), monday + 1000, trouble);
      await reopen();
      expect(await dueNow(monday + 999)).toEqual([]);
      expect(await store().nextOutboxAt()).toBe(monday + 1000);
      const again = only(await dueNow(monday + 1000));
      expect(again.attempts).toBe(1);

      // A change meanwhile does not end the wait: Slack is no better for it.
      await write(store(), request, [evaluated('hold', monday + 1)]);
      expect(await dueNow(monday + 999)).toEqual([]);

      await store().cardShown(again, posted);
      expect(only(await dueNow(monday + 1000)).attempts).toBe(0);
    });

    test('the oldest comes first, and no more than asked for', async () => {
      for (const [key, at] of [
        ['a', 20],
        ['b', 10],
        ['c', 30],
      ] as const) {
        await write(store(), await submit(store(), key), [evaluated('hold', monday + at)]);
      }
      expect((await store().outbox(monday + 30, 2)).map(({ requestId }) => requestId)).toEqual([
        'REQ-2',
        'REQ-1',
      ]);
    });

    test('a card that is to be shown once more may be elsewhere already', async () => {
      const { id } = await write(store(), await submit(store(), 'a'), [evaluated('hold')]);
      expect(await store().settledCard(id)).toBeUndefined();
      await store().cardShown(only(await dueNow()), posted);
      expect(await store().settledCard(id)).toEqual(posted);
      await store().cardMissed(id, posted.ts, monday);
      expect(await store().settledCard(id)).toBeUndefined();
      await store().cardShown(only(await dueNow()), { ...posted, ts: '2.0' });
      expect(await store().settledCard(id)).toEqual({ ...posted, ts: '2.0' });
    });

    test('a card that is not where it was left is wanted again, unless it is elsewhere by now', async () => {
      const request = await write(store(), await submit(store(), 'a'), [evaluated('hold')]);
      await store().cardShown(only(await dueNow()), posted);
      await store().cardMissed(request.id, '0.9', monday + 5);
      expect(await store().nextOutboxAt()).toBeUndefined();
      await store().cardMissed(request.id, posted.ts, monday + 5);
      expect(await store().nextOutboxAt()).toBe(monday + 5);
      // What waits after a failure goes on waiting.
      const again = only(await dueNow(monday + 5));
      await store().outboxFailed(again, monday + 1000, trouble);
      await store().cardMissed(request.id, posted.ts, monday + 6);
      expect(await store().nextOutboxAt()).toBe(monday + 1000);
    });

    test('the cards of a channel are known from a moment on', async () => {
      for (const [key, channel, ts] of [
        ['a', 'C1', '1700000001.000100'],
        ['b', 'C1', '1700000002.000100'],
        ['c', 'C2', '1700000003.000100'],
      ] as const) {
        const { id } = await write(store(), await submit(store(), key), [evaluated('hold')]);
        const item = (await dueNow()).find(({ requestId }) => requestId === id);
        if (item) await store().cardShown(item, { channel, ts, shownVersion: 2 });
      }
      expect(await store().postedCards('C1', '1700000001.500000')).toEqual([
        { requestId: 'REQ-2', ts: '1700000002.000100' },
      ]);
    });

    test('who speaks no longer changes nothing', async () => {
      const { id } = await waiting();
      const old = await lease('one', monday);
      const lane = { name: 'chat.postMessage C1', freeAt: monday + 1000, pausedUntil: 0 };
      await store().cardShown(only(await dueNow()), posted, { lease: old, lanes: [lane] });
      const newer = await lease('two', monday + 10_000);
      const notice = only(await dueNow());
      const later = [{ ...lane, freeAt: monday + 9000 }];
      const speech = { lease: old, lanes: later };
      expect(await store().noticeTold(notice, speech)).toBe(false);
      expect(await store().outboxFailed(notice, monday + 5, trouble, speech)).toBe(false);
      expect(await store().cardShown(notice, { ...posted, ts: '2.0' }, speech)).toBe(false);
      expect(await store().postedCard(id)).toEqual(posted);
      expect(await dueNow()).toEqual([notice]);
      expect(await store().chatLanes(monday)).toEqual([lane]);
      expect(await store().noticeTold(notice, { lease: newer, lanes: later })).toBe(true);
      await reopen();
      expect(await store().chatLanes(monday)).toEqual(later);
      expect(await store().chatLanes(monday + 9000)).toEqual([]);
    });

    async function lease(holder: string, now: number) {
      const claimed = await store().claimLease('outbox', holder, now, 6000);
      if (!claimed) throw new Error('it is held');
      return claimed;
    }

    async function waiting() {
      const request = await submit(store(), 'a');
      return write(store(), request, [evaluated('require_approval')], [noticeOf(request.id)]);
    }
  });
}

function only(items: readonly OutboxItem[]): OutboxItem {
  const [item, ...others] = items;
  if (item === undefined || others.length > 0) throw new Error(`${items.length} items, wanted 1`);
  return item;
}
