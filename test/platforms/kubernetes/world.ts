/** What every test of the cluster needs: a refused call as the Problem it is. */
import { type Problem, ProblemError } from '../../../src/core/problem.ts';

/** What a call was refused with. Anything but a ProblemError fails the test: adapters throw nothing else. */
export async function problemOfCall(call: Promise<unknown>): Promise<Problem> {
  try {
    await call;
  } catch (error) {
    if (error instanceof ProblemError) return error.problem;
    throw error;
  }
  throw new Error('it was not refused');
}
