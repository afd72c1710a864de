/** An environment says that it ends, once for each end, and its end is moved once for each extension. */
import { describe, expect, test, vi } from 'vitest';
import { hourMs, minuteMs } from '../../src/core/duration.ts';
import { ProblemError } from '../../src/core/problem.ts';
import type { PlatformRequest } from '../../src/core/request.ts';
import type { Store } from '../../src/core/store.ts';
import { environmentRecords } from '../../src/desk/context.ts';
import { codeOf, type DeskWorld, dana, deskWorld, lee, refusedOutside, value } from './desk-world.ts';

const rules = `
  - id: making
    on: environment.create
    allow: environments may be made
  - id: over
    on: environment.destroy
    when: requester.kind == "system"
    allow: its time is over
  - id: extending
    on: environment.extend
    when: environment.timesExtended < 2
    allow: twice by itself
  - id: often
    on: environment.extend
    when: environment.timesExtended >= 2
    require: { from: platform-leads, because: it was extended twice already }
  - id: sleeping
    on: [environment.sleep, environment.wake]
    allow: they sleep and wake
  - id: keeping
    on: environment.keep
    require: { from: platform-leads, because: it costs money every day }
`;
const asking = rules.replace(
  'allow: twice by itself',
  'require: { from: platform-leads, because: ask first }',
);

async function withEnvironment(policy = rules): Promise<DeskWorld> {
  const world = await deskWorld(policy);
  world.startRunner();
  const made = await ask(world, 'make', 'environment.create', { name: 'pr-12', ttl: '8h' });
  expect(value(made).status).toBe('approved');
  await world.pass(minuteMs);
  return world;
}

async function ask(world: DeskWorld, key: string, action: string, input: Record<string, unknown>) {
  const origin = { surface: 'command' as const };
  const asked = await world.desk.submit({ key, action, input, requester: dana, origin });
  return asked.ok ? world.desk.decide(asked.value.id) : asked;
}

const extend = (world: DeskWorld, by = '4h', key = `extend ${by} ${world.clock.now()}`) =>
  ask(world, key, 'environment.extend', { name: 'pr-12', by });

/** The request that made the environment. */
async function made(world: DeskWorld) {
  const [request] = await world.store.list({ action: 'environment.create', limit: 1 });
  if (!request) throw new Error('nothing was made');
  return request;
}

async function endingsTold(world: DeskWorld): Promise<number> {
  return (await world.notices((await made(world)).id)).filter((kind) => kind === 'ending').length;
}

async function announced(world: DeskWorld): Promise<number> {
  return (await world.types((await made(world)).id)).filter((type) => type === 'end_announced').length;
}

test('one that gets ready while all are read is read all the same, once', async () => {
  const world = await withEnvironment();
  const living = await made(world);
  const { outputs: _outputs, ...rest } = living;
  let isReady = false;
  const store: Store = {
    ...world.store,
    async list({ hasLivingEnvironment = false }) {
      const found =
        hasLivingEnvironment === isReady ? [isReady ? living : { ...rest, status: 'running' }] : [];
      isReady = true;
      return found as PlatformRequest[];
    },
  };
  expect((await environmentRecords(store)).map(({ name, living }) => [name, living?.name])).toEqual([
    ['pr-12', 'pr-12'],
  ]);
});

const isGone = async (world: DeskWorld) => (await made(world)).retiredBy !== undefined;

describe('an end', () => {
  test('is announced one hour before, once, and not before', async () => {
    const world = await withEnvironment();
    await world.pass(7 * hourMs - 2 * minuteMs);
    expect(await announced(world)).toBe(0);
    await world.pass(2 * minuteMs);
    expect([await announced(world), await endingsTold(world)]).toEqual([1, 1]);
    await world.pass(30 * minuteMs);
    expect([await announced(world), await isGone(world)]).toEqual([1, false]);
    await world.pass(40 * minuteMs);
    expect([await announced(world), await isGone(world)]).toEqual([1, true]);
  });

  test('is announced once by two runners, and after a restart', async () => {
    const world = await withEnvironment();
    world.startRunner();
    await world.pass(7 * hourMs);
    world.startRunner();
    await world.pass(20 * minuteMs);
    expect([await announced(world), await endingsTold(world)]).toEqual([1, 1]);
  });

  test('that came while nobody was there is announced late while there is time, and not at all after it', async () => {
    const late = await withEnvironment();
    await late.clock.advance(7.5 * hourMs);
    await late.pass(minuteMs);
    expect([await announced(late), await isGone(late)]).toEqual([1, false]);

    const tooLate = await withEnvironment();
    await tooLate.clock.advance(40 * hourMs);
    await tooLate.pass(minuteMs);
    expect([await announced(tooLate), await endingsTold(tooLate), await isGone(tooLate)]).toEqual([
      0,
      0,
      true,
    ]);
  });

  test('comes with what its requester can do, and what the guardrails would say to each', async () => {
    const world = await withEnvironment();
    const choices = await world.desk.endChoices(await made(world));
    expect(
      choices.map(({ label, outlook }) => [label, outlook.ok ? outlook.value.outcome : 'refused']),
    ).toEqual([
      ['Extend by 4h', 'allow'],
      ['Extend by 1d', 'allow'],
      ['Sleep, and end 3d later', 'allow'],
      ['Keep for 30d', 'require_approval'],
      ['Destroy now', 'deny'],
    ]);
    expect(choices.map(({ price }) => price)).toEqual([
      '0.46 EUR',
      '2.74 EUR',
      '0.82 EUR',
      '81.17 EUR',
      undefined,
    ]);
    await world.pass(9 * hourMs);
    expect(await world.desk.endChoices(await made(world))).toEqual([]);
  });
});

