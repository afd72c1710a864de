/** Two replicas over one store, with a virtual clock: one speaks at a time, and the other goes on where it stopped. */
import { WebAPIRateLimitedError } from '@slack/web-api';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Leadership, startLeadership } from '../../src/background/leadership.ts';
import type { Notice, Scheduler } from '../../src/core/ports.ts';
import type { PlatformRequest } from '../../src/core/request.ts';
import type { Store } from '../../src/core/store.ts';
import { createWorldClock, type WorldClock } from '../../src/sandbox/clock.ts';
import { slackProblem } from '../../src/slack/errors.ts';
import { createOutbox, type Outbox } from '../../src/slack/outbox.ts';
import { evaluated, monday, noticeOf, submit, write } from '../store/example-requests.ts';
import { memoryStore } from '../store/ready-store.ts';
import { createRecordingMessenger, type RecordingMessenger } from './recording-messenger.ts';

interface Replica {
  readonly messenger: RecordingMessenger;
  readonly outbox: Outbox;
  readonly leadership: Leadership;
  /** As a process that is killed: no timer of it fires any more, and nothing it sends arrives. */
  kill(): void;
  /** As a process that stands still: no timer of it fires, but what it waits for may come in. */
  pause(): void;
  /** As one that does not reach the database, or reaches it again. */
  cut(is: boolean): void;
  /** In order, as at a drain. */
  end(): Promise<void>;
}

let store: Store;
let clock: WorldClock;
let workspace: { posts: number };
let replicas: Replica[];

beforeEach(async () => {
  clock = createWorldClock({ mode: 'still', startAt: monday });
  store = await memoryStore();
  workspace = { posts: 0 };
  replicas = [];
});
afterEach(async () => {
  for (const replica of replicas) replica.kill();
  await settled();
  await store.close();
});

test('two replicas send each card and each notice once, and one message a second in all', async () => {
  const [one, two] = [replica('one'), replica('two')];
  for (let i = 0; i < 10; i++) {
    await waiting(`${i}`);
    one.outbox.wake();
    two.outbox.wake();
    await clock.advance(300);
  }
  await clock.advance(40_000);
  expectAllOnce(10);
  expectPace();
  expect([one, two].filter(({ messenger }) => messenger.sent.length > 0)).toHaveLength(1);
});

test('when the one that speaks is killed, the other goes on within ten seconds, and nothing is said twice', async () => {
  const one = replica('one');
  await settled();
  const two = replica('two');
  for (let i = 0; i < 10; i++) await waiting(`${i}`);
  one.outbox.wake();
  await clock.advance(5_500);
  const killedAt = clock.now();
  one.kill();
  await clock.advance(60_000);
  expectAllOnce(10);
  expectPace();
  expect((two.messenger.sent[0]?.at ?? Number.POSITIVE_INFINITY) - killedAt).toBeLessThan(10_000);
});

test('at a drain the other goes on at once, and the pace is kept from one to the other', async () => {
  const one = replica('one');
  await settled();
  const two = replica('two');
  for (let i = 0; i < 4; i++) await waiting(`${i}`);
  one.outbox.wake();
  await clock.advance(2_500);
  await one.end();
  const endedAt = clock.now();
  await clock.advance(30_000);
  expectAllOnce(4);
  expectPace();
  expect((two.messenger.sent[0]?.at ?? Number.POSITIVE_INFINITY) - endedAt).toBeLessThan(3_000);
});

test('what Slack asked for holds after a takeover: it waits with that, and goes on with all else', async () => {
  const one = replica('one');
  await settled();
  const two = replica('two');
  one.messenger.failing = 'deploys';
  one.messenger.failures.push(new WebAPIRateLimitedError(60));
  await waiting('a');
  await waiting('b');
  one.outbox.wake();
  await settled();
  await clock.advance(500);
  await one.end();
  await waiting('c', 'requests');
  await clock.advance(100_000);
  const { sent } = two.messenger;
  expect(sent[0]).toMatchObject({ what: 'post REQ-3 v2' });
  expect((sent[0]?.at ?? 0) - monday).toBeLessThan(5_000);
  const held = sent.filter(({ what }) => !what.includes('REQ-3'));
  expect(held.length).toBe(4);
  expect((held[0]?.at ?? 0) - monday).toBeGreaterThanOrEqual(60_000);
});

