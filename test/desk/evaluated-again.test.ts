/** What was true at the click is looked at again: the guardrails, the commit, who people are, the windows. */
import { expect, test } from 'vitest';
import { quorumAsRecorded } from '../../src/approvals/quorum.ts';
import { hourMs, minuteMs } from '../../src/core/duration.ts';
import { catalog } from '../approvals/shipped.ts';
import {
  codeOf,
  type DeskWorld,
  dana,
  deskWorld,
  max,
  onePerson,
  priya,
  sam,
  twoPeople,
  value,
} from './desk-world.ts';

const denied = `
  - id: things
    on: thing.change
    deny: things rest for now
`;

test('rules made stricter between approval and start make it wait again, and people are asked again', async () => {
  const world = await deskWorld(onePerson);
  const id = await world.ask(dana);
  value(await world.review(id, sam));
  expect((await world.request(id)).status).toBe('approved');

  world.enforce(twoPeople);
  world.startRunner();
  await world.pass(0);
  const waiting = await world.request(id);
  expect(waiting).toMatchObject({ status: 'waiting', reviews: [], moves: 1 });
  expect(await world.notices(id)).toEqual(['moved']);

  value(await world.review(id, sam));
  value(await world.review(id, priya));
  await world.pass(0);
  expect((await world.request(id)).status).toBe('succeeded');
});

test('rules that refuse it between approval and start end it, and nothing runs', async () => {
  const world = await deskWorld(onePerson);
  const id = await world.ask(dana);
  value(await world.review(id, sam));
  world.enforce(denied);
  world.startRunner();
  await world.pass(0);
  expect(await world.request(id)).toMatchObject({ status: 'denied', deniedBy: 'policy' });
  expect(await world.types(id)).not.toContain('started');
  expect(await world.notices(id)).toEqual(['ended']);
});

test('rules that refuse it are met by the next click, which does not count', async () => {
  const world = await deskWorld(twoPeople);
  const id = await world.ask(dana);
  world.enforce(denied);
  expect(codeOf(await world.review(id, sam))).toBe('already_ended');
  expect(await world.request(id)).toMatchObject({ status: 'denied', reviews: [] });
});

test('a commit that moved between approval and start voids the reviews, and people are told', async () => {
  const world = await deskWorld(onePerson);
  const id = await world.ask(dana);
  value(await world.review(id, sam));
  world.outside.commit = 'c2';
  world.startRunner();
  await world.pass(0);
  expect(await world.request(id)).toMatchObject({ status: 'waiting', reviews: [], moves: 1 });
  expect(await world.types(id)).not.toContain('started');
  expect(await world.notices(id)).toEqual(['moved']);
});

test('a click on what has moved meanwhile does not count, and whoever clicked is told', async () => {
  const world = await deskWorld(twoPeople);
  const id = await world.ask(dana);
  const seen = (await world.request(id)).digest;
  world.outside.commit = 'c2';
  expect(codeOf(await world.review(id, sam, 'approve', seen))).toBe('out_of_date');
  const moved = await world.request(id);
  expect(moved).toMatchObject({ status: 'waiting', reviews: [], preview: { resolved: { commit: 'c2' } } });
  // On the card as it is now it counts.
  value(await world.review(id, sam));
  expect((await world.request(id)).reviews).toHaveLength(1);
});

test('a reviewer who left the group before the start no longer counts, and people are asked again', async () => {
  const world = await deskWorld(twoPeople);
  const id = await world.ask(dana);
  value(await world.review(id, sam));
  value(await world.review(id, priya));
  expect((await world.request(id)).status).toBe('approved');

  withoutSam(world);
  world.startRunner();
  await world.pass(0);
  expect((await world.request(id)).status).toBe('waiting');
  expect(await world.types(id)).not.toContain('started');
  expect(await world.notices(id)).toEqual(['waiting']);
  const left = await world.request(id);
  expect(left).toMatchObject({ reviews: [{ by: priya.id }], lapsed: [{ by: sam.id }] });
  expect(quorumAsRecorded(left).parts[0]?.missing).toBe(1);

  value(await world.review(id, max));
  await world.pass(0);
  expect((await world.request(id)).status).toBe('succeeded');
});

/** Sam is in no group any more. */
function withoutSam({ outside }: DeskWorld): void {
  const { groups } = outside.catalog;
  const sre = { title: 'SRE', members: ['olga@acme.example'] };
  outside.catalog = { ...outside.catalog, groups: { ...groups, sre } };
}

