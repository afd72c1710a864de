/** Back to rest: the bad day is over, people end what is still open, and everything that is on its way arrives. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { PlatformRequest } from '../../src/core/request.ts';
import { isEnded } from '../../src/core/request.ts';
import type { Bot } from './bots.ts';
import type { People } from './people.ts';
import type { SeenMessage } from './seen.ts';
import type { World } from './world.ts';

/** By the machine's clock: for so long nothing may get nearer to its end, and all of it may take no longer than that. */
const patience = { still: 45_000, inAll: 600_000 } as const;

export interface Rest {
  /** What would not come to rest. */
  readonly unrest: readonly string[];
}

/**
 * Resolves when every request has ended and every card and notice is out, with all bots stopped in order; or, after a
 * while, with what is not.
 */
export async function comeToRest(world: World, people: People): Promise<Rest> {
  const { sandbox, wires, bots } = world;
  sandbox.faults.clear();
  for (const wire of Object.values(wires)) await wire.mend();
  const since = Date.now();
  let movedAt = since;
  let handAt = 0;
  let sight = '';
  let left: readonly string[] = [];
  while (Date.now() - movedAt < patience.still && Date.now() - since < patience.inAll) {
    if (bots.living().length === 0) await world.readyBot();
    const isTurn = Date.now() - handAt >= handMs;
    if (isTurn) handAt = Date.now();
    left = await whatIsLeft(world, isTurn ? people : undefined);
    if (left.length === 0) {
      await Promise.all(bots.living().map(stopInOrder));
      // What its time was over for has begun to end in the last moment: once more.
      left = await whatIsLeft(world, undefined);
      if (left.length === 0) return { unrest: [] };
    }
    const now = `${left.join()} ${world.seen.messages.size} ${world.seen.effects.length}`;
    if (now !== sight) movedAt = Date.now();
    sight = now;
    await sleep(250);
  }
  await Promise.all(bots.living().map(stopInOrder));
  return { unrest: left };
}

/** Between two times at which people look whether something of theirs is still open. */
const handMs = 3_000;

async function stopInOrder(bot: Bot): Promise<void> {
  bot.tell({ stop: true });
  await Promise.race([bot.exited, sleep(stopMs)]);
  await bot.kill();
}

/** More than the bot allows itself. */
const stopMs = 30_000;

async function whatIsLeft(world: World, people: People | undefined): Promise<string[]> {
  const store = await world.database.open();
  try {
    const requests = await store.list({ limit: 100_000 });
    const open = requests.filter((request) => !isEnded(request));
    if (people) await endByHand(world, people, requests);
    const isOutboxEmpty = (await store.nextOutboxAt()) === undefined;
    return [
      ...open.map(({ id, action, status }) => `${id} (${action}) is still ${status}`),
      ...(isOutboxEmpty ? [] : ['the outbox still has something to say']),
    ];
  } finally {
    await store.close();
  }
}

/** Whoever asked takes back what waits for somebody; whoever holds a lock lets it go. */
async function endByHand(
  { seen }: World,
  people: People,
  requests: readonly PlatformRequest[],
): Promise<void> {
  const cards = new Map<string, SeenMessage>();
  for (const message of seen.messages.values())
    if (message.mark?.kind === 'card') cards.set(message.mark.id, message);
  for (const { id, status, requester } of requests) {
    const card = cards.get(id);
    if (card && ['waiting', 'held', 'approved'].includes(status)) await people.cancel(requester.id, card);
  }
  if (requests.some(({ status, queue }) => status === 'approved' && queue)) {
    for (const person of ['U0PRIYA', 'U0MAX']) await people.type(person, '/lock release payments staging');
  }
}
