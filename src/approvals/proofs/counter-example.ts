/** The smallest case of a domain that breaks a promise, and what of it does so. */
import type { Facts } from '../../core/facts.ts';
import type { Finding } from '../evaluate.ts';
import { type Cases, eachDistinct, findingsFor } from './distinct.ts';
import type { Choice } from './domain.ts';

export interface CounterExample {
  readonly facts: Facts;
  /** "payments in production, asked for by sam@acme.example of sre, with time.hour is 22". */
  readonly words: string;
}

/** Reads no more of the facts than the `kept` ones, and what an emergency is judged by. */
export type Breaks = (facts: Facts, findings: readonly Finding[]) => boolean;

/**
 * Of all that break it the one that differs least from a plain request; `undefined` when every case keeps it, and
 * `too_many` when there are more than could be looked at.
 */
export function counterExample(cases: Cases, breaks: Breaks): CounterExample | 'too_many' | undefined {
  let [least, found]: [number, readonly number[] | undefined] = [Infinity, undefined];
  // Once one is found, the others of its kind may differ less.
  const isOnceEnough = () => found === undefined;
  const isDone = eachDistinct({ ...cases, isOnceEnough }, (facts, picked, findings) => {
    const differences = differencesOf(picked);
    if (differences < least && breaks(facts, findings)) [least, found] = [differences, [...picked]];
    return least > 0;
  });
  if (found) return told(cases, found, breaks);
  return isDone ? undefined : 'too_many';
}

/** In how many things a case is not as it plainly is. */
export function differencesOf(picked: readonly number[]): number {
  let differences = 0;
  for (const place of picked) if (place > 0) differences += 1;
  return differences;
}

interface Told {
  readonly words: string;
  readonly matters: boolean;
}

/** A case that breaks it in words: no more than what matters to that. */
export function told(cases: Cases, picked: readonly number[], breaks: Breaks): CounterExample {
  const { domain } = cases;
  const isBroken = (facts: Facts) => domain.isAbout(facts) && breaks(facts, findingsFor(cases, facts));
  const chosen = domain.dimensions.map(({ choices }, index) => ({
    words: (choices[picked[index] as number] as Choice).words,
    // What could be anything else and it would still be broken is not told.
    matters: choices.some((_choice, place) => !isBroken(domain.factsOf(picked.with(index, place)))),
  }));
  // Every domain begins with them.
  const [who, target, ...others] = chosen as [Told, Told, ...Told[]];
  const rest = others.filter(({ matters, words }) => matters && words !== '');
  const when = rest.length > 0 ? `, when ${rest.map(({ words }) => words).join(' and ')}` : '';
  return {
    facts: domain.factsOf(picked),
    words: `${domain.action} of ${target.words}, asked for by ${who.words}${when}`,
  };
}