test('a card that a replica posts after it was passed by does not count, and is taken away', async () => {
  const one = replica('one');
  await settled();
  const paused = Promise.withResolvers<void>();
  one.messenger.onTheWay = () => paused.promise;
  await waiting('a');
  one.outbox.wake();
  await settled();
  const two = replica('two');
  // The whole process stands still, and with it its renewals.
  one.leadership.stop().catch(() => undefined);
  await clock.advance(20_000);
  const card = await store.postedCard((await newest()).id);
  expect(card).toMatchObject({ ts: '1.0' });
  paused.resolve();
  await clock.advance(1_000);
  expect(one.messenger.sent.map(({ what }) => what)).toEqual(['post REQ-1 v2', 'take back 2.0']);
  expect(await store.postedCard((await newest()).id)).toEqual(card);
  expect(two.messenger.sent.map(({ what }) => what)).toEqual([
    'post REQ-1 v2',
    'tell REQ-1:waiting:1 under 1.0',
  ]);
});

test('a card that a replica edits after it was passed by is drawn anew: it would say what was for good', async () => {
  const one = replica('one');
  await settled();
  const first = await waiting('a', 'deploys', []);
  one.outbox.wake();
  await clock.advance(5_000);
  const paused = Promise.withResolvers<void>();
  one.messenger.onTheWay = () => paused.promise;
  const second = await change(first);
  one.outbox.wake();
  await settled();
  one.pause();
  const two = replica('two');
  await clock.advance(20_000);
  await change(second);
  two.outbox.wake();
  await clock.advance(5_000);
  paused.resolve();
  await settled();
  await clock.advance(10_000);
  expect(one.messenger.sent.map(({ what }) => what)).toEqual(['post REQ-1 v2', 'edit REQ-1 v3']);
  expect(two.messenger.sent.map(({ what }) => what)).toEqual([
    'edit REQ-1 v3',
    'edit REQ-1 v4',
    'edit REQ-1 v4',
  ]);
  expect(allSent().at(-1)).toBe(two.messenger.sent.at(-1));
});

test('so is one whose edit arrives late when the replica that sent it has given up waiting for the answer', async () => {
  const { one, two, arrive } = await lateEdit('unanswered');
  one.pause();
  await arrive();
  expect(one.messenger.sent).toHaveLength(2);
  expect(saidBy(two)).toEqual(['edit REQ-1 v3', 'edit REQ-1 v4', 'edit REQ-1 v4']);
});

test('so is one whose edit arrives late at a replica that does not reach the database, as soon as it does', async () => {
  const { one, two, arrive } = await lateEdit();
  one.cut(true);
  await arrive();
  expect(one.messenger.sent).toHaveLength(2);
  expect(saidBy(two)).toEqual(['edit REQ-1 v3', 'edit REQ-1 v4']);
  one.cut(false);
  await clock.advance(10_000);
  expect(one.messenger.sent).toHaveLength(2);
  expect(saidBy(two)).toEqual(['edit REQ-1 v3', 'edit REQ-1 v4', 'edit REQ-1 v4']);
});

test('a replica that was paused before it sent says nothing after another has said it, before any timer tells it so', async () => {
  const paused = Promise.withResolvers<void>();
  const one = replica('one', paused.promise);
  await waiting('a');
  one.outbox.wake();
  await settled();
  // From here on it stands still: what it reads is on its way, and its timers do not fire.
  one.pause();
  const two = replica('two');
  await clock.advance(20_000);
  expect(two.messenger.sent).toHaveLength(2);
  paused.resolve();
  await settled();
  expect(one.messenger.sent).toEqual([]);
});