describe('an extension', () => {
  test('moves the end, which is announced anew and then comes', async () => {
    const world = await withEnvironment();
    const before = (await made(world)).outputs?.environment?.expiresAt ?? 0;
    await world.pass(7.5 * hourMs);
    expect(value(await extend(world)).status).toBe('approved');
    await world.pass(minuteMs);
    expect((await made(world)).outputs?.environment?.expiresAt).toBe(before + 4 * hourMs);
    expect((await made(world)).extensions).toMatchObject([{ by: 'REQ-2' }]);
    await world.pass(hourMs);
    expect([await announced(world), await isGone(world)]).toEqual([1, false]);
    await world.pass(2.5 * hourMs);
    expect([await announced(world), await endingsTold(world), await isGone(world)]).toEqual([2, 2, false]);
    await world.pass(hourMs);
    expect([await announced(world), await isGone(world)]).toEqual([2, true]);
  });

  test('that was cut off before it could say so moves the end once', async () => {
    const world = await withEnvironment();
    const before = (await made(world)).outputs?.environment?.expiresAt ?? 0;
    const append = world.store.append;
    let cuts = 0;
    vi.spyOn(world.store, 'append').mockImplementation((change) => {
      const isEnd = change.events.some((event) => event.type === 'succeeded');
      if (isEnd && ++cuts <= 3) throw new Error('cut off');
      return append(change);
    });
    const extension = value(await extend(world));
    await world.pass(5 * minuteMs);
    expect(cuts).toBe(4);
    expect((await world.request(extension.id)).status).toBe('succeeded');
    expect((await made(world)).extensions).toHaveLength(1);
    expect((await made(world)).outputs?.environment?.expiresAt).toBe(before + 4 * hourMs);
  });

  test('beside another one that was faster fails rather than counting from an end that is no more', async () => {
    const world = await withEnvironment();
    const append = world.store.append;
    // The other one is written after this one has looked at the end, and before it moves it.
    vi.spyOn(world.store, 'append').mockImplementation(async (change) => {
      const isLook =
        change.requestId === 'REQ-2' && change.events.some((event) => event.type === 'step_done');
      if (isLook) {
        const { id, version, outputs } = await made(world);
        const until = (outputs?.environment?.expiresAt ?? 0) + hourMs;
        const from = until - hourMs;
        const other = { type: 'extended' as const, at: world.clock.now(), by: id, from, until };
        await append({ requestId: id, expectedVersion: version, events: [other], notices: [] });
      }
      return append(change);
    });
    const extension = value(await extend(world));
    await world.pass(minuteMs);
    expect(await world.request(extension.id)).toMatchObject({
      status: 'failed',
      problem: { code: 'conflict' },
      remains: [],
    });
    expect((await made(world)).extensions).toHaveLength(1);
  });

  test('is judged by how often and how far the end was moved before', async () => {
    const world = await withEnvironment();
    for (const by of ['1h', '2h']) {
      await extend(world, by);
      await world.pass(minuteMs);
    }
    const third = value(await extend(world, '30m'));
    expect(third.status).toBe('waiting');
    const [evaluation] = await world.store.evaluations(third.id);
    expect(evaluation?.facts).toMatchObject({
      environment: { timesExtended: 2, extendedHours: 3, addedHours: 0.5 },
      cost: { perDay: expect.closeTo(2.74, 1) },
    });
  });

  test('goes no further than the longest life from now', async () => {
    const world = await withEnvironment();
    const max = 24 * 7 * hourMs;
    world.outside.catalog = {
      ...world.outside.catalog,
      environments: { ...world.outside.catalog.environments, ttl: { default: '8h', max: '7d' } },
    };
    expect(codeOf(await extend(world, '7d'))).toBe('bad_input');
    await world.pass(4 * hourMs);
    const left = ((await made(world)).outputs?.environment?.expiresAt ?? 0) - world.clock.now();
    expect(codeOf(await extend(world, `${Math.floor((max - left) / 1000)}s`))).toBe('accepted');
  });

  test('is refused when the time is over, though it could not be removed yet', async () => {
    const world = await withEnvironment();
    world.outside.cluster = {
      ...world.outside.cluster,
      remove: async () => {
        throw new ProblemError(refusedOutside);
      },
    };
    await world.pass(8.2 * hourMs);
    expect(await isGone(world)).toBe(false);
    expect(codeOf(await extend(world))).toBe('not_found');
  });

  test('that waits for an answer longer than the environment lives is answered in vain', async () => {
    const world = await withEnvironment(asking);
    const extension = value(await extend(world));
    expect(extension.status).toBe('waiting');
    await world.pass(9 * hourMs);
    expect(await isGone(world)).toBe(true);
    expect(codeOf(await world.review(extension.id, lee))).toBe('not_found');
    expect((await made(world)).extensions).toBeUndefined();
  });
});
