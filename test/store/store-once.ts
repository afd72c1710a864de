/** What every store promises of things that are done once, however many replicas run. */
import { describe, expect, test } from 'vitest';
import type { Store } from '../../src/core/store.ts';
import { monday } from './example-requests.ts';

const hour = 3_600_000;

export function promiseOnce(store: () => Store): void {
  describe('what is done once', () => {
    test('a timer is there as it was set last, and one of two replicas gets it when it is due', async () => {
      expect(await store().timer('report')).toBeUndefined();
      await store().setTimer('report', monday);
      expect(await store().timer('report')).toEqual({ dueAt: monday });
      expect(await store().claimTimer('report', monday - 1, hour)).toBe(false);
      const claims = await Promise.all([1, 2].map(() => store().claimTimer('report', monday, hour)));
      expect(claims.toSorted()).toEqual([false, true]);
      expect(await store().timer('report')).toEqual({ dueAt: monday, heldUntil: monday + hour });
    });

    test('a timer whose holder has died is there for the next one', async () => {
      await store().setTimer('report', monday);
      expect(await store().claimTimer('report', monday, hour)).toBe(true);
      expect(await store().claimTimer('report', monday + hour - 1, hour)).toBe(false);
      expect(await store().claimTimer('report', monday + hour, hour)).toBe(true);
    });

    test('a timer that is set anew is let go of', async () => {
      await store().setTimer('report', monday);
      await store().claimTimer('report', monday, hour);
      await store().setTimer('report', monday + hour);
      expect(await store().timer('report')).toEqual({ dueAt: monday + hour });
      expect(await store().claimTimer('report', monday + 1, hour)).toBe(false);
      expect(await store().claimTimer('other', monday + hour, hour)).toBe(false);
    });

    test('the same is told once, something else again, and that all is well only after it was not', async () => {
      expect(await store().tellOnce('policy.yml', '')).toBe(false);
      const told = await Promise.all([1, 2].map(() => store().tellOnce('policy.yml', 'line 3')));
      expect(told.toSorted()).toEqual([false, true]);
      expect(await store().tellOnce('policy.yml', 'line 4')).toBe(true);
      expect(await store().tellOnce('catalog.yml', 'line 4')).toBe(true);
      expect(await store().tellOnce('policy.yml', '')).toBe(true);
      expect(await store().tellOnce('policy.yml', '')).toBe(false);
      expect(await store().tellOnce('policy.yml', 'line 4')).toBe(true);
    });

    test('what could not be told is told again by one of those who know of it', async () => {
      for (const state of ['line 3', '']) {
        expect(await store().tellOnce('policy.yml', state)).toBe(true);
        expect(await store().tellAgain('policy.yml', state)).toBe(false);
        await store().couldNotTell('policy.yml', state);
        expect(await store().tellAgain('policy.yml', 'line 4')).toBe(false);
        expect(await store().tellAgain('catalog.yml', state)).toBe(false);
        const told = await Promise.all([1, 2].map(() => store().tellAgain('policy.yml', state)));
        expect(told.toSorted()).toEqual([false, true]);
        expect(await store().tellOnce('policy.yml', state)).toBe(false);
      }
    });

    test('what could not be told is news to whoever hears of it now, and never undoes newer news', async () => {
      for (const state of ['line 3', '']) {
        expect(await store().tellOnce('policy.yml', state)).toBe(true);
        await store().couldNotTell('policy.yml', state);
        expect(await store().tellOnce('policy.yml', state)).toBe(true);
      }
      await store().tellOnce('policy.yml', 'line 4');
      await store().couldNotTell('policy.yml', 'line 3');
      await store().couldNotTell('policy.yml', '');
      expect(await store().tellOnce('policy.yml', 'line 4')).toBe(false);
      expect(await store().tellAgain('policy.yml', 'line 3')).toBe(false);
    });
  });
}