/** An edit of the one is on its way; when it arrives, the other has long begun to speak and shown something newer. */
async function lateEdit(answer: 'answered' | 'unanswered' = 'answered') {
  const one = replica('one');
  await settled();
  const first = await waiting('a', 'deploys', []);
  one.outbox.wake();
  await clock.advance(5_000);
  const onTheWay = Promise.withResolvers<void>();
  one.messenger.onTheWay = () => onTheWay.promise;
  const { showCard } = one.messenger;
  one.messenger.showCard = async (...asked) => {
    const shown = await showCard(...asked);
    if (answer === 'answered') return shown;
    throw slackProblem(new Error('timeout of 10000ms exceeded'), 'chat.update');
  };
  const second = await change(first);
  one.outbox.wake();
  await settled();
  const two = replica('two');
  async function arrive(): Promise<void> {
    await clock.advance(12_000);
    await change(second);
    two.outbox.wake();
    await clock.advance(3_000);
    onTheWay.resolve();
    await settled();
    await clock.advance(10_000);
  }
  return { one, two, arrive };
}

/** @param heldUp until then it does not learn what has happened to a request. */
function replica(holder: string, heldUp?: Promise<void>): Replica {
  const messenger = createRecordingMessenger(clock, workspace);
  let isKilled = false;
  let isCut = false;
  const scheduler: Scheduler = {
    after: (ms, fire) => clock.after(ms, () => (isKilled ? undefined : fire())),
  };
  const quiet = () => undefined;
  const slow: Store = {
    ...store,
    async history(id) {
      await heldUp;
      return store.history(id);
    },
  };
  const away = () => Promise.reject(new Error('the database is away'));
  const reached = new Proxy(slow, { get: (target, call) => (isCut ? away : Reflect.get(target, call)) });
  const common = { store: reached, clock, scheduler, log: { info: quiet, warn: quiet, error: quiet } };
  const outbox = createOutbox({ ...common, messenger, draw: () => 0, lease: () => leadership.current() });
  const leadership = startLeadership({
    ...{ ...common, name: 'outbox', holder },
    taken: () => outbox.wake(),
    lost: () => outbox.stepDown(),
  });
  const made: Replica = {
    ...{ messenger, outbox, leadership },
    pause() {
      isKilled = true;
    },
    kill() {
      isKilled = true;
      messenger.onTheWay = () => new Promise(() => undefined);
    },
    cut(is) {
      isCut = is;
    },
    async end() {
      await outbox.stop();
      await leadership.stop();
    },
  };
  replicas.push(made);
  return made;
}

async function waiting(
  key: string,
  channel: 'deploys' | 'requests' = 'deploys',
  notices?: readonly Notice[],
): Promise<PlatformRequest> {
  const request = await submit(store, key, { channel });
  return change(request, notices ?? [noticeOf(request.id)]);
}

function change(request: PlatformRequest, notices: readonly Notice[] = []): Promise<PlatformRequest> {
  return write(store, request, [evaluated('require_approval', clock.now())], notices);
}

async function newest(): Promise<PlatformRequest> {
  const [request] = await store.list({ limit: 1 });
  if (!request) throw new Error('no request');
  return request;
}

function saidBy({ messenger }: Replica): readonly string[] {
  return messenger.sent.map(({ what }) => what);
}

function allSent() {
  return replicas.flatMap(({ messenger }) => messenger.sent).sort((one, other) => one.at - other.at);
}

function expectAllOnce(requests: number): void {
  const said = allSent().map(({ what }) => what.replace(/ v\d+| under .*/, ''));
  const wanted = Array.from({ length: requests }, (_, index) => [
    `post REQ-${index + 1}`,
    `tell REQ-${index + 1}:waiting:1`,
  ]);
  expect(said.sort()).toEqual(wanted.flat().sort());
}

function expectPace(): void {
  const moments = allSent().map(({ at }) => at);
  for (const [index, at] of moments.entries()) {
    if (index > 0) expect(at - (moments[index - 1] ?? 0)).toBeGreaterThanOrEqual(1_000);
  }
}

async function settled(): Promise<void> {
  for (let i = 0; i < 10; i++) await new Promise(setImmediate);
}
