/** A requirement that wants a second factor counts no yes without one, and one code is one yes. */
import { describe, expect, test } from 'vitest';
import { codeAt } from '../../src/codes/time-codes.ts';
import { codeLimits } from '../../src/core/codes.ts';
import { minuteMs, secondMs } from '../../src/core/duration.ts';
import type { RequestId } from '../../src/core/ids.ts';
import type { Person } from '../../src/core/person.ts';
import { codeOf, type DeskWorld, dana, deskWorld, max, person, priya, sam, value } from './desk-world.ts';

const withCode = `
  - id: things
    on: thing.change
    require: { from: [sre, payments], because: it cannot be undone, step_up: code }
`;
const step = codeLimits.stepMs.value;

/** Their key, as only their app has it. */
async function enrol({ context, clock }: DeskWorld, who: Person): Promise<string> {
  const { key } = value(await context.codes.begin(who));
  value(await context.codes.confirm(who, codeAt(key, clock.now()), undefined));
  await clock.advance(step);
  return key;
}

async function approve({ desk, store }: DeskWorld, id: RequestId, by: Person, code?: string) {
  const digest = (await store.load(id))?.digest ?? '';
  return desk.review({ id, by, decision: 'approve', digest, ...(code === undefined ? {} : { code }) });
}

describe('a yes with a code', () => {
  test('is asked for a code, counts with the right one, and says which factor it had', async () => {
    const world = await deskWorld(withCode);
    const key = await enrol(world, sam);
    const id = await world.ask(dana);
    const without = await approve(world, id, sam);
    expect(codeOf(without)).toBe('code_needed');
    expect(without.ok || Object.keys(without.problem.fields ?? {})).toEqual(['code']);
    expect(codeOf(await approve(world, id, sam, codeAt(key, world.clock.now())))).toBe('accepted');
    const { status, reviews } = await world.request(id);
    expect(status).toBe('approved');
    expect(reviews).toMatchObject([{ by: sam.id, factor: 'code' }]);
  });

  test('a no needs none, and one that nobody asked for is not tried', async () => {
    const world = await deskWorld(withCode);
    const id = await world.ask(dana);
    expect(codeOf(await world.review(id, sam, 'deny'))).toBe('accepted');
    world.enforce(withCode.replace(', step_up: code', ''));
    const other = await world.ask(dana);
    expect(codeOf(await approve(world, other, sam, '000000'))).toBe('accepted');
    expect((await world.request(other)).reviews[0]?.factor).toBeUndefined();
  });

  test('the code and its key are in no event, no log line and no evaluation', async () => {
    const world = await deskWorld(withCode);
    const key = await enrol(world, sam);
    const id = await world.ask(dana);
    const code = codeAt(key, world.clock.now());
    await approve(world, id, sam, code);
    const kept = [await world.store.history(id), await world.store.evaluations(id), world.logged, world.told];
    expect(JSON.stringify(kept)).not.toContain(key);
    expect(JSON.stringify(kept)).not.toMatch(new RegExp(`"${code}"`));
    expect(JSON.stringify(await world.store.keptCode(sam.id))).not.toContain(key);
  });
});

test('a yes from before the guardrails wanted a code counts no more, and can be given again with one', async () => {
  const world = await deskWorld(withCode.replace(', step_up: code', ''));
  const key = await enrol(world, sam);
  const id = await world.ask(dana);
  expect(codeOf(await approve(world, id, sam))).toBe('accepted');
  world.enforce(withCode);
  world.startRunner();
  await world.pass(1_000);
  expect(await world.request(id)).toMatchObject({ status: 'waiting' });
  expect(codeOf(await approve(world, id, sam))).toBe('code_needed');
  expect(codeOf(await approve(world, id, sam, codeAt(key, world.clock.now())))).toBe('accepted');
  await world.pass(1_000);
  expect((await world.request(id)).status).toBe('succeeded');
});

