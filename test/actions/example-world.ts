/** The examples of an action, and for each a world in which it makes sense. */
import { expect } from 'vitest';
import type { Action, Actions } from '../../src/core/action.ts';
import type { Person } from '../../src/core/person.ts';
import type { PlatformRequest } from '../../src/core/request.ts';
import { type FurtherOf, parseCommand } from '../../src/handlers/parse-command.ts';
import { fieldsOf } from '../../src/slack/forms/fields.ts';
import { catalog } from '../approvals/shipped.ts';
import { dana, priya } from '../desk/desk-world.ts';
import { type Bench, benchWorld, shipped } from './bench-world.ts';

export interface Example {
  readonly line: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** What was asked for and has come true before. */
  readonly before?: readonly { readonly action: string; readonly input: Readonly<Record<string, unknown>> }[];
}

export function exampleOf(name: string, action: Action, line: string): Example {
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
  const before = earlier[name];
  return { line, input: parsed.input, ...(before === undefined ? {} : { before }) };
}

/** What the same person has asked for before this makes sense. */
const earlier: Readonly<Record<string, NonNullable<Example['before']>>> = {
  'approver.undelegate': [{ action: 'approver.delegate', input: { to: 'sam@acme.example', until: '3d' } }],
};

/** Plays in a world in which the example makes sense: an environment that it speaks of is there. */
export async function inWorld<Value>(
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

export async function openWorld(name: string, example: Example, actions?: Actions): Promise<Bench> {
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
  for (const { action, input } of example.before ?? []) {
    const done = await bench.finish(await bench.ask(action, input));
    expect(done, summaryOf(done)).toMatchObject({ status: 'succeeded' });
  }
  const holder = holders[name];
  if (holder) {
    const { service, environment } = input;
    const lock = { service, environment, reason: 'held before' };
    const taken = await bench.finish(await bench.ask('lock.take', lock, holder));
    expect(taken, summaryOf(taken)).toMatchObject({ status: 'succeeded' });
  }
  bench.calls();
  return bench;
}

const looked = new Map<string, Promise<Bench>>();
let turn: Promise<unknown> = Promise.resolve();

/** Looking leaves a world as it was, so whoever needs the same one looks there too, one after the other. */
export function whereOneLooks<Value>(
  name: string,
  example: Example,
  look: (bench: Bench) => Promise<Value>,
): Promise<Value> {
  const action = shipped.get(name);
  const environment = action && environmentIn(action, example);
  const key = JSON.stringify([
    environment,
    past[name],
    byHand[name],
    holders[name] && example.input,
    example.before,
  ]);
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

export function environmentIn(action: Action, { input }: Example): unknown {
  const spoken = fieldsOf(action).find((field) => field.kind === 'choice' && field.source === 'environments');
  return spoken && input[spoken.name];
}

export function summaryOf({ status, problem, steps, remains }: PlatformRequest): string {
  const states = steps.map((step) => `${step.id} ${step.state}`).join(', ');
  return `${status} (${problem?.sentence ?? 'no problem'}) [${states}], remains: ${remains.join(', ') || 'nothing'}`;
}
