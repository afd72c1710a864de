/** What every store promises of forms that are half filled in. */
import { describe, expect, test } from 'vitest';
import type { FormDraft, Store } from '../../src/core/store.ts';
import { monday, personId } from './example-requests.ts';

const hour = 3_600_000;

export function promiseDrafts(store: () => Store): void {
  describe('drafts', () => {
    const draft: FormDraft = {
      id: 'd1',
      owner: personId('Ada'),
      values: { name: 'x', 'values.tags': ['a'], sure: false },
      savedAt: monday,
    };

    test('a draft comes back as it was, and as it was saved last', async () => {
      expect(await store().loadDraft('d1')).toBeUndefined();
      expect(await store().saveDraft(draft, hour)).toBe(true);
      expect(await store().loadDraft('d1')).toEqual(draft);
      const later = { ...draft, values: { name: 'y' }, savedAt: monday + 1 };
      expect(await store().saveDraft(later, hour)).toBe(true);
      expect(await store().loadDraft('d1')).toEqual(later);
    });

    test('nobody writes over somebody else’s', async () => {
      await store().saveDraft(draft, hour);
      expect(await store().saveDraft({ ...draft, owner: personId('Eve'), values: {} }, hour)).toBe(false);
      expect(await store().loadDraft('d1')).toEqual(draft);
    });

    test('the old ones are forgotten when a new one is kept', async () => {
      await store().saveDraft(draft, hour);
      await store().saveDraft({ ...draft, id: 'd2', savedAt: monday + hour + 1 }, hour);
      expect(await store().loadDraft('d1')).toBeUndefined();
      expect(await store().loadDraft('d2')).toBeDefined();
    });
  });
}
