/** GitHub shows a run only seconds after its dispatch: what was started and is not shown yet is neither started again nor left to go on. */
import { expect, test } from 'vitest';
import { refuseTooSoon, takeBackRun } from '../../src/actions/workflow/run.ts';
import type { Forge } from '../../src/core/forge.ts';
import { problem } from '../../src/core/problem.ts';

const startedAt = 1_000_000;
const after = (seconds: number) => ({
  ...{ now: startedAt + seconds * 1_000, stepStartedAt: startedAt, attemptedAt: startedAt },
  waitingSince: startedAt,
  forge: {} as Forge,
});
const tooLate = () => problem('conflict', 'It is out already.', 'Roll it back.');

test('a dispatch whose answer was lost is not made again while its run may still show up', () => {
  expect(() => refuseTooSoon(after(2))).toThrow('does not show yet whether the workflow was started');
  // With slow answers to what was asked before, it went out two minutes after the attempt began.
  expect(() => refuseTooSoon(after(149))).toThrow('does not show yet whether the workflow was started');
  expect(() => refuseTooSoon(after(150))).not.toThrow();
});

test('nor is a further one, however long ago the first was', () => {
  const further = { now: startedAt + 160_000, stepStartedAt: startedAt, attemptedAt: startedAt + 32_000 };
  expect(() => refuseTooSoon(further)).toThrow('does not show yet whether the workflow was started');
  expect(() => refuseTooSoon({ ...further, now: startedAt + 182_000 })).not.toThrow();
});

test('a run that is taken back before GitHub shows it is waited for', async () => {
  const waiting = await takeBackRun(undefined, 'acme/payments', after(2), tooLate);
  expect(waiting).toMatchObject({ state: 'waiting', note: 'looking whether the workflow was started' });
  expect(await takeBackRun(undefined, 'acme/payments', after(30), tooLate)).toEqual({ state: 'done' });
});
