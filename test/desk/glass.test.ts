import { expect, test } from 'vitest';
import { hourMs } from '../../src/core/duration.ts';
import type { Person } from '../../src/core/person.ts';
import type { Ask } from '../../src/desk/desk.ts';
import { type DeskWorld, dana, deskWorld, lee, person, priya, sam, twoPeople } from './desk-world.ts';

const glass = `break_glass:
  who: sre
  on: thing.change
  bypasses: [approvals, windows]
  review: [sre, platform-leads]
`;
const olga = person('U0OLGA', 'Olga');
const { email: _email, ...nobody } = person('U0X', 'X');
const because = 'customers cannot pay at all';

async function world(): Promise<DeskWorld> {
  const made = await deskWorld();
  made.enforce(twoPeople, glass);
  made.outside.people.set(olga.id, olga);
  return made;
}

const keys = Array.from({ length: 100 }, (_, index) => `ask ${index}`);

async function ask(world: DeskWorld, requester: Person, bypass?: Ask['bypass'], key = keys.shift() ?? '') {
  const asked = await world.desk.submit({
    key,
    action: 'thing.change',
    input: { name: 'it' },
    requester,
    origin: { surface: 'command' },
    ...(bypass ? { bypass } : {}),
  });
  return asked.ok ? world.desk.decide(asked.value.id) : asked;
}

const emergency = { kind: 'break_glass', reason: because } as const;
const broken = async (world: DeskWorld, requester: Person) => {
  const asked = await ask(world, requester, emergency);
  if (!asked.ok) throw new Error(asked.problem.sentence);
  return asked.value;
};

test('an emergency runs at once, and everybody hears of it', async () => {
  const one = await world();
  const { id, status, glass } = await broken(one, sam);
  expect({ status, glass }).toMatchObject({ status: 'approved', glass: { rules: ['things'] } });
  expect(await one.types(id)).toEqual(['requested', 'evaluated', 'glass_broken', 'approved']);
  expect(await one.notices(id)).toContain('glass_broken');
  one.startRunner();
  await one.pass(1000);
  expect(await one.types(id)).toContain('succeeded');
  expect((await one.types(id)).filter((type) => type === 'glass_broken')).toHaveLength(1);
});

test('somebody whom the policy does not name is refused, and leaves no debt', async () => {
  const one = await world();
  const asked = await ask(one, dana, emergency);
  expect(asked).toMatchObject({ ok: true, value: { status: 'denied' } });
  expect(await one.store.list({ owesReview: true, limit: 5 })).toEqual([]);
});

test('without a reason nothing is even asked for', async () => {
  const one = await world();
  for (const reason of ['', '   ', 'urgent', 'x'.repeat(501)]) {
    const asked = await ask(one, sam, { kind: 'break_glass', reason });
    expect(asked).toMatchObject({ ok: false, problem: { code: 'bad_input' } });
  }
  expect(await one.store.list({ limit: 5 })).toEqual([]);
});

test('while a debt is open its holder cannot break glass again, under no account', async () => {
  const one = await world();
  const first = await broken(one, sam);
  const second = person('U0SAM2', 'Sam', { email: 'SAM@acme.example' });
  one.outside.people.set(second.id, second);
  for (const requester of [sam, second]) {
    const again = await broken(one, requester);
    expect(again.status).toBe('denied');
    expect(again.verdict?.reasons.at(-1)?.text).toContain(`nobody has looked at ${first.id} yet`);
  }
  // Somebody else still can.
  expect((await broken(one, olga)).status).toBe('approved');
});

test('nobody clears their own debt, nor does their second account, a guest or somebody from elsewhere', async () => {
  const one = await world();
  const { id } = await broken(one, sam);
  const second = person('U0SAM2', 'Sam', { email: 'Sam@acme.example' });
  const cases: [Person, string][] = [
    [sam, 'own_request'],
    [second, 'own_request'],
    [{ ...olga, kind: 'guest' }, 'not_a_member'],
    [nobody, 'membership_unknown'],
    [priya, 'not_eligible'],
  ];
  for (const [by, code] of cases) {
    expect(await one.desk.reviewGlass(id, by)).toMatchObject({ ok: false, problem: { code } });
  }
  expect(await one.store.list({ owesReview: true, limit: 5 })).toHaveLength(1);
});

