/** Two hundred reminders fall due at nine, and somebody clicks at a minute past: who sees what first. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Notice } from '../../src/core/ports.ts';
import type { PlatformRequest, RequestEvent } from '../../src/core/request.ts';
import type { Store } from '../../src/core/store.ts';
import { createWorldClock, type WorldClock } from '../../src/sandbox/clock.ts';
import { createOutbox, type Outbox } from '../../src/slack/outbox.ts';
import { evaluated, monday, noticeOf, submit, write } from '../store/example-requests.ts';
import { memoryStore } from '../store/ready-store.ts';
import { createRecordingMessenger, type RecordingMessenger } from './recording-messenger.ts';

let clock: WorldClock;
let store: Store;
let messenger: RecordingMessenger;
let outbox: Outbox;
let requests: PlatformRequest[];

beforeEach(async () => {
  clock = createWorldClock({ mode: 'still', startAt: monday });
  store = await memoryStore();
  messenger = createRecordingMessenger(clock);
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  outbox = createOutbox({ store, messenger, clock, log, scheduler: clock, draw: () => 0 });
  requests = [];
  for (let number = 1; number <= 20; number++) {
    requests.push(await submit(store, `${number}`));
    await change(number, byPerson());
  }
  await wake();
  await clock.advance(60_000);
  messenger.sent.length = 0;
});

afterEach(async () => {
  await outbox.stop();
  await store.close();
});

test('a card that somebody has changed goes before those that only time has', async () => {
  for (let number = 1; number <= 20; number++) await change(number, byTime());
  await wake();
  await change(20, byPerson());
  await wake();
  await change(12, byPerson());
  await wake();
  await clock.advance(4_000);
  expect(said().slice(0, 4)).toEqual(['edit REQ-1', 'edit REQ-20', 'edit REQ-12', 'edit REQ-2']);
});

test('what time has brought still gets one turn of four, those that wait longest first', async () => {
  for (let number = 1; number <= 10; number++) await change(number, byTime());
  await wake();
  for (let number = 11; number <= 20; number++) await change(number, byPerson());
  await wake();
  await clock.advance(30_000);
  expect(said().slice(0, 9)).toEqual([
    ...['edit REQ-1', 'edit REQ-11', 'edit REQ-12', 'edit REQ-13'],
    ...['edit REQ-2', 'edit REQ-14', 'edit REQ-15', 'edit REQ-16'],
    'edit REQ-3',
  ]);
  expect(said()).toHaveLength(20);
});

test('a card waits for no long list of another channel, whatever has brought that', async () => {
  requests.push(await submit(store, '21', { channel: 'requests' }));
  await change(21, byPerson());
  await wake();
  await clock.advance(10_000);
  for (const bring of [byTime, byPerson]) {
    messenger.sent.length = 0;
    for (let number = 1; number <= 20; number++) await change(number, bring());
    await wake();
    await change(21, byPerson());
    await wake();
    await clock.advance(30_000);
    expect(said().slice(0, 2)).toEqual(['edit REQ-1', 'edit REQ-21']);
  }
});

test('what time has brought in one channel gets its turn beside what people do in another', async () => {
  requests.push(await submit(store, '21', { channel: 'requests' }));
  await change(21, byPerson());
  await wake();
  await clock.advance(10_000);
  messenger.sent.length = 0;
  for (let number = 1; number <= 10; number++) await change(number, byPerson());
  await change(21, byTime());
  await wake();
  await clock.advance(30_000);
  expect(said().indexOf('edit REQ-21')).toBe(3);
});

test('a card that time has changed as well is one that somebody has changed, until it is shown', async () => {
  await change(3, byPerson());
  await change(3, byTime());
  expect((await store.outbox(clock.now(), 1)).map(({ isByTime }) => isByTime)).toEqual([false]);
  await wake();
  await clock.advance(4_000);
  await change(3, byTime());
  expect((await store.outbox(clock.now(), 1)).map(({ isByTime }) => isByTime)).toEqual([true]);
});

test('who is told how theirs ended is told before others are reminded', async () => {
  for (let number = 1; number <= 10; number++) await change(number, byTime(), 'reminder');
  await wake();
  await change(15, byPerson(), 'ended');
  await wake();
  await clock.advance(30_000);
  const told = said().filter((what) => what.startsWith('tell'));
  expect(told.indexOf('tell REQ-15:ended:1')).toBeLessThan(3);
  expect(told).toHaveLength(11);
});

async function change(number: number, event: RequestEvent, notice?: Notice['kind']): Promise<void> {
  const request = requests[number - 1] as PlatformRequest;
  const notices = notice === undefined ? [] : [noticeOf(request.id, notice)];
  requests[number - 1] = await write(store, request, [event], notices);
}

function byTime(): RequestEvent {
  return { type: 'asked', at: clock.now(), people: [] };
}

function byPerson(): RequestEvent {
  return evaluated('require_approval', clock.now());
}

/** As after every change; the next look may be a moment later. */
async function wake(): Promise<void> {
  outbox.wake();
  await new Promise(setImmediate);
  await clock.advance(100);
}

/** Without versions and threads. */
function said(): string[] {
  return messenger.sent.map(({ what }) => what.replace(/ (?:v|under ).*/, ''));
}
