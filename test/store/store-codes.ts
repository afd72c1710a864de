/** What every store promises of second factors. */
import { describe, expect, test } from 'vitest';
import type { Store } from '../../src/core/store.ts';
import { evaluated, monday, personId, submit, write } from './example-requests.ts';

export function promiseCodes(store: () => Store): void {
  describe('codes', () => {
    const ada = personId('Ada');
    const limit = { max: 3, withinMs: 1_000 };
    const enrol = async () => {
      await store().beginCode(ada, 'sealed-1', monday);
      await store().confirmCode(ada, { sealed: 'sealed-1', step: 10, at: monday }, undefined);
    };

    test('a key counts once it was confirmed, and only the one that was shown last', async () => {
      expect(await store().keptCode(ada)).toBeUndefined();
      await store().beginCode(ada, 'sealed-0', monday);
      await store().beginCode(ada, 'sealed-1', monday + 1);
      const pending = { secret: 'sealed-1', at: monday + 1 };
      expect(await store().keptCode(ada)).toEqual({ person: ada, lastStep: 0, pending });
      const confirm = (sealed: string) =>
        store().confirmCode(ada, { sealed, step: 10, at: monday + 2 }, undefined);
      expect(await confirm('sealed-0')).toBe(false);
      expect(await confirm('sealed-1')).toBe(true);
      expect(await confirm('sealed-1')).toBe(false);
      const kept = { person: ada, secret: 'sealed-1', enrolledAt: monday + 2, lastStep: 10 };
      expect(await store().keptCode(ada)).toEqual(kept);
    });

    test('a key is replaced only with a code of the old one, and that is spent', async () => {
      await enrol();
      await store().beginCode(ada, 'sealed-2', monday);
      const confirmed = { sealed: 'sealed-2', step: 20, at: monday };
      expect(await store().confirmCode(ada, confirmed, undefined)).toBe(false);
      expect(await store().confirmCode(ada, confirmed, { person: ada, step: 10 })).toBe(false);
      expect(await store().confirmCode(ada, confirmed, { person: ada, step: 11 })).toBe(true);
      expect(await store().keptCode(ada)).toMatchObject({ secret: 'sealed-2', lastStep: 20 });
    });

    test('of two changes with one code, one is written', async () => {
      await enrol();
      const code = { person: ada, step: 11 };
      const asked = [await submit(store(), 'a'), await submit(store(), 'b')];
      const outcomes = await Promise.all(
        asked.map(({ id, version }) =>
          store().append({
            ...{ requestId: id, expectedVersion: version, notices: [], code },
            events: [evaluated('require_approval')],
          }),
        ),
      );
      expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['appended', 'code_spent']);
      const written = await Promise.all(asked.map(({ id }) => store().history(id)));
      expect(written.map((events) => events.length).sort()).toEqual([1, 2]);
    });

    test('a code is not spent by what was not written', async () => {
      await enrol();
      const request = await submit(store(), 'a');
      await write(store(), request, [evaluated('require_approval')]);
      const stale = {
        ...{ requestId: request.id, expectedVersion: request.version, notices: [] },
        ...{ events: [evaluated('require_approval')], code: { person: ada, step: 11 } },
      };
      expect(await store().append(stale)).toEqual({ outcome: 'conflict' });
      expect(await store().keptCode(ada)).toMatchObject({ lastStep: 10 });
    });

    test('tries are counted before they are looked at, however many come at once', async () => {
      await enrol();
      const tries = await Promise.all([0, 0, 0, 0, 0].map(() => store().tryCode(ada, monday, limit)));
      const left = tries.flatMap((one) => ('left' in one ? one.left : []));
      expect(left.toSorted()).toEqual([0, 1, 2]);
      expect(await store().tryCode(ada, monday + 999, limit)).toEqual({ lockedSince: monday });
      expect(await store().tryCode(ada, monday + 1_000, limit)).toEqual({ left: 2 });
    });

    test('a right one is no longer counted; a reset forgets them all', async () => {
      await enrol();
      await store().tryCode(ada, monday, limit);
      await store().tryCode(ada, monday + 1, limit);
      await store().codeWasRight(ada, monday + 1);
      expect(await store().tryCode(ada, monday + 2, limit)).toEqual({ left: 1 });
      expect(await store().removeCode(ada)).toBe(true);
      expect(await store().removeCode(ada)).toBe(false);
      expect(await store().keptCode(ada)).toBeUndefined();
    });

    test('it is sealed anew only while it is the same', async () => {
      await enrol();
      await store().resealCode(ada, 'other', 'x');
      expect(await store().keptCode(ada)).toMatchObject({ secret: 'sealed-1' });
      await store().resealCode(ada, 'sealed-1', 'sealed-1b');
      expect(await store().keptCode(ada)).toMatchObject({ secret: 'sealed-1b' });
    });
  });
}
