/** What every store promises of what is personal and stands beside the requests. */
import { describe, expect, test } from 'vitest';
import { dayMs } from '../../src/core/duration.ts';
import { evaluation, monday, person, write } from './example-requests.ts';
import { approved, outputs } from './lock-moves.ts';
import type { OneStore } from './store-races.ts';

export function promiseForgetting(store: () => OneStore): void {
  describe('what is personal beside the requests', () => {
    const look = (name: string, at: number) =>
      store().recordEvaluation({
        ...evaluation,
        ...{ at, stage: 'read', facts: { requester: { id: person(name).id } } },
      });

    test('goes when it was said of old looks, of one person or of all, and stays when of requests', async () => {
      for (const name of ['Ada', 'Bob', 'Ada', 'Ada', 'Bob']) await look(name, monday);
      await look('Ada', monday + 1);
      await look('Ada', monday + 2);
      const { id, version } = await approved(store(), 'a');
      await store().append({
        ...{ requestId: id, expectedVersion: version, notices: [], evaluation },
        events: [{ type: 'started', at: monday, plan: [] }],
      });
      const before = monday + 2;
      expect(await store().forgetLooks({ before, person: 'UADA' }, 2)).toBe(4);
      expect(await store().countReads(monday)).toBe(3);
      expect(await store().forgetLooks({ before }, 1)).toBe(2);
      expect(await store().forgetLooks({ before }, 2)).toBe(0);
      expect(await store().countReads(monday)).toBe(1);
      expect(await store().evaluations(id)).toEqual([evaluation]);
    });

    test('goes when it was lent by a request that is redacted, once that is over', async () => {
      const until = monday + 9;
      const lend = async (name: string) => {
        const lent = await approved(store(), name, person(name));
        const started = await write(store(), lent, [{ type: 'started', at: monday, plan: [] }]);
        const to = person('Carl');
        const delegation = { requestId: lent.id, from: person(name), to, since: monday, until };
        await write(store(), started, [
          { type: 'succeeded', at: monday, outputs: { ...outputs, delegation } },
        ]);
      };
      const lenders = async () => (await store().delegations(monday)).map(({ from }) => from.name);
      await lend('Ada');
      await lend('Bob');
      const before = monday + dayMs;
      const done = await store().redactRequests({ before, person: 'UADA' }, 'of one person', before, 10);
      expect(done).toMatchObject({ requests: 1 });
      await store().forgetDelegations(until - 1);
      expect(await lenders()).toEqual(['Ada', 'Bob']);
      await store().forgetDelegations(until);
      expect(await lenders()).toEqual(['Bob']);
    });
  });
}
