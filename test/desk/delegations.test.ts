/** Somebody is away, and a colleague answers in their place: one voice, for a time, and never more than the lender has. */
import { describe, expect, test } from 'vitest';
import { quorumAsRecorded } from '../../src/approvals/quorum.ts';
import { dayMs, hourMs, minuteMs } from '../../src/core/duration.ts';
import type { RequestId } from '../../src/core/ids.ts';
import type { Person } from '../../src/core/person.ts';
import { codeOf, type DeskWorld, dana, deskWorld, lee, max, priya, sam, value } from './desk-world.ts';
import { bySre, delegate, olga, say, lendingWorld as worldOf } from './lending-world.ts';

const statusOf = async (world: DeskWorld, id: RequestId) => (await world.request(id)).status;

test('a colleague answers in the place of who is away, which the request remembers', async () => {
  const world = await worldOf();
  const id = await world.ask(dana);
  expect(codeOf(await world.review(id, lee))).toBe('not_eligible');
  value(await delegate(world, olga, lee));
  value(await world.review(id, lee));
  await world.pass(0);
  expect(await statusOf(world, id)).toBe('succeeded');
  const { reviews } = await world.request(id);
  expect(reviews).toMatchObject([
    { by: lee.id, groups: ['platform-leads'], standsFor: [{ by: olga.id, name: 'Olga', groups: ['sre'] }] },
  ]);
  expect(quorumAsRecorded(await world.request(id)).parts[0]?.approvals).toHaveLength(1);
});

test('who is away and who answers for them are one voice', async () => {
  const world = await worldOf(bySre('', 2));
  const id = await world.ask(dana);
  value(await delegate(world, olga, lee));
  value(await world.review(id, lee));
  value(await world.review(id, olga));
  expect(await statusOf(world, id)).toBe('waiting');
  value(await world.review(id, sam));
  expect(await statusOf(world, id)).not.toBe('waiting');
});

test('who may answer themselves still counts once, however many have lent them their voice', async () => {
  const world = await worldOf(bySre('', 2));
  const id = await world.ask(dana);
  value(await delegate(world, olga, sam));
  value(await world.review(id, sam));
  expect(await statusOf(world, id)).toBe('waiting');
  expect((await world.request(id)).reviews[0]).not.toHaveProperty('standsFor');
  // Olga is back for a moment: hers is a voice of its own.
  value(await world.review(id, olga));
  expect(await statusOf(world, id)).not.toBe('waiting');
});

test('one who was lent two voices is one person', async () => {
  const world = await worldOf(bySre('', 2));
  const id = await world.ask(dana);
  value(await delegate(world, olga, lee));
  value(await delegate(world, sam, lee));
  value(await world.review(id, lee));
  expect(await statusOf(world, id)).toBe('waiting');
  expect(quorumAsRecorded(await world.request(id)).parts[0]?.missing).toBe(1);
});

describe('it ends', () => {
  test('at its moment, by the clock of the click', async () => {
    const world = await worldOf();
    value(await delegate(world, olga, lee, '1h'));
    const [first, second] = [await world.ask(dana), await world.ask(dana)];
    await world.clock.advance(hourMs - 1);
    expect(codeOf(await world.review(first, lee))).toBe('accepted');
    await world.clock.advance(1);
    expect(codeOf(await world.review(second, lee))).toBe('not_eligible');
  });

  test('on the day on which they are back, by their own clock', async () => {
    const world = await worldOf();
    world.outside.people.set(olga.id, { ...olga, timeZone: 'America/New_York' });
    value(await delegate(world, { ...olga, timeZone: 'America/New_York' }, lee, '2026-11-20'));
    const [{ until } = { until: 0 }] = await world.store.delegations(world.clock.now());
    expect(new Date(until).toISOString()).toBe('2026-11-20T05:00:00.000Z');
  });

  test('when they take it back, and it was replaced by the next one', async () => {
    const world = await worldOf();
    const id = await world.ask(dana);
    value(await delegate(world, olga, lee));
    value(await delegate(world, olga, max));
    expect(codeOf(await world.review(id, lee))).toBe('not_eligible');
    value(await say(world, 'approver.undelegate', olga, {}));
    expect(codeOf(await world.review(id, max))).toBe('not_eligible');
    expect(await world.store.delegations(world.clock.now())).toEqual([]);
    const again = value(await say(world, 'approver.undelegate', olga, {}));
    expect((await world.request(again.id)).problem?.sentence).toBe('Nobody answers requests for you.');
  });

  test('when their account is deactivated, or they leave the group', async () => {
    const world = await worldOf();
    const id = await world.ask(dana);
    value(await delegate(world, olga, lee));
    world.outside.people.set(olga.id, { ...olga, kind: 'deactivated' });
    expect(codeOf(await world.review(id, lee))).toBe('not_eligible');
    world.outside.people.set(olga.id, { ...olga, email: 'olga@elsewhere.example' });
    expect(codeOf(await world.review(id, lee))).toBe('not_eligible');
  });

  test('between the click and the start, and then people are asked again', async () => {
    const world = await deskWorld(bySre());
    world.outside.people.set(olga.id, olga);
    const first = world.startRunner();
    value(await delegate(world, olga, lee, '1h'));
    await first.stop();
    const id = await world.ask(dana);
    value(await world.review(id, lee));
    expect(await statusOf(world, id)).toBe('approved');
    await world.clock.advance(hourMs);
    world.startRunner();
    await world.pass(0);
    expect(await statusOf(world, id)).toBe('waiting');
    expect(await world.types(id)).not.toContain('started');
    expect((await world.types(id)).at(-1)).toBe('asked');
  });
});

test('a rule may want answers in person', async () => {
  const world = await worldOf(bySre(', delegates: false'));
  const id = await world.ask(dana);
  value(await delegate(world, olga, lee));
  expect(codeOf(await world.review(id, lee))).toBe('not_eligible');
  expect(codeOf(await world.review(id, olga))).toBe('accepted');
});

test('who answers for somebody is asked in their place, and finds it among what waits for them', async () => {
  const world = await worldOf();
  value(await delegate(world, olga, lee));
  value(await delegate(world, sam, lee));
  const id = await world.ask(dana);
  await world.pass(minuteMs);
  const asked = (await world.store.history(id)).flatMap(({ event }) =>
    event.type === 'asked' ? event.people.map(({ name }) => name) : [],
  );
  expect(asked[0]).toBe('Lee');
  expect((await world.desk.overview(lee)).waitingForMe.map((one) => one.id)).toEqual([id]);
  await world.clock.advance(3 * dayMs);
  expect((await world.desk.overview(lee)).waitingForMe).toEqual([]);
});

test('anybody can see who answers for whom', async () => {
  const world = await worldOf(`${bySre()}
  - { id: reading, on: read, allow: everybody may look }
`);
  const ask = (requester: Person) =>
    world.desk.answer({
      ...{ key: 'k', action: 'approver.delegations', input: {}, requester },
      origin: { surface: 'command' },
    });
  expect(value(await ask(priya)).sentence).toContain('Everybody answers requests themselves.');
  value(await delegate(world, olga, lee));
  const { sections, next } = value(await ask(olga));
  expect(sections[0]?.lines?.[0]).toMatch(
    /^• Lee for Olga until Sat,? 21 Nov, 10:00 .*\(holiday\), REQ-\d+$/,
  );
  expect(next).toHaveLength(1);
});
