/** When somebody's Home is drawn: at once when they open it, soon when something changes, and at Slack's pace. */
import { WebAPIPlatformError, WebAPIRateLimitedError, type WebClient } from '@slack/web-api';
import { beforeEach, expect, test } from 'vitest';
import { createWorldClock, type WorldClock } from '../../src/sandbox/clock.ts';
import { closedHome } from '../../src/slack/home.ts';
import { createHomes, type Homes, lookedForMs, paceMs } from '../../src/slack/homes.ts';
import { collectingLog } from '../handlers/world.ts';
import { dana, person, sample } from './samples.ts';

let clock: WorldClock;
let published: { user: string; at: number }[];
let logged: { message: string; fields: Readonly<Record<string, unknown>> }[];
/** What publishing somebody's fails with, if with anything. */
let failure: (user: string) => unknown;
let homes: Homes;

beforeEach(() => {
  clock = createWorldClock({ mode: 'still', startAt: 0 });
  [published, logged, failure] = [[], [], () => undefined];
  const publish = async ({ user_id }: { user_id: string }) => {
    const error = failure(user_id);
    if (error) throw error;
    published.push({ user: user_id, at: clock.now() });
  };
  homes = createHomes({
    client: { views: { publish } } as unknown as WebClient,
    clock,
    scheduler: clock,
    log: collectingLog(logged),
    drawn: async (user) => ({
      view: closedHome({ sentence: 'x.', next: 'y.' }),
      concerns: ({ status, requester }) => status === 'waiting' || requester.id === user,
    }),
  });
});

const many = Array.from({ length: 20 }, (_, index) => person(`U0P${index}`, `P${index}`));
const theirs = (status: 'waiting' | 'running') => sample(status, { requester: many[0] ?? dana });

test('twenty that look are drawn one a second, however often something changes meanwhile', async () => {
  for (const one of many) await homes.draw(one.id);
  published.length = 0;
  for (let second = 0; second < 30; second += 1) {
    if (second < 3) homes.changed(theirs('waiting'));
    await clock.advance(paceMs);
  }
  const times = published.map(({ at }) => at);
  expect(new Set(times).size).toBe(times.length);
  expect(new Set(published.map(({ user }) => user)).size).toBe(many.length);
  expect(published.length).toBeLessThanOrEqual(many.length + 3);
});

test('only those that it concerns are drawn anew', async () => {
  for (const one of many) await homes.draw(one.id);
  published.length = 0;
  homes.changed(theirs('running'));
  await clock.advance(30 * paceMs);
  expect(published.map(({ user }) => user)).toEqual([many[0]?.id]);
});

test('what changes while one is drawn counts, as nobody knows yet whether it is on it', async () => {
  const drawing = homes.draw(dana.id);
  homes.changed(theirs('running'));
  await drawing;
  await clock.advance(2 * paceMs);
  expect(published.map(({ user }) => user)).toEqual([dana.id, dana.id]);
});

test('what changes while one is drawn again counts by the new one: on the old one it may not have been', async () => {
  const drawn: string[] = [];
  let [isWaiting, onTheWay] = [false, Promise.resolve()];
  homes = createHomes({
    client: { views: { publish: () => onTheWay } } as unknown as WebClient,
    ...{ clock, scheduler: clock, log: collectingLog(logged) },
    async drawn() {
      const isOnIt = isWaiting;
      drawn.push(isOnIt ? 'waiting' : 'nothing');
      return {
        view: closedHome({ sentence: 'x.', next: 'y.' }),
        concerns: ({ status }) => isOnIt || status === 'waiting',
      };
    },
  });
  await homes.draw(dana.id);
  const { promise, resolve } = Promise.withResolvers<void>();
  [isWaiting, onTheWay] = [true, promise];
  homes.changed(theirs('waiting'));
  await clock.advance(paceMs);
  isWaiting = false;
  homes.changed(theirs('running'));
  resolve();
  await new Promise(setImmediate);
  await clock.advance(10 * paceMs);
  expect(drawn).toEqual(['nothing', 'waiting', 'nothing']);
});

test('who looked long ago is left alone', async () => {
  await homes.draw(dana.id);
  published.length = 0;
  await clock.advance(lookedForMs + 1);
  homes.changed(sample('waiting'));
  await clock.advance(10 * paceMs);
  expect(published).toEqual([]);
});

test('what Slack does not take is said in the log, and holds up no other', async () => {
  failure = () => new Error('down');
  await homes.draw(dana.id);
  expect(logged.map(({ message }) => message)).toEqual(['a Home could not be drawn']);
  failure = () => undefined;
  await homes.draw(dana.id);
  expect(published).toHaveLength(1);
  await homes.close();
});

test('what Slack does not take just now is drawn again, as soon as Slack wants to be asked', async () => {
  await homes.draw(dana.id);
  published.length = 0;
  failure = () => new WebAPIRateLimitedError(30);
  homes.changed(sample('waiting'));
  await clock.advance(paceMs);
  failure = () => undefined;
  await clock.advance(29_000);
  expect(published).toEqual([]);
  await clock.advance(2_000);
  expect(published.map(({ user }) => user)).toEqual([dana.id]);
});

test('one that fails again and again holds up no other, and one that Slack refuses is left', async () => {
  for (const one of many) await homes.draw(one.id);
  published.length = 0;
  const tries = new Map<string, number>();
  failure = (user) => {
    tries.set(user, (tries.get(user) ?? 0) + 1);
    if (user === many[0]?.id) return new Error('down');
    return user === many[1]?.id ? new WebAPIPlatformError({ ok: false, error: 'not_enabled' }) : undefined;
  };
  homes.changed(sample('waiting'));
  await clock.advance(many.length * paceMs);
  expect(published).toHaveLength(many.length - 2);
  await clock.advance(3 * paceMs);
  expect(tries.get(many[0]?.id ?? '')).toBeGreaterThan(3);
  expect(tries.get(many[1]?.id ?? '')).toBe(1);
});
