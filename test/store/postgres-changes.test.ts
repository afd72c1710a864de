/** Replicas hear of each other's writing at once, and only of that. */
import { expect, onTestFinished, test } from 'vitest';
import { dana, deskWorld, onePerson, sam } from '../desk/desk-world.ts';
import { evaluated, noticeOf, submit, write } from './example-requests.ts';
import type { OneStore } from './store-races.ts';
import { twoReplicas } from './two-replicas.ts';

const { database, one, other } = await twoReplicas();

test('what another replica writes is heard, once for each transaction, and what nobody can act on is not', async () => {
  const heard = await ears(one);
  const request = await submit(other, 'a');
  expect(await heard.count(1)).toBe(1);
  await write(other, request, [evaluated('require_approval')], [noticeOf(request.id)]);
  expect(await heard.count(2)).toBe(2);
  const claimed = await other.claimDue('other', Number.MAX_SAFE_INTEGER / 2, 1_000);
  await other.handled('delivery', 1, 1);
  if (claimed) await other.release(claimed.claim);
  await submit(one, 'its own');
  await submit(other, 'b');
  expect(await heard.count(3)).toBe(3);
});

test('a connection that was lost is made anew, and whatever was missed meanwhile is looked for', async () => {
  const heard = await ears(one);
  await database.sql(
    "select pg_terminate_backend(pid) from pg_stat_activity where query like 'listen %' and pid <> pg_backend_pid()",
  );
  await submit(other, 'unheard');
  await heard.count(1);
  const before = heard.now();
  await submit(other, 'heard');
  await heard.count(before + 1);
});

test('nothing is heard after the end', async () => {
  const heard = await ears(one);
  heard.cancel();
  await submit(other, 'a');
  const later = await ears(one);
  await submit(other, 'b');
  await later.count(1);
  expect(heard.now()).toBe(0);
});

test('what is approved on one replica starts on another at once, though no time passes', async () => {
  const asking = await deskWorld(onePerson, { store: one });
  const carrying = await deskWorld(onePerson, { store: other });
  // Its clock stands still, so that none of its alarms can fire.
  const runner = carrying.startRunner({ scheduler: carrying.clock });
  const listening = other.listen(() => runner.wake());
  onTestFinished(() => listening.cancel());
  const id = await asking.ask(dana);
  await asking.review(id, sam);
  await expect.poll(async () => (await asking.request(id)).status, { interval: 5 }).toBe('succeeded');
});

/** Counts what is heard from the moment on that it listens. */
async function ears(store: OneStore) {
  let heard = -1;
  const waiting = new Set<() => void>();
  const listening = store.listen(() => {
    heard += 1;
    for (const look of waiting) look();
  });
  onTestFinished(() => listening.cancel());
  const count = (wanted: number) =>
    new Promise<number>((resolve) => {
      const look = () => {
        if (heard < wanted) return;
        waiting.delete(look);
        resolve(heard);
      };
      waiting.add(look);
      look();
    });
  // The first call is for what was written before.
  await count(0);
  return { count, now: () => heard, cancel: () => listening.cancel() };
}
