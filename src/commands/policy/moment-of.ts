/** A moment as it is written on a command line: `2026-11-21 18:00` in a zone, or with an offset of its own. */
import { Temporal } from 'temporal-polyfill';
import type { Moment } from '../../core/ids.ts';
import { ProblemError, problem } from '../../core/problem.ts';

/** @throws ProblemError `bad_input` */
export function momentOf(text: string, zone: string): Moment {
  try {
    return /(?:Z|[+-]\d\d:\d\d)$/i.test(text)
      ? Temporal.Instant.from(text).epochMilliseconds
      : Temporal.PlainDateTime.from(text).toZonedDateTime(zone).epochMilliseconds;
  } catch (error) {
    const next = 'Write one like "2026-11-21 18:00".';
    const detail = String(error);
    throw new ProblemError(problem('bad_input', `"${text}" is not a time.`, next, { detail }));
  }
}
