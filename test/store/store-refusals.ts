/** What every store promises of attempts that were turned away. */
import { describe, expect, test } from 'vitest';
import { requestIdOf } from '../../src/core/ids.ts';
import type { Refusal } from '../../src/core/refusal.ts';
import type { Store } from '../../src/core/store.ts';
import { monday } from './example-requests.ts';

const day = 24 * 3_600_000;

export function promiseRefusals(store: () => Store): void {
  describe('refusals', () => {
    const refusal: Refusal = {
      at: monday,
      door: 'block_actions card.approve',
      code: 'own_request',
      sentence: 'You asked for this one.',
      reference: 'ref00001',
      times: 1,
      by: 'U0EVE',
      about: requestIdOf(1),
    };

    test('come back as they were, the newest first', async () => {
      const { by: _, about: __, ...unsigned } = refusal;
      const later: Refusal = { ...unsigned, at: monday + 1, door: 'http', code: 'not_signed', times: 40 };
      await store().addRefusal(refusal);
      await store().addRefusal(later);
      expect(await store().refusals(10)).toEqual([later, refusal]);
      expect(await store().refusals(1)).toEqual([later]);
    });

    test('are forgotten after a quarter', async () => {
      await store().addRefusal(refusal);
      await store().addRefusal({ ...refusal, at: monday + 90 * day });
      expect(await store().refusals(10)).toHaveLength(2);
      await store().addRefusal({ ...refusal, at: monday + 93 * day });
      expect((await store().refusals(10)).map(({ at }) => (at - monday) / day)).toEqual([93, 90]);
    });
  });
}
