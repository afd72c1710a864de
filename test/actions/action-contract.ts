/** What every action promises, by its file alone: whoever adds one gets these tests with it. */
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { Action, Actions, ChangeAction } from '../../src/core/action.ts';
import type { Person } from '../../src/core/person.ts';
import type { PlatformRequest } from '../../src/core/request.ts';
import { type FurtherOf, parseCommand } from '../../src/handlers/parse-command.ts';
import { fieldsOf } from '../../src/slack/forms/fields.ts';
import { catalog } from '../approvals/shipped.ts';
import { dana, priya } from '../desk/desk-world.ts';
import type { Look } from './bench-look.ts';
import { type Bench, benchWorld, readingIn, shipped, type Write } from './bench-world.ts';

type AnyStep = ReturnType<ChangeAction['steps']>[number];

interface Example {
  readonly line: string;
  readonly input: Readonly<Record<string, unknown>>;
}

export function testAction(name: string, action: Action): void {
  describe.concurrent(name, () => {
    test('has examples, and each of them is read as it stands', () => {
      expect(action.command.examples.length).toBeGreaterThan(0);
      for (const line of action.command.examples) {
        const { input } = exampleOf(name, action, line);
        expect(action.input.safeParse(input), line).toMatchObject({ success: true });
      }
    });

    test('every field has a title and a hint', () => {
      for (const field of fieldsOf(action)) {
        expect(field.title, field.name).toMatch(/^[A-Z]/);
        expect(field.description ?? '', field.name).toMatch(/\.$/);
      }
      expect(action.title).toMatch(/^[A-Z]/);
      expect(action.summary).toMatch(/^[A-Z].*\.$/);
    });

    test.each(action.command.examples)('%s: looking changes nothing', (line) =>
      looksOnly(name, action, exampleOf(name, action, line)),
    );

    if (action.effect === 'read') return;
    const [first = ''] = action.command.examples;
    test(`${first}: each step can be done again`, () =>
      repeats(name, action, exampleOf(name, action, first)));
  });
}

/** The same for bad days: minutes for all actions together, so `npm run test:faults` runs it and `npm test` does not. */
export function testFaults(name: string, action: Action): void {
  if (action.effect === 'read') return;
  const [first = '', ...others] = action.command.examples;
  test.each(others)('%s: each step can be done again', (line) =>
    repeats(name, action, exampleOf(name, action, line)),
  );
  // One example makes the same calls as any other, but where a service's entry in the catalog decides.
  test(`${name}, ${first}: every fault ends it whole or leaves nothing`, { timeout: 120_000 }, () =>
    survives(name, exampleOf(name, action, first)),
  );
}

/** The same for a wish that no example makes. */
export function testFaultsOf(name: string, title: string, input: Example['input']): void {
  test(`${name}, ${title}: every fault ends it whole or leaves nothing`, { timeout: 240_000 }, () =>
    survives(name, { line: title, input }),
  );
}

function exampleOf(name: string, action: Action, line: string): Example {
  const { slash, isBare } = action.command;
  if (line === slash && isBare) return { line, input: {} };
  const group = [...shipped]
    .filter(([, one]) => one.command.slash === slash)
    .map(([one, its]) => ({ name: one, action: its }));
  const furtherOf: FurtherOf = (one, input) => shipped.get(one)?.further?.(input, catalog);
  const parsed = parseCommand(slash, group, line.slice(slash.length).trim(), furtherOf);
  if (parsed.kind !== 'ask' || parsed.action !== name) {
    throw new Error(`${line} is no whole line of ${name}: ${JSON.stringify(parsed)}`);
  }
  return { line, input: parsed.input };
}

/** Plays in a world in which the example makes sense: an environment that it speaks of is there. */
async function inWorld<Value>(
  name: string,
  example: Example,
  play: (bench: Bench) => Promise<Value>,
  actions?: Actions,
): Promise<Value> {
  const bench = await openWorld(name, example, actions);
  try {
    return await play(bench);
  } finally {
    await bench.close();
  }
}

/** What has happened to the environment before this makes sense. */
const past: Readonly<Record<string, readonly string[]>> = { 'environment.wake': ['environment.sleep'] };

/** Who holds the lock that it speaks of: whoever asks, or a colleague from whom it is taken. */
const holders: Readonly<Record<string, Person>> = {
  'lock.release': dana,
  'lock.handover': dana,
  'lock.steal': priya,
};