test('somebody else of the groups clears it, once, and glass can be broken again', async () => {
  const one = await world();
  const { id } = await broken(one, sam);
  expect(await one.desk.reviewGlass(id, lee, '  it was right ')).toMatchObject({
    ok: true,
    value: { glass: { reviewed: { by: { name: 'Lee' }, note: 'it was right' } } },
  });
  expect(await one.notices(id)).toContain('glass_reviewed');
  expect(await one.desk.reviewGlass(id, olga)).toMatchObject({ problem: { code: 'already_reviewed' } });
  expect((await broken(one, sam)).status).toBe('approved');
});

test('what was no emergency has nothing to look at', async () => {
  const one = await world();
  const id = await one.ask(dana);
  expect(await one.desk.reviewGlass(id, lee)).toMatchObject({ problem: { code: 'not_waiting' } });
});

test('of two emergencies at the same time the second does not start', async () => {
  const one = await world();
  const submit = async (key: string) => {
    const asked = await one.desk.submit({
      ...{ key, action: 'thing.change', input: { name: 'it' }, requester: sam, bypass: emergency },
      origin: { surface: 'command' },
    });
    if (!asked.ok) throw new Error(asked.problem.sentence);
    return asked.value.id;
  };
  const ids = [await submit('a'), await submit('b')];
  await Promise.all(ids.map((id) => one.desk.decide(id)));
  one.startRunner();
  await one.pass(1000);
  expect((await Promise.all(ids.map((id) => one.request(id)))).map(({ status }) => status)).toEqual([
    'succeeded',
    'denied',
  ]);
});

test('an override waits for its own quorum, and the history says why it was asked for', async () => {
  const one = await world();
  const windows = 'windows: { all: { zone: UTC, weekly: { from: mon 00:00, to: mon 00:00 } } }\n';
  const held = `
  - { id: open, on: thing.change, allow: x }
  - { id: rest, on: thing.change, hold: { window: all, because: rest, override: { from: platform-leads } } }
`;
  one.enforce(held, windows);
  expect(await ask(one, dana)).toMatchObject({ value: { status: 'held' } });
  const asked = await ask(one, dana, { kind: 'override', reason: because });
  expect(asked).toMatchObject({
    ok: true,
    value: {
      status: 'waiting',
      bypass: { kind: 'override', reason: because },
      requirements: [{ rule: 'rest' }],
    },
  });
  if (!asked.ok) return;
  await one.review(asked.value.id, lee);
  expect((await one.request(asked.value.id)).status).toBe('approved');
});

test('requests are counted for the person, under all their accounts, and told before they ask', async () => {
  const one = await world();
  const limits =
    'limits: { often: { title: changes of yours, per: person, requests: 2, within: 1h, beyond: { deny: slow down } } }\n';
  one.enforce('\n  - { id: open, on: thing.change, allow: x }\n', limits);
  const second = person('U0DANA2', 'Dana');
  one.outside.people.set(second.id, second);
  const forecast = (requester: Person) =>
    one.desk.forecast({
      action: 'thing.change',
      input: { name: 'it' },
      requester,
      origin: { surface: 'modal' },
    });
  expect(await forecast(dana)).toMatchObject({ value: { limits: ['0 of 2 changes of yours in 1h'] } });
  await ask(one, dana);
  await ask(one, second);
  const third = await ask(one, dana);
  expect(third).toMatchObject({ value: { status: 'denied' } });
  expect(await forecast(second)).toMatchObject({
    value: { limits: ['2 of 2 changes of yours in 1h'], verdict: { outcome: 'deny' } },
  });
  expect(await forecast(lee)).toMatchObject({ value: { limits: ['0 of 2 changes of yours in 1h'] } });
  await one.clock.advance(hourMs + 1);
  expect(await forecast(dana)).toMatchObject({ value: { limits: ['0 of 2 changes of yours in 1h'] } });
});

test('a forecast offers breaking glass to who may, not to others, and not while an emergency is open', async () => {
  const one = await world();
  const offered = async (requester: Person) => {
    const order = { action: 'thing.change', input: { name: 'it' }, requester };
    const told = await one.desk.forecast({ ...order, origin: { surface: 'modal' } });
    return told.ok ? told.value.bypasses : told;
  };
  expect(await offered(sam)).toEqual({ kinds: ['break_glass'], owed: [] });
  expect(await offered(dana)).toEqual({ kinds: [], owed: [] });
  const { id } = await broken(one, sam);
  expect(await offered(sam)).toEqual({ kinds: [], owed: [id] });
});

test('what was let through and waits for a lock says for whose', async () => {
  const one = await world();
  const request = await broken(one, sam);
  expect(await one.desk.obstacles(request)).toEqual([]);
  expect(await one.desk.obstacles({ ...request, status: 'waiting' })).toEqual([]);
});
