/** What an action binds an answer to, for answers of a time when it bound less. Pure. */
import type { Preview } from '../core/action.ts';

/** Where it happens: bound, also for each service of a set, since it could move while a request waited. */
const boundLater = /(?:^| )(?:cluster|place)$/;

/**
 * A newer version must not void answers for naming what follows from the catalog as before: what they were not asked
 * about is left out.
 */
export function asAgreed(now: Preview['resolved'], agreed: Preview['resolved']): Preview['resolved'] {
  return Object.fromEntries(
    Object.entries(now).filter(([name]) => Object.hasOwn(agreed, name) || !boundLater.test(name)),
  );
}
