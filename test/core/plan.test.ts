import { expect, test } from 'vitest';
import { openSteps, planOf } from '../../src/core/plan.ts';
import type { RunStep } from '../../src/core/request.ts';

function step(id: string, state: RunStep['state'], needs?: readonly string[]): RunStep {
  return { id, title: id, state, attempts: 0, progress: [], ...(needs === undefined ? {} : { needs }) };
}

const ids = (steps: readonly RunStep[]) => openSteps(steps).map(({ id }) => id);

test('without needs of its own a step comes after the one before it', () => {
  expect(ids([step('a', 'pending'), step('b', 'pending')])).toEqual(['a']);
  expect(ids([step('a', 'done'), step('b', 'pending'), step('c', 'pending')])).toEqual(['b']);
  expect(ids([step('a', 'done'), step('b', 'done')])).toEqual([]);
});

test('steps that need none of each other are open together, and what needs both waits for both', () => {
  const steps = (one: RunStep['state'], two: RunStep['state']) => [
    step('first', 'done'),
    step('one', one, ['first']),
    step('two', two, ['first']),
    step('both', 'pending', ['one', 'two']),
  ];
  expect(ids(steps('pending', 'running'))).toEqual(['one', 'two']);
  expect(ids(steps('done', 'running'))).toEqual(['two']);
  expect(ids(steps('done', 'done'))).toEqual(['both']);
  expect(ids([step('free', 'pending', []), step('too', 'pending', [])])).toEqual(['free', 'too']);
});

test('a plan in which a step needs a later one, or none that is there, is a bug', () => {
  const of =
    (...needs: string[]) =>
    () =>
      planOf([
        { id: 'a', title: 'A', needs },
        { id: 'b', title: 'B' },
      ]);
  expect(of('b')).toThrow('the step a needs b, which does not come before it');
  expect(of('x')).toThrow('the step a needs x');
  expect(of()()).toEqual([
    { id: 'a', title: 'A', needs: [] },
    { id: 'b', title: 'B' },
  ]);
});
