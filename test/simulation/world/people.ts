/** Who is there: the members whom the catalog's groups name, and a second account of one of them. */

import { createCodes } from '../../../src/codes/create-codes.ts';
import { codeAt } from '../../../src/codes/time-codes.ts';
import { minuteMs } from '../../../src/core/duration.ts';
import { type PersonId, personIdSchema } from '../../../src/core/ids.ts';
import type { Person, PersonKind } from '../../../src/core/person.ts';
import type { Directory } from '../../../src/core/ports.ts';
import { ProblemError, problem } from '../../../src/core/problem.ts';
import type { Store } from '../../../src/core/store.ts';
import type { Calls, Life } from '../calls.ts';
import { beginning } from '../rules.ts';

export interface People {
  /** What account each has now, by Slack id. */
  kinds(): ReadonlyMap<string, PersonKind>;
  /** As they are now. */
  now(id: PersonId): Person | undefined;
  /** Their account is deactivated. */
  leaves(id: PersonId): void;
  directory(calls: Calls, life: Life): Directory;
}

export const dana = member('U0DANA', 'Dana');
export const priya = member('U0PRIYA', 'Priya');
export const max = member('U0MAX', 'Max');
export const sam = member('U0SAM', 'Sam');
export const olga = member('U0OLGA', 'Olga');
export const lee = member('U0LEE', 'Lee');
/** Priya once more: another account with her address. */
export const priyaAgain = { ...member('U0PRIYA2', 'Priya N'), email: 'PRIYA@acme.example' };

export const everybody: readonly Person[] = [dana, priya, max, sam, olga, lee, priyaAgain];

function member(id: string, name: string): Person {
  const email = `${name.toLowerCase()}@acme.example`;
  return { id: personIdSchema.parse(id), name, kind: 'member', email };
}

export function createPeople(): People {
  const all = new Map(everybody.map((one) => [one.id, one]));
  return {
    kinds: () => new Map([...all.values()].map(({ id, kind }) => [id, kind])),
    now: (id) => all.get(id),
    leaves(id) {
      const one = all.get(id);
      if (one) all.set(id, { ...one, kind: 'deactivated' });
    },
    directory(calls, life) {
      const ask = <Value>(what: string, work: () => Value) =>
        calls.make(life, {
          ...{ port: 'directory', what, isWrite: false, work },
          failure: () => new ProblemError(away),
        });
      return {
        person: (id) =>
          ask(`person ${id}`, () => {
            const found = all.get(id);
            if (found) return found;
            throw new ProblemError(problem('not_found', `Nobody is ${id}.`, 'Look again.'));
          }),
        personByEmail: (email) =>
          ask(`person ${email}`, () =>
            [...all.values()].find((one) => one.email?.toLowerCase() === email.toLowerCase()),
          ),
      };
    },
  };
}

const away = problem('outside_unavailable', 'Slack does not answer just now.', 'Try again in a moment.', {
  isTransient: true,
});

/** Everybody sets up an authenticator app; gives each one's key, for showing codes. */
export async function enrolAll(store: Store): Promise<ReadonlyMap<string, string>> {
  const before = beginning - minuteMs;
  const codes = createCodes({
    ...{ store, keys: sealingKeys, clock: { now: () => before } },
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    tell: async () => undefined,
  });
  const keys = new Map<string, string>();
  for (const one of everybody) {
    const begun = await codes.begin(one);
    if (!begun.ok) throw new Error(begun.problem.sentence);
    keys.set(one.id, begun.value.key);
    await codes.confirm(one, codeAt(begun.value.key, before), undefined);
  }
  return keys;
}

export const sealingKeys: ReadonlyMap<string, Buffer> = new Map([['simulated', Buffer.alloc(32, 7)]]);