/** What somebody does by hand to the environment's Deployment first. */
const byHand: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'environment.repair': { metadata: { labels: { 'app.kubernetes.io/part-of': 'something-else' } } },
};

async function openWorld(name: string, example: Example, actions?: Actions): Promise<Bench> {
  const { input } = example;
  const bench = await benchWorld(actions);
  const action = shipped.get(name);
  const environment = action && environmentIn(action, example);
  if (environment !== undefined) {
    const made = await bench.finish(await bench.ask('environment.create', { name: environment }));
    expect(made.status).toBe('succeeded');
    const change = byHand[name];
    if (change) {
      const web = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', namespace: `env-${environment}` };
      await bench.context.outside.cluster('sandbox').merge(web, change);
    }
    for (const before of past[name] ?? []) {
      const done = await bench.finish(await bench.ask(before, { name: environment }));
      expect(done, summaryOf(done)).toMatchObject({ status: 'succeeded' });
    }
  }
  const holder = holders[name];
  if (holder) {
    const { service, environment } = input;
    const lock = { service, environment, reason: 'held before' };
    const taken = await bench.finish(await bench.ask('lock.take', lock, holder));
    expect(taken, summaryOf(taken)).toMatchObject({ status: 'succeeded' });
  }
  bench.writes();
  return bench;
}

function looksOnly(name: string, action: Action, example: Example): Promise<void> {
  return whereOneLooks(name, example, async (bench) => {
    bench.writes();
    const before = await bench.look();
    const context = readingIn(bench);
    const asked = action.input.parse(example.input);
    if (action.effect === 'read') await action.answer(asked, context);
    else await action.preview(asked, context);
    expect(bench.writes()).toEqual([]);
    expect(await bench.look()).toEqual(before);
  });
}

const looked = new Map<string, Promise<Bench>>();
let turn: Promise<unknown> = Promise.resolve();

/** Looking leaves a world as it was, so whoever needs the same one looks there too, one after the other. */
function whereOneLooks(name: string, example: Example, look: (bench: Bench) => Promise<void>): Promise<void> {
  const action = shipped.get(name);
  const environment = action && environmentIn(action, example);
  const key = JSON.stringify([environment, past[name], byHand[name], holders[name] && example.input]);
  const world = looked.get(key) ?? openWorld(name, example);
  looked.set(key, world);
  const mine = turn.then(async () => look(await world));
  turn = mine.catch(() => undefined);
  return mine;
}

/** For the end of a file that calls `testAction`. */
export async function closeWorlds(): Promise<void> {
  for (const world of looked.values()) await (await world).close();
  looked.clear();
}

function environmentIn(action: Action, { input }: Example): unknown {
  const spoken = fieldsOf(action).find((field) => field.kind === 'choice' && field.source === 'environments');
  return spoken && input[spoken.name];
}

/** Every effect is made a second time, as after a crash that lost its answer, and nothing is different for it. */
function repeats(name: string, action: ChangeAction, example: Example): Promise<void> {
  let look: (() => Promise<Look>) | undefined;
  let repeated = 0;
  // Steps side by side take turns here: between two looks nothing else may happen.
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <Value>(call: () => Promise<Value>): Promise<Value> => {
    const mine = turn.then(call);
    turn = mine.catch(() => undefined);
    return mine;
  };
  const twice = (step: AnyStep): AnyStep => ({
    ...step,
    do: (input, context) => inTurn(() => doTwice(step, input, context)),
  });
  const doTwice = async (...[step, input, context]: [AnyStep, ...Parameters<AnyStep['do']>]) => {
    const first = await step.do(input, context);
    const once = await look?.();
    const again = (await step.find?.(input, context)) ?? (await step.do(input, context));
    expect(again.state, step.id).toBe(first.state);
    expect(await look?.(), step.id).toEqual(once);
    repeated += 1;
    return again;
  };
  const doubled = new Map<string, Action>(shipped).set(name, {
    ...action,
    steps: (input, catalog) => action.steps(input, catalog).map(twice),
  });
  const play = async (bench: Bench) => {
    look = bench.look;
    const ended = await bench.finish(await bench.ask(name, example.input));
    expect(ended, summaryOf(ended)).toMatchObject({ status: 'succeeded' });
    if (!action.restated) expect(repeated).toBeGreaterThan(0);
  };
  return inWorld(name, example, play, doubled);
}

