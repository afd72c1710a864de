/**
 * Facts that the world never shows together: what is told apart from another fact's own meaning, such as a required
 * check that is red while no check is. No case of a proof has them.
 */
import type { Facts } from '../../core/facts.ts';
import type { Literal } from '../../expressions/syntax.ts';
import type { Readings } from './domain.ts';

export interface Law {
  /** It is asked only where all of these differ from case to case. */
  readonly paths: readonly string[];
  /** What each of them has to be tried with beside what rules name, so that no case stands for an impossible one. */
  readonly besides: readonly Literal[];
  holds(facts: Facts): boolean;
}

/** What rules compare facts with, and what their laws do. */
export function withLawful(readings: Readings): Readings {
  const all = new Map(readings);
  for (const { paths, besides } of laws) {
    if (!paths.every((path) => readings.has(path))) continue;
    const literals = [...paths.flatMap((path) => readings.get(path) as readonly Literal[]), ...besides];
    for (const path of paths)
      all.set(path, [...new Set([...(all.get(path) as readonly Literal[]), ...literals])]);
  }
  return all;
}

export const laws: readonly Law[] = [
  // The required checks are some of all checks.
  {
    paths: ['change.checks', 'change.requiredChecks'],
    besides: ['green', 'red', 'pending', 'missing', 'none'],
    holds: ({ change: { checks, requiredChecks } }) =>
      checks === 'red' ||
      (checks === 'pending' ? requiredChecks !== 'red' : isWithout(checks, requiredChecks)),
  },
  // Only an extension moves an end.
  {
    paths: ['environment.timesExtended', 'environment.extendedHours'],
    besides: [0],
    holds: ({ environment: { timesExtended, extendedHours } }) => timesExtended > 0 === extendedHours > 0,
  },
  // A lock that nobody holds is nobody's, and on nothing.
  ...(['isOwn', 'isGlobal'] as const).map(
    (name): Law => ({
      paths: ['lock.heldBy', `lock.${name}`],
      besides: [],
      holds: ({ lock }) => lock.heldBy !== '' || !lock[name],
    }),
  ),
  // An hour is within its day.
  {
    paths: ['usage.requestsLastHour', 'usage.requestsLastDay'],
    besides: [],
    holds: ({ usage }) => usage.requestsLastHour <= usage.requestsLastDay,
  },
];

function isWithout(checks: string, required: string): boolean {
  return checks === 'green'
    ? required !== 'red' && required !== 'pending'
    : ['missing', 'none'].includes(required);
}
