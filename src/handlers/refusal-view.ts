/** A form that was not taken, with a reference under which the operator's log has the cause. */
import type { Problem } from '../core/problem.ts';
import { type ModalView, messageView } from '../slack/forms/form.ts';
import { problemMessage } from '../slack/notices.ts';
import type { HandlerDeps } from './deps.ts';

export function refusalView(deps: HandlerDeps, cause: Problem): ModalView {
  const reference = deps.chance.reference();
  deps.log.info({ reference, code: cause.code, detail: cause.detail }, 'a form was refused');
  return messageView('Not taken', problemMessage(cause, reference).blocks);
}
