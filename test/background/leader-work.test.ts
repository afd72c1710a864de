/** What one replica does for all of them runs at one of them at a time, and goes on at another. */
import { expect, onTestFinished, test } from 'vitest';
import { type LeaderWork, startLeaderWork } from '../../src/background/leader-work.ts';
import { leadershipLimits } from '../../src/background/leadership.ts';
import { createWorldClock } from '../../src/sandbox/clock.ts';
import { memoryStore } from '../store/ready-store.ts';

async function twoReplicas() {
  const clock = createWorldClock({ mode: 'still', startAt: Date.UTC(2026, 10, 18, 9) });
  const store = await memoryStore();
  onTestFinished(() => store.close());
  const happened: string[] = [];
  const replica = (holder: string, more: () => Promise<void> = async () => {}): LeaderWork =>
    startLeaderWork({
      ...{ store, clock, scheduler: clock, holder },
      log: { info: () => {}, warn: () => {}, error: (_fields, message) => void happened.push(message) },
      tasks: ['nights', 'watches'].map((task) => () => {
        happened.push(`${holder} begins ${task}`);
        return {
          async stop() {
            await more();
            happened.push(`${holder} ended ${task}`);
          },
        };
      }),
    });
  return { clock, happened, replica };
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
