/** A request that waits asks people, reminds them, lets a fallback in, and ends: by rows in the store, whoever runs. */
import { expect, test } from 'vitest';
import { dayMs, hourMs, minuteMs } from '../../src/core/duration.ts';
import type { RequestId } from '../../src/core/ids.ts';
import {
  codeOf,
  type DeskWorld,
  dana,
  deskWorld,
  lee,
  max,
  person,
  priya,
  sam,
  value,
} from './desk-world.ts';

const olga = person('U0OLGA', 'Olga', { timeZone: 'America/New_York' });
const berlin = { timeZone: 'Europe/Berlin' };

const one = (more = '') => `
  - id: things
    on: thing.change
    require: { from: [sre, payments], because: one person${more} }
`;

/** Sam is on call, Priya and Max are in Berlin, Olga is in New York. */
async function worldOf(rules: string): Promise<DeskWorld> {
  const world = await deskWorld(rules);
  for (const who of [dana, priya, max, sam, lee]) world.outside.people.set(who.id, { ...who, ...berlin });
  world.outside.people.set(olga.id, olga);
  return world;
}

async function mentions(world: DeskWorld, id: RequestId): Promise<string[]> {
  return (await world.store.history(id)).flatMap(({ event }) =>
    event.type === 'asked' || event.type === 'reminded'
      ? [
          `${event.type} ${event.people.map(({ name }) => name).join(' ')}${'isLast' in event ? ', the last' : ''}`,
        ]
      : [],
  );
}

test('who is on call and somebody who is awake are asked, once, whoever else may answer', async () => {
  const world = await worldOf(one());
  const id = await world.ask(dana);
  world.startRunner();
  await world.pass(minuteMs);
  expect(await mentions(world, id)).toEqual(['asked Sam Priya']);
  // Another process, and a card that is drawn anew: nobody is mentioned twice.
  world.startRunner();
  await world.pass(hourMs);
  expect(await mentions(world, id)).toEqual(['asked Sam Priya']);
  expect(await world.notices(id)).toEqual(['waiting']);
  value(await world.review(id, max));
  expect((await world.request(id)).status).not.toBe('waiting');
});

test('whom to ask may be known from hours ago: a group of hundreds is more than Slack says anew each minute', async () => {
  const world = await worldOf(one());
  await world.ask(dana);
  world.startRunner();
  await world.pass(minuteMs);
  expect(new Set(world.outside.askedWithin)).toEqual(new Set([8 * hourMs]));
});

test('reminders come further and further apart, to others first, and the last tells the requester', async () => {
  const world = await worldOf(one());
  const id = await world.ask(dana);
  world.startRunner();
  await world.pass(3 * hourMs);
  expect(await mentions(world, id)).toEqual(['asked Sam Priya', 'reminded Max']);
  await world.pass(3 * hourMs);
  expect(await mentions(world, id)).toHaveLength(3);
  await world.pass(18 * hourMs - 1);
  const all = await mentions(world, id);
  // At 16:00 in Berlin it is morning in New York; at 22:00 only who is on call is told.
  expect(all.slice(2)).toEqual(['reminded Olga', 'reminded Sam Olga', 'reminded Sam, the last']);
  await world.pass(1);
  expect((await world.request(id)).status).toBe('expired');
  expect(codeOf(await world.review(id, sam))).toBe('already_ended');
});

test('whoever was asleep during all reminders makes up for them with one', async () => {
  const world = await worldOf(one());
  const id = await world.ask(dana);
  const first = world.startRunner();
  await world.pass(minuteMs);
  await first.stop();
  await world.clock.advance(13 * hourMs);
  world.startRunner();
  await world.pass(minuteMs);
  expect((await mentions(world, id)).filter((line) => line.startsWith('reminded'))).toHaveLength(1);
});

test('nobody is reminded at night but by their own clock, unless they are on call', async () => {
  const world = await worldOf(one(', expires_after: 2d').replace('[sre, payments]', 'payments'));
  const id = await world.ask(dana);
  world.startRunner();
  // An eighth of two days is 16:00, a quarter 22:00: that one waits for the morning.
  await world.pass(22 * hourMs - minuteMs);
  expect(await mentions(world, id)).toEqual(['asked Priya Max', 'reminded Priya Max']);
  await world.pass(minuteMs);
  expect(await mentions(world, id)).toHaveLength(3);
});

test('the fallback may answer only once it was let in, and is asked then', async () => {
  const world = await worldOf(
    one(', escalate: { to: platform-leads, after: 2h }').replace('[sre, payments]', 'payments'),
  );
  const id = await world.ask(dana);
  world.startRunner();
  await world.pass(2 * hourMs - 1);
  expect(codeOf(await world.review(id, lee))).toBe('not_eligible');
  await world.pass(1);
  expect(await world.types(id)).toEqual(['requested', 'evaluated', 'asked', 'escalated', 'asked']);
  expect(await mentions(world, id)).toEqual(['asked Priya Max', 'asked Lee']);
  value(await world.review(id, lee));
  await world.pass(0);
  // The start counts it as well, though the rule itself names the payments team alone.
  expect((await world.request(id)).status).toBe('succeeded');
});

test('what has moved is asked anew, and lets the fallback wait again', async () => {
  const world = await worldOf(
    one(', escalate: { to: platform-leads, after: 2h }').replace('[sre, payments]', '[payments]'),
  );
  const id = await world.ask(dana);
  world.startRunner();
  await world.pass(3 * hourMs);
  world.outside.commit = 'c2';
  expect(codeOf(await world.review(id, lee))).toBe('out_of_date');
  await world.pass(0);
  expect((await world.request(id)).asking?.escalated).toEqual([]);
  expect(codeOf(await world.review(id, lee))).toBe('not_eligible');
});

test('it expires though the directory is away', async () => {
  const world = await worldOf(one());
  const id = await world.ask(dana);
  world.startRunner();
  await world.pass(dayMs - minuteMs);
  world.outside.isDirectoryAway = true;
  await world.pass(minuteMs);
  expect((await world.request(id)).status).toBe('expired');
});

test('nobody is asked while the directory is away, and everybody who should be once it is back', async () => {
  const world = await worldOf(one());
  const id = await world.ask(dana);
  world.outside.isDirectoryAway = true;
  world.startRunner();
  await world.pass(minuteMs);
  expect(await mentions(world, id)).toEqual([]);
  world.outside.isDirectoryAway = false;
  await world.pass(minuteMs);
  expect(await mentions(world, id)).toEqual(['asked Sam Priya']);
});
