/** The way back from a run: by a click, or by itself; a request of its own, and linked both ways. */
import { expect, test } from 'vitest';
import { defineAction } from '../../src/core/action.ts';
import { minuteMs } from '../../src/core/duration.ts';
import { ProblemError } from '../../src/core/problem.ts';
import {
  atOnce,
  codeOf,
  type DeskWorld,
  dana,
  deskWorld,
  max,
  noting,
  person,
  refusedOutside,
  value,
} from './desk-world.ts';

const notBack = `
  - id: things
    on: thing.change
    when: input.name != "back"
    allow: things change by themselves
`;

async function world(
  options: { byItself?: boolean; back?: string; rules?: string } = {},
): Promise<DeskWorld> {
  const made = await deskWorld(atOnce);
  const thing = made.outside.actions.get('thing.change');
  if (!thing || thing.effect === 'read') throw new Error('there is no thing');
  const { back = 'thing.change' } = options;
  made.outside.actions.set(
    'thing.change',
    defineAction({
      ...thing,
      wayBack: ({ startedAt }) =>
        startedAt === undefined ? undefined : { action: back, input: { name: 'back' } },
      goesBackByItself: ({ input }) => input.name !== 'back' && (options.byItself ?? false),
    }),
  );
  made.enforce(options.rules ?? atOnce);
  made.startRunner();
  return made;
}

async function waysBack({ store }: DeskWorld) {
  const all = await store.list({ action: 'thing.change', limit: 9 });
  return all.filter(({ input }) => input.name === 'back');
}

const failing = noting([], 'fails', {
  do: async () => {
    throw new ProblemError(refusedOutside);
  },
});
const waiting = noting([], 'waits', {
  do: async () => ({ state: 'waiting', note: 'it takes long', againInMs: minuteMs }),
});

test('a run that is cancelled to go back is taken back, and the way back is asked for by who clicked', async () => {
  const bench = await world();
  bench.outside.steps = [waiting];
  const id = await bench.ask(dana);
  await bench.pass(1);
  const back = value(await bench.desk.goBack(id, dana));
  expect(back).toMatchObject({ input: { name: 'back' }, follows: id, requester: { id: dana.id } });
  await bench.pass(minuteMs);
  expect(await bench.request(id)).toMatchObject({ status: 'cancelled', followedBy: back.id });
  const again = value(await bench.desk.goBack(id, dana));
  expect(again.id).toBe(back.id);
});

test('only who asked for a run can cancel it to go back', async () => {
  const bench = await world();
  bench.outside.steps = [waiting];
  const id = await bench.ask(dana);
  await bench.pass(1);
  expect(codeOf(await bench.desk.goBack(id, person('U0MAX', 'Max')))).toBe('not_yours');
  expect(await bench.request(id)).toMatchObject({ status: 'running' });
  expect(await waysBack(bench)).toEqual([]);
});

test('a way back that cannot be asked for does not cancel the run either', async () => {
  const bench = await world({ back: 'thing.unknown' });
  bench.outside.steps = [waiting];
  const id = await bench.ask(dana);
  await bench.pass(1);
  expect(codeOf(await bench.desk.goBack(id, dana))).toBe('unknown_action');
  expect(await bench.request(id)).toMatchObject({ status: 'running' });
});

test.each([
  ['is done', { type: 'step_done', at: 1, step: 'waits' }],
  ['is taken back', { type: 'undo_started', at: 1, cause: { kind: 'cancelled', by: dana } }],
] as const)('a run that %s while the click is on its way goes back all the same', async (_what, event) => {
  const bench = await world();
  bench.outside.steps = [waiting];
  const id = await bench.ask(dana);
  await bench.pass(1);
  const { append, create } = bench.store;
  bench.store.create = async (...asked) => {
    const { version } = await bench.request(id);
    await append({ requestId: id, expectedVersion: version, events: [event], notices: [] });
    return create(...asked);
  };
  const back = value(await bench.desk.goBack(id, dana));
  expect(back).toMatchObject({ input: { name: 'back' }, follows: id, status: 'approved' });
  expect(await bench.request(id)).toMatchObject({ followedBy: back.id });
});

test('what never began, or is not there, has no way back', async () => {
  const bench = await world();
  bench.outside.steps = [waiting];
  const asked = await bench.desk.submit({
    ...{ key: 'k', action: 'thing.change', input: { name: 'it' }, requester: dana },
    origin: { surface: 'command' },
  });
  const { id } = value(asked);
  expect(codeOf(await bench.desk.goBack(id, dana))).toBe('bad_input');
  expect(codeOf(await bench.desk.goBack('REQ-99' as typeof id, dana))).toBe('unknown_request');
});

test('a run that failed goes back by itself where it is to, in the name of Greenlight, once', async () => {
  const bench = await world({ byItself: true });
  bench.outside.steps = [failing];
  const id = await bench.ask(dana);
  await bench.pass(minuteMs);
  const [back, ...others] = await waysBack(bench);
  expect(others).toEqual([]);
  expect(back).toMatchObject({ requester: { kind: 'system' }, follows: id });
  expect(await bench.request(id)).toMatchObject({ status: 'failed', followedBy: back?.id });
});

test('what goes back by itself is judged like everything else', async () => {
  const bench = await world({ byItself: true, rules: notBack });
  bench.outside.steps = [failing];
  await bench.ask(dana);
  await bench.pass(minuteMs);
  const [back] = await waysBack(bench);
  expect(back).toMatchObject({ status: 'denied', deniedBy: 'policy' });
});

test('a run that was cancelled, or may not, does not', async () => {
  const cancelled = await world({ byItself: true });
  cancelled.outside.steps = [waiting];
  const id = await cancelled.ask(dana);
  await cancelled.pass(1);
  await cancelled.desk.cancel(id, dana);
  await cancelled.pass(minuteMs);
  const manual = await world();
  manual.outside.steps = [failing];
  await manual.ask(dana);
  await manual.pass(minuteMs);
  for (const bench of [cancelled, manual]) {
    expect(await waysBack(bench)).toEqual([]);
  }
});

test('one whose way back cannot be asked for ends all the same', async () => {
  const bench = await world({ byItself: true, back: 'thing.unknown' });
  bench.outside.steps = [failing];
  const id = await bench.ask(dana);
  await bench.pass(minuteMs);
  const ended = await bench.request(id);
  expect(ended.status).toBe('failed');
  expect(ended.followedBy).toBeUndefined();
});

test('whoever may not go back keeps nobody else from it', async () => {
  const bench = await world({
    rules: `
  - { id: things, on: thing.change, when: input.name != "back" || requester.email == "max@acme.example", allow: x }
  - { id: back, on: thing.change, when: input.name == "back" && requester.email == "dana@acme.example", deny: not you }
`,
  });
  bench.outside.steps = [failing];
  const id = await bench.ask(dana);
  await bench.pass(minuteMs);
  expect(value(await bench.desk.goBack(id, dana)).status).toBe('denied');
  bench.outside.steps = [noting([], 'works')];
  const back = value(await bench.desk.goBack(id, max));
  expect(back).toMatchObject({ requester: { id: max.id }, status: 'approved' });
  expect(await bench.request(id)).toMatchObject({ followedBy: back.id });
  expect(value(await bench.desk.goBack(id, max)).id).toBe(back.id);
});
