/** Who asked is looked at again: a request does not outlive its requester's membership. */
import { expect, test } from 'vitest';
import { minuteMs } from '../../src/core/duration.ts';
import { dana, deskWorld, onePerson, sam, value } from './desk-world.ts';

const membersOnly = `
  - id: members-only
    unless: requester.kind == "member"
    deny: only members of this workspace can ask for something
${onePerson}`;

test.each([
  ['was deactivated', 'deactivated'],
  ['became a guest', 'guest'],
] as const)('nothing is started for somebody who %s since', async (_what, kind) => {
  const world = await deskWorld(membersOnly);
  const id = await world.ask(dana);
  value(await world.review(id, sam));
  world.outside.people.set(dana.id, { ...dana, kind });
  world.startRunner();
  await world.pass(0);
  expect(await world.request(id)).toMatchObject({ status: 'denied', deniedBy: 'policy' });
  expect(await world.types(id)).not.toContain('started');
});

test('nothing is started for somebody whom the directory does not know any more', async () => {
  const world = await deskWorld(membersOnly);
  const id = await world.ask(dana);
  value(await world.review(id, sam));
  world.outside.people.delete(dana.id);
  world.startRunner();
  await world.pass(0);
  expect((await world.request(id)).status).toBe('denied');
});

test('while nobody can tell who asked it waits, and goes on afterwards', async () => {
  const world = await deskWorld(membersOnly);
  const id = await world.ask(dana);
  value(await world.review(id, sam));
  world.outside.isDirectoryAway = true;
  world.startRunner();
  await world.pass(0);
  expect((await world.request(id)).status).toBe('approved');
  world.outside.isDirectoryAway = false;
  await world.pass(minuteMs);
  expect((await world.request(id)).status).toBe('succeeded');
});

test('what would do something else than people agreed to asks them again, also when nothing names what moved', async () => {
  const world = await deskWorld(onePerson);
  const id = await world.ask(dana);
  const before = (await world.request(id)).digest;
  value(await world.review(id, sam));
  const action = world.outside.actions.get('thing.change');
  if (!action) throw new Error('there is no thing.change');
  // A newer version of the action reads the same words as another input.
  const input = action.input.transform((read) => ({ ...read, name: `${read.name}-2` }));
  world.outside.actions.set('thing.change', { ...action, input } as unknown as typeof action);
  world.startRunner();
  await world.pass(0);
  expect(await world.request(id)).toMatchObject({ status: 'waiting', reviews: [], moves: 1 });
  expect((await world.request(id)).digest).not.toBe(before);
});
