/** Whose answer counts, and what becomes of several at once. */
import { expect, onTestFinished, test } from 'vitest';
import { noChange } from '../../src/core/facts.ts';
import type { Person } from '../../src/core/person.ts';
import type { Store } from '../../src/core/store.ts';
import { memoryStore } from '../store/ready-store.ts';
import {
  codeOf,
  dana,
  deskWorld,
  lee,
  max,
  onePerson,
  person,
  priya,
  sam,
  twoPeople,
  value,
} from './desk-world.ts';

test('of two answers at the same moment with one place left, one ends it and the other is told so', async () => {
  const world = await deskWorld(twoPeople);
  const id = await world.ask(dana);
  value(await world.review(id, max));
  const codes = (await Promise.all([world.review(id, sam), world.review(id, priya)])).map(codeOf);
  expect(codes.sort()).toEqual(['accepted', 'not_waiting']);
  expect(await world.request(id)).toMatchObject({ status: 'approved' });
  expect((await world.request(id)).reviews).toHaveLength(2);
});

test('two answers at the same moment both count when there is room for both', async () => {
  const world = await deskWorld(twoPeople);
  const id = await world.ask(dana);
  const codes = (await Promise.all([world.review(id, sam), world.review(id, priya)])).map(codeOf);
  expect(codes).toEqual(['accepted', 'accepted']);
  expect(await world.request(id)).toMatchObject({ status: 'approved' });
});

test('one person clicking twice at the same moment is one answer', async () => {
  const world = await deskWorld(twoPeople);
  const id = await world.ask(dana);
  const codes = (await Promise.all([world.review(id, sam), world.review(id, sam)])).map(codeOf);
  expect(codes.sort()).toEqual(['accepted', 'already_reviewed']);
  expect((await world.request(id)).status).toBe('waiting');
});

test('an answer that stood still while its giver took it back elsewhere does not count when it goes on', async () => {
  const store = await memoryStore();
  onTestFinished(() => store.close());
  let meanwhile = async () => {};
  const append: Store['append'] = async (change) => {
    const stand = meanwhile;
    meanwhile = async () => {};
    await stand();
    return store.append(change);
  };
  const world = await deskWorld(twoPeople, { store: { ...store, append } });
  const id = await world.ask(dana);
  meanwhile = async () => {
    value(await world.review(id, sam));
    value(await world.desk.withdraw(id, sam));
  };
  expect(codeOf(await world.review(id, sam))).toBe('conflict');
  expect(await world.request(id)).toMatchObject({ status: 'waiting', reviews: [] });
  // Clicked again it counts, whatever others do meanwhile.
  meanwhile = async () => void value(await world.review(id, priya));
  expect(codeOf(await world.review(id, sam))).toBe('accepted');
  expect((await world.request(id)).status).toBe('approved');
});

test('an approval and a taking back at the same moment leave one ending', async () => {
  const world = await deskWorld(onePerson);
  const id = await world.ask(dana);
  const [approved, cancelled] = await Promise.all([world.review(id, sam), world.desk.cancel(id, dana)]);
  // Taken back before or after the approval: nothing has run yet, so either way it is cancelled.
  expect(cancelled.ok).toBe(true);
  expect(['accepted', 'already_ended']).toContain(codeOf(approved));
  world.startRunner();
  await world.pass(0);
  expect((await world.request(id)).status).toBe('cancelled');
  expect(await world.types(id)).not.toContain('started');
});

test('an approval and a denial at the same moment never end as an approval that ran', async () => {
  const world = await deskWorld(onePerson);
  const id = await world.ask(dana);
  const [approved, denied] = await Promise.all([world.review(id, sam), world.review(id, priya, 'deny')]);
  const accepted = [approved, denied].filter((one) => one.ok);
  expect(accepted).toHaveLength(1);
  expect((await world.request(id)).status).toBe(denied?.ok ? 'denied' : 'approved');
});

test('of two, a no ends it whatever the other says', async () => {
  const world = await deskWorld(twoPeople);
  const id = await world.ask(dana);
  value(await world.review(id, sam));
  value(await world.review(id, priya, 'deny'));
  expect(await world.request(id)).toMatchObject({ status: 'denied', deniedBy: 'reviewer' });
  expect(codeOf(await world.review(id, max))).toBe('already_ended');
});

test('a no without a reason changes nothing, through whatever door it comes', async () => {
  const world = await deskWorld(twoPeople);
  const id = await world.ask(dana);
  const { digest = '' } = await world.request(id);
  for (const note of [undefined, '  ']) {
    const no = { id, by: sam, decision: 'deny', digest, ...(note === undefined ? {} : { note }) } as const;
    expect(codeOf(await world.desk.review(no))).toBe('comment_needed');
  }
  expect(await world.request(id)).toMatchObject({ status: 'waiting', reviews: [] });
});

test.each<[string, Person]>([
  ['the requester', sam],
  [
    'the requester’s second account with the same address',
    person('U0SAM2', 'Sam', { email: 'SAM@acme.example' }),
  ],
])('%s cannot answer their own request', async (_who, reviewer) => {
  const world = await deskWorld(onePerson);
  world.outside.people.set(reviewer.id, reviewer);
  const id = await world.ask(sam);
  expect(codeOf(await world.review(id, reviewer))).toBe('own_request');
  expect(codeOf(await world.desk.mayReview(id, reviewer))).toBe('own_request');
  expect((await world.request(id)).reviews).toEqual([]);
});

