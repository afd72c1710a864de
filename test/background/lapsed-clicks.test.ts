/** Clicks whose process has ended over them, by a real store: taken up in less than 10 s, once, and not when it is too late. */
import { expect, onTestFinished, test } from 'vitest';
import { carryLapsedClicks, clickLimits } from '../../src/background/lapsed-clicks.ts';
import { minuteMs } from '../../src/core/duration.ts';
import { createWorldClock } from '../../src/sandbox/clock.ts';
import { collectingLog } from '../handlers/world.ts';
import { memoryStore } from '../store/ready-store.ts';

async function carried() {
  const store = await memoryStore();
  const clock = createWorldClock({ mode: 'still', startAt: Date.parse('2026-11-21T09:00:00Z') });
  const resumed: { key: string; isLate: boolean }[] = [];
  const logged: { message: string; fields: Readonly<Record<string, unknown>> }[] = [];
  const now = { isReady: true, breaks: false };
  const looking = carryLapsedClicks({
    store: {
      async lapsedClicks(...asked) {
        if (now.breaks) throw new Error('the database is away');
        return await store.lapsedClicks(...asked);
      },
    },
    ...{ clock, scheduler: clock, log: collectingLog(logged) },
    isReady: () => now.isReady,
    resume: async ({ key }, isLate) => void resumed.push({ key, isLate }),
  });
  onTestFinished(async () => {
    await looking.stop();
    await store.close();
  });
  const keep = (key: string) => store.keepClick(key, '{}', clock.now(), clickLimits.heldMs);
  const handled = (key: string) => store.handled(key, clock.now(), 60 * minuteMs);
  return { keep, handled, clock, resumed, logged, now };
}

test('a click that nobody has in hand any more is taken up within 10 s; one that was handled is not', async () => {
  const { keep, handled, clock, resumed } = await carried();
  await keep('lapsed');
  await keep('handled');
  await handled('handled');
  await clock.advance(clickLimits.heldMs - 1);
  expect(resumed).toEqual([]);
  await clock.advance(10_000 - clickLimits.heldMs);
  expect(resumed).toEqual([{ key: 'lapsed', isLate: false }]);
});

test('one that was taken up is left alone for a while, and taken up again where that ended as well', async () => {
  const { keep, handled, clock, resumed } = await carried();
  await keep('lapsed');
  await clock.advance(10_000);
  await clock.advance(clickLimits.heldMs - clickLimits.lookMs);
  expect(resumed).toHaveLength(1);
  await clock.advance(2 * clickLimits.lookMs);
  expect(resumed).toHaveLength(2);
  await handled('lapsed');
  await clock.advance(minuteMs);
  expect(resumed).toHaveLength(2);
});

test('before anything is handled nothing is taken up; after a long while it is too late', async () => {
  const { keep, clock, resumed, now } = await carried();
  now.isReady = false;
  await keep('lapsed');
  await clock.advance(clickLimits.lateMs + minuteMs);
  expect(resumed).toEqual([]);
  now.isReady = true;
  await clock.advance(clickLimits.lookMs);
  expect(resumed).toEqual([{ key: 'lapsed', isLate: true }]);
});

test('while the database is away it is said, and looked again', async () => {
  const { keep, clock, resumed, logged, now } = await carried();
  await keep('lapsed');
  now.breaks = true;
  await clock.advance(10_000);
  expect(logged[0]?.message).toBe('clicks that nobody has in hand could not be looked for');
  now.breaks = false;
  await clock.advance(clickLimits.lookMs);
  expect(resumed).toHaveLength(1);
});
