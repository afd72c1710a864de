/** What the store does not know, or no longer: found by the simulation (a seed is named where one was). */
import { WebAPIRateLimitedError } from '@slack/web-api';
import { expect, onTestFinished, test } from 'vitest';
import { ProblemError, problem } from '../../src/core/problem.ts';
import type { OutboxItem, Store } from '../../src/core/store.ts';
import { createWorldClock } from '../../src/sandbox/clock.ts';
import { createOutbox } from '../../src/slack/outbox.ts';
import { evaluated, monday, noticeOf, submit, write } from '../store/example-requests.ts';
import { memoryStore } from '../store/ready-store.ts';
import { createRecordingMessenger } from './recording-messenger.ts';

test('a notice is told once, though the store named it as due before it was told, and answers after', async () => {
  const clock = createWorldClock({ mode: 'still', startAt: monday });
  const store = await memoryStore();
  const messenger = createRecordingMessenger(clock);
  let hold: Promise<void> | undefined;
  const slowToAnswer: Store = {
    ...store,
    async outbox(...asked): Promise<readonly OutboxItem[]> {
      const answer = await store.outbox(...asked);
      await hold;
      return answer;
    },
  };
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const outbox = createOutbox({
    store: slowToAnswer,
    messenger,
    clock,
    log,
    scheduler: clock,
    draw: () => 0,
  });
  onTestFinished(async () => {
    await outbox.stop();
    await store.close();
  });
  const request = await submit(store, 'a');
  await write(store, request, [evaluated('require_approval', monday)], [noticeOf(request.id)]);

  const { promise: told, resolve: tell } = Promise.withResolvers<void>();
  const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
  messenger.onTheWay = async (what) => {
    if (!what.startsWith('tell')) return;
    messenger.onTheWay = undefined;
    // While the notice is on its way the outbox looks again, and the answer names the notice.
    hold = held;
    outbox.wake();
    await told;
  };
  outbox.wake();
  await pass(3_000);
  tell();
  await pass(500);
  hold = undefined;
  letGo();
  await pass(10_000);
  expect(messenger.sent.map(({ what }) => what)).toEqual(['post REQ-1 v2', 'tell REQ-1:waiting:1 under 1.0']);

  async function pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 500) {
      await new Promise(setImmediate);
      await clock.advance(500);
    }
    await new Promise(setImmediate);
  }
});

test('a card whose posting was not answered is looked for, though not even that could be written down', async () => {
  const clock = createWorldClock({ mode: 'still', startAt: monday });
  const store = await memoryStore();
  const messenger = createRecordingMessenger(clock);
  const away = new ProblemError(problem('outside_unavailable', 'Away.', 'Wait.', { isTransient: true }));
  const looked: boolean[] = [];
  let failures = 1;
  const outbox = createOutbox({
    ...{ clock, scheduler: clock, draw: () => 0 },
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    messenger: {
      ...messenger,
      async showCard(request, history, posted, sending) {
        looked.push(sending?.mayBeThere === true);
        if (looked.length === 1) throw away;
        return messenger.showCard(request, history, posted, sending);
      },
    },
    store: {
      ...store,
      async outboxFailed(...asked) {
        if (failures-- > 0) throw away;
        return store.outboxFailed(...asked);
      },
    },
  });
  onTestFinished(async () => {
    await outbox.stop();
    await store.close();
  });
  const request = await submit(store, 'a');
  await write(store, request, [evaluated('require_approval', monday)], []);
  outbox.wake();
  for (let second = 0; second < 10; second++) {
    await new Promise(setImmediate);
    await clock.advance(1_000);
  }
  // The first of all looks anyway: whoever was here before may have posted it.
  expect(looked).toEqual([true, true]);
});

test('what could not be written down of one message holds up those of other channels for seconds only', async () => {
  const { clock, store, messenger, outbox } = await failingOnce('outboxFailed');
  messenger.failures.push(new WebAPIRateLimitedError(600));
  for (const channel of ['deploys', 'requests'] as const) {
    const request = await submit(store, channel, { channel });
    await write(store, request, [evaluated('require_approval', clock.now())]);
    outbox.wake();
    for (let second = 0; second < 10; second++) {
      await new Promise(setImmediate);
      await clock.advance(1_000);
    }
  }
  expect(messenger.sent.map(({ what }) => what)).toEqual(['post REQ-2 v2']);
});

test('a turn that could not begin, as the store did not answer, is begun again (seed 1458)', async () => {
  const { clock, store, messenger, outbox } = await failingOnce('chatLanes');
  await write(store, await submit(store, 'a'), [evaluated('require_approval', monday)]);
  outbox.wake();
  for (let second = 0; second < 60; second++) {
    await new Promise(setImmediate);
    await clock.advance(1_000);
  }
  expect(messenger.sent.map(({ what }) => what)).toEqual(['post REQ-1 v2']);
});

/** An outbox over a store that does not answer the first call of this kind. */
async function failingOnce(call: 'outboxFailed' | 'chatLanes') {
  const clock = createWorldClock({ mode: 'still', startAt: monday });
  const store = await memoryStore();
  const messenger = createRecordingMessenger(clock);
  const away = new ProblemError(problem('outside_unavailable', 'Away.', 'Wait.', { isTransient: true }));
  let failures = 1;
  const fail = () => {
    if (failures-- > 0) throw away;
  };
  const failing: Pick<Store, typeof call> = {
    async outboxFailed(...asked) {
      fail();
      return store.outboxFailed(...asked);
    },
    async chatLanes(now) {
      fail();
      return store.chatLanes(now);
    },
  };
  const outbox = createOutbox({
    ...{ messenger, clock, scheduler: clock, draw: () => 0 },
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    store: { ...store, [call]: failing[call] },
  });
  onTestFinished(async () => {
    await outbox.stop();
    await store.close();
  });
  return { clock, store, messenger, outbox };
}
