/**
 * Facts that the world never shows together: what is told apart from another fact's own meaning, such as a required
 * check that is red while no check is. No case of a proof has them.
 */
import type { Facts } from '../../core/facts.ts';

export interface Law {
  /** It is asked only where all of these differ from case to case. */
  readonly paths: readonly string[];
  holds(facts: Facts): boolean;
}

export const laws: readonly Law[] = [
  // The required checks are some of all checks.
  {
    paths: ['change.checks', 'change.requiredChecks'],
    holds: ({ change: { checks, requiredChecks } }) =>
      checks === 'red' ||
      (checks === 'pending' ? requiredChecks !== 'red' : isWithout(checks, requiredChecks)),
  },
  // Only an extension moves an end.
  {
    paths: ['environment.timesExtended', 'environment.extendedHours'],
    holds: ({ environment: { timesExtended, extendedHours } }) => timesExtended > 0 === extendedHours > 0,
  },
  // A lock that nobody holds is nobody's, and on nothing.
  ...(['isOwn', 'isGlobal'] as const).map(
    (name): Law => ({
      paths: ['lock.heldBy', `lock.${name}`],
      holds: ({ lock }) => lock.heldBy !== '' || !lock[name],
    }),
  ),
  // An hour is within its day.
  {
    paths: ['usage.requestsLastHour', 'usage.requestsLastDay'],
    holds: ({ usage }) => usage.requestsLastHour <= usage.requestsLastDay,
  },
];

function isWithout(checks: string, required: string): boolean {
  return checks === 'green'
    ? required !== 'red' && required !== 'pending'
    : ['missing', 'none'].includes(required);
}
