/**
 * Which of the rules that speak of one case decide it, and which of them make a difference: told in one pass over what
 * they say, for it is asked of every case and of every rule in it.
 */
import type { Requirement } from '../../core/verdict.ts';
import type { Finding } from '../evaluate.ts';
import { isMetBy } from '../requirements.ts';

export interface Decision {
  /** Those that the verdict gives as its reasons, in that order; none when no rule that counts says anything. */
  readonly deciders: readonly Finding[];
  /** Whether the verdict would be otherwise without this one of them. */
  makesDifference(finding: Finding): boolean;
}

/** The same as `conclude` comes to with all and with all but one, without concluding once for each. */
export function decisionOf(findings: readonly Finding[]): Decision {
  const said: Record<Finding['kind'], Finding[]> = { deny: [], hold: [], require: [], allow: [] };
  for (const finding of findings) if (finding.rule.mode === 'enforce') said[finding.kind].push(finding);
  const { deny, hold, require: requires, allow } = said;
  if (deny.length > 0) return { deciders: deny, makesDifference: (finding) => isOnly(finding, deny) };
  if (hold.length > 0) {
    const last = longestOf(hold);
    const isNeeded = needed(requires);
    return {
      deciders: [...hold, ...requires],
      makesDifference: (finding) => isOnly(finding, last) || isNeeded(finding),
    };
  }
  if (requires.length > 0) {
    const isNeeded = needed(requires);
    return {
      deciders: requires,
      makesDifference: (finding) => isOnly(finding, requires) || isNeeded(finding),
    };
  }
  return { deciders: allow, makesDifference: (finding) => isOnly(finding, allow) };
}

function isOnly(finding: Finding, list: readonly Finding[]): boolean {
  return list.length === 1 && list[0] === finding;
}

/** Those that hold it as long as it is held. */
function longestOf(holds: readonly Finding[]): readonly Finding[] {
  const ends = holds.map((one) => Math.max(...one.holds.map(({ until = Infinity }) => until)));
  const end = Math.max(...ends);
  return holds.filter((_one, index) => ends[index] === end);
}

/** Whether it asks for something that nobody else among them asks for. */
function needed(requires: readonly Finding[]): (finding: Finding) => boolean {
  let asked: ReadonlyMap<string, Asked> | undefined;
  const answers = new Map<string, readonly Asked[]>();
  const meeting = (one: Requirement): readonly Asked[] => {
    asked ??= askedBy(requires);
    const key = keyOf(one);
    const found = answers.get(key) ?? [...asked.values()].filter(({ example }) => isMetBy(one, example));
    answers.set(key, found);
    return found;
  };
  return ({ requirements, rule }) =>
    requirements.some((one) => meeting(one).every(({ by }) => by === rule.id));
}

/** What is asked for in the very same way, however many rules do so. */
interface Asked {
  readonly example: Requirement;
  /** The rule, while it is the only one. */
  by: string | undefined;
}

function askedBy(requires: readonly Finding[]): ReadonlyMap<string, Asked> {
  const asked = new Map<string, Asked>();
  for (const { requirements, rule } of requires) {
    for (const example of requirements) {
      const key = keyOf(example);
      const known = asked.get(key);
      if (known === undefined) asked.set(key, { example, by: rule.id });
      else if (known.by !== rule.id) known.by = undefined;
    }
  }
  return asked;
}

/** What a rule says is the same object in each case in which it says the same. */
const keys = new WeakMap<Requirement, string>();

function keyOf(requirement: Requirement): string {
  const known = keys.get(requirement);
  if (known !== undefined) return known;
  const { count, from, not, stepUp, delegates, escalates } = requirement;
  const key = JSON.stringify([count, from, not, stepUp, delegates, escalates?.to]);
  keys.set(requirement, key);
  return key;
}
