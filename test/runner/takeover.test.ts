/** A replica is killed, paused or told to end: what another takes over, when, and what the first may still do. */
import { expect, test } from 'vitest';
import type { StepOutcome } from '../../src/core/action.ts';
import { dayMs, minuteMs, secondMs } from '../../src/core/duration.ts';
import type { Scheduler } from '../../src/core/ports.ts';
import { ProblemError } from '../../src/core/problem.ts';
import type { Store } from '../../src/core/store.ts';
import { createRunDesk } from '../../src/desk/carry.ts';
import { atOnce, away, type DeskWorld, dana, deskWorld, noting, refusedOutside } from '../desk/desk-world.ts';
import { hanging } from './hanging.ts';

/** Alarms that stop firing when their process does, and fire all at once when it wakes. */
function alarmsOf(world: DeskWorld) {
  const late: (() => void)[] = [];
  let isPaused = false;
  const scheduler: Scheduler = {
    after: (delayMs, fire) => world.clock.after(delayMs, () => void (isPaused ? late.push(fire) : fire())),
  };
  return {
    scheduler,
    pause() {
      isPaused = true;
    },
    wake() {
      isPaused = false;
      for (const fire of late.splice(0)) fire();
    },
  };
}

/** Lets time pass in small pieces, what each brings going on to its end before the next. */
async function pass(world: DeskWorld, ms: number, until: () => boolean = () => false): Promise<number> {
  let passed = 0;
  for (; passed < ms && !until(); passed += 250) {
    await world.clock.advance(250);
    for (let turn = 0; turn < 12; turn++) await new Promise(setImmediate);
  }
  return passed;
}

/** The request's first step hangs in the hands of one replica, and another stands by. */
async function twoReplicas(rest = (notes: string[]) => [noting(notes, 'second')]) {
  const world = await deskWorld(atOnce);
  const notes: string[] = [];
  const slow = hanging(notes, 'first');
  world.outside.steps = [slow.step, ...rest(notes)];
  const id = await world.ask(dana);
  const alarms = alarmsOf(world);
  const old = world.startRunner({ scheduler: alarms.scheduler });
  await slow.hasBegun;
  const next = world.startRunner({ scheduler: world.clock });
  return { world, notes, slow, id, alarms, old, next };
}

test('a killed replica’s work is taken over in under 10 s, by the alarms of the other alone', async () => {
  const { world, notes, alarms } = await twoReplicas();
  // Long enough for renewals: a lease is as fresh as it can be when its holder dies.
  await pass(world, 13.5 * secondMs);
  alarms.pause();
  const took = await pass(world, 20 * secondMs, () => notes.length > 1);
  expect(took).toBeLessThan(10 * secondMs);
  expect(notes).toEqual(['do first', 'do first', 'do second']);
});

test('a process that was paused in a step begins no other when it wakes, and what it says is not heard', async () => {
  const { world, notes, slow, id, alarms } = await twoReplicas();
  alarms.pause();
  await pass(world, 10 * secondMs);
  const finished = await world.request(id);
  expect(finished.status).toBe('succeeded');
  slow.release();
  alarms.wake();
  await pass(world, 20 * secondMs);
  expect(notes).toEqual(['do first', 'do first', 'do second']);
  expect(await world.request(id)).toEqual(finished);
});

test('a process that was paused while it looked for its trace makes nothing, nobody having taken over', async () => {
  const world = await deskWorld(atOnce);
  const notes: string[] = [];
  const looking = Promise.withResolvers<void>();
  const looked = Promise.withResolvers<undefined>();
  let looks = 0;
  const first = hanging(notes, 'made');
  world.outside.steps = [
    {
      ...first.step,
      async find() {
        looks += 1;
        looking.resolve();
        return looks === 1 ? looked.promise : undefined;
      },
    },
  ];
  const id = await world.ask(dana);
  world.startRunner();
  await first.hasBegun;
  await world.clock.advance(8 * secondMs);
  const paused = world.startRunner();
  await looking.promise;
  expect(notes).toEqual(['do made']);
  // By its own clock its claim is nearly over: it asks for a new one before it makes anything.
  await world.clock.advance(7 * secondMs);
  looked.resolve(undefined);
  await paused.settle();
  expect(looks).toBe(2);
  expect(notes).toEqual(['do made', 'do made']);
  expect((await world.request(id)).status).toBe('succeeded');
});

test('what a clock that was ahead has put off to tomorrow is tried again today', async () => {
  const world = await deskWorld(atOnce);
  const store: Store = {
    ...world.store,
    async claimDue(...of) {
      const found = await world.store.claimDue(...of);
      const steps = found?.request.steps.map((step) =>
        step.retryAt === undefined ? step : { ...step, retryAt: step.retryAt + dayMs },
      );
      return found && { ...found, request: { ...found.request, steps: steps ?? [] } };
    },
  };
  let tries = 0;
  world.outside.steps = [
    noting([], 'a', {
      async do() {
        tries += 1;
        if (tries === 1) throw new ProblemError(away);
        return { state: 'done' };
      },
    }),
  ];
  const id = await world.ask(dana);
  world.startRunner({ store });
  await world.pass(minuteMs);
  expect(await world.request(id)).toMatchObject({ status: 'succeeded' });
});

