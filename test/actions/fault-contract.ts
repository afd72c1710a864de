/**
 * What every change promises for bad days, by its file alone: each call that writes meets four faults, each that only
 * reads meets two (those of `find` among them), and the credentials end in mid-run. It ends whole, or as it was but for
 * what the card names. Minutes for all actions together, so `npm run test:faults` runs it and `npm test` does not.
 */
import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import type { ChangeAction } from '../../src/core/action.ts';
import type { PlatformRequest } from '../../src/core/request.ts';
import { repeats } from './action-contract.ts';
import { type Bench, type Call, shipped } from './bench-world.ts';
import { type Example, exampleOf, openWorld, summaryOf } from './example-world.ts';
import { changedParts, type Parts, partsOf, partsWithout } from './look-parts.ts';
import { type Footprints, lookingAgain, observed } from './observed-steps.ts';

const stays = { kind: 'status', status: 500, retryAfterSeconds: 450 } as const;
const whenWriting = [
  // It says when to come back, so that a quarter of an hour is three calls and not forty.
  { title: '500 that stays', fault: stays },
  { title: '403 that stays', fault: { kind: 'status', status: 403 } },
  { title: 'answer that is lost once', fault: { kind: 'lost-response' }, times: 1 },
  { title: 'connection that breaks once', fault: { kind: 'reset' }, times: 1 },
] as const;
const whenReading = [
  { title: '500 that stays', fault: stays },
  { title: 'connection that breaks once', fault: { kind: 'reset' }, times: 1 },
] as const;
const tokenEnds = { title: 'token that ends', fault: { kind: 'status', status: 401 } } as const;

/** Thorough: every fault at every call. Else each call meets one of them, in turn. */
export type Depth = 'thorough' | 'in turn';

/** All examples of an action; those that make no call that an earlier one has not made are only carried out. */
export function testFaults(name: string, action: ChangeAction, depth: Depth = 'thorough'): void {
  test.each(action.command.examples)('%s: each step can be done again', (line) =>
    repeats(name, action, exampleOf(name, action, line)),
  );
  const seen = new Set<string>();
  test.each(action.command.examples)(
    `${name}, %s: every fault ends it whole or leaves nothing`,
    async (line) => {
      const example = exampleOf(name, action, line);
      const dry = await dryRun(name, example);
      const shapes = dry.calls.map(shapeOf);
      const isNew = shapes.some((shape) => !seen.has(shape));
      for (const shape of shapes) seen.add(shape);
      if (isNew) await survives(name, example, dry, depth);
    },
  );
}

/** The same for a wish that no example makes. */
export function testFaultsOf(
  ...[name, title, wish, depth = 'thorough']: [string, string, Omit<Example, 'line'>, Depth?]
): void {
  test(`${name}, ${title}: every fault ends it whole or leaves nothing`, async () => {
    const example = { line: title, ...wish };
    await survives(name, example, await dryRun(name, example), depth);
  });
}

interface DryRun {
  readonly before: Parts;
  readonly whole: Parts;
  readonly calls: readonly Call[];
  readonly footprints: Footprints;
}

/** A run without faults tells which calls there are, and what each step changes. */
async function dryRun(name: string, example: Example): Promise<DryRun> {
  let bench: Bench | undefined;
  let begin = () => {};
  const look = () => bench?.look();
  const { actions, footprints } = observed(name, look, () => begin());
  bench = await openWorld(name, example, actions);
  try {
    const before = partsOf(await bench.look());
    begin = once(() => bench?.calls());
    const ended = await bench.finish(await bench.ask(name, example.input));
    expect(ended, summaryOf(ended)).toMatchObject({ status: 'succeeded' });
    const calls = bench.calls().map(whicheverRequest);
    return { before, whole: partsOf(await bench.look()), calls, footprints };
  } finally {
    await bench.close();
  }
}

type Case = Parameters<Bench['faults']['add']>[0] & { readonly title: string };

async function survives(name: string, example: Example, dry: DryRun, depth: Depth): Promise<void> {
  const writes = dry.calls.filter(({ isWrite }) => isWrite);
  const reads = dry.calls.filter(({ isWrite }) => !isWrite);
  const distinct = reads.filter((one, index) => reads.findIndex((other) => sameCall(one, other)) === index);
  const some = <One>(faults: readonly One[], index: number): readonly One[] =>
    depth === 'thorough' ? faults : faults.slice(index % faults.length, (index % faults.length) + 1);
  const atWrites = writes.flatMap(({ box, operation }, index): Case[] =>
    some(whenWriting, index).map((fault) => ({
      ...{ box, operation, fromCall: occurrence(writes, index) },
      ...fault,
    })),
  );
  const atReads = distinct.flatMap(({ box, operation }, index): Case[] =>
    some(whenReading, index).map((fault) => ({ box, operation, ...fault })),
  );
  const inMidRun = (['cluster', 'github'] as const).flatMap((box): Case[] => {
    const calls = dry.calls.filter((call) => call.box === box).length;
    return calls === 0 ? [] : [{ box, operation: '*', fromCall: Math.ceil(calls / 2), ...tokenEnds }];
  });
  await playAll(name, example, dry, atWrites, false);
  await playAll(name, example, dry, [...atReads, ...inMidRun], true);
}

