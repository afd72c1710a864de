/** What somebody removed by hand, and what was said of it. */
import type { RequestEvent } from '../../../src/core/request.ts';
import { BrokenPromise } from '../broken-promise.ts';
import type { Known } from './known.ts';

export interface Hands {
  follow(known: Known, event: RequestEvent): void;
  /** What the request of this key has made is gone. */
  removed(key: string): void;
  /** The requests whose environments are gone, and nothing says so yet. */
  unseen(): readonly Known[];
}

/** `isThere`: whether what the request of this key made is there: one that is being made is made again. */
export function createHands(requests: ReadonlyMap<string, Known>, isThere: (key: string) => boolean): Hands {
  const removed = new Set<string>();
  const found = new Set<string>();
  const over = new Set<string>();

  /** By a removal that has failed: what it had removed by then was not put back. */
  const wasHalfRemoved = ({ key, input }: Known) =>
    !isThere(key) &&
    [...requests.values()].some(
      (one) =>
        one.action === 'environment.destroy' && one.input.name === input.name && one.ending === 'failed',
    );

  return {
    follow(known, { type }) {
      const { id, key } = known;
      if (type === 'retired') over.add(key);
      if (type !== 'gone') return;
      if (!removed.has(key) && !wasHalfRemoved(known))
        throw new BrokenPromise('found once', `what ${id} has made was called gone, and nobody removed it`);
      if (found.has(key)) throw new BrokenPromise('found once', `what ${id} has made was found gone again`);
      found.add(key);
    },
    removed: (key) => void removed.add(key),
    unseen: () =>
      [...requests.values()].filter(
        ({ key, ending }) =>
          removed.has(key) && ending === 'succeeded' && !found.has(key) && !over.has(key) && !isThere(key),
      ),
  };
}
