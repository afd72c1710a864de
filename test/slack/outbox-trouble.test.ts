/** Slack on its bad days, as the outbox meets them: away for an hour, asking to wait, refusing for good. */
import { WebAPIPlatformError, WebAPIRateLimitedError } from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hourMs, minuteMs } from '../../src/core/duration.ts';
import { requestIdOf } from '../../src/core/ids.ts';
import type { Notice } from '../../src/core/ports.ts';
import type { PlatformRequest } from '../../src/core/request.ts';
import type { Store } from '../../src/core/store.ts';
import { createWorldClock, type WorldClock } from '../../src/sandbox/clock.ts';
import { slackProblem } from '../../src/slack/errors.ts';
import { createOutbox, type Outbox } from '../../src/slack/outbox.ts';
import { evaluated, monday, noticeOf, submit, write } from '../store/example-requests.ts';
import { memoryStore } from '../store/ready-store.ts';
import { createRecordingMessenger, type RecordingMessenger } from './recording-messenger.ts';

const refused = (error: string) => new WebAPIPlatformError({ ok: false, error });

let store: Store;
let clock: WorldClock;
let messenger: RecordingMessenger;
let outbox: Outbox;
let errors: string[];

beforeEach(async () => {
  clock = createWorldClock({ mode: 'still', startAt: monday });
  messenger = createRecordingMessenger(clock);
  errors = [];
  store = await memoryStore();
  start();
});
afterEach(async () => {
  await outbox.stop();
  await store.close();
});

describe('Slack away for an hour', () => {
  test('work goes on, it is asked a few times a minute at most, and each card catches up in one edit', async () => {
    const requests = [];
    for (let i = 0; i < 4; i++) requests.push(await waiting(`${i}`, []));
    await wake();
    await clock.advance(minuteMs);
    const shownBefore = messenger.sent.length;
    let attempts = 0;
    messenger.onTheWay = async () => {
      attempts++;
      throw slackProblem(new Error('socket hang up'), 'chat.update');
    };
    for (let minute = 0; minute < 60; minute += 4) {
      for (const [index, request] of requests.entries()) {
        const notices = minute === 56 ? [noticeOf(request.id, 'ended')] : [];
        requests[index] = await change(request, notices);
      }
      if (minute === 32) await waiting('late', []);
      await wake();
      await clock.advance(4 * minuteMs);
    }
    expect(attempts).toBeLessThan(200);
    messenger.onTheWay = undefined;
    await clock.advance(2 * minuteMs);
    const caughtUp = messenger.sent.slice(shownBefore).map(({ what }) => what);
    const wanted = [
      'post REQ-5 v2',
      ...requests.flatMap(({ id }) => [`edit ${id} v17`, `tell ${id}:ended:1 under`]),
    ];
    expect(caughtUp.map((what) => what.replace(/under .*/, 'under')).sort()).toEqual(wanted.sort());
    expect(await store.nextOutboxAt()).toBeUndefined();
  });
});

describe('a wait that Slack asks for', () => {
  test('with edits holds up no new message, and the other way round', async () => {
    const first = await waiting('a', []);
    await wake();
    await clock.advance(5_000);
    messenger.failing = 'chat.update';
    messenger.failures.push(new WebAPIRateLimitedError(60));
    await change(first);
    await waiting('b');
    await wake();
    await clock.advance(30_000);
    expect(sent()).toEqual([
      [0, 'post REQ-1 v2'],
      [5_000, 'post REQ-2 v2'],
      [6_000, 'tell REQ-2:waiting:1 under 2.0'],
    ]);
    await clock.advance(40_000);
    expect(sent().at(-1)).toEqual([65_000, 'edit REQ-1 v3']);
    messenger.failing = 'chat.postMessage';
    messenger.failures.push(new WebAPIRateLimitedError(60));
    await waiting('c', []);
    await wake();
    await clock.advance(1_000);
    await change(first);
    await wake();
    await clock.advance(5_000);
    expect(sent().at(-1)?.[1]).toBe('edit REQ-1 v4');
  });

  test('is minded after a restart and by a flush, and failures of before are not', async () => {
    messenger.failures.push(new WebAPIRateLimitedError(60));
    await waiting('a', []);
    await wake();
    await clock.advance(1_000);
    await outbox.stop();
    start();
    await waiting('b', []);
    await outbox.flush();
    expect(sent()).toEqual([]);
    await clock.advance(70_000);
    expect(sent().map(([, what]) => what)).toEqual(['post REQ-2 v2', 'post REQ-1 v2']);
    expect(sent()[0]?.[0]).toBeGreaterThanOrEqual(60_000);
  });
});

test('a flush leaves all calls alone but the one that Slack asked to wait with, whichever was to be made first', async () => {
  const first = await waiting('a', []);
  const other = await waiting('b', [], 'requests');
  await wake();
  await clock.advance(5_000);
  messenger.failing = 'deploys';
  messenger.failures.push(new WebAPIRateLimitedError(60));
  await waiting('c', []);
  await wake();
  // It was to be edited, and is to be posted anew.
  messenger.gone.add('1.0');
  await change(first);
  await outbox.flush();
  await change(other);
  await wake();
  await clock.advance(3_000);
  expect(sent().at(-1)?.[1]).toBe('edit REQ-2 v3');
  await clock.advance(60_000);
  expect(sent().map(([, what]) => what)).toContain('post REQ-1 v3');
});

