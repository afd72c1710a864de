/** One verdict of several: a request about a set is judged for each of its parts, and the strictest word counts. Pure. */
import { type Outcome, outcomes, type Reason, type Requirement, type Verdict } from '../core/verdict.ts';

export interface PartVerdict {
  /** What it is about, as people call it: `payments`. */
  readonly name: string;
  readonly verdict: Verdict;
}

/**
 * Whatever any part asks for must be met: each part's requirements stand beside those of the others. What is said of one
 * part alone begins with its name.
 */
export function strictestOf(first: PartVerdict, others: readonly PartVerdict[]): Verdict {
  if (others.length === 0) return first.verdict;
  const parts = [first, ...others];
  const outcome = strictestOutcome(parts.map((part) => part.verdict.outcome));
  const saying = parts.filter((part) => part.verdict.outcome === outcome);
  const holds = saying.flatMap(({ verdict }) => verdict.hold ?? []);
  const [hold] = holds.toSorted((a, b) => (b.until ?? Infinity) - (a.until ?? Infinity));
  return {
    outcome,
    reasons: saying.flatMap((part) => named(part, part.verdict.reasons)),
    requirements: outcome === 'deny' ? [] : parts.flatMap(requirementsOf),
    ...(hold ? { hold } : {}),
    ...glassOf(outcome, parts),
    warnings: parts.flatMap((part) => named(part, part.verdict.warnings)),
    shadows: parts.flatMap((part) => named(part, part.verdict.shadows)),
    policyVersion: first.verdict.policyVersion,
  };
}

/** Whoever looks at it afterwards looks at all of it. */
function glassOf(outcome: Outcome, parts: readonly PartVerdict[]): Pick<Verdict, 'glass'> {
  const broken = parts.flatMap(({ verdict }) => verdict.glass ?? []);
  const each = (of: (one: (typeof broken)[number]) => readonly string[]) => [...new Set(broken.flatMap(of))];
  return outcome === 'allow' && broken.length > 0
    ? {
        glass: {
          rules: each(({ rules }) => rules),
          review: each(({ review }) => review),
          ...(broken.some(({ stepUp }) => stepUp) ? { stepUp: 'code' as const } : {}),
        },
      }
    : {};
}

/** `outcomes` rise from the mildest to the strictest. */
function strictestOutcome(given: readonly Outcome[]): Outcome {
  const ranks = given.map((outcome) => outcomes.indexOf(outcome));
  return outcomes[Math.max(...ranks)] as Outcome;
}

function requirementsOf({ name, verdict }: PartVerdict): Requirement[] {
  return verdict.requirements.map((one) => ({
    ...one,
    id: `${one.id}.${name}`,
    because: `${name}: ${one.because}`,
  }));
}

function named({ name }: PartVerdict, reasons: readonly Reason[]): Reason[] {
  return reasons.map((reason) => ({ ...reason, text: `${name}: ${reason.text}` }));
}
