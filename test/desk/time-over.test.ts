/** An environment whose time is over goes by itself. */
import { expect, test } from 'vitest';
import { hourMs, minuteMs } from '../../src/core/duration.ts';
import { ProblemError } from '../../src/core/problem.ts';
import { createRunDesk } from '../../src/desk/carry.ts';
import { type DeskWorld, dana, deskWorld, refusedOutside, value } from './desk-world.ts';

const environments = `
  - id: making
    on: environment.create
    allow: environments may be made
  - id: over
    on: environment.destroy
    when: requester.kind == "system"
    allow: its time is over
`;

async function ask(world: DeskWorld, action: string, input: Readonly<Record<string, unknown>>) {
  const origin = { surface: 'command' as const };
  const asked = await world.desk.submit({ key: action, action, input, requester: dana, origin });
  value(await world.desk.decide(value(asked).id));
}

async function withEnvironment(): Promise<DeskWorld> {
  const world = await deskWorld(environments);
  world.startRunner();
  await ask(world, 'environment.create', { name: 'pr-12', ttl: '8h' });
  await world.pass(minuteMs);
  expect(await made(world)).toMatchObject({ status: 'succeeded' });
  return world;
}

const made = async (world: DeskWorld) =>
  (await world.store.list({ action: 'environment.create', limit: 1 }))[0];
const removals = (world: DeskWorld) => world.store.list({ action: 'environment.destroy', limit: 100 });

test('it is removed once, by Greenlight itself, when its time is over and not before', async () => {
  const world = await withEnvironment();
  await world.pass(8 * hourMs - 2 * minuteMs);
  expect(await removals(world)).toEqual([]);
  await world.pass(2 * minuteMs);
  expect(await removals(world)).toMatchObject([{ status: 'succeeded', requester: { kind: 'system' } }]);
  expect((await made(world))?.retiredBy).toBe('REQ-2');
  await world.pass(24 * hourMs);
  expect(await removals(world)).toHaveLength(1);
});

test('a removal that failed is tried again every hour, as a request of its own', async () => {
  const world = await withEnvironment();
  let tried = 0;
  const { remove } = world.outside.cluster;
  world.outside.cluster = {
    ...world.outside.cluster,
    remove: async () => {
      tried += 1;
      throw new ProblemError(refusedOutside);
    },
  };
  await world.pass(8.5 * hourMs);
  expect(tried).toBe(1);
  expect(await removals(world)).toMatchObject([{ status: 'failed' }]);
  await world.pass(hourMs);
  expect(tried).toBe(2);
  world.outside.cluster = { ...world.outside.cluster, ...(remove ? { remove } : {}) };
  await world.pass(hourMs);
  expect((await removals(world)).map((one) => one.status)).toEqual(['succeeded', 'failed', 'failed']);
  expect((await made(world))?.retiredBy).toBe('REQ-4');
  await world.pass(5 * hourMs);
  expect(await removals(world)).toHaveLength(3);
});

test('one that was destroyed by hand is not removed again', async () => {
  const world = await withEnvironment();
  world.enforce(`${environments}
  - id: by-hand
    on: environment.destroy
    allow: by hand
`);
  const asked = await world.desk.submit({
    key: 'destroy',
    action: 'environment.destroy',
    input: { name: 'pr-12' },
    requester: dana,
    origin: { surface: 'command' },
  });
  value(await world.desk.decide(value(asked).id));
  await world.pass(24 * hourMs);
  expect(await removals(world)).toMatchObject([{ status: 'succeeded', requester: { id: dana.id } }]);
});

test('one whose end was moved while its removal was being asked for stays until the new one', async () => {
  const world = await withEnvironment();
  world.enforce(`${environments}
  - id: longer
    on: environment.extend
    allow: a while longer
`);
  const stale = await made(world);
  const end = stale?.outputs?.environment?.expiresAt ?? 0;
  await world.pass(end - world.clock.now() - minuteMs);
  await ask(world, 'environment.extend', { name: 'pr-12', by: '4h' });
  await world.pass(2 * minuteMs);
  if (!stale) throw new Error('nothing was made');
  // What another replica does with what it has looked at before that.
  const removal = value(await createRunDesk(world.context).retireEnvironment(stale));
  expect(value(await world.desk.decide(removal.id))).toMatchObject({
    ...{ status: 'failed', isShown: false },
    problem: { sentence: 'The end of pr-12 was moved meanwhile.' },
  });
  await world.pass(hourMs);
  expect((await made(world))?.retiredBy).toBeUndefined();
  await world.pass(3 * hourMs);
  const [last, ...others] = await removals(world);
  expect(others).toMatchObject([{ id: removal.id }]);
  expect((await made(world))?.retiredBy).toBe(last?.id);
});