const faults = [
  // It says when to come back, so that a quarter of an hour is three calls and not forty.
  { title: '500 that stays', fault: { kind: 'status', status: 500, retryAfterSeconds: 450 } },
  { title: '403 that stays', fault: { kind: 'status', status: 403 } },
  { title: 'answer that is lost once', fault: { kind: 'lost-response' }, times: 1 },
  { title: 'connection that breaks once', fault: { kind: 'reset' }, times: 1 },
] as const;

/** A run without faults tells which calls may change something; then each of them meets each fault. */
async function survives(name: string, example: Example): Promise<void> {
  const dry = await inWorld(name, example, async (bench) => {
    const before = await bench.look();
    const ended = await bench.finish(await bench.ask(name, example.input));
    expect(ended, summaryOf(ended)).toMatchObject({ status: 'succeeded' });
    return { before, writes: bench.writes(), whole: await bench.look() };
  });
  const cases = dry.writes.flatMap((write, index) => faults.map((fault) => ({ write, index, fault })));
  // A world in which nothing was left behind is as good as a new one, and starting one is most of the work.
  let bench: Bench | undefined;
  for (const { write, index, fault } of cases) {
    const { title, ...rule } = fault;
    bench ??= await openWorld(name, example);
    bench.faults.add({ ...write, ...rule, fromCall: occurrence(dry.writes, index) });
    const request = await bench.finish(await bench.ask(name, example.input));
    const told = `${title} at ${write.operation}: ${summaryOf(request)}`;
    bench.faults.clear();
    const after = await bench.look();
    if (request.status === 'succeeded') expectWhole(request, dry.whole, after, told);
    else expectNothing(request, dry.before, after, told);
    if (isDeepStrictEqual(after, dry.before)) continue;
    await bench.close();
    bench = undefined;
  }
  await bench?.close();
}

/** Which call of this operation the write was, counted from 1. */
function occurrence(writes: readonly Write[], index: number): number {
  const { operation } = writes[index] ?? { operation: '' };
  return writes.slice(0, index + 1).filter((one) => one.operation === operation).length;
}

/** Each effect once; a record that could not be made after all else was done is admitted at its step. */
function expectWhole(request: PlatformRequest, whole: Look, after: Look, told: string): void {
  expect(withoutKeys(after.cluster), told).toEqual(withoutKeys(whole.cluster));
  expect(withoutKeys(after.github.runs), told).toEqual(withoutKeys(whole.github.runs));
  expect(withoutKeys(after.github.gitops), told).toEqual(withoutKeys(whole.github.gitops));
  expect(withoutKeys(after.github.environments), told).toEqual(withoutKeys(whole.github.environments));
  expect(after.github.teams, told).toEqual(whole.github.teams);
  if (request.steps.some((step) => step.note?.includes('did not take the record'))) return;
  expect(withoutKeys(after.github.deployments), told).toEqual(withoutKeys(whole.github.deployments));
}

/** As it was before; what could not be taken back is named on the card. */
function expectNothing(request: PlatformRequest, before: Look, after: Look, told: string): void {
  expect(request.status, told).toBe('failed');
  expect(request.problem?.sentence, told).toMatch(/\w/);
  for (const run of after.github.runs) expect(run, told).toMatch(/: completed/);
  if (request.remains.length > 0) return;
  // Of a set, what is out stays, and its steps say so.
  if (request.steps.some((step) => step.note?.endsWith(' is out, and stays'))) return;
  expect(after.cluster, told).toEqual(before.cluster);
  expect(after.github.gitops, told).toEqual(before.github.gitops);
  expect(after.github.environments, told).toEqual(before.github.environments);
  expect(after.github.teams, told).toEqual(before.github.teams);
  const recorded = after.github.deployments.filter((one) => !before.github.deployments.includes(one));
  for (const deployment of recorded) expect(deployment, told).toMatch(/: failure$/);
}

function summaryOf({ status, problem, steps, remains }: PlatformRequest): string {
  const states = steps.map((step) => `${step.id} ${step.state}`).join(', ');
  return `${status} (${problem?.sentence ?? 'no problem'}) [${states}], remains: ${remains.join(', ') || 'nothing'}`;
}

/** The same world whichever request made it, and when: number, key and the moment of a restart are its own. */
function withoutKeys(look: unknown): unknown {
  const text = JSON.stringify(look)
    .replaceAll(/REQ-\d+(?:-[0-9a-z]+)?/gi, 'REQ-1')
    .replaceAll(/("greenlight\.dev\/fence":")\d+/g, '$1fence')
    .replaceAll(/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/g, 'uid')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'then');
  return JSON.parse(text);
}