describe('it is refused', () => {
  test('without a key among the settings, and never skipped', async () => {
    const world = await deskWorld(withCode, { keys: new Map() });
    const id = await world.ask(dana);
    expect(codeOf(await approve(world, id, sam, '123456'))).toBe('codes_off');
    expect(codeOf(await world.context.codes.begin(sam))).toBe('codes_off');
    expect(codeOf(await world.context.codes.confirm(sam, '123456', undefined))).toBe('codes_off');
    expect((await world.request(id)).status).toBe('waiting');
  });

  test('to who has not set one up', async () => {
    const world = await deskWorld(withCode);
    const id = await world.ask(dana);
    expect(codeOf(await approve(world, id, sam, '123456'))).toBe('code_not_enrolled');
  });

  test("with another person's code", async () => {
    const world = await deskWorld(withCode);
    await enrol(world, sam);
    const key = await enrol(world, priya);
    const id = await world.ask(dana);
    expect(codeOf(await approve(world, id, sam, codeAt(key, world.clock.now())))).toBe('code_wrong');
  });

  test("with a code of one's own first that was used before, in this request or another", async () => {
    const world = await deskWorld(withCode);
    const key = await enrol(world, sam);
    const [one, other] = [await world.ask(dana, 'one'), await world.ask(dana, 'other')];
    const code = codeAt(key, world.clock.now());
    expect(codeOf(await approve(world, one, sam, code))).toBe('accepted');
    expect(codeOf(await approve(world, other, sam, code))).toBe('code_wrong');
    // One step back is let in for slow clocks, but not behind one that was used.
    expect(codeOf(await approve(world, other, sam, codeAt(key, world.clock.now() - step)))).toBe(
      'code_wrong',
    );
    await world.clock.advance(step);
    expect(codeOf(await approve(world, other, sam, codeAt(key, world.clock.now())))).toBe('accepted');
  });

  test('of two clicks at once with one code, one counts', async () => {
    const world = await deskWorld(withCode);
    const key = await enrol(world, sam);
    const ids = [await world.ask(dana, 'one'), await world.ask(dana, 'other')];
    const code = codeAt(key, world.clock.now());
    const results = await Promise.all(ids.map((id) => approve(world, id, sam, code)));
    expect(results.map(codeOf).sort()).toEqual(['accepted', 'code_wrong']);
    const states = await Promise.all(ids.map(async (id) => (await world.request(id)).status));
    expect(states.sort()).toEqual(['approved', 'waiting']);
  });

  test('a minute early or late', async () => {
    const world = await deskWorld(withCode);
    const key = await enrol(world, sam);
    const id = await world.ask(dana);
    await world.clock.advance(minuteMs);
    for (const away of [-2 * step, 2 * step]) {
      expect(codeOf(await approve(world, id, sam, codeAt(key, world.clock.now() + away)))).toBe('code_wrong');
    }
    expect(codeOf(await approve(world, id, sam, codeAt(key, world.clock.now() + step)))).toBe('accepted');
  });
});

describe('guessing', () => {
  test('ends after five wrong codes; the right one then does not help and does not tell', async () => {
    const world = await deskWorld(withCode);
    const key = await enrol(world, sam);
    const id = await world.ask(dana);
    const said = [];
    for (let guess = 0; guess < 10; guess++) {
      const result = await approve(world, id, sam, `00000${guess}`);
      said.push(codeOf(result));
    }
    expect(said).toEqual([...Array(4).fill('code_wrong'), ...Array(6).fill('code_locked')]);
    const right = await approve(world, id, sam, codeAt(key, world.clock.now()));
    const wrong = await approve(world, id, sam, '000000');
    expect(right).toEqual(wrong);
    expect(world.logged.filter((line) => line === 'code_locked').length).toBeGreaterThan(0);
    expect((await world.request(id)).reviews).toEqual([]);
    // Somebody else is not held up by it.
    const priyas = await enrol(world, priya);
    expect(codeOf(await approve(world, id, priya, codeAt(priyas, world.clock.now())))).toBe('accepted');
  });

  test('a hundred at once are five', async () => {
    const world = await deskWorld(withCode);
    await enrol(world, sam);
    const tries = Array.from({ length: 100 }, (_, guess) =>
      world.context.codes.check(sam, String(guess).padStart(6, '0')),
    );
    const said = (await Promise.all(tries)).map(codeOf);
    expect(said.filter((one) => one === 'code_wrong')).toHaveLength(4);
    expect(said.filter((one) => one === 'code_locked')).toHaveLength(96);
  });

  test('is forgiven after a quarter of an hour, and a right code in between is no try', async () => {
    const world = await deskWorld(withCode);
    const key = await enrol(world, sam);
    const guess = () => world.context.codes.check(sam, '000000');
    for (let n = 0; n < 4; n++) await guess();
    expect(codeOf(await world.context.codes.check(sam, codeAt(key, world.clock.now())))).toBe('accepted');
    expect(codeOf(await guess())).toBe('code_locked');
    await world.clock.advance(codeLimits.triesWithinMs.value - secondMs);
    expect(codeOf(await guess())).toBe('code_locked');
    await world.clock.advance(secondMs);
    expect(codeOf(await world.context.codes.check(sam, codeAt(key, world.clock.now())))).toBe('accepted');
  });
});