test('whoever has lost a request is told so at its first write, and does not try again', async () => {
  const world = await deskWorld(atOnce);
  const id = await world.ask(dana);
  const { store, clock } = world;
  const old = await store.claimDue('old', clock.now(), 8 * secondMs);
  await clock.advance(9 * secondMs);
  await store.claimDue('next', clock.now(), 8 * secondMs);
  if (!old) throw new Error('a request is due');
  const outcomes: string[] = [];
  const append: Store['append'] = async (change) => {
    const appended = await store.append(change);
    outcomes.push(appended.outcome);
    return appended;
  };
  const desk = createRunDesk({ ...world.context, store: { ...store, append } });
  expect(await desk.start(id, old.claim)).toMatchObject({
    problem: { code: 'conflict', sentence: `${id} is carried out elsewhere now.` },
  });
  expect(outcomes).toEqual(['lease_lost']);
});

test('an undo that an older version has begun has its time, however long the step itself has waited', async () => {
  const world = await deskWorld(atOnce);
  const store: Store = {
    ...world.store,
    // It writes the start of an undo, and knows nothing of what the step must forget then.
    async claimDue(...of) {
      const found = await world.store.claimDue(...of);
      const steps = found?.request.steps.map((step) =>
        step.state === 'undoing' && step.note === 'looking'
          ? { ...step, waitingSince: step.startedAt ?? 0, retryingSince: step.startedAt ?? 0 }
          : step,
      );
      return found && { ...found, request: { ...found.request, steps: steps ?? [] } };
    },
  };
  let looks = 0;
  world.outside.steps = [
    noting([], 'a', {
      do: async () => ({ state: 'waiting', note: 'looking', againInMs: secondMs }),
      async undo() {
        looks += 1;
        if (looks === 3) throw new ProblemError(away);
        return looks < 4 ? { state: 'waiting', note: 'looking', againInMs: secondMs } : { state: 'done' };
      },
    }),
  ];
  const id = await world.ask(dana);
  world.startRunner({ store });
  await world.pass(40 * minuteMs);
  await world.desk.cancel(id, dana);
  await world.pass(minuteMs);
  expect(await world.request(id)).toMatchObject({ status: 'cancelled', remains: [] });
  expect(looks).toBe(4);
});

test('a further attempt is written down before it is made, so that whoever takes over waits for it to show', async () => {
  const world = await deskWorld(atOnce);
  const tries: number[] = [];
  const answer = Promise.withResolvers<StepOutcome>();
  world.outside.steps = [
    {
      id: 'made',
      title: 'made',
      async find(_input, { now, attemptedAt }) {
        const isShown = tries.length > 1 && now - (tries[1] ?? 0) >= 15 * secondMs;
        if (isShown) return { state: 'done' };
        if (now - attemptedAt < 30 * secondMs) throw new ProblemError(away);
        return undefined;
      },
      async do(_input, { now }) {
        tries.push(now);
        // The first never arrives; with the second its process dies.
        if (tries.length === 1) throw new ProblemError(away);
        return answer.promise;
      },
    },
  ];
  const id = await world.ask(dana);
  const alarms = alarmsOf(world);
  world.startRunner({ scheduler: alarms.scheduler });
  await pass(world, minuteMs, () => tries.length > 1);
  expect(await world.request(id)).toMatchObject({ steps: [{ attempts: 2, attemptedAt: tries[1] }] });
  alarms.pause();
  world.startRunner({ scheduler: world.clock });
  await pass(world, minuteMs);
  expect((await world.request(id)).status).toBe('succeeded');
  expect(tries).toHaveLength(2);
  answer.resolve({ state: 'done' });
});

test('a process that was paused takes nothing back that another is taking back', async () => {
  const { world, notes, slow, id, alarms } = await twoReplicas((all) => [
    noting(all, 'second', { do: () => Promise.reject(new ProblemError(refusedOutside)) }),
  ]);
  alarms.pause();
  await pass(world, 10 * secondMs);
  expect(await world.request(id)).toMatchObject({ status: 'failed' });
  slow.release();
  alarms.wake();
  await pass(world, 20 * secondMs);
  expect(notes).toEqual(['do first', 'do first', 'undo second', 'undo first']);
});

test('told to end, it writes the step in flight, begins no other and hands the rest back at once', async () => {
  const { world, notes, slow, id, old } = await twoReplicas();
  const stopped = old.stop(20 * secondMs);
  slow.release();
  expect(await stopped).toBe(true);
  expect(notes).toEqual(['do first']);
  const took = await pass(world, 10 * secondMs, () => notes.length > 1);
  expect(took).toBeLessThanOrEqual(5 * secondMs);
  expect((await world.request(id)).steps).toMatchObject([{ result: { attempt: '1' } }, { state: 'done' }]);
});

test('what takes longer than it is given is left to its lease, and its effect is looked for by whoever goes on', async () => {
  const world = await deskWorld(atOnce);
  const notes: string[] = [];
  const slow = hanging(notes, 'first');
  const find = async () => {
    notes.push('find first');
    return { state: 'done' as const };
  };
  world.outside.steps = [{ ...slow.step, find }];
  const id = await world.ask(dana);
  const old = world.startRunner({ scheduler: world.clock });
  await slow.hasBegun;
  const next = world.startRunner({ scheduler: world.clock });
  const stopped = old.stop(5 * secondMs);
  await pass(world, 5 * secondMs);
  expect(await stopped).toBe(false);
  await next.settle();
  expect(notes).toEqual(['do first']);
  const took = await pass(world, 20 * secondMs, () => notes.length > 1);
  expect(took).toBeLessThan(10 * secondMs);
  expect(notes).toEqual(['do first', 'find first']);
  expect((await world.request(id)).status).toBe('succeeded');
});
