/** What a request is called in a sentence: plain text, so whoever draws it escapes it. */
import type { Actions } from '../core/action.ts';
import { parseDuration } from '../core/duration.ts';
import type { PlatformRequest, RequestStatus } from '../core/request.ts';
import { capitalised } from './words.ts';

type Phrased = Pick<PlatformRequest, 'action' | 'input' | 'target'> &
  Partial<Pick<PlatformRequest, 'askedAs' | 'preview'>>;

/** `deploy payments v1.4.2 to production`, `clone environment pr-12 as pr-13`: after "asks to". */
export function askPhrase(actions: Actions, request: Phrased): string {
  const { action, input } = request.askedAs ?? request;
  const command = actions.get(action)?.command;
  if (!command) return `${action} ${request.target.name}`;
  const words = [command.spoken ?? command.verb ?? command.slash.slice(1)];
  const noun = command.noun ?? (request.target.kind === 'service' ? undefined : request.target.kind);
  // A service's own name says what it is.
  if (command.verb !== undefined && noun !== undefined) words.push(noun);
  for (const { field, word, otherWord } of command.positional) {
    const value = request.preview?.called?.[field] ?? input[field];
    if (value === undefined) continue;
    // Several names in one field.
    const text = String(value).replaceAll(/,(?=\S)/g, ', ');
    // `in 2h` and `at 09:00` are one field; its word may be typed with its value.
    const plain = text.replace(/^(?:in|at) +(?=\d)/, '');
    if (otherWord === undefined) words.push(...(word === undefined ? [] : [word]), text);
    else if (/^\p{L}/u.test(plain)) words.push(plain);
    else words.push((parseDuration(plain) === undefined ? word : otherWord) ?? '', plain);
  }
  return words.join(' ');
}

export function askTitle(actions: Actions, request: Phrased): string {
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
