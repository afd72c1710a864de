/** A request that is to begin at a time: approved before, judged again when it comes. */
import { expect, test } from 'vitest';
import { defineAction } from '../../src/core/action.ts';
import { hourMs, minuteMs } from '../../src/core/duration.ts';
import { ok, problem, refuse } from '../../src/core/problem.ts';
import { atOnce, type DeskWorld, deskWorld, onePerson, person, priya } from './desk-world.ts';

const freeze = `windows:
  freeze: { title: the freeze, zone: Europe/Berlin, weekly: { from: "wed 11:00", to: "wed 14:00" } }
`;
const held = `
  - id: frozen
    on: thing.change
    hold: { window: freeze, because: it is frozen }
`;

/** Wednesday 10:00 in Berlin; `thing.change` begins so much later. */
async function worldBeginning(laterMs: number, rules: string, more = ''): Promise<DeskWorld> {
  const world = await deskWorld(atOnce);
  world.enforce(rules, more);
  const thing = world.outside.actions.get('thing.change');
  if (!thing || thing.effect === 'read') throw new Error('there is no thing');
  world.outside.actions.set(
    'thing.change',
    defineAction({ ...thing, notBefore: (_input, { now }) => ok(now + laterMs) }),
  );
  world.startRunner();
  return world;
}

const dana = person('U0DANA', 'Dana');

test('what is approved at once still waits for its time, and not a moment longer', async () => {
  const world = await worldBeginning(2 * hourMs, atOnce);
  const id = await world.ask(dana);
  await world.pass(2 * hourMs - minuteMs);
  expect(await world.request(id)).toMatchObject({ status: 'approved' });
  await world.pass(2 * minuteMs);
  expect(await world.request(id)).toMatchObject({ status: 'succeeded' });
  const { startedAt, createdAt } = await world.request(id);
  expect((startedAt ?? 0) - createdAt).toBe(2 * hourMs);
});

test('it is judged again when its time comes: what is refused by then does not run', async () => {
  const world = await worldBeginning(2 * hourMs, atOnce);
  const id = await world.ask(dana);
  await world.pass(hourMs);
  world.enforce(`
  - id: no-more
    on: thing.change
    deny: not any more
`);
  await world.pass(2 * hourMs);
  expect(await world.request(id)).toMatchObject({ status: 'denied' });
});

test('a move in between asks people anew', async () => {
  const world = await worldBeginning(2 * hourMs, onePerson);
  const id = await world.ask(dana);
  await world.review(id, priya);
  expect(await world.request(id)).toMatchObject({ status: 'approved' });
  world.outside.commit = 'c2';
  await world.pass(3 * hourMs);
  expect(await world.request(id)).toMatchObject({ status: 'waiting', moves: 1 });
});

test('one that comes due inside a freeze is held until it is over, and goes on with the answers it has', async () => {
  const world = await worldBeginning(2 * hourMs, onePerson + held, freeze);
  const id = await world.ask(dana);
  await world.review(id, priya);
  await world.pass(2 * hourMs + minuteMs);
  expect(await world.request(id)).toMatchObject({ status: 'held' });
  await world.pass(2 * hourMs);
  expect(await world.request(id)).toMatchObject({ status: 'succeeded' });
});

test('one that is approved only after its time begins at once', async () => {
  const world = await worldBeginning(2 * hourMs, onePerson);
  const id = await world.ask(dana);
  await world.pass(3 * hourMs);
  expect(await world.request(id)).toMatchObject({ status: 'waiting' });
  await world.review(id, priya);
  await world.pass(minuteMs);
  expect(await world.request(id)).toMatchObject({ status: 'succeeded' });
});

test('it is read in the zone of who asks, and a time that cannot be read asks for nothing', async () => {
  const world = await worldBeginning(0, atOnce);
  const thing = world.outside.actions.get('thing.change');
  const zones: string[] = [];
  if (thing && thing.effect !== 'read') {
    world.outside.actions.set(
      'thing.change',
      defineAction({
        ...thing,
        notBefore: (_input, { zone }) => {
          zones.push(zone);
          return refuse(problem('bad_input', 'That is no time.', 'Write another.'));
        },
      }),
    );
  }
  const ask = (requester: typeof dana) =>
    world.desk.submit({
      ...{ key: `k ${requester.timeZone}`, action: 'thing.change', input: { name: 'it' }, requester },
      origin: { surface: 'command' },
    });
  expect(await ask(dana)).toMatchObject({ ok: false, problem: { sentence: 'That is no time.' } });
  await ask({ ...dana, timeZone: 'America/New_York' });
  expect(zones).toEqual(['Europe/Berlin', 'America/New_York']);
  expect(await world.store.list({ limit: 10 })).toEqual([]);
});
