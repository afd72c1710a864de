/** The one step of taking a lock: it came with the start, so here is only seen that it is there. */
import type { Step, StepContext } from '../../core/action.ts';
import { ProblemError, problem } from '../../core/problem.ts';
import { readableLocks } from './place.ts';

export const takenStep: Step<unknown> = {
  id: 'taken',
  title: 'Lock taken',
  async do(_asked, context: StepContext) {
    const own = (await readableLocks(context)).find(({ requestId }) => requestId === context.request.id);
    if (!own) throw new ProblemError(notHeld());
    return { state: 'done', result: { until: String(own.until ?? context.now) } };
  },
};

function notHeld() {
  return problem('lock_lost', 'The lock was taken away at once.', 'See who holds what: `/lock`.');
}
