/** How a request is taken back by whoever asked, and what its end is once all that could be undone is. Pure. */
import { type Advance, accepted, from, refused } from './advance-result.ts';
import type { Moment } from './ids.ts';
import { isSamePerson, type Person } from './person.ts';
import { openSteps } from './plan.ts';
import { type Problem, problem } from './problem.ts';
import { endedProblem } from './refusals.ts';
import { isEnded, type PlatformRequest } from './request.ts';

export function cancel(request: PlatformRequest, by: Person, now: Moment): Advance {
  if (isEnded(request)) return refused(endedProblem(request));
  if (!isSamePerson(by, request.requester)) {
    return refused(
      problem(
        'not_yours',
        `${request.id} is ${request.requester.name}'s request.`,
        'Only who asked can cancel it; an approver can deny it.',
      ),
    );
  }
  switch (request.status) {
    case 'running':
      // What it has changed for others (an environment that sleeps, a lock) is being written by now.
      if (openSteps(request.steps).length === 0) return refused(justDoneProblem(request));
      return accepted([{ type: 'undo_started', at: now, cause: { kind: 'cancelled', by } }]);
    case 'undoing':
      return refused(
        problem(
          'too_late_to_cancel',
          `${request.id} is already being taken back.`,
          'The card shows when that is done.',
        ),
      );
    default:
      return accepted([{ type: 'cancelled', at: now, by }]);
  }
}

function justDoneProblem({ id }: PlatformRequest): Problem {
  return problem(
    'too_late_to_cancel',
    `${id} has just been done.`,
    'Look at its card for what came of it; to undo that, ask for the opposite.',
  );
}

export function endUndo(request: PlatformRequest, now: Moment): Advance {
  return from(request, ['undoing'], () => {
    const remains = request.steps.filter((step) => step.state === 'undo_failed').map((step) => step.title);
    const cause = request.undoCause;
    if (cause?.kind === 'failed') return [{ type: 'failed', at: now, problem: cause.problem, remains }];
    if (remains.length > 0)
      return [{ type: 'failed', at: now, problem: undoFailedProblem(request), remains }];
    return [{ type: 'cancelled', at: now, by: cause?.by ?? request.requester }];
  });
}

function undoFailedProblem(request: PlatformRequest): Problem {
  return problem(
    'undo_failed',
    `${request.id} could not be taken back completely.`,
    'Remove what remains by hand; the card names it.',
  );
}
