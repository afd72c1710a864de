/** What goes wrong in the middle of a run: tried again, given up, taken back, and named when that does not work. */
import { expect, test } from 'vitest';
import { hourMs, minuteMs, secondMs } from '../../src/core/duration.ts';
import { ProblemError } from '../../src/core/problem.ts';
import {
  atOnce,
  away,
  codeOf,
  dana,
  deskWorld,
  noting,
  refusedOutside,
  sam,
  value,
} from './../desk/desk-world.ts';

const fails = async () => {
  throw new ProblemError(refusedOutside);
};

test('a refusal takes back what was begun, in reverse, and ends as failed with the reason', async () => {
  const world = await deskWorld(atOnce);
  const notes: string[] = [];
  world.outside.steps = [
    noting(notes, 'a'),
    noting(notes, 'b'),
    noting(notes, 'c', { do: fails }),
    noting(notes, 'd'),
  ];
  const id = await world.ask(dana);
  world.startRunner();
  await world.pass(0);
  expect(notes).toEqual(['do a', 'do b', 'undo c', 'undo b', 'undo a']);
  expect(await world.request(id)).toMatchObject({
    status: 'failed',
    problem: { code: 'outside_refused' },
    remains: [],
    steps: [{ state: 'undone' }, { state: 'undone' }, { state: 'undone' }, { state: 'pending' }],
  });
  expect(await world.notices(id)).toEqual(['ended']);
});

test('taken back by the requester while it runs, it is undone in reverse and ends as cancelled', async () => {
  const world = await deskWorld(atOnce);
  const notes: string[] = [];
  const looking = { state: 'waiting', note: 'looking', againInMs: 2 * secondMs } as const;
  world.outside.steps = [noting(notes, 'a'), noting(notes, 'b', { do: async () => looking })];
  const id = await world.ask(dana);
  world.startRunner();
  await world.pass(minuteMs);
  expect(codeOf(await world.desk.cancel(id, sam))).toBe('not_yours');
  value(await world.desk.cancel(id, dana));
  await world.pass(2 * secondMs);
  expect(notes).toEqual(['do a', 'undo b', 'undo a']);
  expect(await world.request(id)).toMatchObject({ status: 'cancelled', cancelledBy: { id: dana.id } });
  expect(codeOf(await world.desk.cancel(id, dana))).toBe('already_ended');
});

test('taken back while a step is at work, that step is waited for and undone too', async () => {
  const world = await deskWorld(atOnce);
  const notes: string[] = [];
  world.outside.steps = [
    noting(notes, 'a', {
      async do(_input, { request }) {
        notes.push('do a');
        value(await world.desk.cancel(request.id, dana));
        return { state: 'done' };
      },
    }),
    noting(notes, 'b'),
  ];
  const id = await world.ask(dana);
  world.startRunner();
  await world.pass(0);
  expect(notes).toEqual(['do a', 'undo a']);
  expect((await world.request(id)).status).toBe('cancelled');
});

test('an undo that fails is named, and the rest is taken back all the same', async () => {
  const world = await deskWorld(atOnce);
  const notes: string[] = [];
  world.outside.steps = [
    noting(notes, 'a'),
    noting(notes, 'b', { undo: fails }),
    noting(notes, 'c', { do: fails }),
  ];
  const id = await world.ask(dana);
  world.startRunner();
  await world.pass(0);
  expect(notes).toEqual(['do a', 'do b', 'undo c', 'undo a']);
  expect(await world.request(id)).toMatchObject({ status: 'failed', remains: ['Step b'] });
});

test('taken back but not completely, it ends as failed and says what remains', async () => {
  const world = await deskWorld(atOnce);
  const notes: string[] = [];
  const looking = { state: 'waiting', note: 'looking', againInMs: 2 * secondMs } as const;
  world.outside.steps = [
    noting(notes, 'a', { undo: fails }),
    noting(notes, 'b', { do: async () => looking }),
  ];
  const id = await world.ask(dana);
  world.startRunner();
  await world.pass(0);
  value(await world.desk.cancel(id, dana));
  await world.pass(2 * secondMs);
  expect(await world.request(id)).toMatchObject({
    status: 'failed',
    problem: { code: 'undo_failed' },
    remains: ['Step a'],
  });
});

