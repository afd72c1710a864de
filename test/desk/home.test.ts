/** What one person sees of it all at once. */
import { expect, test } from 'vitest';
import { minuteMs } from '../../src/core/duration.ts';
import { requestIdOf } from '../../src/core/ids.ts';
import type { Person } from '../../src/core/person.ts';
import {
  type DeskWorld,
  dana,
  deskWorld,
  lee,
  max,
  person,
  priya,
  sam,
  twoPeople,
  value,
} from './desk-world.ts';

const glass = `break_glass:
  who: sre
  on: thing.change
  bypasses: [approvals]
  review: [sre, platform-leads]
`;
const making = `
  - id: making
    on: environment.create
    allow: environments may be made
`;

const first = requestIdOf(1);
const ids = (requests: readonly { readonly id: string }[]) => requests.map(({ id }) => id);
const nothing = { waitingForMe: [], mine: [], environments: [], debts: [], mayAsk: [] };

async function twoWaiting(): Promise<DeskWorld> {
  const world = await deskWorld(twoPeople);
  for (const key of ['one', 'two']) {
    await world.ask(dana, key);
    await world.clock.advance(minuteMs);
  }
  return world;
}

test('what has waited longest comes first, and one’s own never waits for oneself', async () => {
  const world = await twoWaiting();
  expect(ids((await world.desk.home(priya)).waitingForMe)).toEqual(['REQ-1', 'REQ-2']);
  const mine = await world.desk.home(dana);
  expect(ids(mine.mine)).toEqual(['REQ-2', 'REQ-1']);
  expect(mine.waitingForMe).toEqual([]);
  expect(mine.mayAsk).toContain('thing.change');
});

test('what one has answered, and what has ended, is off the page', async () => {
  const world = await twoWaiting();
  const [first] = (await world.desk.home(priya)).waitingForMe;
  if (!first) throw new Error('nothing waits');
  value(await world.review(first.id, priya));
  expect(ids((await world.desk.home(priya)).waitingForMe)).toEqual(['REQ-2']);
  value(await world.desk.cancel(first.id, dana));
  expect(ids((await world.desk.home(dana)).mine)).toEqual(['REQ-2']);
});

test('emergencies are debts of those who may look at them, not of whoever broke the glass', async () => {
  const world = await deskWorld(twoPeople);
  world.enforce(twoPeople, glass);
  const olga: Person = { ...sam, id: 'U0OLGA' as Person['id'], name: 'Olga', email: 'olga@acme.example' };
  const before = [await world.desk.home(olga), await world.desk.home(max)];
  const bypass = { kind: 'break_glass', reason: 'customers cannot pay at all' } as const;
  const asked = await world.desk.submit({
    ...{ key: 'glass', action: 'thing.change', input: { name: 'it' }, requester: sam, bypass },
    origin: { surface: 'command' },
  });
  value(await world.desk.decide(value(asked).id));
  expect(ids((await world.desk.home(olga)).debts)).toEqual(['REQ-1']);
  expect(ids((await world.desk.overview(olga)).debts)).toEqual(['REQ-1']);
  const owed = await world.request(first);
  expect(before.map((home) => home.concerns(owed))).toEqual([true, false]);
  expect((await world.desk.home(sam)).debts).toEqual([]);
  expect((await world.desk.home(max)).debts).toEqual([]);
});

test('what waits concerns whoever asked for it, and who may answer it, once they could', async () => {
  const world = await deskWorld(twoPeople);
  const [asker, reviewer, other] = [
    await world.desk.home(dana),
    await world.desk.home(priya),
    await world.desk.home(lee),
  ];
  await world.ask(dana, 'one');
  const waiting = await world.request(first);
  expect([asker, reviewer, other].map((one) => one.concerns(waiting))).toEqual([true, true, false]);
  // It is over for whoever did not see it, and gone from the page of whoever did.
  const seen = await world.desk.home(priya);
  value(await world.desk.cancel(waiting.id, dana));
  const ended = await world.request(first);
  expect([asker, reviewer, seen].map((one) => one.concerns(ended))).toEqual([true, false, true]);
});

test('living environments are those of one’s own teams, with what they cost', async () => {
  const world = await deskWorld(making);
  world.startRunner();
  const teammate = person('U0OTHER', 'Dana');
  const early = await world.desk.home(teammate);
  const ask = {
    key: 'make',
    action: 'environment.create',
    input: { name: 'pr-12', ttl: '8h' },
    requester: dana,
  };
  const asked = await world.desk.submit({ ...ask, origin: { surface: 'command' } });
  value(await world.desk.decide(value(asked).id));
  expect((await world.desk.home(dana)).environments).toEqual([]);
  await world.pass(minuteMs);
  const { environments } = await world.desk.home(dana);
  expect(environments).toMatchObject([
    { record: { name: 'pr-12', team: 'checkout' }, perDay: expect.stringMatching(/^\d+\.\d\d EUR$/) },
  ]);
  const made = await world.request(first);
  const { outputs: _outputs, ...onItsWay } = made;
  const [teams, priyas] = [await world.desk.home(teammate), await world.desk.home(priya)];
  expect([teams, priyas].map((home) => home.concerns(made))).toEqual([true, false]);
  // On its way it is on no page but its requester's; gone, it is missing from those that showed it.
  expect([early, teams].map((home) => home.concerns(onItsWay))).toEqual([false, true]);
  expect(early.concerns(made)).toBe(true);
  expect(priyas.environments).toEqual([]);
});

test('a guest, and somebody whose groups nobody knows, see nothing of others', async () => {
  const world = await twoWaiting();
  const guest = await world.desk.home({ ...priya, kind: 'guest' });
  expect(guest).toMatchObject(nothing);
  expect(guest.concerns(await world.request(first))).toBe(false);
  const { email: _email, ...unknown } = priya;
  expect(await world.desk.home(unknown)).toMatchObject({ waitingForMe: [], environments: [], debts: [] });
});
