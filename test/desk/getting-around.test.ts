/** What somebody might do with edits, lent voices, second accounts and good timing to get around the guardrails. */
import { expect, test } from 'vitest';
import { hourMs, minuteMs } from '../../src/core/duration.ts';
import type { RequestId } from '../../src/core/ids.ts';
import type { Person } from '../../src/core/person.ts';
import { codeOf, type DeskWorld, dana, deskWorld, max, priya, sam, value } from './desk-world.ts';
import { bySre, delegate, lendingWorld, olga } from './lending-world.ts';

const twoAtMost = `limits:
  room: { on: environment.create, per: everybody, alive: 2, beyond: { deny: no room } }
`;
const smallAtOnce = `
  - { id: small, on: environment.create, when: input.cpu <= 2, allow: small ones run by themselves }
  - { id: large, on: environment.create, when: input.cpu > 2, require: { from: sre, because: large } }
`;

async function create(world: DeskWorld, requester: Person, name: string, cpu: number) {
  const input = { name, cpu, ttl: '8h' };
  const asked = await world.desk.submit({
    ...{ key: `create ${name}`, action: 'environment.create', input, requester },
    origin: { surface: 'command' },
  });
  return value(await world.desk.decide(value(asked).id));
}

async function edit(world: DeskWorld, id: RequestId, by: Person, more: Record<string, unknown>) {
  const { input, digest = '' } = await world.request(id);
  return world.desk.edit({ id, by, digest, input: { ...input, ...more } });
}

test('requests that wait and are edited to run by themselves, the newest first, find no more room than others', async () => {
  const world = await deskWorld(smallAtOnce);
  world.enforce(smallAtOnce, twoAtMost);
  const waiting = [];
  for (const name of ['one', 'two', 'three', 'four']) waiting.push(await create(world, priya, name, 4));
  expect(waiting.map(({ status }) => status)).toEqual(Array(4).fill('waiting'));
  const edited = [];
  for (const { id } of waiting.toReversed()) edited.push(codeOf(await edit(world, id, priya, { cpu: 1 })));
  expect(edited).toEqual(['accepted', 'accepted', 'denied_by_policy', 'denied_by_policy']);
});

test('whoever stands in for two people is reminded once', async () => {
  const world = await lendingWorld(bySre(', expires_after: 8h'));
  expect(codeOf(await delegate(world, sam, max))).toBe('accepted');
  expect(codeOf(await delegate(world, olga, max))).toBe('accepted');
  const id = await world.ask(dana);
  await world.pass(5 * hourMs);
  const history = await world.store.history(id);
  const mentioned = history.flatMap(({ event }) =>
    event.type === 'asked' || event.type === 'reminded' ? [event.people.map(({ id: who }) => who)] : [],
  );
  expect(mentioned.length).toBeGreaterThan(1);
  // Nor is anybody reminded who is away, as long as whoever stands in is here.
  for (const people of mentioned) expect(people).toEqual([max.id]);
});

test('a fallback that was let in can let less through, too', async () => {
  const world = await deskWorld(`
  - { id: large, on: environment.create, require: { from: payments, because: large, escalate: { to: sre, after: 1h } } }
`);
  world.startRunner();
  const { id } = await create(world, dana, 'mine', 8);
  await world.pass(61 * minuteMs);
  const { digest = '' } = await world.request(id);
  const said = await world.desk.review({ id, by: sam, digest, decision: 'approve', narrowTo: { cpu: 4 } });
  expect(said.ok ? said.value.status : said.problem.sentence).toBe('approved');
});

test('whoever is told that their answer is void is not asked for it in another line', async () => {
  const world = await lendingWorld(`
  - { id: large, on: environment.create, require: { from: sre, because: large } }
`);
  // In the night only whoever is on call is asked.
  await world.pass(18 * hourMs);
  const { id } = await create(world, dana, 'mine', 8);
  await world.pass(5 * hourMs + 5 * minuteMs);
  const asked = async () =>
    (await world.store.history(id)).flatMap(({ event }) => (event.type === 'asked' ? [event.people] : []));
  expect(await asked()).toMatchObject([[{ id: sam.id }]]);
  const { digest = '' } = await world.request(id);
  const note = 'half of it';
  value(await world.desk.review({ id, by: olga, digest, decision: 'request_changes', note }));
  value(await edit(world, id, dana, { cpu: 6 }));
  await world.pass(minuteMs);
  expect(await world.notices(id)).toContain('edited');
  expect(await asked()).toHaveLength(1);
});

test('a limit for one blueprint counts what is made of it, and nothing else', async () => {
  const oneWorker = `limits:
  workers: { on: environment.create, blueprint: worker, per: everybody, requests: 1, within: 1h, beyond: { deny: one is enough } }
`;
  const world = await deskWorld(smallAtOnce);
  world.enforce(smallAtOnce, oneWorker);
  await create(world, priya, 'one', 1);
  await create(world, priya, 'two', 1);
  const worker = async (name: string) => {
    const input = { name, blueprint: 'worker', cpu: 1, ttl: '8h' };
    const asked = await world.desk.submit({
      ...{ key: name, action: 'environment.create', input, requester: priya },
      origin: { surface: 'command' },
    });
    return value(await world.desk.decide(value(asked).id)).status;
  };
  expect([await worker('three'), await worker('four')]).toEqual(['approved', 'denied']);
});
