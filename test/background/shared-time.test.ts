/** Replicas whose machines tell different times. */
import { expect, onTestFinished, test } from 'vitest';
import { startLeadership } from '../../src/background/leadership.ts';
import { sharedClock } from '../../src/background/shared-time.ts';
import { minuteMs, secondMs } from '../../src/core/duration.ts';
import type { Moment } from '../../src/core/ids.ts';
import { createWorldClock } from '../../src/sandbox/clock.ts';
import { watchClock } from '../../src/watch-clock.ts';
import { memoryStore } from '../store/ready-store.ts';

const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

function world() {
  const time = createWorldClock({ mode: 'still', startAt: Date.UTC(2026, 10, 18, 9) });
  return {
    time,
    /** A machine whose clock is wrong by `byMs`, over a database whose clock is right. */
    machine(byMs: number) {
      const state = { byMs, serverTime: async (): Promise<Moment | undefined> => time.now() };
      const clock = sharedClock({ now: () => time.now() + state.byMs });
      const follow = async () => {
        const looking = await clock.follow(
          { serverTime: () => state.serverTime() },
          { scheduler: time, log },
        );
        onTestFinished(() => looking.stop());
      };
      return { state, clock, follow, wrongBy: () => clock.now() - time.now() };
    },
  };
}

test.each([3 * secondMs, -3 * secondMs, 3 * minuteMs, -3 * minuteMs])(
  'of two replicas whose clocks are %i ms apart one leads, and goes on leading',
  async (apartMs) => {
    const { time, machine } = world();
    const store = await memoryStore();
    onTestFinished(() => store.close());
    const taken: string[] = [];
    const replicas = [machine(0), machine(apartMs)].map(async ({ clock, follow }, index) => {
      await follow();
      const holder = `replica ${index}`;
      const leadership = startLeadership({
        ...{ store, clock, scheduler: time, log, name: 'leader', holder },
        taken: () => void taken.push(holder),
        lost: () => undefined,
      });
      onTestFinished(() => leadership.stop());
      return leadership;
    });
    const both = await Promise.all(replicas);
    for (let passed = 0; passed < 30 * secondMs; passed += 250) {
      await time.advance(250);
      await new Promise(setImmediate);
      expect(both.filter((one) => one.current()).length).toBeLessThanOrEqual(1);
    }
    expect(taken).toHaveLength(1);
  },
);

test('a machine that is right, or nearly so, goes by its own clock', async () => {
  const { machine } = world();
  const { follow, wrongBy } = machine(-400);
  await follow();
  expect(wrongBy()).toBe(-400);
});

test('a machine whose clock is set, wrong or right, is right again within seconds', async () => {
  const { time, machine } = world();
  const { state, follow, wrongBy } = machine(0);
  await follow();
  for (const byMs of [2 * minuteMs, 0]) {
    state.byMs = byMs;
    await time.advance(6 * secondMs);
    expect(wrongBy()).toBe(0);
  }
});

test.each([10 * minuteMs, -10 * minuteMs])(
  'a server that answers slowly is believed where a clock is wrong by more than that: %i ms, from the start',
  async (byMs) => {
    const { time, machine } = world();
    const { state, follow, wrongBy } = machine(byMs);
    state.serverTime = async () => {
      const said = time.now();
      await time.advance(secondMs);
      return said;
    };
    await follow();
    expect(Math.abs(wrongBy())).toBeLessThanOrEqual(secondMs / 2);
  },
);

test.each([
  ['before', -600],
  ['after', 600],
] as const)(
  'a server that takes long %s it looks at its clock makes no clock more wrong than it was',
  async (when, byMs) => {
    const { time, machine } = world();
    const { state, follow, wrongBy } = machine(byMs);
    state.serverTime = async () => {
      if (when === 'before') await time.advance(4 * secondMs);
      const said = time.now();
      if (when === 'after') await time.advance(4 * secondMs);
      return said;
    };
    await follow();
    expect(wrongBy()).toBe(byMs);
  },
);

test('what a server says too late to tell, or does not say, changes nothing', async () => {
  const { time, machine } = world();
  const { state, follow, wrongBy } = machine(3 * minuteMs);
  await follow();
  state.serverTime = async () => {
    const said = time.now() - secondMs / 4;
    state.byMs += 2 * secondMs;
    return said;
  };
  await time.advance(secondMs);
  state.byMs = 3 * minuteMs;
  state.serverTime = async () => Promise.reject(new Error('away'));
  await time.advance(minuteMs);
  state.serverTime = async () => undefined;
  await time.advance(minuteMs);
  expect(wrongBy()).toBe(0);
});

test('an answer during which our own clock was set back says nothing, and is asked for again at once', async () => {
  const { time, machine } = world();
  const { state, follow, wrongBy } = machine(0);
  await follow();
  const heard: number[] = [];
  state.serverTime = async () => {
    if (heard.length === 0) state.byMs = -3 * secondMs;
    heard.push(time.now());
    return time.now();
  };
  await time.advance(6 * secondMs);
  expect(heard.map((at) => at - (heard[0] ?? 0))).toEqual([0, secondMs]);
  expect(wrongBy()).toBe(0);
});

test('a clock that was ahead for less than a moment is found out: what was reckoned from there stands still', async () => {
  const { time, machine } = world();
  const { state, clock, follow } = machine(3 * minuteMs);
  await follow();
  const heard: number[] = [];
  const watch = watchClock({ clock, scheduler: time, setBack: (byMs) => heard.push(byMs) });
  onTestFinished(() => watch.stop());
  await time.advance(minuteMs);
  expect(heard).toEqual([]);
  state.byMs += 60 * minuteMs;
  clock.now();
  state.byMs -= 60 * minuteMs;
  await time.advance(10 * secondMs);
  expect(heard).toHaveLength(1);
});