describe('setting up', () => {
  test('counts with the first code, and the person is told', async () => {
    const world = await deskWorld(withCode);
    const { key, address, replaces } = value(await world.context.codes.begin(sam));
    expect(replaces).toBe(false);
    expect(address).toBe(
      `otpauth://totp/Greenlight:sam%40acme.example?issuer=Greenlight&secret=${key}&algorithm=SHA1&digits=6&period=30`,
    );
    expect(await world.context.codes.enrolledAt(sam)).toBeUndefined();
    expect(codeOf(await world.context.codes.confirm(sam, '000000', undefined))).toBe('code_wrong');
    const code = codeAt(key, world.clock.now());
    expect(codeOf(await world.context.codes.confirm(sam, code, undefined))).toBe('accepted');
    expect(await world.context.codes.enrolledAt(sam)).toBe(world.clock.now());
    expect(world.told).toEqual([expect.stringMatching(/^U0SAM: A second factor was set up/)]);
    // Its first code is spent.
    expect(codeOf(await world.context.codes.check(sam, code))).toBe('code_wrong');
  });

  test('a key that nobody confirmed in ten minutes is none', async () => {
    const world = await deskWorld(withCode);
    const { key } = value(await world.context.codes.begin(sam));
    await world.clock.advance(codeLimits.enrolWithinMs.value + 1);
    const late = await world.context.codes.confirm(sam, codeAt(key, world.clock.now()), undefined);
    expect(codeOf(late)).toBe('out_of_date');
    expect(codeOf(await world.context.codes.confirm(priya, '000000', undefined))).toBe('out_of_date');
  });

  test('again needs a code of the old key: a stolen session alone gets no new one', async () => {
    const world = await deskWorld(withCode);
    const old = await enrol(world, sam);
    const { codes } = world.context;
    const { key, replaces } = value(await codes.begin(sam));
    expect(replaces).toBe(true);
    const now = () => codeAt(key, world.clock.now());
    expect(codeOf(await codes.confirm(sam, now(), undefined))).toBe('code_needed');
    expect(codeOf(await codes.confirm(sam, now(), '000000'))).toBe('code_wrong');
    // Until then the old one goes on.
    expect(codeOf(await codes.check(sam, codeAt(old, world.clock.now())))).toBe('accepted');
    expect(codeOf(await codes.confirm(sam, now(), codeAt(old, world.clock.now())))).toBe('accepted');
    await world.clock.advance(step);
    expect(codeOf(await codes.check(sam, codeAt(old, world.clock.now())))).toBe('code_wrong');
    expect(codeOf(await codes.check(sam, now()))).toBe('accepted');
  });

  test('a reset forgets the key, tells the person by whom, and may be repeated', async () => {
    const world = await deskWorld(withCode);
    await enrol(world, sam);
    expect(await world.context.codes.reset(sam, max)).toBe(true);
    expect(await world.context.codes.reset(sam, max)).toBe(false);
    expect(world.told.at(-1)).toMatch(/^U0SAM: Max has reset your second factor/);
    expect(codeOf(await world.context.codes.check(sam, '000000'))).toBe('code_not_enrolled');
  });

  test('a second account of one person has a factor of its own', async () => {
    const world = await deskWorld(withCode);
    const key = await enrol(world, sam);
    const twin = person('U0SAM2', 'Sam');
    const other = await world.context.codes.check(twin, codeAt(key, world.clock.now()));
    expect(codeOf(other)).toBe('code_not_enrolled');
  });
});
