/**
 * Fences: every taking of a lock has a number, higher than that of any taking before it. What a run writes carries the
 * number, and what carries a higher one already belongs to a newer run: a late write then changes nothing.
 */
import { type Problem, problem } from './problem.ts';

/** Where an object says which taking changed it last. */
export const fenceAnnotation = 'greenlight.dev/fence';

/**
 * A moment, pushed on where two are taken at once: a store that begins anew still gives higher numbers than those that
 * the outside remembers from the one before.
 */
export function nextFence(last: number, now: number): number {
  return Math.max(last + 1, now);
}

/** What stands in an object's annotation; `undefined` when nobody fenced it. */
export function readFence(
  annotations: Readonly<Record<string, string>> | undefined,
): number | 'unreadable' | undefined {
  const text = annotations?.[fenceAnnotation];
  if (text === undefined) return undefined;
  return /^\d{1,15}$/.test(text) ? Number(text) : 'unreadable';
}

/** Why a write under this fence comes too late for what carries `found`; `undefined` when it may go on. */
export function tooLate(
  fence: number,
  found: ReturnType<typeof readFence>,
  about: string,
): Problem | undefined {
  if (found === undefined) return undefined;
  // A hand has been there: nobody can tell any more which run was the newer one.
  if (found === 'unreadable') {
    return problem(
      'conflict',
      `The mark ${fenceAnnotation} of ${about} cannot be read, so nothing was changed.`,
      'Remove that annotation once nothing else changes it, and ask again.',
    );
  }
  if (found <= fence) return undefined;
  return problem(
    'conflict',
    `A newer run has changed ${about} since, so nothing was changed.`,
    'Look at what runs there now before asking again.',
  );
}
