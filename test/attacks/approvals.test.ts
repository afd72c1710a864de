/** Time, groups, commits, policies and names move between a yes and the start: nothing gets through the gap. */
import { expect, test } from 'vitest';
import { dayMs, minuteMs } from '../../src/core/duration.ts';
import { noChange } from '../../src/core/facts.ts';
import type { Person } from '../../src/core/person.ts';
import {
  atOnce,
  type DeskWorld,
  dana,
  deskWorld,
  max,
  onePerson,
  person,
  priya,
  sam,
  twoPeople,
  value,
} from '../desk/desk-world.ts';

test('the author of a commit does not let it through', async () => {
  const world = await deskWorld(onePerson.replace('because:', 'not: author, because:'));
  world.outside.change = { ...noChange, commits: 1, authors: ['SAM@acme.example'], checks: 'green' };
  const id = await world.ask(dana);
  await expectRefused(world, id, sam, 'author_of_change', /^You wrote|yours|your/u);
});

test('whoever left the group since the card was drawn does not answer it', async () => {
  const world = await deskWorld(onePerson);
  const id = await world.ask(dana);
  withoutSam(world);
  await expectRefused(world, id, sam, 'not_eligible', /needs an answer from/u);
});

test('a card of last month decides nothing', async () => {
  const world = await deskWorld(onePerson);
  const id = await world.ask(dana);
  const { digest } = await world.request(id);
  world.startRunner();
  await world.pass(31 * dayMs);
  const refused = await world.review(id, sam, 'approve', digest);
  expect(refused).toMatchObject({ ok: false, problem: { code: 'already_ended' } });
  expect(sentenceOf(refused)).toBe(`${id} has expired already, so nothing was changed.`);
});

test('a card of last month does not let through what is asked for again', async () => {
  const world = await deskWorld(onePerson);
  const old = await world.ask(dana);
  const { digest } = await world.request(old);
  value(await world.desk.cancel(old, dana));
  world.outside.commit = 'c2';
  const id = await world.ask(dana);
  const refused = await world.review(id, sam, 'approve', digest);
  expect(sentenceOf(refused)).toBe(`${id} has changed since this card was drawn.`);
  expect((await world.request(id)).reviews).toEqual([]);
});

test('a yes is not carried over to something else, neither while it waits nor once it is approved', async () => {
  const world = await deskWorld(twoPeople);
  const id = await world.ask(dana);
  value(await world.review(id, sam));
  const edit = { id, by: dana, input: { name: 'other' } };
  const { digest = '' } = await world.request(id);
  const early = await world.desk.edit({ ...edit, digest });
  expect(sentenceOf(early)).toBe(`${id} is about it in production, and an edit keeps it so.`);
  value(await world.review(id, priya));
  const late = await world.desk.edit({ ...edit, digest: (await world.request(id)).digest ?? '' });
  expect(sentenceOf(late)).toContain(`${id} `);
  expect(await world.request(id)).toMatchObject({ status: 'approved', input: { name: 'it' } });
});

test('a commit that is pushed over after the approval is not started', async () => {
  const world = await deskWorld(onePerson);
  const id = await world.ask(dana);
  value(await world.review(id, sam));
  world.outside.commit = 'f0rced';
  world.startRunner();
  await world.pass(minuteMs);
  expect(await world.request(id)).toMatchObject({ status: 'waiting', reviews: [], moves: 1 });
  expect(await world.types(id)).toContain('moved');
  expect(await world.types(id)).not.toContain('started');
});

test('a policy that is loosened after a first yes does not let it through as it was judged', async () => {
  const world = await deskWorld(twoPeople);
  const id = await world.ask(dana);
  value(await world.review(id, sam));
  // Whoever changes the policy cannot make one yes enough for what two were asked for.
  world.enforce(onePerson);
  world.startRunner();
  await world.pass(minuteMs);
  expect((await world.request(id)).status).toBe('waiting');
  expect(await world.types(id)).not.toContain('started');
});

test('a yes of somebody whom the policy no longer asks is not enough to start', async () => {
  const world = await deskWorld(onePerson);
  const id = await world.ask(dana);
  value(await world.review(id, sam));
  world.enforce(onePerson.replace('[sre, payments]', '[platform-leads]'));
  world.startRunner();
  await world.pass(minuteMs);
  expect(await world.request(id)).toMatchObject({ status: 'waiting' });
  expect(await world.types(id)).not.toContain('started');
});

test('one person in two groups is one of the two that are needed', async () => {
  const world = await deskWorld(twoPeople);
  const { groups } = world.outside.catalog;
  const both = { title: 'Payments', members: ['sam@acme.example', 'max@acme.example'] };
  world.outside.catalog = { ...world.outside.catalog, groups: { ...groups, payments: both } };
  const id = await world.ask(dana);
  value(await world.review(id, sam));
  await expectRefused(world, id, sam, 'already_reviewed', /^You have answered/u, 1);
  expect((await world.request(id)).status).toBe('waiting');
});

test('a second Lee Winter is not the first', async () => {
  const lee = person('U0LEE', 'Lee Winter', { email: 'lee@acme.example' });
  const other = person('U0LEE2', 'Lee Winter', { email: 'lee.winter@acme.example' });
  const world = await deskWorld(onePerson.replace('[sre, payments]', '[platform-leads]'));
  for (const one of [lee, other]) world.outside.people.set(one.id, one);
  const id = await world.ask(dana);
  await expectRefused(world, id, other, 'not_eligible', /needs an answer from/u);
  value(await world.review(id, lee));
  expect((await world.request(id)).reviews).toMatchObject([{ by: lee.id, email: lee.email }]);
});

test('two approvers in the same millisecond with one place left are one approval', async () => {
  const world = await deskWorld(onePerson);
  const id = await world.ask(dana);
  const answers = await Promise.all([sam, priya, max].map((one) => world.review(id, one)));
  expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
  for (const one of answers.filter(({ ok }) => !ok)) expect(sentenceOf(one)).toContain(`${id} `);
  world.startRunner();
  await world.pass(minuteMs);
  expect((await world.types(id)).filter((type) => type === 'started')).toHaveLength(1);
});

test('what runs at once for one policy waits for people as soon as another says so, also in between', async () => {
  const world = await deskWorld(atOnce);
  const id = await world.ask(dana);
  expect((await world.request(id)).status).toBe('approved');
  world.enforce(twoPeople);
  world.startRunner();
  await world.pass(minuteMs);
  expect((await world.request(id)).status).toBe('waiting');
});

type Asked = Awaited<ReturnType<DeskWorld['ask']>>;

async function expectRefused(
  world: DeskWorld,
  id: Asked,
  by: Person,
  code: string,
  sentence: RegExp,
  reviews = 0,
): Promise<void> {
  const refused = await world.review(id, by);
  expect(refused).toMatchObject({ ok: false, problem: { code } });
  expect(sentenceOf(refused)).toMatch(sentence);
  expect((await world.request(id)).reviews).toHaveLength(reviews);
}

function sentenceOf(refused: Awaited<ReturnType<DeskWorld['review']>>): string {
  return refused.ok ? 'accepted' : refused.problem.sentence;
}

function withoutSam(world: DeskWorld): void {
  const { groups } = world.outside.catalog;
  const sre = { title: 'SRE', members: ['olga@acme.example'] };
  world.outside.catalog = { ...world.outside.catalog, groups: { ...groups, sre } };
}
