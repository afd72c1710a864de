/**
 * What every look promises for bad days: a preview and an answer whose calls fail, one after the other, are a sentence
 * all the same; what the outside did not say is left out of an answer when there is something else to say.
 */
import { expect, test } from 'vitest';
import type { Action } from '../../src/core/action.ts';
import { type Problem, ProblemError } from '../../src/core/problem.ts';
import { dana } from '../desk/desk-world.ts';
import { type Bench, type Call, readingIn } from './bench-world.ts';
import { type Example, exampleOf, openWorld } from './example-world.ts';
import { shapeOf } from './fault-contract.ts';

const faults = [
  { title: '500 that stays', fault: { kind: 'status', status: 500 } },
  { title: 'connection that breaks once', fault: { kind: 'reset' }, times: 1 },
  { title: 'token that has ended', fault: { kind: 'status', status: 401 } },
] as const;

/** Each example; calls of a kind that an earlier one has made are not broken again. */
export function testLooking(name: string, action: Action): void {
  const broken = new Set<string>();
  test.each(action.command.examples)(`${name}, %s: every fault leaves a sentence`, (line) =>
    staysSpoken(name, action, exampleOf(name, action, line), broken),
  );
}

async function staysSpoken(
  ...[name, action, example, broken]: [string, Action, Example, Set<string>]
): Promise<void> {
  let bench = await openWorld(name, example);
  try {
    const whole = await look(name, action, example, bench);
    expect(whole.problem, example.line).toBeUndefined();
    const calls = distinct(bench.calls()).filter((call) => !broken.has(shapeOf(call)));
    for (const call of calls) broken.add(shapeOf(call));
    for (const { box, operation } of calls) {
      for (const { title, ...fault } of faults) {
        // What is remembered is not asked again: a new bot asks.
        await bench.close();
        bench = await openWorld(name, example);
        bench.faults.add({ box, operation, ...fault });
        const { sentence, problem } = await look(name, action, example, bench);
        const told = `${example.line}: ${title} at ${operation}`;
        expect(sentence, told).toMatch(/\w.*\.$/);
        expect(problem?.code, `${told}: ${problem?.detail}`).not.toBe('internal');
        bench.faults.clear();
      }
    }
  } finally {
    await bench.close();
  }
}

async function look(
  name: string,
  action: Action,
  { input }: Example,
  bench: Bench,
): Promise<{ sentence: string; problem?: Problem }> {
  bench.calls();
  if (action.effect === 'read') {
    const origin = { surface: 'command' } as const;
    const answer = await bench.desk.answer({ key: 'look', action: name, input, requester: dana, origin });
    return answer.ok ? answer.value : { sentence: answer.problem.sentence, problem: answer.problem };
  }
  try {
    return await action.preview(action.input.parse(input), readingIn(bench));
  } catch (error) {
    // Anything else is thrown on: what a person reads then is no sentence of ours.
    if (!(error instanceof ProblemError)) throw error;
    return { sentence: error.problem.sentence, problem: error.problem };
  }
}

function distinct(calls: readonly Call[]): Call[] {
  return [...new Map(calls.map((call) => [`${call.box} ${call.operation}`, call])).values()];
}
