/**
 * What is refused inside an open form, so that it can be tried again there: said at a field with its next step, and kept
 * like a refusal that closes it. A guess at a code is one whichever form it comes from; a slip of the pen is none.
 */
import type { Problem } from '../core/problem.ts';
import { stopped } from '../slack/words.ts';
import { attemptAt, type HandlerDeps } from './deps.ts';
import type { Place } from './payload.ts';

/** `errors`: by block. The same, with what to do and the reference behind the first. */
export function refusedAtField(
  { trail }: Pick<HandlerDeps, 'trail'>,
  place: Place,
  cause: Problem,
  errors: Readonly<Record<string, string>>,
): Record<string, string> {
  const reference = trail.refused(attemptAt(place), cause);
  const [first] = Object.keys(errors);
  const said = Object.entries(errors).map(([block, text]) => [
    block,
    block === first ? `${stopped(text)} ${stopped(cause.next)} Reference ${reference}.` : text,
  ]);
  return Object.fromEntries(said);
}
