/** Nobody gets more by a lent voice than its lender has, or has it longer, or gets around what keeps them out. */
import { describe, expect, test } from 'vitest';
import { delegationMaxMs, refuseDelegation } from '../../src/core/delegation.ts';
import { hourMs } from '../../src/core/duration.ts';
import { noChange } from '../../src/core/facts.ts';
import type { Person, PersonKind } from '../../src/core/person.ts';
import { codeOf, type DeskWorld, dana, lee, max, person, priya, sam, value } from '../desk/desk-world.ts';
import { bySre, delegate, lendingWorld, olga } from '../desk/lending-world.ts';

/** What became of asking to lend: why it was not lent. */
async function whyNot(world: DeskWorld, from: Person, to: Person, until?: string): Promise<string> {
  const asked = await delegate(world, from, to, until);
  if (!asked.ok) return asked.problem.sentence;
  const { status, problem, verdict } = await world.request(asked.value.id);
  if (status === 'succeeded') return 'lent';
  return problem?.sentence ?? verdict?.reasons[0]?.text ?? status;
}

describe('delegation loops', () => {
  test('no two lend to one another', async () => {
    const world = await lendingWorld();
    expect(await whyNot(world, olga, lee)).toBe('lent');
    expect(await whyNot(world, lee, olga)).toMatch(/^Olga is away as well/);
  });

  test('nobody lends to whoever is away, so no voice travels on', async () => {
    const world = await lendingWorld();
    expect(await whyNot(world, lee, max)).toBe('lent');
    expect(await whyNot(world, olga, lee)).toMatch(/what is lent cannot be lent on/);
  });

  test('what was lent before its holder went away is not lent on either', async () => {
    const world = await lendingWorld();
    const id = await world.ask(dana);
    expect(await whyNot(world, olga, lee)).toBe('lent');
    expect(await whyNot(world, lee, max)).toBe('lent');
    // Max answers for Lee, who is in no group that is asked; Olga's voice stays with Lee.
    expect(codeOf(await world.review(id, max))).toBe('not_eligible');
    expect(codeOf(await world.review(id, lee))).toBe('accepted');
  });

  test('nobody lends to themselves, under whatever account', async () => {
    const world = await lendingWorld();
    const second = person('U0OLGA2', 'Olga', { email: 'OLGA@acme.example' });
    world.outside.people.set(second.id, second);
    expect(await whyNot(world, olga, olga)).toBe('That is you.');
    expect(refuseDelegation({ from: olga, to: second, until: 2 }, [], 1)?.sentence).toBe('That is you.');
  });
});

test('delegation after expiry', async () => {
  const world = await lendingWorld();
  const id = await world.ask(dana);
  value(await delegate(world, olga, lee, '1h'));
  await world.clock.advance(hourMs);
  expect(codeOf(await world.review(id, lee))).toBe('not_eligible');
  expect(codeOf(await world.desk.mayReview(id, lee))).toBe('not_eligible');
  expect((await world.desk.overview(lee)).waitingForMe).toEqual([]);
});

test.each<PersonKind>(['guest', 'outside', 'bot', 'deactivated'])(
  'nothing is lent to somebody who is %s, nor counts once they are',
  async (kind) => {
    const world = await lendingWorld();
    const id = await world.ask(dana);
    const stranger = { ...lee, kind };
    world.outside.people.set(lee.id, stranger);
    expect(await whyNot(world, olga, stranger)).toMatch(/^There is no member/);
    expect(refuseDelegation({ from: olga, to: stranger, until: 2 }, [], 1)?.code).toBe('not_a_member');
    world.outside.people.set(lee.id, lee);
    expect(await whyNot(world, olga, lee)).toBe('lent');
    expect(codeOf(await world.review(id, stranger))).toBe('not_a_member');
  },
);

test('nobody lends for longer than two months, or for a time that is over', () => {
  const lend = (until: number) => refuseDelegation({ from: olga, to: lee, until }, [], 1_000)?.sentence;
  expect(lend(1_000 + delegationMaxMs)).toBeUndefined();
  expect(lend(1_001 + delegationMaxMs)).toBe('That is more than 60 days.');
  expect(lend(1_000)).toBe('That time is over already.');
});

describe('around one’s own request', () => {
  test('whoever asked answers it neither for somebody nor by somebody', async () => {
    const world = await lendingWorld();
    // Dana stands for Olga: her own request stays her own.
    value(await delegate(world, olga, dana));
    expect(codeOf(await world.review(await world.ask(dana), dana))).toBe('own_request');
    // Sam asks; Max stands for Sam: by Sam's voice it is not answered.
    value(await delegate(world, sam, max));
    expect(codeOf(await world.review(await world.ask(sam), max))).toBe('not_eligible');
  });

  test('nor does a second account of whoever asked have a voice to lend', async () => {
    const world = await lendingWorld();
    const second = person('U0SAM2', 'Sam', { email: 'SAM@acme.example' });
    world.outside.people.set(second.id, second);
    value(await delegate(world, second, max));
    expect(codeOf(await world.review(await world.ask(sam), max))).toBe('not_eligible');
  });

  test('an author answers it neither for somebody nor by somebody', async () => {
    const world = await lendingWorld(bySre(', not: author'));
    const authors = ['lee@acme.example', 'olga@acme.example'];
    world.outside.change = { ...noChange, commits: 1, checks: 'green', authors };
    value(await delegate(world, sam, lee));
    value(await delegate(world, olga, priya));
    const id = await world.ask(dana);
    expect(codeOf(await world.review(id, lee))).toBe('not_eligible');
    expect(codeOf(await world.review(id, priya))).toBe('not_eligible');
    expect(codeOf(await world.review(id, sam))).toBe('accepted');
  });
});
