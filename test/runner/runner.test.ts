/** Who carries a request on, for how long, and what happens when that one is gone. */
import { expect, test } from 'vitest';
import { minuteMs, secondMs } from '../../src/core/duration.ts';
import { atOnce, dana, deskWorld, noting, type ThingStep, value } from '../desk/desk-world.ts';
import { hanging } from './hanging.ts';

test('what a runner leaves lying is taken over when its lease has lapsed, and it changes nothing any more', async () => {
  const world = await deskWorld(atOnce);
  const notes: string[] = [];
  const slow = hanging(notes, 'first');
  world.outside.steps = [slow.step, noting(notes, 'second')];
  const id = await world.ask(dana);
  const old = world.startRunner();
  await slow.hasBegun;

  await world.clock.advance(7 * secondMs);
  const next = world.startRunner();
  await next.settle();
  expect(await world.request(id)).toMatchObject({ status: 'running' });
  expect(notes).toEqual(['do first']);

  await world.clock.advance(secondMs);
  await next.settle();
  const finished = await world.request(id);
  expect(finished).toMatchObject({ status: 'succeeded', steps: [{ result: { attempt: '2' } }, {}] });

  slow.release();
  await old.settle();
  expect(await world.request(id)).toEqual(finished);
  expect(notes).toEqual(['do first', 'do first', 'do second']);
});

test('a step that takes long keeps its claim', async () => {
  const world = await deskWorld(atOnce);
  const notes: string[] = [];
  const slow = hanging(notes);
  world.outside.steps = [slow.step];
  const id = await world.ask(dana);
  const holder = world.startRunner({ scheduler: world.clock });
  await slow.hasBegun;
  const other = world.startRunner();
  for (let passed = 0; passed < 5 * minuteMs; passed += 10 * secondMs) {
    await world.clock.advance(10 * secondMs);
    await other.settle();
  }
  expect(notes).toEqual(['do slow']);
  slow.release();
  await holder.settle();
  expect((await world.request(id)).status).toBe('succeeded');
  expect(notes).toEqual(['do slow']);
});

test('two runners on one store carry each request out once', async () => {
  const world = await deskWorld(atOnce);
  const notes: string[] = [];
  world.outside.steps = [noting(notes, 'one'), noting(notes, 'two')];
  const ids = [];
  for (let asked = 0; asked < 12; asked++) ids.push(await world.ask(dana));
  world.startRunner();
  world.startRunner();
  await world.pass(0);
  for (const id of ids) expect((await world.request(id)).status).toBe('succeeded');
  expect(notes.filter((note) => note === 'do one')).toHaveLength(12);
  expect(notes.filter((note) => note === 'do two')).toHaveLength(12);
});

test('more than it carries at once is carried all the same, and settling waits for all of it', async () => {
  const world = await deskWorld(atOnce);
  const notes: string[] = [];
  let atWork = 0;
  let most = 0;
  world.outside.steps = [
    noting(notes, 'busy', {
      async do() {
        atWork += 1;
        most = Math.max(most, atWork);
        await new Promise(setImmediate);
        atWork -= 1;
        return { state: 'done' };
      },
    }),
  ];
  const ids = [];
  for (let asked = 0; asked < 9; asked++) ids.push(await world.ask(dana));
  await world.startRunner({ concurrency: 2 }).settle();
  for (const id of ids) expect((await world.request(id)).status).toBe('succeeded');
  expect(most).toBe(2);
});

test('stopping waits for the step in flight, writes its result, and hands the rest back at once', async () => {
  const world = await deskWorld(atOnce);
  const notes: string[] = [];
  const slow = hanging(notes, 'first');
  const waits = noting(notes, 'second', {
    do: async () => ({ state: 'waiting', note: 'looking', againInMs: secondMs }),
  });
  world.outside.steps = [slow.step, waits];
  const id = await world.ask(dana);
  const old = world.startRunner();
  await slow.hasBegun;
  const stopped = old.stop();
  slow.release();
  await stopped;
  expect(await world.request(id)).toMatchObject({ status: 'running', steps: [{ state: 'done' }, {}] });

  world.outside.steps = [slow.step, noting(notes, 'second')];
  // No lease to wait for: the next one goes on as soon as the step is due.
  world.startRunner();
  await world.pass(secondMs);
  expect((await world.request(id)).status).toBe('succeeded');
  expect(notes).toEqual(['do first', 'do second']);
});