test('an outside that is away is asked less and less often, and given up after a quarter of an hour', async () => {
  const world = await deskWorld(atOnce);
  const notes: string[] = [];
  const begunAt = world.clock.now();
  const triedAt: number[] = [];
  world.outside.steps = [
    noting(notes, 'a'),
    noting(notes, 'b', {
      async do() {
        triedAt.push(world.clock.now() - begunAt);
        throw new ProblemError(away);
      },
    }),
  ];
  const id = await world.ask(dana);
  world.startRunner();
  await world.pass(14 * minuteMs);
  expect((await world.request(id)).status).toBe('running');
  await world.pass(2 * minuteMs);
  expect(await world.request(id)).toMatchObject({ status: 'failed', problem: { sentence: away.sentence } });
  expect(notes).toEqual(['do a', 'undo b', 'undo a']);

  expect(triedAt.slice(0, 6)).toEqual([0, 1, 2, 4, 8, 16].map((seconds) => seconds * secondMs));
  const gaps = triedAt.slice(1).map((at, index) => at - (triedAt[index] ?? 0));
  expect(Math.max(...gaps)).toBe(30 * secondMs);
  expect(triedAt.at(-1)).toBeGreaterThanOrEqual(15 * minuteMs);
});

test.each([
  ['what the other side asks to wait is waited', 97 * secondMs, [97 * secondMs, 194 * secondMs]],
  [
    'whoever asks to wait for a day, as a proxy may, is asked again after two hours',
    24 * hourMs,
    [2 * hourMs],
  ],
])('%s', async (_what, retryAfterMs, again) => {
  const world = await deskWorld(atOnce);
  const triedAt: number[] = [];
  const begunAt = world.clock.now();
  world.outside.steps = [
    noting([], 'a', {
      async do() {
        triedAt.push(world.clock.now() - begunAt);
        if (triedAt.length <= again.length) throw new ProblemError({ ...away, retryAfterMs });
        return { state: 'done' };
      },
    }),
  ];
  const id = await world.ask(dana);
  world.startRunner();
  await world.pass(3 * hourMs);
  expect(triedAt).toEqual([0, ...again]);
  expect((await world.request(id)).status).toBe('succeeded');
});

test('a step that has waited for long still has its quarter of an hour when the outside goes away', async () => {
  const world = await deskWorld(atOnce);
  const begunAt = world.clock.now();
  world.outside.steps = [
    noting([], 'a', {
      async do() {
        const minutes = (world.clock.now() - begunAt) / minuteMs;
        if (minutes >= 60) return { state: 'done' };
        // Two outages of ten minutes, with the outside back in between.
        if ((minutes >= 20 && minutes < 30) || (minutes >= 40 && minutes < 50)) throw new ProblemError(away);
        return { state: 'waiting', note: 'the workflow runs', againInMs: 3 * secondMs };
      },
    }),
  ];
  const id = await world.ask(dana);
  world.startRunner();
  await world.pass(61 * minuteMs);
  expect((await world.request(id)).status).toBe('succeeded');
});

test('an undo whose outside is away is tried again, and named when that lasts', async () => {
  const world = await deskWorld(atOnce);
  let tries = 0;
  const awayUntil = (last: number) => async () => {
    tries += 1;
    if (tries <= last) throw new ProblemError(away);
    return { state: 'done' } as const;
  };
  world.outside.steps = [noting([], 'a', { undo: awayUntil(4) }), noting([], 'b', { do: fails })];
  const brief = await world.ask(dana);
  world.startRunner();
  await world.pass(minuteMs);
  expect(await world.request(brief)).toMatchObject({ status: 'failed', remains: [] });

  tries = 0;
  world.outside.steps = [noting([], 'a', { undo: awayUntil(1_000) }), noting([], 'b', { do: fails })];
  const lasting = await world.ask(dana);
  await world.pass(20 * minuteMs);
  expect(await world.request(lasting)).toMatchObject({ status: 'failed', remains: ['Step a'] });
});