async function playAll(
  ...[name, example, dry, cases, findsAgain]: [string, Example, DryRun, readonly Case[], boolean]
): Promise<void> {
  // A world in which nothing was left behind is as good as a new one, and starting one is most of the work.
  let bench: Bench | undefined;
  let begin = () => {};
  const actions = findsAgain ? lookingAgain(name, () => begin()) : shipped;
  for (const { title, ...rule } of cases) {
    const here = bench ?? (await openWorld(name, example, actions));
    bench = here;
    // What is looked at before the first step is no part of the run: until that succeeds it waits.
    begin = once(() => here.faults.add(rule));
    if (!findsAgain) begin();
    const request = await here.finish(await here.ask(name, example.input));
    const told = `${title} at ${rule.operation}: ${summaryOf(request)}`;
    bench.faults.clear();
    const after = partsOf(await bench.look());
    if (request.status === 'succeeded') expectWhole(request, dry.whole, after, told);
    else expectNothing(request, dry, after, told);
    if (isDeepStrictEqual(after, dry.before)) continue;
    await bench.close();
    bench = undefined;
  }
  await bench?.close();
}

function once(call: () => unknown): () => void {
  let isOver = false;
  return () => {
    if (!isOver) call();
    isOver = true;
  };
}

/** Which call of this operation the write was, counted from 1. */
function occurrence(calls: readonly Call[], index: number): number {
  const call = calls[index];
  return calls.slice(0, index + 1).filter((one) => call && sameCall(one, call)).length;
}

function sameCall(one: Call, other: Call): boolean {
  return one.box === other.box && one.operation === other.operation;
}

/** The next request makes the same call under another number. */
function whicheverRequest(call: Call): Call {
  return {
    ...call,
    operation: call.operation.replaceAll(/req-\d+(?:-[0-9a-z]+)?/gi, (name) => `${name.slice(0, 4)}*`),
  };
}

/** Which call it is, whatever it is about. */
export function shapeOf({ box, operation }: Call): string {
  return `${box} ${operation}`
    .replaceAll(/greenlight%2F[^/]+|req-\d+-[0-9a-z]+|[0-9a-f]{40}|\bv?\d+(?:\.\d+)*\b/gi, '*')
    .replaceAll(/payments|checkout|search|staging|production/g, '*');
}

/** Each effect once; a record that could not be made after all else was done is admitted at its step. */
function expectWhole(request: PlatformRequest, whole: Parts, after: Parts, told: string): void {
  const isRecorded = !request.steps.some((step) => step.note?.includes('did not take the record'));
  const left = isRecorded ? [] : changedParts(whole, after).filter((key) => key.startsWith('records '));
  expect(partsWithout(after, new Set(left)), told).toEqual(partsWithout(whole, new Set(left)));
}

/** As it was before, but for what the card names: by what those steps changed when nothing stood in their way. */
function expectNothing(request: PlatformRequest, dry: DryRun, after: Parts, told: string): void {
  expect(request.status, told).toBe('failed');
  expect(request.problem?.sentence, told).toMatch(/\w/);
  expect(request.problem?.code, told).not.toBe('internal');
  const stayed = request.steps.filter(
    // Of a set, what is out stays, and Pods that were started anew do; their steps say so.
    ({ state, note = '' }) =>
      state === 'undo_failed' || /(?: is out, and stays$)|^nothing to take back:/.test(note),
  );
  const named = request.steps.filter(({ state }) => state === 'undo_failed').map(({ title }) => title);
  expect(request.remains, told).toEqual(named);
  // What one step of a set's service began, its next one may have seen come true.
  const isNamed = (step: string) =>
    stayed.some(({ id }) => id === step || (id.includes('.') && step.startsWith(`${id.split('.')[0]}.`)));
  const left = new Set([...dry.footprints].flatMap(([step, keys]) => (isNamed(step) ? [...keys] : [])));
  // What happened at GitHub cannot be made not to have happened: it has ended, and is told as that.
  for (const key of changedParts(dry.before, after)) {
    if (left.has(key) || !/^(?:runs|records) /.test(key)) continue;
    const added = (after[key] ?? []).slice((dry.before[key] ?? []).length);
    for (const state of added) expect(state, `${key}, ${told}`).toMatch(/^(?:completed .*|failure)$/);
    left.add(key);
  }
  expect(partsWithout(after, left), told).toEqual(partsWithout(dry.before, left));
}
