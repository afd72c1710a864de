/**
 * What rules say of the cases of a domain. A rule looks at few of the things in which cases differ: what it said of them
 * is remembered, so that a hundred thousand cases cost each rule some hundred looks.
 */
import type { Facts } from '../../core/facts.ts';
import { type Finding, findingOf } from '../evaluate.ts';
import type { Policy, Rule } from '../policy.ts';
import type { Domain } from './domain.ts';

/** The same as `findingsOf` would give for this case, as far as these rules go. */
export type FindingsIn = (facts: Facts, picked: readonly number[]) => readonly Finding[];

export function rememberFindings(policy: Policy, domain: Domain, rules: readonly Rule[]): FindingsIn {
  const remembered = rules
    .toSorted((one, other) => (one.id < other.id ? -1 : 1))
    .map((rule) => ({ rule, strides: stridesOf(rule, domain), said: new Map<number, readonly Finding[]>() }));
  return (facts, picked) => {
    const findings: Finding[] = [];
    for (const { rule, strides, said } of remembered) {
      let key = 0;
      for (const { index, stride } of strides) key += (picked[index] as number) * stride;
      let finding = said.get(key);
      if (finding === undefined) {
        finding = findingOf(rule, policy, facts);
        said.set(key, finding);
      }
      findings.push(...finding);
    }
    return findings;
  };
}

interface Stride {
  readonly index: number;
  readonly stride: number;
}

function stridesOf(rule: Rule, { dimensions }: Domain): Stride[] {
  const read = readBy(rule);
  const strides: Stride[] = [];
  let stride = 1;
  for (const [index, { name, choices }] of dimensions.entries()) {
    if (!read.has(name)) continue;
    strides.push({ index, stride });
    stride *= choices.length;
  }
  return strides;
}

/** Whose groups are asked depends on who asks, on what, and on whose change it is. */
function readBy({ when, unless, outcome, chosen }: Rule): ReadonlySet<string> {
  const always = ['who', 'target', 'change.authors'];
  const held = outcome.kind === 'hold' ? ['windows', 'bypass'] : [];
  const paths = [...(when?.reads ?? []), ...(unless?.reads ?? [])];
  const bypass = paths.some((path) => path.startsWith('bypass.')) ? ['bypass'] : [];
  return new Set([...always, ...held, ...paths, ...bypass, ...(chosen ? [`input.${chosen.field}`] : [])]);
}