describe('what is refused for good', () => {
  test('of one message is tried ever more seldom and holds up no other', async () => {
    messenger.onTheWay = async (what) => {
      if (what.includes('REQ-1 ')) throw slackProblem(refused('invalid_metadata_format'), 'chat.postMessage');
    };
    await waiting('a', []);
    for (const key of ['b', 'c']) await waiting(key, []);
    let tries = 0;
    const { showCard } = messenger;
    messenger.showCard = (request, ...more) => {
      if (request.id === 'REQ-1') tries++;
      return showCard(request, ...more);
    };
    await wake();
    await clock.advance(5_000);
    expect(sent().map(([, what]) => what)).toEqual(['post REQ-2 v2', 'post REQ-3 v2']);
    await clock.advance(24 * hourMs);
    expect(tries).toBeLessThan(12 + 25);
  });

  test('of a channel is said to the operator and tried once a minute for all that is to go there', async () => {
    let tries = 0;
    messenger.onTheWay = async () => {
      tries++;
      throw slackProblem(refused('is_archived'), 'chat.postMessage');
    };
    for (let i = 0; i < 10; i++) await waiting(`${i}`, []);
    await wake();
    await clock.advance(10 * minuteMs);
    expect(tries).toBeLessThan(20);
    expect(errors).toContain('nothing can be written to a channel');
    messenger.onTheWay = undefined;
    await clock.advance(3 * minuteMs);
    expect(messenger.sent).toHaveLength(10);
  });

  test('of a channel holds up no other, though who reads along is asked of all with one pace', async () => {
    let tries = 0;
    const { showCard } = messenger;
    messenger.showCard = async (request, history, posted, sending) => {
      await sending?.turn?.({ method: 'conversations.info', channel: request.channel });
      if (request.channel === 'deploys') return showCard(request, history, posted, sending);
      tries++;
      throw slackProblem(refused('channel_not_found'), 'conversations.info');
    };
    for (let i = 0; i < 10; i++) await waiting(`${i}`, [], 'requests');
    await wake();
    await clock.advance(10 * minuteMs);
    expect(tries).toBeLessThan(20);
    await waiting('other', []);
    await wake();
    await clock.advance(3_000);
    expect(sent().map(([, what]) => what)).toEqual(['post REQ-11 v2']);
  });

  test('of the whole workspace pauses everything, loudly, until it is mended', async () => {
    let tries = 0;
    messenger.onTheWay = async () => {
      tries++;
      throw slackProblem(refused('token_revoked'), 'chat.postMessage');
    };
    for (let i = 0; i < 5; i++) await waiting(`${i}`, [], i % 2 === 0 ? 'deploys' : 'requests');
    await wake();
    await clock.advance(10 * minuteMs);
    expect(tries).toBeLessThan(25);
    expect(errors).toContain('Slack lets us in no longer: nothing is sent');
    messenger.onTheWay = undefined;
    await clock.advance(3 * minuteMs);
    expect(messenger.sent).toHaveLength(5);
  });
});

test.each(['glass_broken', 'lock_idle'] as const)(
  'what is not said under a card (%s) waits for none: where that goes, nothing can be written',
  async (kind) => {
    messenger.onTheWay = async (what) => {
      if (what.startsWith('post')) throw slackProblem(refused('is_archived'), 'chat.postMessage');
    };
    for (let i = 0; i < 3; i++) await waiting(`${i}`, []);
    await wake();
    await clock.advance(10 * minuteMs);
    await waiting('alone', [noticeOf(requestIdOf(4), kind)]);
    await wake();
    await clock.advance(3_000);
    expect(sent().map(([, what]) => what)).toEqual([`tell REQ-4:${kind}:1 under no card`]);
  },
);

test('the alarm of an emergency lets no other line go before the card that it is said under', async () => {
  const request = await waiting('a', []);
  await wake();
  const lines = [noticeOf(request.id, 'glass_broken'), noticeOf(request.id, 'ending')];
  await change(request, lines);
  await wake();
  await clock.advance(10_000);
  expect(sent().map(([, what]) => what.replace(/ v\d| under.*/g, ''))).toEqual([
    'post REQ-1',
    'tell REQ-1:glass_broken:1',
    'edit REQ-1',
    'tell REQ-1:ending:1',
  ]);
});

test('a notice under a card that somebody deleted brings the card back first, and is said under it', async () => {
  const request = await waiting('a', []);
  await wake();
  messenger.gone.add('1.0');
  await write(store, request, [], [noticeOf(request.id, 'ending')]);
  await wake();
  await clock.advance(10_000);
  expect(sent().map(([, what]) => what)).toEqual([
    'post REQ-1 v2',
    'post REQ-1 v2',
    'tell REQ-1:ending:1 under 2.0',
  ]);
});

function start(): void {
  const log = { info: () => {}, warn: () => {}, error: (_: unknown, words: string) => errors.push(words) };
  outbox = createOutbox({ store, messenger, clock, log, scheduler: clock, draw: () => 0 });
}

async function wake(): Promise<void> {
  outbox.wake();
  for (let i = 0; i < 5; i++) await new Promise(setImmediate);
}

async function waiting(
  key: string,
  notices?: readonly Notice[],
  channel: 'deploys' | 'requests' = 'deploys',
): Promise<PlatformRequest> {
  const request = await submit(store, key, { channel });
  const events = [evaluated('require_approval', clock.now())];
  return write(store, request, events, notices ?? [noticeOf(request.id)]);
}

async function change(request: PlatformRequest, notices: readonly Notice[] = []): Promise<PlatformRequest> {
  const now = await store.load(request.id);
  return write(store, now ?? request, [evaluated('require_approval', clock.now())], notices);
}

function sent(): [number, string][] {
  return messenger.sent.map(({ at, what }) => [at - monday, what]);
}
