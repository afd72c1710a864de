/**
 * What was true when, of all that a decision depends on: the model's own record of the world. A replica that decides reads
 * it over a while, so what held at any moment of that while is what it may have seen.
 */
import type { Moment } from '../../../src/core/ids.ts';
import type { PersonKind } from '../../../src/core/person.ts';
import type { Rules } from '../rules.ts';

export interface Facts {
  readonly rules: Rules;
  /** By Slack id. */
  readonly kinds: ReadonlyMap<string, PersonKind>;
  /** Groups of an e-mail address in lower case. */
  readonly groups: ReadonlyMap<string, readonly string[]>;
  readonly commit: string;
}

export interface FactsOverTime {
  now(): Facts;
  change(at: Moment, change: Partial<Facts>): void;
  /** All that held at some moment from `from` on. */
  since(from: Moment): readonly Facts[];
}

export function createFacts(at: Moment, first: Facts): FactsOverTime {
  const all: { readonly at: Moment; readonly facts: Facts }[] = [{ at, facts: first }];
  const now = () => (all.at(-1) as (typeof all)[number]).facts;
  return {
    now,
    change: (moment, change) => void all.push({ at: moment, facts: { ...now(), ...change } }),
    since(from) {
      const begin = all.findLastIndex((one) => one.at < from);
      return all.slice(Math.max(0, begin)).map(({ facts }) => facts);
    },
  };
}