test('an undo that has waited for long still has its quarter of an hour when the outside goes away', async () => {
  const world = await deskWorld(atOnce);
  const begunAt = world.clock.now();
  world.outside.steps = [
    noting([], 'a', {
      async undo() {
        const minutes = (world.clock.now() - begunAt) / minuteMs;
        if (minutes >= 45) return { state: 'done' };
        // Two outages of twelve minutes: without them it waits for 21, which is not too long.
        if ((minutes >= 10 && minutes < 22) || (minutes >= 30 && minutes < 42)) throw new ProblemError(away);
        return { state: 'waiting', note: 'it goes', againInMs: 3 * secondMs };
      },
    }),
    noting([], 'b', { do: fails }),
  ];
  const id = await world.ask(dana);
  world.startRunner();
  await world.pass(11 * minuteMs);
  const { steps } = await world.request(id);
  expect(steps[0]).toMatchObject({ state: 'undoing', note: away.sentence });
  await world.pass(36 * minuteMs);
  expect(await world.request(id)).toMatchObject({ status: 'failed', remains: [] });
});

test.each(['do', 'undo'] as const)(
  'an outside that asked for 40 minutes is tried for a quarter of an hour after them: %s',
  async (part) => {
    const world = await deskWorld(atOnce);
    let tries = 0;
    const limited = async () => {
      tries += 1;
      if (tries === 1) throw new ProblemError({ ...away, retryAfterMs: 40 * minuteMs });
      if (tries < 4) throw new ProblemError(away);
      return { state: 'done' } as const;
    };
    world.outside.steps = [noting([], 'a', { [part]: limited }), noting([], 'b', { do: fails })];
    const id = await world.ask(dana);
    world.startRunner();
    await world.pass(41 * minuteMs);
    expect(await world.request(id)).toMatchObject({
      ...{ status: 'failed', undoCause: { step: 'b' }, remains: [] },
    });
    expect(tries).toBe(4);
  },
);

test('an undo that nobody saw to for an hour is not given up at the first trouble', async () => {
  const world = await deskWorld(atOnce);
  let looks = 0;
  world.outside.steps = [
    noting([], 'a', {
      async undo() {
        looks += 1;
        if (looks === 1) return { state: 'waiting', note: 'it goes', againInMs: 3 * secondMs };
        if (looks === 2) throw new ProblemError(away);
        return { state: 'done' };
      },
    }),
    noting([], 'b', { do: fails }),
  ];
  const id = await world.ask(dana);
  const old = world.startRunner();
  await world.pass(0);
  await old.stop();
  await world.clock.advance(hourMs);
  world.startRunner();
  await world.pass(minuteMs);
  expect(await world.request(id)).toMatchObject({ status: 'failed', remains: [] });
  expect(looks).toBe(3);
});

test('an undo that waits for ever is named after half an hour, and the rest is taken back', async () => {
  const world = await deskWorld(atOnce);
  const notes: string[] = [];
  let looks = 0;
  // What it said before it was to be taken back is no sign of how long that takes.
  const hangs = async () => {
    looks += 1;
    return { state: 'waiting', note: 'its node is dead.', againInMs: 10 * secondMs } as const;
  };
  world.outside.steps = [noting(notes, 'a'), noting(notes, 'b', { do: hangs, undo: hangs })];
  const id = await world.ask(dana);
  world.startRunner();
  await world.pass(minuteMs);
  value(await world.desk.cancel(id, dana));
  looks = 0;
  await world.pass(30 * minuteMs);
  expect((await world.request(id)).status).toBe('undoing');
  await world.pass(10 * secondMs);
  const request = await world.request(id);
  expect(request).toMatchObject({ status: 'failed', remains: ['Step b'] });
  expect(request.steps[1]?.note).toBe('It has not been taken back within 30m: its node is dead.');
  expect(notes.at(-1)).toBe('undo a');
  expect(looks).toBe(182);
});

test('an undo that waits is not named at the first look after nobody was there for an hour', async () => {
  const world = await deskWorld(atOnce);
  let looks = 0;
  world.outside.steps = [
    noting([], 'a', {
      async undo() {
        looks += 1;
        if (looks < 3) return { state: 'waiting', note: 'it goes', againInMs: 3 * secondMs };
        return { state: 'done' };
      },
    }),
    noting([], 'b', { do: fails }),
  ];
  const id = await world.ask(dana);
  const old = world.startRunner();
  await world.pass(0);
  await old.stop();
  await world.clock.advance(hourMs);
  world.startRunner();
  await world.pass(minuteMs);
  expect(await world.request(id)).toMatchObject({ status: 'failed', remains: [] });
});

