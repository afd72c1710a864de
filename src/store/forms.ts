/**
 * Two versions over one database, while an upgrade rolls out: a request is touched only by those that understand all that
 * has happened to it. A version that adds an event or a status, or gives one a new meaning, is of the next form, and the
 * first such event makes its request one of that form. Older versions leave it alone until they are gone.
 */
import type { RequestId } from '../core/ids.ts';
import { ProblemError, problem } from '../core/problem.ts';
import type { RequestEvent } from '../core/request.ts';

export interface Forms {
  /** The newest that this version understands. */
  readonly known: number;
  /** Which one must understand to touch a request after this event. */
  of(event: RequestEvent): number;
}

/**
 * Of this version. 2: an environment is taken away only while its end is the one that was seen (`requested.end`), and what
 * a request is about may move (`evaluated.target`).
 */
export const ourForms: Forms = {
  known: 2,
  of(event) {
    const isOfSecond =
      (event.type === 'requested' && event.end !== undefined) ||
      (event.type === 'evaluated' && event.target !== undefined);
    return isOfSecond ? 2 : 1;
  },
};

/** The form of a request after these events. */
export function formAfter(forms: Forms, before: number, events: readonly RequestEvent[]): number {
  return Math.max(before, ...events.map((event) => forms.of(event)));
}

/** @throws ProblemError when it takes a newer version to understand it. */
export function expectForm(forms: Forms, id: RequestId, form: number): void {
  if (form <= forms.known) return;
  throw new ProblemError(
    problem(
      'busy',
      `${id} is in the hands of a newer Greenlight, which is being rolled out.`,
      'Try again in a few minutes.',
      { isTransient: true, detail: `it is of form ${form}; this version knows up to ${forms.known}` },
    ),
  );
}