test('two accounts with one address are one approver', async () => {
  const world = await deskWorld(twoPeople);
  const second = person('U0SAM2', 'Sam', { email: 'Sam@acme.example' });
  world.outside.people.set(second.id, second);
  const id = await world.ask(dana);
  value(await world.review(id, sam));
  expect(codeOf(await world.review(id, second))).toBe('already_reviewed');
  expect((await world.request(id)).status).toBe('waiting');
});

const { email: _email, ...withoutAddress } = sam;
test.each<[string, Person, string]>([
  ['somebody in none of the groups', lee, 'not_eligible'],
  ['somebody whose groups cannot be told', withoutAddress, 'membership_unknown'],
  ['a guest', { ...sam, kind: 'guest' }, 'not_a_member'],
  ['somebody of another company', { ...sam, kind: 'outside' }, 'not_a_member'],
  ['a bot', { ...sam, kind: 'bot' }, 'not_a_member'],
  ['a deactivated account', { ...sam, kind: 'deactivated' }, 'not_a_member'],
])('%s cannot answer, and the operator finds that it was tried', async (_who, reviewer, code) => {
  const world = await deskWorld(onePerson);
  const id = await world.ask(dana);
  expect(codeOf(await world.review(id, reviewer))).toBe(code);
  expect((await world.request(id)).reviews).toEqual([]);
  expect(world.logged).toContain(code);
});

test('a yes without the comment that is wanted is refused at the desk, and with one it counts', async () => {
  const world = await deskWorld(onePerson.replace('because:', 'comment: required, because:'));
  const id = await world.ask(dana);
  expect(codeOf(await world.review(id, sam))).toBe('comment_needed');
  expect((await world.request(id)).status).toBe('waiting');
  const { digest = '' } = await world.request(id);
  value(await world.desk.review({ id, digest, by: sam, decision: 'approve', note: 'looked at it' }));
  expect(await world.request(id)).toMatchObject({ status: 'approved', reviews: [{ note: 'looked at it' }] });
});

test('an author whom nobody knows not to be one does not count where authors are excluded', async () => {
  const world = await deskWorld(onePerson.replace('because:', 'not: author, because:'));
  world.outside.change = { ...noChange, commits: 1, authors: ['sam@acme.example'], checks: 'green' };
  const id = await world.ask(dana);
  expect(codeOf(await world.review(id, sam))).toBe('author_of_change');
  value(await world.review(id, priya));

  const other = await world.ask(dana);
  world.outside.change = 'unknown';
  expect(codeOf(await world.review(other, priya))).not.toBe('accepted');
});

test('the directory away at the second click counts nobody, and both can be said again', async () => {
  const world = await deskWorld(twoPeople);
  const id = await world.ask(dana);
  value(await world.review(id, sam));
  world.outside.isDirectoryAway = true;
  expect(codeOf(await world.review(id, priya))).toBe('outside_unavailable');
  world.outside.isDirectoryAway = false;
  value(await world.review(id, priya));
  expect((await world.request(id)).status).toBe('approved');
});

test('the directory away at the start keeps it approved and unstarted, until it is back', async () => {
  const world = await deskWorld(onePerson);
  const id = await world.ask(dana);
  value(await world.review(id, sam));
  world.outside.isDirectoryAway = true;
  world.startRunner();
  await world.pass(60_000);
  expect((await world.request(id)).status).toBe('approved');
  world.outside.isDirectoryAway = false;
  await world.pass(60_000);
  expect((await world.request(id)).status).toBe('succeeded');
});

test('nobody answers in time, and it expires with the requester told once', async () => {
  const world = await deskWorld(onePerson);
  const id = await world.ask(dana);
  world.startRunner();
  await world.pass(24 * 3_600_000 - 1);
  expect((await world.request(id)).status).toBe('waiting');
  await world.pass(1);
  expect((await world.request(id)).status).toBe('expired');
  expect(await world.notices(id)).toEqual(['waiting', ...Array(4).fill('reminder'), 'ended']);
  expect(codeOf(await world.review(id, sam))).toBe('already_ended');
});

test("a change too large to see who wrote it is nobody's to approve where authors are left out, and anybody's elsewhere", async () => {
  for (const [rules, said] of [
    [onePerson.replace('because:', 'not: author, because:'), 'author_of_change'],
    [onePerson, 'accepted'],
  ] as const) {
    const world = await deskWorld(rules);
    world.outside.change = { ...noChange, commits: 2_000, authors: 'unknown', checks: 'green' };
    const id = await world.ask(dana);
    expect(codeOf(await world.review(id, sam))).toBe(said);
  }
});

test('a rule may ask more of commits by people who are not in the catalog, also where that cannot be told', async () => {
  const rules = `${onePerson}
  - id: strangers
    on: thing.change
    when: change.strangers > 0
    deny: somebody unknown wrote it
`;
  for (const [change, status] of [
    [{ ...noChange, strangers: 1 }, 'denied'],
    [{ ...noChange, authors: 'unknown' as const }, 'denied'],
    [noChange, 'waiting'],
  ] as const) {
    const world = await deskWorld(rules);
    world.outside.change = change;
    const id = await world.ask(dana);
    expect((await world.request(id)).status).toBe(status);
  }
});
