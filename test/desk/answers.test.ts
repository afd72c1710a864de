/** What becomes of answers: changes are asked for, answers are taken back, the request is edited, less is let through. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { RequestId } from '../../src/core/ids.ts';
import type { Person } from '../../src/core/person.ts';
import { editsMax } from '../../src/core/review-life.ts';
import {
  codeOf,
  type DeskWorld,
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

const sizes = `
  - id: small
    on: environment.create
    when: input.cpu <= 2
    allow: small ones need nobody
  - id: large
    on: environment.create
    when: input.cpu > 2
    require: { count: 1, from: [sre, payments], because: more than 2 CPU }
  - id: huge
    on: environment.create
    when: input.cpu > 8
    require: { count: 2, from: [sre, payments], because: more than 8 CPU }
  - id: absurd
    on: environment.create
    when: input.cpu > 64
    deny: nobody needs that many
  - id: one-replica
    on: environment.create
    when: input.cpu > 2 && input.replicas == 1
    require: { count: 1, from: [platform-leads], because: one replica of something large }
`;
const asked = { name: 'load', blueprint: 'web-service', cpu: 16, memoryGi: 8, replicas: 3, ttl: '8h' };

async function create(world: DeskWorld, more: Readonly<Record<string, unknown>> = {}): Promise<RequestId> {
  const made = value(
    await world.desk.submit({
      key: `create ${JSON.stringify(more)}`,
      action: 'environment.create',
      input: { ...asked, ...more },
      requester: dana,
      origin: { surface: 'command' },
    }),
  );
  return value(await world.desk.decide(made.id)).id;
}

async function digestOfNow(world: DeskWorld, id: RequestId): Promise<string> {
  return (await world.request(id)).digest ?? '';
}

async function edit(world: DeskWorld, id: RequestId, input: Readonly<Record<string, unknown>>, by = dana) {
  return world.desk.edit({ id, by, input: { ...asked, ...input }, digest: await digestOfNow(world, id) });
}

async function narrow(world: DeskWorld, id: RequestId, by: Person, to: Readonly<Record<string, unknown>>) {
  const digest = await digestOfNow(world, id);
  return world.desk.review({ id, by, decision: 'approve', digest, narrowTo: to });
}

async function askChanges(world: DeskWorld, id: RequestId, by: Person, note = 'half the CPU') {
  const digest = await digestOfNow(world, id);
  return world.desk.review({ id, by, decision: 'request_changes', note, digest });
}

describe('changes asked for', () => {
  test('keep it waiting whoever else says yes, and its requester is mentioned once', async () => {
    const world = await deskWorld(onePerson);
    const id = await world.ask(dana);
    value(await askChanges(world, id, sam));
    value(await world.review(id, priya));
    expect(await world.request(id)).toMatchObject({ status: 'waiting' });
    expect((await world.notices(id)).filter((kind) => kind === 'changes_asked')).toHaveLength(1);
  });

  test('are over when whoever asked says yes instead', async () => {
    const world = await deskWorld(onePerson);
    const id = await world.ask(dana);
    value(await askChanges(world, id, sam));
    value(await world.review(id, sam));
    expect((await world.request(id)).status).toBe('approved');
  });

  test('taken back let through what others have agreed to meanwhile', async () => {
    const world = await deskWorld(onePerson);
    const id = await world.ask(dana);
    value(await askChanges(world, id, sam));
    value(await world.review(id, priya));
    value(await world.desk.withdraw(id, sam));
    expect(await world.request(id)).toMatchObject({ status: 'approved', approvedBecause: 'quorum' });
    expect(await world.types(id)).toEqual(expect.arrayContaining(['review_withdrawn', 'approved']));
  });

  test('need a sentence, and somebody who may answer', async () => {
    const world = await deskWorld(onePerson);
    const id = await world.ask(dana);
    expect(codeOf(await askChanges(world, id, sam, ' '))).toBe('comment_needed');
    expect(codeOf(await askChanges(world, id, lee))).toBe('not_eligible');
    expect(codeOf(await askChanges(world, id, dana))).toBe('own_request');
    expect(codeOf(await world.desk.mayReview(id, sam, 'request_changes'))).toBe('accepted');
  });

  test('are no denial: it expires like any other that nobody has let through', async () => {
    const world = await deskWorld(onePerson);
    const id = await world.ask(dana);
    value(await askChanges(world, id, sam));
    world.startRunner();
    await world.pass(24 * 3_600_000);
    expect((await world.request(id)).status).toBe('expired');
  });
});

describe('an answer taken back', () => {
  test('no longer counts, and can be given again', async () => {
    const world = await deskWorld(twoPeople);
    const id = await world.ask(dana);
    value(await world.review(id, sam));
    value(await world.desk.withdraw(id, sam));
    expect((await world.request(id)).reviews).toEqual([]);
    value(await world.review(id, priya));
    expect((await world.request(id)).status).toBe('waiting');
    value(await world.review(id, sam));
    expect((await world.request(id)).status).toBe('approved');
  });

  test('is taken back from whatever account of the same address', async () => {
    const world = await deskWorld(twoPeople);
    const second = person('U0SAM2', 'Sam', { email: 'SAM@acme.example' });
    world.outside.people.set(second.id, second);
    const id = await world.ask(dana);
    value(await world.review(id, sam));
    value(await world.desk.withdraw(id, second));
    expect((await world.request(id)).reviews).toEqual([]);
  });

  test('is taken back though GitHub and the directory are away', async () => {
    const world = await deskWorld(twoPeople);
    const id = await world.ask(dana);
    value(await world.review(id, sam));
    world.outside.isDirectoryAway = true;
    value(await world.desk.withdraw(id, sam));
    expect((await world.request(id)).reviews).toEqual([]);
  });

  test('stays when it is approved, ended by a no, or never was', async () => {
    const world = await deskWorld(onePerson);
    const id = await world.ask(dana);
    expect(codeOf(await world.desk.withdraw(id, sam))).toBe('nothing_to_withdraw');
    value(await world.review(id, sam));
    expect(codeOf(await world.desk.withdraw(id, sam))).toBe('not_waiting');
    const other = await world.ask(dana);
    value(await world.review(other, sam, 'deny'));
    const late = await world.desk.withdraw(other, sam);
    expect(late).toMatchObject({ problem: { code: 'already_ended', sentence: /Your no has ended/ } });
    expect(codeOf(await world.desk.withdraw(other, priya))).toBe('already_ended');
  });

  test('at the moment of the last yes leaves either one, never a yes that is not there', async () => {
    const world = await deskWorld(twoPeople);
    const id = await world.ask(dana);
    value(await world.review(id, sam));
    const [back] = await Promise.all([world.desk.withdraw(id, sam), world.review(id, priya)]);
    const { status, reviews } = await world.request(id);
    expect([status, reviews.length]).toEqual(back.ok ? ['waiting', 1] : ['approved', 2]);
  });
});

describe('an edit', () => {
  let world: DeskWorld;
  beforeEach(async () => {
    world = await deskWorld(sizes);
  });

  test('is judged anew under the same id, and answers begin again, told once to who had answered', async () => {
    const id = await create(world);
    const before = await world.request(id);
    value(await world.review(id, sam));
    const after = value(await edit(world, id, { cpu: 12 }));
    expect(after).toMatchObject({ id, status: 'waiting', reviews: [], input: { cpu: 12 }, edits: 1 });
    expect(after.digest).not.toBe(before.digest);
    expect(after.voided).toMatchObject([{ by: sam.id }]);
    expect((await world.notices(id)).filter((kind) => kind === 'edited')).toHaveLength(1);
    expect(codeOf(await world.review(id, sam, 'approve', before.digest))).toBe('out_of_date');
    value(await world.review(id, sam));
    expect((await world.request(id)).reviews).toHaveLength(1);
  });

  test('ends the wish for changes', async () => {
    const id = await create(world, { cpu: 4 });
    value(await askChanges(world, id, sam));
    value(await edit(world, id, { cpu: 3 }));
    value(await world.review(id, priya));
    expect((await world.request(id)).status).toBe('approved');
  });

  test('that needs nobody runs at once', async () => {
    const id = await create(world);
    const after = value(await edit(world, id, { cpu: 2 }));
    expect(after).toMatchObject({ status: 'approved', approvedBecause: 'policy' });
  });

  test('that would be refused leaves it as it was, with its answers', async () => {
    const id = await create(world);
    value(await world.review(id, sam));
    const before = await world.request(id);
    expect(await edit(world, id, { cpu: 100 })).toMatchObject({
      problem: { code: 'denied_by_policy', sentence: /nobody needs that many/ },
    });
    expect(await world.request(id)).toEqual(before);
  });

  test('that changes nothing, or has a mistake, is refused before anything is asked', async () => {
    const id = await create(world);
    expect(codeOf(await edit(world, id, {}))).toBe('nothing_changed');
    const wrong = { id, by: dana, input: { ...asked, cpu: 'many' }, digest: await digestOfNow(world, id) };
    expect(codeOf(await world.desk.checkEdit(wrong))).toBe('bad_input');
  });

  test('of a form that was opened before somebody else changed it is refused', async () => {
    const id = await create(world);
    const digest = await digestOfNow(world, id);
    value(await edit(world, id, { cpu: 12 }));
    const late = await world.desk.edit({ id, by: dana, input: { ...asked, cpu: 10 }, digest });
    expect(codeOf(late)).toBe('out_of_date');
  });

  test("is its requester's alone, from whatever account of theirs", async () => {
    const second = person('U0DANA2', 'Dana', { email: 'DANA@acme.example' });
    world.outside.people.set(second.id, second);
    const id = await create(world);
    expect(codeOf(await edit(world, id, { cpu: 12 }, sam))).toBe('not_yours');
    expect(codeOf(await world.desk.mayEdit(id, sam))).toBe('not_yours');
    expect(value(await edit(world, id, { cpu: 12 }, second)).requester.id).toBe(dana.id);
  });

  test('may name otherwise what is yet to be made', async () => {
    const id = await create(world);
    expect(value(await edit(world, id, { name: 'load-2' })).target.name).toBe('load-2');
  });

  test('is for what waits: approved or ended it is too late', async () => {
    const id = await create(world, { cpu: 4 });
    value(await world.review(id, sam));
    expect(codeOf(await edit(world, id, { cpu: 3 }))).toBe('not_waiting');
    value(await world.desk.cancel(id, dana));
    expect(codeOf(await edit(world, id, { cpu: 3 }))).toBe('already_ended');
  });

  test('is not for ever: who edits all day asks for something new', async () => {
    const id = await create(world);
    for (let cpu = 10; cpu < 10 + editsMax; cpu += 1) value(await edit(world, id, { cpu }));
    expect(codeOf(await edit(world, id, { cpu: 50 }))).toBe('too_many_edits');
  });

  test('racing the last yes never lets through what nobody has seen', async () => {
    const id = await create(world, { cpu: 4 });
    const digest = await digestOfNow(world, id);
    const [edited] = await Promise.all([
      world.desk.edit({ id, by: dana, input: { ...asked, cpu: 8 }, digest }),
      world.review(id, sam, 'approve', digest),
    ]);
    const { status, input } = await world.request(id);
    expect([status, input.cpu]).toEqual(edited.ok ? ['waiting', 8] : ['approved', 4]);
  });
});

test('an edit keeps to what the request is about', async () => {
  const world = await deskWorld(onePerson);
  const id = await world.ask(dana);
  const digest = await digestOfNow(world, id);
  const other = await world.desk.edit({ id, by: dana, input: { name: 'other' }, digest });
  expect(other).toMatchObject({ problem: { code: 'other_target', sentence: /is about it in production/ } });
});

describe('a yes to less', () => {
  let world: DeskWorld;
  beforeEach(async () => {
    world = await deskWorld(sizes);
  });

  test('is recorded with what it left, runs with that, and its requester hears of it', async () => {
    const id = await create(world, { cpu: 8 });
    const after = value(await narrow(world, id, sam, { cpu: 4, ttl: '2h' }));
    expect(after).toMatchObject({
      status: 'approved',
      input: { cpu: 4, ttl: '2h', memoryGi: 8 },
      reviews: [{ by: sam.id, decision: 'approve', digest: after.digest }],
      narrowed: [
        {
          by: { id: sam.id },
          changes: [
            { title: 'CPU', from: '8', to: '4' },
            { from: '8h', to: '2h' },
          ],
        },
      ],
    });
    expect(await world.notices(id)).toContain('narrowed');
  });

  test('voids the yes to more, and what it still needs is what was needed for less', async () => {
    const id = await create(world, { cpu: 16 });
    value(await world.review(id, priya));
    const after = value(await narrow(world, id, sam, { cpu: 12 }));
    expect(after).toMatchObject({ status: 'waiting', reviews: [{ by: sam.id }], voided: [{ by: priya.id }] });
    value(await world.review(id, priya));
    expect((await world.request(id)).status).toBe('approved');
  });

  test('that needs nobody any more runs by the word of the guardrails', async () => {
    const id = await create(world, { cpu: 16 });
    expect(value(await narrow(world, id, sam, { cpu: 2 }))).toMatchObject({
      status: 'approved',
      approvedBecause: 'policy',
    });
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['more', { cpu: 32 }, 'not_narrower'],
    ['more of one and less of another', { cpu: 4, memoryGi: 64 }, 'not_narrower'],
    ['a longer time', { ttl: '9h' }, 'not_narrower'],
    ['a time that is none', { ttl: 'soon' }, 'not_narrower'],
    ['another name', { name: 'mine' }, 'not_narrower'],
    ['another blueprint', { blueprint: 'postgres' }, 'not_narrower'],
    ['a number as text', { cpu: '4' }, 'not_narrower'],
    ['less than there can be', { cpu: -1 }, 'bad_input'],
    ['the same', { cpu: 16 }, 'nothing_changed'],
    ['nothing', {}, 'nothing_changed'],
    ['less, of which the guardrails ask somebody else', { replicas: 1 }, 'not_narrower'],
  ])('to %s is refused, and changes nothing', async (_what, to, code) => {
    const id = await create(world, { cpu: 16 });
    const before = await world.request(id);
    expect(codeOf(await narrow(world, id, sam, to))).toBe(code);
    expect(await world.request(id)).toEqual(before);
  });

  test('is for those who may answer, and only with a yes', async () => {
    const id = await create(world, { cpu: 16 });
    expect(codeOf(await narrow(world, id, lee, { cpu: 4 }))).toBe('not_eligible');
    expect(codeOf(await narrow(world, id, dana, { cpu: 4 }))).toBe('own_request');
    const digest = await digestOfNow(world, id);
    const no = { id, by: sam, decision: 'deny', note: 'no', digest, narrowTo: { cpu: 4 } } as const;
    expect(codeOf(await world.desk.review(no))).toBe('bad_input');
    const old = { id, by: sam, decision: 'approve', digest: 'of last month', narrowTo: { cpu: 4 } } as const;
    expect(codeOf(await world.desk.review(old))).toBe('out_of_date');
  });
});

const inOtherWords = `${onePerson.replace('one person', 'somebody')}
  - id: others
    on: environment.create
    allow: they need nobody
`;

test('a policy that asks the same in other words voids nothing', async () => {
  const world = await deskWorld(onePerson);
  const id = await world.ask(dana);
  value(await world.review(id, sam));
  world.enforce(inOtherWords);
  world.startRunner();
  await world.pass(0);
  expect(await world.request(id)).toMatchObject({ status: 'succeeded', moves: 0 });
});

test('a click on a card drawn under a policy that asked the same counts', async () => {
  const world = await deskWorld(twoPeople);
  const id = await world.ask(dana);
  value(await world.review(id, max));
  world.enforce(inOtherWords.replace('count: 1', 'count: 2'));
  value(await world.review(id, sam));
  expect((await world.request(id)).status).toBe('approved');
});

test('a policy that asks more of people says by name what it asks', async () => {
  const world = await deskWorld(onePerson);
  const id = await world.ask(dana);
  value(await world.review(id, sam));
  world.enforce(twoPeople);
  world.startRunner();
  await world.pass(0);
  const { moved } = await world.request(id);
  expect(moved?.join()).toMatch(/^the policy changed: rule "things" now asks 2 from .* instead of 1 from /);
});

test('a commit that moved is told by name, from and to', async () => {
  const world = await deskWorld(twoPeople);
  const id = await world.ask(dana);
  value(await world.review(id, max));
  world.outside.commit = 'c2';
  expect(codeOf(await world.review(id, sam))).toBe('out_of_date');
  expect((await world.request(id)).moved).toEqual(['the commit moved from c1 to c2']);
});

test('a cancel at the moment of the start leaves nothing running: it never began, or is taken back', async () => {
  const world = await deskWorld(onePerson);
  const id = await world.ask(dana);
  value(await world.review(id, sam));
  world.startRunner();
  const [cancelled] = await Promise.all([world.desk.cancel(id, dana), world.pass(0)]);
  await world.pass(60_000);
  const { status } = await world.request(id);
  expect(['cancelled', ...(cancelled.ok ? [] : ['succeeded'])]).toContain(status);
});
