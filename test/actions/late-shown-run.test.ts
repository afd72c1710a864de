/** GitHub shows a run only seconds after its dispatch: what was started and is not shown yet is neither started again nor left to go on. */
import { expect, test } from 'vitest';
import { refuseTooSoon, takeBackRun } from '../../src/actions/workflow/run.ts';
import type { Forge } from '../../src/core/forge.ts';
import { ProblemError, problem } from '../../src/core/problem.ts';

const startedAt = 1_000_000;
const after = (seconds: number) => ({
  ...{ now: startedAt + seconds * 1_000, stepStartedAt: startedAt, attemptedAt: startedAt },
  waitingSince: startedAt,
  forge: {} as Forge,
});
/** In how many milliseconds it is asked again; `undefined` once it may be made again. */
function retryIn(ms: number): number | undefined {
  try {
    refuseTooSoon(after(ms / 1_000));
    return undefined;
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return error.problem.retryAfterMs;
  }
}
const tooLate = () => problem('conflict', 'It is out already.', 'Roll it back.');

test('a dispatch whose answer was lost is not made again while its run may still show up', () => {
  expect(() => refuseTooSoon(after(2))).toThrow('does not show yet whether the workflow was started');
  // With slow answers to what was asked before, it went out two minutes after the attempt began.
  expect(() => refuseTooSoon(after(149))).toThrow('does not show yet whether the workflow was started');
  expect(() => refuseTooSoon(after(150))).not.toThrow();
});

test('until then it is asked for at once and then rarer, and made again as soon as it may be', () => {
  const askedAt: number[] = [];
  let ms = 1_000;
  for (let again = retryIn(ms); again !== undefined; again = retryIn(ms)) {
    askedAt.push(ms / 1_000);
    ms += again;
  }
  expect(askedAt).toEqual([1, 4, 8, 16, 32, 62, 92, 122]);
  expect(ms).toBe(150_000);
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
