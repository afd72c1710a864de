import { expect, test } from 'vitest';
import type { PersonId } from '../../src/core/ids.ts';
import type { Review } from '../../src/core/verdict.ts';
import { hasActedSince } from '../../src/desk/has-acted.ts';
import { evaluated, monday, personId, submit, write } from '../store/example-requests.ts';
import { memoryStore } from '../store/ready-store.ts';

test('an answer, one that is taken back, and a request of their own are something that somebody has done', async () => {
  const store = await memoryStore();
  const [bob, eve] = [personId('UBOB'), personId('UEVE')];
  let request = await write(store, await submit(store, 'a', { at: monday }), [
    evaluated('require_approval', monday),
  ]);
  const { requester } = request;
  const acted = (by: PersonId, since: number) => hasActedSince(store, by, request.id, since);
  expect(await acted(bob, monday)).toBe(false);
  expect(await acted(requester.id, monday)).toBe(true);
  expect(await acted(requester.id, monday + 1)).toBe(false);

  const review: Review = {
    ...{ by: bob, name: 'Bob', groups: [], decision: 'approve', at: monday + 5, digest: 'd' },
  };
  request = await write(store, request, [{ type: 'reviewed', at: monday + 5, review }]);
  expect(await acted(bob, monday + 5)).toBe(true);
  expect(await acted(bob, monday + 6)).toBe(false);
  expect(await acted(eve, monday)).toBe(false);

  const byEve = { id: eve, name: 'Eve', kind: 'member' } as const;
  await write(store, request, [{ type: 'cancelled', at: monday + 9, by: byEve }]);
  expect(await acted(eve, monday + 9)).toBe(true);
  expect(await acted(bob, monday + 9)).toBe(false);
  expect(await hasActedSince(store, eve, undefined, monday)).toBe(false);
  await store.close();
});
