/** What of an event stands in the story, behind its type. */
import type { RequestEvent } from '../../../src/core/request.ts';

export function wordsOf(event: RequestEvent): string {
  switch (event.type) {
    case 'requested':
      return ` by ${event.requester.name}: ${event.action} ${JSON.stringify(event.input)}`;
    case 'evaluated':
      return `: ${event.verdict.outcome}`;
    case 'reviewed':
      return ` by ${event.review.name}: ${event.review.decision}`;
    case 'step_started':
    case 'step_done':
    case 'step_undone':
    case 'undo_step_started':
      return ` ${event.step}`;
    case 'denied':
      return ` by ${event.by}`;
    case 'failed':
      return `: ${event.problem.sentence}`;
    default:
      return '';
  }
}
