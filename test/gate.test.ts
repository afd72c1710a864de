/** What is let through at once. */
import { expect, test } from 'vitest';
import { createGate } from '../src/gate.ts';

test('never more than it may, whenever one comes, and all in their order', async () => {
  const gate = createGate(1);
  const done: number[] = [];
  let running = 0;
  let most = 0;
  const work = (number: number) => async () => {
    running += 1;
    most = Math.max(most, running);
    await null;
    running -= 1;
    done.push(number);
  };
  const works: Promise<void>[] = [gate(work(0)), gate(work(1))];
  // One in each turn of the microtasks, also in those between an end and the next beginning.
  for (let number = 2; number < 20; number++) {
    await null;
    works.push(gate(work(number)));
  }
  await Promise.all(works);
  expect(most).toBe(1);
  expect(done).toEqual(done.toSorted((one, other) => one - other));
});

test('one that fails makes room for the next', async () => {
  const gate = createGate(1);
  const failed = gate(() => Promise.reject(new Error('it failed')));
  const next = gate(async () => 'done');
  await expect(failed).rejects.toThrow('it failed');
  expect(await next).toBe('done');
});
