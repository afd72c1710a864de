/** A Home that is looked at over one replica hears of what was written at another. */
import { expect, onTestFinished, test } from 'vitest';
import { followForHomes } from '../../src/background/home-news.ts';
import { createWorldClock } from '../../src/sandbox/clock.ts';
import { evaluated, submit, write } from '../store/example-requests.ts';
import { memoryStore } from '../store/ready-store.ts';
import { quietLog } from '../stories/support.ts';

async function world() {
  const store = await memoryStore();
  const clock = createWorldClock({ mode: 'still' });
  const told: string[] = [];
  const homes = {
    isLookedAt: true,
    hasReaders: () => homes.isLookedAt,
    changed: ({ id }: { id: string }) => void told.push(id),
  };
  const following = followForHomes({ store, homes, scheduler: clock, log: quietLog });
  onTestFinished(async () => {
    await following.stop();
    await store.close();
  });
  await following.look();
  return { store, homes, told, look: () => following.look() };
}

test('it hears of each request that has changed since the last look, once', async () => {
  const { store, told, look } = await world();
  const request = await submit(store, 'a');
  await write(store, request, [evaluated('hold')]);
  await submit(store, 'b');
  await look();
  expect(told).toEqual(['REQ-1', 'REQ-2']);
  await look();
  expect(told).toHaveLength(2);
});

test('what changed while nobody looked is not told, what changes after an opening is', async () => {
  const { store, homes, told, look } = await world();
  homes.isLookedAt = false;
  await submit(store, 'before');
  await look();
  homes.isLookedAt = true;
  await submit(store, 'after');
  await look();
  expect(told).toEqual(['REQ-2']);
});
