/** Somebody with rights on the cluster removes an environment there, and tells nobody. */
import type { Deed } from './act.ts';

export function removeByHand(environment: string): Deed {
  return {
    words: `somebody removes the environment ${environment} by hand`,
    play({ cluster, model }) {
      const key = cluster.removeByHand(`env-${environment}`);
      if (key !== undefined) model.removedByHand(key);
    },
  };
}
