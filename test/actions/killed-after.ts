/** The shipped actions, one of which is interrupted once: its process is killed, and it is a while until another goes on. */
import type { Action, Actions } from '../../src/core/action.ts';
import { ProblemError, problem } from '../../src/core/problem.ts';
import { shipped } from './bench-world.ts';

/** The first attempt of this step makes its effect, and its answer is lost. @param meanwhile until somebody goes on. */
export function killedAfter(name: string, stepId: string, meanwhile: () => Promise<void>): Actions {
  const action = shipped.get(name);
  if (!action || action.effect === 'read') throw new Error(`${name} changes nothing`);
  let isOver = false;
  const killed: Action = {
    ...action,
    steps: (input, catalog) =>
      action.steps(input, catalog).map((step) => ({
        ...step,
        async do(asked, context) {
          const outcome = await step.do(asked, context);
          if (step.id !== stepId || isOver) return outcome;
          isOver = true;
          await meanwhile();
          throw new ProblemError(problem('outside_unavailable', 'It was killed.', '', { isTransient: true }));
        },
      })),
  };
  return new Map(shipped).set(name, killed);
}