test('a stopped runner takes nothing new', async () => {
  const world = await deskWorld(atOnce);
  const runner = world.startRunner();
  await runner.stop();
  const id = await world.ask(dana);
  runner.wake();
  await runner.settle();
  expect((await world.request(id)).status).toBe('approved');
});

test('by its own alarms alone it comes back to what waits', async () => {
  const world = await deskWorld(atOnce);
  const notes: string[] = [];
  let looks = 0;
  world.outside.steps = [
    noting(notes, 'wait', {
      async do() {
        looks += 1;
        return looks < 4 ? { state: 'waiting', note: 'x', againInMs: 2 * secondMs } : { state: 'done' };
      },
    }),
  ];
  const id = await world.ask(dana);
  world.startRunner({ scheduler: world.clock });
  for (let turn = 0; turn < 40; turn++) {
    await world.clock.advance(250);
    // What the alarm began goes on to its end before time does.
    for (let step = 0; step < 25; step++) await new Promise(setImmediate);
  }
  expect((await world.request(id)).status).toBe('succeeded');
  // The same words again are no news: they are not written down.
  expect((await world.types(id)).filter((type) => type === 'step_waiting')).toHaveLength(1);
});

test('after a crash between an effect and its answer, the effect is looked for and not made again', async () => {
  const world = await deskWorld(atOnce);
  const notes: string[] = [];
  const slow = hanging(notes, 'made');
  world.outside.steps = [
    {
      ...slow.step,
      async find() {
        notes.push('find made');
        return { state: 'done', result: { found: 'yes' } };
      },
    },
  ];
  const id = await world.ask(dana);
  world.startRunner();
  await slow.hasBegun;
  expect(notes).toEqual(['do made']);
  await world.clock.advance(8 * secondMs);
  await world.startRunner().settle();
  expect(await world.request(id)).toMatchObject({
    status: 'succeeded',
    steps: [{ result: { found: 'yes' } }],
  });
  expect(notes).toEqual(['do made', 'find made']);
  slow.release();
});

test('a step that waits is asked again without another intent', async () => {
  const world = await deskWorld(atOnce);
  let looks = 0;
  world.outside.steps = [
    {
      id: 'made',
      title: 'made',
      find: async () => undefined,
      async do() {
        looks += 1;
        return looks < 5 ? { state: 'waiting', note: `${looks}`, againInMs: secondMs } : { state: 'done' };
      },
    },
  ];
  const id = await world.ask(dana);
  world.startRunner();
  await world.pass(10 * secondMs);
  expect((await world.types(id)).filter((type) => type === 'step_started')).toHaveLength(1);
  expect((await world.request(id)).status).toBe('succeeded');
});

test('every attempt of a step has the same key, and no two steps or requests share one', async () => {
  const world = await deskWorld(atOnce);
  const keys: string[] = [];
  const keyed = (id: string): ThingStep => ({
    id,
    title: id,
    async do(_input, { idempotencyKey }) {
      keys.push(idempotencyKey);
      return keys.filter((key) => key === idempotencyKey).length < 3
        ? { state: 'waiting', note: String(keys.length), againInMs: secondMs }
        : { state: 'done' };
    },
  });
  world.outside.steps = [keyed('a'), keyed('b')];
  await world.ask(dana);
  value(await world.desk.decide(await world.ask(dana)));
  world.startRunner();
  await world.pass(minuteMs);
  expect(keys).toHaveLength(12);
  expect(new Set(keys).size).toBe(4);
});
