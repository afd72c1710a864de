/** What a request is called in a sentence: plain text, so whoever draws it escapes it. */
import type { Actions } from '../core/action.ts';
import type { PlatformRequest, RequestStatus } from '../core/request.ts';
import { capitalised } from './words.ts';

/** `deploy payments v1.4.2 to production`, `create environment checkout-pr-12`: after "asks to". */
export function askPhrase(
  actions: Actions,
  request: Pick<PlatformRequest, 'action' | 'input' | 'target'>,
): string {
  const command = actions.get(request.action)?.command;
  if (!command) return `${request.action} ${request.target.name}`;
  const words = [command.verb ?? command.slash.slice(1)];
  if (command.verb !== undefined) words.push(command.noun ?? request.target.kind);
  for (const { field, word } of command.positional) {
    const value = request.input[field];
    if (value === undefined) continue;
    words.push(...(word === undefined ? [] : [word]), String(value));
  }
  return words.join(' ');
}

export function askTitle(
  actions: Actions,
  request: Pick<PlatformRequest, 'action' | 'input' | 'target'>,
): string {
  return capitalised(askPhrase(actions, request));
}

/** One or two words for a list. */
export const statusWords: Readonly<Record<RequestStatus, string>> = {
  submitted: 'being checked',
  waiting: 'waiting for approval',
  held: 'on hold',
  approved: 'about to start',
  running: 'running',
  undoing: 'being taken back',
  succeeded: 'done',
  failed: 'failed',
  denied: 'denied',
  cancelled: 'cancelled',
  expired: 'expired unanswered',
};
