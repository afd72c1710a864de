/** Clicks whose process has ended over them, by a real store: taken up in less than 10 s, and not while somebody works on them. */
import { expect, onTestFinished, test } from 'vitest';
import { createClickKeeper } from '../../src/background/click-keeper.ts';
import { carryLapsedClicks, clickLimits } from '../../src/background/lapsed-clicks.ts';
import { dayMs, minuteMs } from '../../src/core/duration.ts';
import { createWorldClock } from '../../src/sandbox/clock.ts';
import { collectingLog } from '../handlers/world.ts';
import { memoryStore } from '../store/ready-store.ts';

/** @param isHeld while it is carried out; else its process has just died over it again. */
async function carried({ isHeld = false } = {}) {
  const store = await memoryStore();
  const clock = createWorldClock({ mode: 'still', startAt: Date.parse('2026-11-21T09:00:00Z') });
  const resumed: { key: string; isLate: boolean }[] = [];
  const together: string[][] = [];
  const logged: { message: string; fields: Readonly<Record<string, unknown>> }[] = [];
  const now = {
    isReady: true,
    breaks: false,
    timesHeld: 0,
    carrying: async (_key: string) => {},
  };
  const breaking = <Args extends unknown[], Value>(work: (...args: Args) => Promise<Value>) => {
    return async (...args: Args) => {
      if (now.breaks) throw new Error('the database is away');
      return await work(...args);
    };
  };
  const common = { clock, scheduler: clock, log: collectingLog(logged) };
  const keeper = createClickKeeper({
    store: {
      ...store,
      holdClick: breaking(async (...held) => {
        now.timesHeld++;
        await store.holdClick(...held);
      }),
    },
    ...common,
    keptMs: dayMs,
  });
  const looking = carryLapsedClicks({
    store: { lapsedClicks: breaking(store.lapsedClicks) },
    ...common,
    keeper: isHeld ? keeper : { hold() {} },
    isReady: () => now.isReady,
    async resume(clicks) {
      resumed.push(...clicks.map(({ key, isLate }) => ({ key, isLate })));
      together.push(clicks.map(({ key }) => key).sort());
      await Promise.all(clicks.map(({ key }) => now.carrying(key)));
    },
  });
  onTestFinished(async () => {
    await looking.stop();
    await store.close();
  });
  /** By a process that dies at this moment. */
  const died = (key: string) => store.keepClick(key, '{}', clock.now(), clickLimits.heldMs);
  return { died, keeper, store, clock, resumed, together, logged, now, looking };
}

test('a click that nobody has in hand any more is taken up within 10 s; one that was handled is not', async () => {
  const { died, keeper, clock, resumed } = await carried();
  await died('lapsed');
  await keeper.keepClick('handled', '{}');
  await keeper.handled('handled');
  await clock.advance(clickLimits.heldMs - 1);
  expect(resumed).toEqual([]);
  await clock.advance(10_000 - clickLimits.heldMs);
  expect(resumed).toEqual([{ key: 'lapsed', isLate: false }]);
});

test('two clicks of a process that has died come together, whenever each of them was last held', async () => {
  const later = await carried();
  await later.died('yes');
  await later.clock.advance(clickLimits.heldMs / 3 - 1);
  await later.died('taken back');
  await later.clock.advance(10_000);
  expect(later.together).toEqual([['taken back', 'yes']]);

  const heldAnew = await carried();
  await heldAnew.died('yes');
  await heldAnew.died('taken back');
  await heldAnew.clock.advance(clickLimits.heldMs / 3);
  await heldAnew.store.holdClick('yes', heldAnew.clock.now(), clickLimits.heldMs);
  await heldAnew.clock.advance(10_000);
  expect(heldAnew.together).toEqual([['taken back', 'yes']]);
});

test('one that somebody works on is theirs, however long it takes', async () => {
  const { keeper, clock, resumed, now } = await carried();
  await keeper.keepClick('slow', '{}');
  await clock.advance(5 * minuteMs);
  expect(resumed).toEqual([]);
  await keeper.handled('slow');
  const { timesHeld } = now;
  await clock.advance(5 * minuteMs);
  expect(resumed).toEqual([]);
  expect(now.timesHeld).toBe(timesHeld);
});

test('what was not held in time is ours no more, and is not held again behind the back of whoever takes it up', async () => {
  const { keeper, clock, resumed, now } = await carried();
  await keeper.keepClick('slow', '{}');
  await clock.advance(clickLimits.heldMs * 2);
  expect(keeper.isOurs('slow')).toBe(true);
  now.breaks = true;
  await clock.advance(clickLimits.heldMs);
  expect(keeper.isOurs('slow')).toBe(false);
  now.breaks = false;
  await clock.advance(10_000);
  expect(resumed).toEqual([{ key: 'slow', isLate: false }]);
  expect(keeper.isOurs('slow')).toBe(false);
});

test('one that cannot be held while the database is away is held again once it is back', async () => {
  const { keeper, clock, resumed, logged, now } = await carried();
  await keeper.keepClick('slow', '{}');
  now.breaks = true;
  await clock.advance(clickLimits.heldMs / 2);
  expect(logged.map(({ message }) => message)).toContain('a click that takes long could not be held');
  now.breaks = false;
  await clock.advance(minuteMs);
  expect(resumed).toEqual([]);
});

test('one that ends every process that takes it up is given back in the end', async () => {
  const { died, clock, resumed } = await carried();
  await died('deadly');
  await clock.advance(clickLimits.lateMs / 2);
  const late = resumed.findIndex(({ isLate }) => isLate);
  expect(late).toBe(clickLimits.timesMax);
});

test('before anything is handled nothing is taken up; after a long while it is too late', async () => {
  const { died, clock, resumed, now } = await carried();
  now.isReady = false;
  await died('lapsed');
  await clock.advance(clickLimits.lateMs + minuteMs);
  expect(resumed).toEqual([]);
  now.isReady = true;
  await clock.advance(clickLimits.lookMs);
  expect(resumed).toEqual([{ key: 'lapsed', isLate: true }]);
});

test('while the database is away it is said, and looked again', async () => {
  const { died, clock, resumed, logged, now } = await carried();
  await died('lapsed');
  now.breaks = true;
  await clock.advance(10_000);
  expect(logged[0]?.message).toBe('clicks that nobody has in hand could not be looked for');
  now.breaks = false;
  await clock.advance(clickLimits.lookMs);
  expect(resumed).toHaveLength(1);
});

test('one that is slow to carry out holds up no other, and is held meanwhile', async () => {
  const { died, clock, resumed, keeper, looking, now } = await carried({ isHeld: true });
  const slow = Promise.withResolvers<void>();
  onTestFinished(() => slow.resolve());
  now.carrying = () => slow.promise;
  await died('slow');
  await clock.advance(10_000);
  now.carrying = async (key) => await keeper.handled(key);
  await died('next');
  await clock.advance(10_000);
  const keys = () => resumed.map(({ key }) => key);
  expect(keys()).toEqual(['slow', 'next']);
  await clock.advance(minuteMs);
  expect(keys()).toEqual(['slow', 'next']);
  let isStopped = false;
  const stopped = looking.stop().then(() => {
    isStopped = true;
  });
  await clock.advance(minuteMs);
  expect(isStopped).toBe(false);
  await keeper.handled('slow');
  slow.resolve();
  await stopped;
});
