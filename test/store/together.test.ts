/** Who asks while others are being done is done with the next, and never fails because of them. */
import { expect, test } from 'vitest';
import { ProblemError, problem } from '../../src/core/problem.ts';
import type { Store } from '../../src/core/store.ts';
import { together } from '../../src/store/together.ts';
import { evaluated, monday, requested, submit } from './example-requests.ts';
import { memoryStore } from './ready-store.ts';

test('a lone one waits for nobody, and those that come while two are under way are done as one', async () => {
  const groups: (readonly number[])[] = [];
  const doubled = together(async (asks: readonly number[]) => {
    groups.push(asks);
    return asks.map((ask) => 2 * ask);
  });
  const answers = await Promise.all(Array.from({ length: 8 }, (_, ask) => doubled(ask)));
  expect(answers).toEqual([0, 2, 4, 6, 8, 10, 12, 14]);
  expect(groups).toEqual([[0], [1], [2, 3, 4, 5], [6, 7]]);
  expect(await doubled(9)).toBe(18);
});

test('no more than sixty-four are done as one', async () => {
  const sizes: number[] = [];
  const same = together(async (asks: readonly number[]) => {
    sizes.push(asks.length);
    return asks;
  });
  await Promise.all(Array.from({ length: 200 }, (_, ask) => same(ask)));
  expect(sizes).toEqual([1, 1, 64, 64, 64, 4, 2]);
});

test('of several the one that cannot be done fails alone, and the next are done', async () => {
  const halved = together(async (asks: readonly number[]) => {
    if (asks.some((ask) => ask % 2 === 1)) throw new Error('odd');
    return asks.map((ask) => ask / 2);
  });
  const answers = await Promise.allSettled([0, 2, 4, 3, 6, 8].map(halved));
  expect(answers.map((one) => (one.status === 'fulfilled' ? one.value : String(one.reason)))).toEqual([
    ...[0, 1, 2, 'Error: odd', 3, 4],
  ]);
  await expect(halved(5)).rejects.toThrow('odd');
  expect(await halved(8)).toBe(4);
});

test('when the database is away, all hear of it at once', async () => {
  const sizes: number[] = [];
  const away = new ProblemError(problem('outside_unavailable', 'It does not answer.', 'Wait.'));
  const asked = together(async (asks: readonly number[]): Promise<readonly number[]> => {
    sizes.push(asks.length);
    throw away;
  });
  const answers = await Promise.allSettled([1, 2, 3, 4, 5, 6].map(asked));
  expect(answers.every((one) => one.status === 'rejected' && one.reason === away)).toBe(true);
  expect(sizes).toEqual([1, 1, 4]);
});

test('of requests asked for at once each gets a number of its own, and the same ask is one request', async () => {
  const store = await memoryStore();
  const keys = ['a', 'b', 'c', 'b', 'd', 'c'];
  const made = await Promise.all(keys.map((key) => store.create(key, (id) => [requested(id)])));
  expect(made.map(({ request, isNew }) => `${request.id} ${isNew ? 'new' : 'known'}`)).toEqual([
    ...['REQ-1 new', 'REQ-2 new', 'REQ-3 new', 'REQ-2 known', 'REQ-4 new', 'REQ-3 known'],
  ]);
  await store.close();
});

test('a request that cannot be written is no other one’s misfortune, and takes no number', async () => {
  const store = await memoryStore();
  const made = await Promise.allSettled([
    ...[submit(store, 'a'), submit(store, 'b')],
    store.create('c', (id) => [{ ...requested(id), target: { tier: 'nowhere' } } as never]),
    store.create('d', () => [evaluated('allow', monday)]),
    submit(store, 'e'),
  ]);
  expect(made.map(({ status }) => status)).toEqual([
    ...['fulfilled', 'fulfilled', 'rejected', 'rejected', 'fulfilled'],
  ]);
  expect(await idsOf(store)).toEqual(['REQ-3', 'REQ-2', 'REQ-1']);
  await store.close();
});

test('deliveries at once are each asked for and kept by themselves', async () => {
  const store = await memoryStore();
  // The last four are one transaction, and one statement.
  const keys = ['a', 'b', 'c', 'a', 'c', 'd'];
  await Promise.all(keys.map((key) => store.handled(key, monday, 1_000)));
  const known = await Promise.all(['x', 'a', 'y', 'b', 'c', 'd'].map((key) => store.wasHandled(key)));
  expect(known).toEqual([false, true, false, true, true, true]);
  await store.close();
});

async function idsOf(store: Store): Promise<readonly string[]> {
  return (await store.list({ limit: 10 })).map(({ id }) => id);
}
