/** What every action promises, by its file alone: whoever adds one gets these tests with it. */
import { describe, expect, test } from 'vitest';
import type { Action, ChangeAction } from '../../src/core/action.ts';
import { fieldsOf } from '../../src/slack/forms/fields.ts';
import type { Look } from './bench-look.ts';
import { type Bench, readingIn, shipped } from './bench-world.ts';
import { type Example, exampleOf, inWorld, summaryOf, whereOneLooks } from './example-world.ts';

export { closeWorlds } from './example-world.ts';

type AnyStep = ReturnType<ChangeAction['steps']>[number];

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
  });
}

function looksOnly(name: string, action: Action, example: Example): Promise<void> {
  return whereOneLooks(name, example, async (bench) => {
    bench.calls();
    const before = seen.get(bench) ?? (await bench.look());
    seen.delete(bench);
    const context = readingIn(bench);
    const asked = action.input.parse(example.input);
    if (action.effect === 'read') await action.answer(asked, context);
    else await action.preview(asked, context);
    expect(bench.calls().filter(({ isWrite }) => isWrite)).toEqual([]);
    const after = await bench.look();
    expect(after).toEqual(before);
    seen.set(bench, after);
  });
}

/** How a world was left by whoever looked there last and changed nothing: for the next one it is how it was before. */
const seen = new WeakMap<Bench, Look>();

/** Every effect is made a second time, as after a crash that lost its answer, and nothing is different for it. */
export function repeats(name: string, action: ChangeAction, example: Example): Promise<void> {
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
