/** The outbox pump over the real SQLite store, with a virtual clock and a messenger that writes down what it is told. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebAPIRateLimitedError } from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { secondMs } from '../../src/core/duration.ts';
import type { Notice } from '../../src/core/ports.ts';
import { problem } from '../../src/core/problem.ts';
import type { EventOf, PlatformRequest } from '../../src/core/request.ts';
import type { Store } from '../../src/core/store.ts';
import { createWorldClock, type WorldClock } from '../../src/sandbox/clock.ts';
import { createOutbox, type Outbox } from '../../src/slack/outbox.ts';
import { retryAt } from '../../src/slack/pace.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { evaluated, monday, noticeOf, submit, write } from '../store/example-requests.ts';
import { memoryStore } from '../store/ready-store.ts';
import { createRecordingMessenger, type RecordingMessenger } from './recording-messenger.ts';

const trouble = problem('outside_unavailable', 'Slack does not answer.', 'Wait.', { isTransient: true });
const away = new Error('socket hang up');
const rateLimited = (seconds: number) => new WebAPIRateLimitedError(seconds);

let store: Store;
let clock: WorldClock;
let messenger: RecordingMessenger;
let outbox: Outbox;
let warnings: string[];

beforeEach(async () => {
  clock = createWorldClock({ mode: 'still', startAt: monday });
  messenger = createRecordingMessenger(clock);
  warnings = [];
  await start(await memoryStore());
});
afterEach(async () => {
  await outbox.stop();
  await store.close();
});

describe('the outbox pump', () => {
  test('the first posting goes out at once, and its notice after it', async () => {
    await waiting('a');
    await wake();
    expect(sent()).toEqual([[0, 'post REQ-1 v2']]);
    await clock.advance(1000);
    expect(sent()).toEqual([
      [0, 'post REQ-1 v2'],
      [1000, 'tell REQ-1:waiting:1 under 1.0'],
    ]);
  });

  test('changes in quick succession are one edit, of the newest state', async () => {
    let request = await waiting('a', []);
    await wake();
    for (let i = 0; i < 8; i++) {
      await clock.advance(200);
      request = await change(request);
      outbox.wake();
    }
    await clock.advance(10_000);
    expect(sent()).toEqual([
      [0, 'post REQ-1 v2'],
      [2000, 'edit REQ-1 v10'],
    ]);
  });

  test('a card that changes while it is on its way is shown again', async () => {
    const request = await waiting('a', []);
    messenger.onTheWay = async () => {
      messenger.onTheWay = undefined;
      await change(request);
      outbox.wake();
    };
    await wake();
    await clock.advance(2000);
    expect(sent()).toEqual([
      [0, 'post REQ-1 v2'],
      [2000, 'edit REQ-1 v3'],
    ]);
  });

  test('new messages of one channel are a second apart, and other channels do not wait for them', async () => {
    for (const key of ['a', 'b', 'c']) await waiting(key, []);
    await waiting('d', [], { channel: 'requests' });
    await wake();
    await clock.advance(5000);
    expect(sent()).toEqual([
      [0, 'post REQ-1 v2'],
      [0, 'post REQ-4 v2'],
      [1000, 'post REQ-2 v2'],
      [2000, 'post REQ-3 v2'],
    ]);
  });

  test('edits of all cards together stay under fifty a minute', async () => {
    const requests = [];
    for (let i = 0; i < 10; i++) requests.push(await waiting(`${i}`, []));
    await wake();
    await clock.advance(20_000);
    for (let round = 0; round < 20; round++) {
      for (const [index, request] of requests.entries()) requests[index] = await change(request);
      await wake();
      await clock.advance(3000);
    }
    const edits = messenger.sent.filter(({ what }) => what.startsWith('edit'));
    expect(edits.length).toBeGreaterThan(40);
    expect(edits.length).toBeLessThanOrEqual(51);
  });

  test('a notice waits for the change that it speaks of, but not for ever', async () => {
    let request = await waiting('a', []);
    await wake();
    await clock.advance(5000);
    request = await change(request, [noticeOf(request.id, 'ended')]);
    // The card goes on changing: the notice still comes right after the first edit.
    for (let i = 0; i < 5; i++) {
      await wake();
      await clock.advance(500);
      request = await change(request);
    }
    await wake();
    await clock.advance(5000);
    expect(sent().slice(0, 3)).toEqual([
      [0, 'post REQ-1 v2'],
      [5000, 'edit REQ-1 v3'],
      [5000, 'tell REQ-1:ended:1 under 1.0'],
    ]);
    expect(sent().at(-1)?.[1]).toBe('edit REQ-1 v8');
  });

  test('what fails is tried again, at growing distances, and then goes out once', async () => {
    await waiting('a');
    messenger.failures.push(away, away, away);
    await wake();
    await clock.advance(60_000);
    expect(sent()).toEqual([
      [7000, 'post REQ-1 v2'],
      [8000, 'tell REQ-1:waiting:1 under 1.0'],
    ]);
    expect(warnings).toHaveLength(3);
  });

  test('Slack asking to wait is obeyed for that channel, and no other waits with it', async () => {
    await waiting('a', []);
    await waiting('b', []);
    await waiting('c', [], { channel: 'requests' });
    messenger.failing = 'deploys';
    messenger.failures.push(rateLimited(30));
    await wake();
    await clock.advance(29_000);
    expect(sent()).toEqual([[0, 'post REQ-3 v2']]);
    await waiting('d', [], { channel: 'requests', at: clock.now() });
    await wake();
    await clock.advance(5000);
    expect(sent()).toEqual([
      [0, 'post REQ-3 v2'],
      [29_000, 'post REQ-4 v2'],
      [30_000, 'post REQ-2 v2'],
      [31_000, 'post REQ-1 v2'],
    ]);
  });

  test('a flush reads what is left a few times, and not for each message', async () => {
    for (let i = 0; i < 120; i++) await waiting(`${i}`);
    const looks = vi.spyOn(store, 'outbox');
    await outbox.flush();
    expect(messenger.sent).toHaveLength(240);
    expect(looks.mock.calls.length).toBeLessThan(10);
  });

  test('what waits for its turn is not read again at every wake', async () => {
    for (let i = 0; i < 50; i++) await waiting(`${i}`, []);
    await wake();
    const reads = vi.spyOn(store, 'outbox');
    for (let i = 0; i < 100; i++) await wake();
    expect(reads.mock.calls.length).toBeLessThanOrEqual(2);
    await clock.advance(50 * secondMs);
    expect(messenger.sent).toHaveLength(50);
  });

  test('after a restart what is left goes out, and nothing that went out before', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'greenlight-outbox-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const restart = async () => {
      await outbox.stop();
      await store.close();
      await start(await openSqliteStore({ file: join(folder, 'greenlight.db') }));
      await wake();
    };
    // What is due is read from a disk, which takes time of its own.
    const untilSent = (count: number) =>
      vi.waitFor(async () => {
        await clock.advance(secondMs);
        expect(messenger.sent).toHaveLength(count);
      });
    await restart();
    const request = await waiting('a');
    await wake();
    await restart();
    await untilSent(2);
    await change(request);
    await restart();
    await untilSent(3);
    await clock.advance(10 * secondMs);
    expect(messenger.sent.map(({ what }) => what)).toEqual([
      'post REQ-1 v2',
      'tell REQ-1:waiting:1 under 1.0',
      'edit REQ-1 v3',
    ]);
  });

  test('a card whose message is gone is posted anew, and its notices follow it there', async () => {
    const request = await waiting('a', []);
    await wake();
    messenger.gone.add('1.0');
    await change(request, [noticeOf(request.id, 'ended')]);
    await wake();
    await clock.advance(10_000);
    expect(messenger.sent.map(({ what }) => what)).toEqual([
      'post REQ-1 v2',
      'post REQ-1 v3',
      'tell REQ-1:ended:1 under 2.0',
    ]);
  });

  test('what was said is not said again because the store could not take note of it', async () => {
    await waiting('a');
    let refusals = 2;
    const { cardShown, noticeTold } = store;
    store.cardShown = async (...args) => (refusals-- > 0 ? refuseToWrite() : cardShown(...args));
    await wake();
    await clock.advance(5000);
    expect(await store.postedCard((await newest()).id)).toMatchObject({ ts: '1.0' });
    store.noticeTold = async (...args) => (refusals-- > -3 ? refuseToWrite() : noticeTold(...args));
    await clock.advance(60_000);
    expect(messenger.sent.map(({ what }) => what)).toEqual([
      'post REQ-1 v2',
      'tell REQ-1:waiting:1 under 1.0',
    ]);
    expect(await store.nextOutboxAt()).toBeUndefined();
  });

  test('a flush sends all that is due without minding the pace, and leaves what must wait', async () => {
    for (const key of ['a', 'b', 'c']) await waiting(key);
    await waiting('d', [], { channel: 'requests' });
    messenger.failing = 'requests';
    messenger.failures.push(rateLimited(30));
    await outbox.flush();
    expect(messenger.sent.map(({ what }) => what).sort()).toEqual([
      'post REQ-1 v2',
      'post REQ-2 v2',
      'post REQ-3 v2',
      'tell REQ-1:waiting:1 under 1.0',
      'tell REQ-2:waiting:1 under 2.0',
      'tell REQ-3:waiting:1 under 3.0',
    ]);
    await outbox.flush();
    expect(messenger.sent).toHaveLength(6);
    await clock.advance(30_000);
    expect(sent().at(-1)).toEqual([30_000, 'post REQ-4 v2']);
  });

  test('a stopped outbox sends nothing more', async () => {
    await waiting('a');
    await wake();
    await outbox.stop();
    await wake();
    await clock.advance(60_000);
    await outbox.flush();
    expect(sent()).toEqual([[0, 'post REQ-1 v2']]);
  });

  test('more cards than are taken up in one look all go out, in order', async () => {
    for (let i = 0; i < 120; i++) await waiting(`${i}`, []);
    await outbox.flush();
    expect(messenger.sent.map(({ what }) => what)).toEqual(
      Array.from({ length: 120 }, (_, index) => `post REQ-${index + 1} v2`),
    );
  });

  test('what waits for its turn is not read again and again because something new is always about to be due', async () => {
    for (let i = 0; i < 100; i++) await waiting(`${i}`, []);
    await wake();
    const looks = vi.spyOn(store, 'outbox');
    store.nextOutboxAt = async (after = 0) => after + 1;
    await clock.advance(secondMs);
    expect(looks.mock.calls.length).toBeGreaterThan(0);
    expect(looks.mock.calls.length).toBeLessThanOrEqual(secondMs / 100 + 1);
  });
});

test('a failure waits a second, then twice as long each time, at most a minute, and jitter takes up to half', () => {
  const waits = (draw: number) => [0, 1, 2, 5, 6, 40].map((attempts) => retryAt(trouble, attempts, 0, draw));
  expect(waits(0)).toEqual([1000, 2000, 4000, 32_000, 60_000, 60_000]);
  expect(waits(1)).toEqual([500, 1000, 2000, 16_000, 30_000, 30_000]);
  expect(retryAt({ ...trouble, retryAfterMs: 12_000 }, 9, 100, 1)).toBe(12_100);
  expect(retryAt({ ...trouble, retryAfterMs: 0 }, 0, 0, 0)).toBe(1000);
});

async function start(over: Store): Promise<void> {
  store = over;
  const warn = (_fields: unknown, message: string) => warnings.push(message);
  const log = { info: () => undefined, warn, error: warn };
  outbox = createOutbox({ store, messenger, clock, log, scheduler: clock, draw: () => 0 });
}

async function wake(): Promise<void> {
  outbox.wake();
  await new Promise(setImmediate);
}

async function waiting(
  key: string,
  notices?: readonly Notice[],
  more: Partial<EventOf<'requested'>> = {},
): Promise<PlatformRequest> {
  const request = await submit(store, key, more);
  const events = [evaluated('require_approval', request.createdAt)];
  return write(store, request, events, notices ?? [noticeOf(request.id)]);
}

/** Any change at all. */
function change(request: PlatformRequest, notices: readonly Notice[] = []): Promise<PlatformRequest> {
  return write(store, request, [evaluated('require_approval', clock.now())], notices);
}

async function newest(): Promise<PlatformRequest> {
  const [request] = await store.list({ limit: 1 });
  if (!request) throw new Error('no request');
  return request;
}

async function refuseToWrite(): Promise<never> {
  throw new Error('disk full');
}

/** What went out, each with its milliseconds after the start. */
function sent(): [number, string][] {
  return messenger.sent.map(({ at, what }) => [at - monday, what]);
}