test('an answer of somebody who has left the group is off the card as soon as the next one comes', async () => {
  const world = await deskWorld(twoPeople);
  const id = await world.ask(dana);
  value(await world.review(id, sam));
  withoutSam(world);
  value(await world.review(id, priya));
  expect(await world.request(id)).toMatchObject({
    ...{ status: 'waiting', reviews: [{ by: priya.id }], lapsed: [{ by: sam.id }] },
  });
  // Back in the group they can say it again.
  world.outside.catalog = { ...world.outside.catalog, groups: catalog.groups };
  value(await world.review(id, sam));
  const approved = await world.request(id);
  expect(approved).toMatchObject({ status: 'approved', lapsed: [] });
});

test('a wish for changes of somebody who has left the group holds nothing up', async () => {
  const world = await deskWorld(onePerson);
  const id = await world.ask(dana);
  const { digest = '' } = await world.request(id);
  const wish = { id, by: sam, decision: 'request_changes', digest, note: 'Not on a Friday' } as const;
  value(await world.desk.review(wish));
  value(await world.review(id, priya));
  withoutSam(world);
  world.startRunner();
  await world.pass(hourMs);
  expect((await world.request(id)).status).toBe('succeeded');
});

test('whoever asked for changes and leaves the group later stops holding it up by themselves, without any click', async () => {
  const world = await deskWorld(onePerson);
  const id = await world.ask(dana);
  const { digest = '' } = await world.request(id);
  const wish = { id, by: sam, decision: 'request_changes', digest, note: 'Not on a Friday' } as const;
  value(await world.desk.review(wish));
  value(await world.review(id, priya));
  world.startRunner();
  await world.pass(minuteMs);
  expect((await world.request(id)).status).toBe('waiting');
  withoutSam(world);
  await world.pass(15 * minuteMs);
  expect((await world.request(id)).status).toBe('succeeded');
});

test('while nobody can tell whether a reviewer is still in the group it stays approved and is not started', async () => {
  const world = await deskWorld(onePerson);
  const id = await world.ask(dana);
  value(await world.review(id, sam));
  withoutSam(world);
  world.outside.catalog = { ...world.outside.catalog, unknownGroups: { sre: 'GitHub is away' } };
  world.startRunner();
  await world.pass(minuteMs);
  expect(await world.request(id)).toMatchObject({ status: 'approved', reviews: [{ by: sam.id }] });
  world.outside.catalog = catalog;
  await world.pass(hourMs);
  expect((await world.request(id)).status).toBe('succeeded');
});

test('a reviewer whose account is gone by the start no longer counts', async () => {
  const world = await deskWorld(onePerson);
  const id = await world.ask(dana);
  value(await world.review(id, sam));
  world.outside.people.delete(sam.id);
  world.startRunner();
  await world.pass(0);
  expect((await world.request(id)).status).toBe('waiting');
});

const rest = `
windows:
  rest:
    title: the rest
    zone: Europe/Berlin
    weekly: { from: wed 10:30, to: wed 14:00 }
`;
const held = `${onePerson}
  - id: rest
    on: thing.change
    hold: { window: rest, because: nobody changes things then }
`;

test('a window that began between approval and start holds it, and its end lets it go by itself', async () => {
  const world = await deskWorld(onePerson);
  world.enforce(held, rest);
  const id = await world.ask(dana);
  value(await world.review(id, sam));
  expect((await world.request(id)).status).toBe('approved');

  await world.clock.advance(hourMs);
  world.startRunner();
  await world.pass(2 * hourMs + 59 * minuteMs);
  // Held, with the approval it has: nobody is asked twice.
  expect(await world.request(id)).toMatchObject({ status: 'held', reviews: [{ by: sam.id }] });
  await world.pass(minuteMs);
  expect((await world.request(id)).status).toBe('succeeded');
  expect(await world.notices(id)).toEqual(['ended']);
});

test('what is asked for during a window waits for its end, and then for people', async () => {
  const world = await deskWorld(onePerson);
  world.enforce(held, rest);
  await world.clock.advance(hourMs);
  world.startRunner();
  const id = await world.ask(dana);
  expect(await world.request(id)).toMatchObject({ status: 'held' });
  expect(codeOf(await world.review(id, sam))).toBe('not_waiting');
  await world.pass(3 * hourMs);
  expect((await world.request(id)).status).toBe('waiting');
  expect(await world.notices(id)).toEqual(['waiting']);
});

test('what is held can be taken back, and the end of the window changes nothing then', async () => {
  const world = await deskWorld(onePerson);
  world.enforce(held, rest);
  await world.clock.advance(hourMs);
  world.startRunner();
  const id = await world.ask(dana);
  value(await world.desk.cancel(id, dana));
  await world.pass(4 * hourMs);
  expect((await world.request(id)).status).toBe('cancelled');
});
