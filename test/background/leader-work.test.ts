/** What one replica does for all of them runs at one of them at a time, and goes on at another. */
import { expect, onTestFinished, test } from 'vitest';
import { type LeaderWork, startLeaderWork } from '../../src/background/leader-work.ts';
import { leadershipLimits } from '../../src/background/leadership.ts';
import { secondMs } from '../../src/core/duration.ts';
import { createWorldClock } from '../../src/sandbox/clock.ts';
import { memoryStore } from '../store/ready-store.ts';

type Ended = (task: string) => Promise<void>;

async function twoReplicas() {
  const clock = createWorldClock({ mode: 'still', startAt: Date.UTC(2026, 10, 18, 9) });
  const store = await memoryStore();
  onTestFinished(() => store.close());
  const happened: string[] = [];
  let isAway = false;
  const renewing: typeof store = {
    ...store,
    async renewLease(...renewed) {
      if (isAway) throw new Error('the database is away');
      return await store.renewLease(...renewed);
    },
  };
  const replica = (holder: string, more: Ended = async () => {}): LeaderWork =>
    startLeaderWork({
      ...{ store: renewing, clock, scheduler: clock, holder },
      log: { info: () => {}, warn: () => {}, error: (_fields, message) => void happened.push(message) },
      tasks: ['nights', 'watches'].map((task) => () => {
        happened.push(`${holder} begins ${task}`);
        return {
          async stop() {
            await more(task);
            happened.push(`${holder} ended ${task}`);
          },
        };
      }),
    });
  /** By the only replica that there is, as soon as it could not renew any more. */
  const lostAndTaken = async () => {
    isAway = true;
    await clock.advance(5 * secondMs);
    expect(happened.at(-1)).toBe('a ended watches');
    isAway = false;
    await clock.advance(leadershipLimits.lookMs);
  };
  return { clock, happened, replica, lostAndTaken };
}

test('one replica does all of it, and the other begins when the first has ended', async () => {
  const { clock, happened, replica } = await twoReplicas();
  const a = replica('a', () => new Promise(setImmediate));
  await a.settled();
  const b = replica('b');
  onTestFinished(() => b.stop());
  await b.settled();
  expect(happened).toEqual(['a begins nights', 'a begins watches']);
  const stopped = a.stop();
  await b.settled();
  await stopped;
  expect(happened.splice(2)).toEqual(['a ended nights', 'a ended watches']);
  await clock.advance(leadershipLimits.lookMs);
  await b.settled();
  expect(happened.splice(2)).toEqual(['b begins nights', 'b begins watches']);
});

test('a task that fails to end keeps neither the others nor the next leader waiting', async () => {
  const { happened, replica } = await twoReplicas();
  const a = replica('a', () => Promise.reject(new Error('stuck')));
  await a.settled();
  await a.stop();
  expect(happened.slice(2)).toEqual(Array(2).fill('a task of the leader did not end in order'));
  const b = replica('b');
  onTestFinished(() => b.stop());
  await b.settled();
  expect(happened).toContain('b begins nights');
});

test('a task begins again as soon as it has ended itself, however long another takes', async () => {
  const { happened, replica, lostAndTaken } = await twoReplicas();
  const nights = Promise.withResolvers<void>();
  const a = replica('a', async (task) => (task === 'nights' ? await nights.promise : undefined));
  onTestFinished(() => a.stop());
  onTestFinished(() => nights.resolve());
  await a.settled();
  await lostAndTaken();
  const once = ['a begins nights', 'a begins watches'];
  await expect.poll(() => happened).toEqual([...once, 'a ended watches', 'a begins watches']);
  nights.resolve();
  await a.settled();
  expect(happened.slice(4)).toEqual(['a ended nights', 'a begins nights']);
});

test('the lease is handed back when all has ended, also what was to end before it was ours once more', async () => {
  const { clock, happened, replica, lostAndTaken } = await twoReplicas();
  const nights = Promise.withResolvers<void>();
  const a = replica('a', async (task) => (task === 'nights' ? await nights.promise : undefined));
  await a.settled();
  await lostAndTaken();
  await expect.poll(() => happened.at(-1)).toBe('a begins watches');
  const stopped = a.stop();
  const b = replica('b');
  onTestFinished(() => b.stop());
  await b.settled();
  expect(happened).not.toContain('b begins watches');
  nights.resolve();
  await stopped;
  await clock.advance(leadershipLimits.lookMs);
  await b.settled();
  expect(happened.slice(-3)).toEqual(['a ended nights', 'b begins nights', 'b begins watches']);
});
