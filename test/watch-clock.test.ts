/** A clock that is set back. */
import { expect, test } from 'vitest';
import { createWorldClock } from '../src/sandbox/clock.ts';
import { watchClock } from '../src/watch-clock.ts';

const minute = 60_000;

function watched() {
  const scheduler = createWorldClock({ mode: 'still' });
  const heard: number[] = [];
  let offsetMs = 0;
  const clock = { now: () => scheduler.now() + offsetMs };
  watchClock({ clock, scheduler, setBack: (byMs) => heard.push(byMs) });
  return {
    heard,
    async goes(byMs: number) {
      offsetMs += byMs;
      await scheduler.advance(30_000);
    },
  };
}

test('a clock that is set back is told once, by how much', async () => {
  const { heard, goes } = watched();
  await goes(-60 * minute);
  await goes(-60 * minute);
  expect(heard).toHaveLength(1);
  expect(heard[0]).toBeGreaterThan(59 * minute);
});

test('a clock that goes forward, or is put right by less than a minute, is no news', async () => {
  const { heard, goes } = watched();
  await goes(2 * 24 * 60 * minute);
  await goes(-40_000);
  await goes(-10_000);
  expect(heard).toEqual([]);
});
