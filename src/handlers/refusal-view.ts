/** A form that was not taken, with a reference under which the operator's log has the cause. */
import type { Problem } from '../core/problem.ts';
import { type ModalView, messageView } from '../slack/forms/form.ts';
import { problemMessage } from '../slack/notices.ts';
import { attemptAt, type HandlerDeps } from './deps.ts';
import type { Place } from './payload.ts';

export function refusalView(deps: HandlerDeps, place: Place | undefined, cause: Problem): ModalView {
  const reference = deps.trail.refused(place ? attemptAt(place) : { door: 'view_submission' }, cause);
  return messageView('Not taken', problemMessage(cause, reference).blocks);
}
