/** When somebody's Home is drawn: at once when they open it, soon when something changes, and at Slack's pace. */
import type { WebClient } from '@slack/web-api';
import { beforeEach, expect, test } from 'vitest';
import { createWorldClock, type WorldClock } from '../../src/sandbox/clock.ts';
import { closedHome } from '../../src/slack/home.ts';
import { createHomes, type Homes, lookedForMs, paceMs } from '../../src/slack/homes.ts';
import { collectingLog } from '../handlers/world.ts';
import { dana, person, sample } from './samples.ts';

let clock: WorldClock;
let published: { user: string; at: number }[];
let logged: { message: string; fields: Readonly<Record<string, unknown>> }[];
let isBroken: boolean;
let homes: Homes;

beforeEach(() => {
  clock = createWorldClock({ mode: 'still', startAt: 0 });
  [published, logged, isBroken] = [[], [], false];
  const publish = async ({ user_id }: { user_id: string }) => {
    if (isBroken) throw new Error('down');
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

test('who looked long ago is left alone', async () => {
  await homes.draw(dana.id);
  published.length = 0;
  await clock.advance(lookedForMs + 1);
  homes.changed(sample('waiting'));
  await clock.advance(10 * paceMs);
  expect(published).toEqual([]);
});

test('what Slack does not take is said in the log, and holds up no other', async () => {
  isBroken = true;
  await homes.draw(dana.id);
  expect(logged.map(({ message }) => message)).toEqual(['a Home could not be drawn']);
  isBroken = false;
  await homes.draw(dana.id);
  expect(published).toHaveLength(1);
  await homes.close();
});
