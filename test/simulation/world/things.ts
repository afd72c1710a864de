/**
 * Things that can be changed: the simplest outside there is. One kind of change carries a key by which the outside knows
 * it again, like a payment; the other only leaves a mark that can be looked for, like a deployment at GitHub.
 */
import { ProblemError, problem } from '../../../src/core/problem.ts';

/** One effect on a thing that took place. */
export interface Effect {
  readonly key: string;
  readonly kind: 'done' | 'taken back';
  readonly thing: string;
}

export interface Order {
  readonly thing: string;
  /** The step's idempotency key. */
  readonly key: string;
  readonly fence: number | undefined;
}

export interface Things {
  /** What each is set to: the key of the last change that stands, or nothing. */
  readonly values: ReadonlyMap<string, string>;
  /** The same key again changes nothing, and gives the same receipt. */
  changeOnce(order: Order): string;
  /** Changes it each time it is asked. */
  change(order: Order): string;
  find(thing: string, key: string): string | undefined;
  /** Sets it to what it was before; nothing when there was no such change, or when it is taken back already. */
  takeBack(order: Order): void;
}

export function createThings(happened: (effect: Effect) => void): Things {
  const values = new Map<string, string>();
  const before = new Map<string, string | undefined>();
  const receipts = new Map<string, string>();
  const fences = new Map<string, number>();

  function mind({ thing, fence }: Order): void {
    if (fence === undefined) return;
    const highest = fences.get(thing) ?? 0;
    if (fence < highest) throw new ProblemError(outdated);
    fences.set(thing, fence);
  }

  function change(order: Order): string {
    const { thing, key } = order;
    mind(order);
    before.set(key, values.get(thing));
    values.set(thing, key);
    const receipt = `receipt for ${key}`;
    receipts.set(key, receipt);
    happened({ key, kind: 'done', thing });
    return receipt;
  }

  return {
    values,
    change,
    changeOnce: (order) => receipts.get(order.key) ?? change(order),
    find: (_thing, key) => receipts.get(key),
    takeBack(order) {
      const { thing, key } = order;
      if (!before.has(key)) return;
      mind(order);
      const value = before.get(key);
      before.delete(key);
      receipts.delete(key);
      if (value === undefined) values.delete(thing);
      else values.set(thing, value);
      happened({ key, kind: 'taken back', thing });
    },
  };
}

const outdated = problem('conflict', 'Somebody has changed it since.', 'Look at what it is now.');
