/** The smallest case of a domain that breaks a promise, and what of it does so. */
import type { Facts } from '../../core/facts.ts';
import type { Choice, Domain } from './domain.ts';

export interface CounterExample {
  readonly facts: Facts;
  /** "payments in production, asked for by sam@acme.example of sre, with time.hour is 22". */
  readonly words: string;
}

/** Of all that break it the one that differs least from a plain request; `undefined` when every case keeps it. */
export function counterExample(
  domain: Domain,
  breaks: (facts: Facts, picked: readonly number[]) => boolean,
): CounterExample | undefined {
  let [least, found]: [number, readonly number[] | undefined] = [Infinity, undefined];
  domain.each((facts, picked) => {
    let differences = 0;
    for (const place of picked) if (place > 0) differences += 1;
    if (differences < least && breaks(facts, picked)) [least, found] = [differences, [...picked]];
    return least > 0;
  });
  return found && told(domain, found, breaks);
}

interface Told {
  readonly words: string;
  readonly matters: boolean;
}

function told(
  domain: Domain,
  picked: readonly number[],
  breaks: (facts: Facts, picked: readonly number[]) => boolean,
): CounterExample {
  const chosen = domain.dimensions.map(({ choices }, index) => ({
    words: (choices[picked[index] as number] as Choice).words,
    // What could be anything else and it would still be broken is not told.
    matters: choices.some(
      (_choice, place) => !breaks(domain.factsOf(picked.with(index, place)), picked.with(index, place)),
    ),
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
