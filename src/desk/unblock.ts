/** What would let a request run, beside what the guardrails say of it: each tried out on facts that fit together. */
import { inputKnobs } from '../approvals/field-knobs.ts';
import type { Policy } from '../approvals/policy.ts';
import { inputSchemaOf } from '../approvals/subjects.ts';
import { findWays } from '../approvals/unblock.ts';
import { factsAt, waitKnob } from '../approvals/wait-knob.ts';
import type { ChangeAction, Preview, TargetContext } from '../core/action.ts';
import type { Facts } from '../core/facts.ts';
import type { Person } from '../core/person.ts';
import type { Verdict, VerdictChange } from '../core/verdict.ts';
import { furtherOf, withCheckedValues } from './further.ts';

export interface Blocked {
  readonly policy: Policy;
  readonly action: ChangeAction;
  readonly requester: Person;
  readonly preview: Preview;
  readonly facts: Facts;
  readonly verdict: Verdict;
  readonly known: TargetContext;
  /** As the verdict came to be. */
  judge(facts: Facts): Verdict;
}

/** The verdict, with the ways out of it; what runs at once needs none. */
export function withWays(blocked: Blocked): Verdict {
  const { policy, action, facts, verdict, known } = blocked;
  if (verdict.outcome === 'allow') return verdict;
  const further = furtherOf(action, facts.input, known.catalog);
  const knobs = [...inputKnobs(policy, facts, inputSchemaOf(action), further), ...waitKnob(policy, facts)];
  const { ways } = findWays(verdict, knobs, (changes) => {
    const changed = changedFacts(blocked, changes);
    return changed && blocked.judge(changed);
  });
  return ways.length === 0 ? verdict : { ...verdict, ways: [...ways] };
}

function changedFacts(blocked: Blocked, changes: readonly VerdictChange[]): Facts | undefined {
  const asked = changes.filter((change) => change.kind === 'input');
  const told = asked.length === 0 ? blocked.facts : toldAnew(blocked, asked);
  const wait = changes.find((change) => change.kind === 'wait');
  return told && wait ? factsAt(blocked.policy, told, wait.until) : told;
}

type InputChange = Extract<VerdictChange, { kind: 'input' }>;

/** `values.size.cpu` is a field of what the chosen blueprint asks for. */
function withChanges(input: Facts['input'], changes: readonly InputChange[]): Facts['input'] {
  return changes.reduce((here, { field, to }) => withValueAt(here, field.split('.'), to), input);
}

function withValueAt(values: unknown, [key = '', ...rest]: readonly string[], to: unknown): Facts['input'] {
  const here = typeof values === 'object' && values !== null ? (values as Facts['input']) : {};
  return { ...here, [key]: rest.length === 0 ? to : withValueAt(here[key], rest, to) };
}

/**
 * The facts of another input. What only a look outside could tell of it is unknown, which helps nobody; nothing at all
 * when it could not be asked so.
 */
function toldAnew(
  { action, facts, preview, known, requester }: Blocked,
  changes: readonly InputChange[],
): Facts | undefined {
  const parsed = action.input.safeParse(withChanges(facts.input, changes));
  if (!parsed.success || preview.parts !== undefined) return undefined;
  const checked = withCheckedValues(action, parsed.data, known.catalog);
  const target = action.target(parsed.data, known);
  if (!checked.ok || !target.ok) return undefined;
  const { kind, name, tier, team, service } = target.value;
  const cost = action.cost?.(checked.value as never, { catalog: known.catalog, requester });
  // What it adds to a budget is as it was counted: good for what costs no more.
  if (facts.limits && cost && cost.perDay > facts.cost.perDay) return undefined;
  return {
    ...facts,
    input: { ...checked.value },
    target: { ...facts.target, kind, name, tier, team },
    service: { name: service?.name ?? '', owners: [...(service?.owners ?? [])] },
    ...(cost ? { cost } : {}),
    unknown: [
      ...facts.unknown,
      ...(preview.change === undefined ? [] : ['change']),
      ...(preview.cost === undefined || cost ? [] : ['cost']),
      ...(preview.addedHours === undefined ? [] : ['environment.addedHours']),
    ],
  };
}
