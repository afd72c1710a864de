/** What every store promises of leases: one holder at a time, a fence that rises, and no holder for ever. */
import { describe, expect, test } from 'vitest';
import type { Store } from '../../src/core/store.ts';
import { monday } from './example-requests.ts';

const second = 1000;

export function promiseLeases(store: () => Store): void {
  describe('leases', () => {
    const claim = (holder: string, now = monday) => store().claimLease('speaker', holder, now, 8 * second);

    async function claimed(holder: string, now = monday) {
      const lease = await claim(holder, now);
      if (!lease) throw new Error(`${holder} got nothing`);
      return lease;
    }

    test('of many that ask at once one gets it, and other names are others’', async () => {
      const claims = await Promise.all(['a', 'b', 'c', 'd'].map((holder) => claim(holder)));
      const [lease, ...more] = claims.flatMap((one) => one ?? []);
      expect(more).toEqual([]);
      expect(lease).toMatchObject({ name: 'speaker', fence: 1, until: monday + 8 * second });
      expect(await store().claimLease('leader', 'e', monday, second)).toMatchObject({
        holder: 'e',
        fence: 1,
      });
    });

    test('it is free the moment it lapses, with a higher fence', async () => {
      const first = await claimed('a');
      expect(await claim('b', first.until - 1)).toBeUndefined();
      expect(await claim('b', first.until)).toEqual({
        ...{ name: 'speaker', holder: 'b', fence: 2, until: first.until + 8 * second },
      });
    });

    test('a renewal keeps it; one who lost it keeps nothing and takes nothing away', async () => {
      const first = await claimed('a');
      expect(await store().renewLease(first, monday + 4 * second, 8 * second)).toBe(true);
      expect(await claim('b', monday + 12 * second - 1)).toBeUndefined();
      const next = await claimed('b', monday + 12 * second);
      expect(await store().renewLease(first, monday + 12 * second, 8 * second)).toBe(false);
      await store().releaseLease(first);
      expect(await claim('c', monday + 13 * second)).toBeUndefined();
      expect(await store().renewLease(next, monday + 13 * second, 8 * second)).toBe(true);
    });

    test('what is let go of is free at once, for good, and its fence goes on rising', async () => {
      const first = await claimed('a');
      await store().releaseLease(first);
      expect(await store().renewLease(first, monday, 8 * second)).toBe(false);
      expect(await claim('b')).toMatchObject({ holder: 'b', fence: 2 });
    });

    test('a holder that never heard the answer asks again, and its first claim is fenced', async () => {
      const first = await claimed('a');
      expect(await claim('a', monday + second)).toMatchObject({ holder: 'a', fence: 2 });
      expect(await store().renewLease(first, monday + second, 8 * second)).toBe(false);
    });

    test('a clock that was set back keeps nobody waiting', async () => {
      await claimed('a', monday + 3600 * second);
      expect(await claim('b', monday + 3600 * second - 2 * second)).toBeUndefined();
      expect(await claim('b')).toMatchObject({ holder: 'b', fence: 2 });
    });
  });
}
