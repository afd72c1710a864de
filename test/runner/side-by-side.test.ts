/** Steps that need none of each other: begun together, reported one by one, taken back in reverse. */
import { expect, test } from 'vitest';
import type { StepOutcome } from '../../src/core/action.ts';
import { secondMs } from '../../src/core/duration.ts';
import { ProblemError } from '../../src/core/problem.ts';
import { atOnce, away, dana, deskWorld, noting, refusedOutside, type ThingStep } from '../desk/desk-world.ts';

/** first → (left, right) → last. */
function diamond(notes: string[], more: Partial<Record<'left' | 'right', Partial<ThingStep>>> = {}) {
  return [
    noting(notes, 'first'),
    noting(notes, 'left', { needs: ['first'], ...more.left }),
    noting(notes, 'right', { needs: ['first'], ...more.right }),
    noting(notes, 'last', { needs: ['left', 'right'] }),
  ];
}

test('one that waits does not hold up the other, and what needs both comes last', async () => {
  const world = await deskWorld(atOnce);
  const notes: string[] = [];
  let looks = 0;
  world.outside.steps = diamond(notes, {
    left: {
      async do() {
        looks += 1;
        return looks < 3 ? { state: 'waiting', note: 'not yet', againInMs: secondMs } : { state: 'done' };
      },
    },
  });
  const id = await world.ask(dana);
  world.startRunner();
  await world.pass(0);
  expect((await world.request(id)).steps.map(({ state }) => state)).toEqual([
    'done',
    'running',
    'done',
    'pending',
  ]);
  expect(notes).toEqual(['do first', 'do right']);
  await world.pass(5 * secondMs);
  expect((await world.request(id)).status).toBe('succeeded');
  expect(notes.at(-1)).toBe('do last');
  expect(looks).toBe(3);
});

test('when one fails, what was begun beside it is taken back too, in reverse', async () => {
  const world = await deskWorld(atOnce);
  const notes: string[] = [];
  world.outside.steps = diamond(notes, {
    right: {
      async do() {
        throw new ProblemError(refusedOutside);
      },
    },
  });
  const id = await world.ask(dana);
  world.startRunner();
  await world.pass(secondMs);
  expect(await world.request(id)).toMatchObject({
    status: 'failed',
    undoCause: { step: 'right' },
    remains: [],
  });
  expect(notes).toEqual(['do first', 'do left', 'undo right', 'undo left', 'undo first']);
});

test('one whose outside is away is tried again in its own time, while the other goes on', async () => {
  const world = await deskWorld(atOnce);
  const notes: string[] = [];
  const tries: number[] = [];
  const looks: number[] = [];
  world.outside.steps = diamond(notes, {
    left: {
      async do(_input, { now }) {
        tries.push(now);
        if (tries.length < 3) throw new ProblemError({ ...away, retryAfterMs: 10 * secondMs });
        return { state: 'done' };
      },
    },
    right: {
      async do(_input, { now }) {
        looks.push(now);
        return looks.length < 15
          ? { state: 'waiting', note: 'not yet', againInMs: secondMs }
          : { state: 'done' };
      },
    },
  });
  const id = await world.ask(dana);
  world.startRunner();
  await world.pass(30 * secondMs);
  expect((await world.request(id)).status).toBe('succeeded');
  expect(tries.map((at) => at - (tries[0] ?? 0))).toEqual([0, 10 * secondMs, 20 * secondMs]);
  // Also once nothing but the other one's second trouble is written any more.
  expect(looks.map((at) => at - (looks[0] ?? 0))).toEqual(
    Array.from({ length: 15 }, (_, second) => second * secondMs),
  );
});

test('one that is to be asked rarely does not hold up one that is to be asked often', async () => {
  const world = await deskWorld(atOnce);
  let news = 0;
  let looks = 0;
  world.outside.steps = diamond([], {
    left: {
      async do() {
        news += 1;
        return news < 3
          ? { state: 'waiting', note: `part ${news}`, againInMs: 10 * secondMs }
          : { state: 'done' };
      },
    },
    right: {
      async do() {
        looks += 1;
        return { state: 'waiting', note: 'not yet', againInMs: secondMs };
      },
    },
  });
  await world.ask(dana);
  world.startRunner();
  await world.pass(19 * secondMs);
  expect(looks).toBe(20);
});

test('after a crash in the middle of both, both effects are looked for and neither is made twice', async () => {
  const world = await deskWorld(atOnce);
  const notes: string[] = [];
  const made = new Set<string>();
  const hang = Promise.withResolvers<StepOutcome>();
  const effect = (id: string): Partial<ThingStep> => ({
    async do() {
      notes.push(`do ${id}`);
      made.add(id);
      return hang.promise;
    },
    async find() {
      notes.push(`find ${id}`);
      return made.has(id) ? { state: 'done' } : undefined;
    },
  });
  world.outside.steps = diamond(notes, { left: effect('left'), right: effect('right') });
  const id = await world.ask(dana);
  world.startRunner();
  while (made.size < 2) await new Promise(setImmediate);
  await world.clock.advance(60 * secondMs);
  const next = world.startRunner();
  await next.settle();
  expect((await world.request(id)).status).toBe('succeeded');
  hang.resolve({ state: 'done' });
  expect(notes).toEqual(['do first', 'do left', 'do right', 'find left', 'find right', 'do last']);
});