test.each(['do', 'undo'] as const)(
  'an outside that is away before and after nobody was there for an hour is tried on: %s',
  async (what) => {
    const world = await deskWorld(atOnce);
    let tries = 0;
    const awayTwice = async () => {
      tries += 1;
      if (tries < 4) throw new ProblemError(away);
      return { state: 'done' } as const;
    };
    world.outside.steps = [
      noting([], 'a', { [what]: awayTwice }),
      noting([], 'b', what === 'undo' ? { do: fails } : {}),
    ];
    const id = await world.ask(dana);
    const old = world.startRunner();
    await world.pass(0);
    await old.stop();
    expect(tries).toBe(1);
    await world.clock.advance(hourMs);
    world.startRunner();
    await world.pass(minuteMs);
    const status = what === 'do' ? 'succeeded' : 'failed';
    expect(await world.request(id)).toMatchObject({ status, ...(what === 'undo' && { remains: [] }) });
  },
);

test('a version of the bot that no longer knows a step stops, and names what it cannot take back', async () => {
  const world = await deskWorld(atOnce);
  const notes: string[] = [];
  const looking = { state: 'waiting', note: 'looking', againInMs: 2 * secondMs } as const;
  world.outside.steps = [
    noting(notes, 'kept'),
    noting(notes, 'renamed'),
    noting(notes, 'waits', { do: async () => looking }),
  ];
  const id = await world.ask(dana);
  world.startRunner();
  await world.pass(0);
  world.outside.steps = [noting(notes, 'kept'), noting(notes, 'new')];
  await world.pass(2 * secondMs);
  expect(await world.request(id)).toMatchObject({
    status: 'failed',
    problem: { code: 'plan_changed' },
    remains: ['Step renamed', 'Step waits'],
  });
  expect(notes).toEqual(['do kept', 'do renamed', 'undo kept']);
});

test('an action that can make no plan any more stops too, and takes back what it knows by what was remembered', async () => {
  const world = await deskWorld(atOnce);
  const notes: string[] = [];
  const looking = { state: 'waiting', note: 'looking', againInMs: 2 * secondMs } as const;
  world.outside.steps = [noting(notes, 'a'), noting(notes, 'b', { do: async () => looking })];
  const id = await world.ask(dana);
  world.startRunner();
  await world.pass(0);
  const thing = world.outside.actions.get('thing.change');
  if (thing?.effect !== 'change') throw new Error('thing.change is no change');
  world.outside.actions.set('thing.change', {
    ...thing,
    steps() {
      throw new ProblemError(refusedOutside);
    },
    undoForgotten: (step) => (step === 'a' ? noting(notes, step).undo : undefined),
  });
  await world.pass(2 * secondMs);
  expect(await world.request(id)).toMatchObject({
    status: 'failed',
    problem: { code: 'plan_changed' },
    remains: ['Step b'],
  });
  expect(notes).toEqual(['do a', 'undo a']);
});

test('a version of the bot that no longer knows the action names everything that was begun', async () => {
  const world = await deskWorld(atOnce);
  const looking = { state: 'waiting', note: 'looking', againInMs: 2 * secondMs } as const;
  world.outside.steps = [noting([], 'a'), noting([], 'b', { do: async () => looking }), noting([], 'c')];
  const id = await world.ask(dana);
  world.startRunner();
  await world.pass(0);
  world.outside.actions.delete('thing.change');
  await world.pass(2 * secondMs);
  expect(await world.request(id)).toMatchObject({
    status: 'failed',
    problem: { code: 'plan_changed' },
    remains: ['Step a', 'Step b'],
  });
});

test('what cannot be handed over in the end is taken back rather than tried for ever', async () => {
  const world = await deskWorld(atOnce);
  const notes: string[] = [];
  world.outside.steps = [noting(notes, 'a')];
  const thing = world.outside.actions.get('thing.change');
  if (thing?.effect !== 'change') throw new Error('thing.change is no change');
  world.outside.actions.set('thing.change', {
    ...thing,
    outputs() {
      throw new ProblemError(refusedOutside);
    },
  });
  const id = await world.ask(dana);
  world.startRunner();
  await world.pass(minuteMs);
  expect(await world.request(id)).toMatchObject({ status: 'failed', problem: { code: 'outside_refused' } });
  expect(notes).toEqual(['do a', 'undo a']);
});
