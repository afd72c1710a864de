/** ResourceQuota: keeps `status.used` up to date. */
import { usedIn } from '../admission/quota.ts';
import { formatQuantity } from '../quantity.ts';
import type { ResourceQuota } from '../types.ts';
import type { ClusterWorld } from '../world.ts';
import type { Controller } from './loop.ts';
import { setStatus } from './tools.ts';

export function quotaController(world: ClusterWorld): Controller {
  return {
    delayMs: 100,
    keysOf(change) {
      const namespace = change.object.metadata.namespace;
      if (namespace === undefined || change.storage === '/events') return [];
      return world.store
        .list('/resourcequotas', namespace)
        .map((quota) => `${namespace}/${quota.metadata.name}`);
    },
    reconcile(namespace, name) {
      const quota = world.store.get('/resourcequotas', namespace, name) as ResourceQuota | undefined;
      if (!quota || quota.metadata.deletionTimestamp) return undefined;
      const hard = quota.spec.hard ?? {};
      const used = Object.fromEntries(
        [...usedIn(world, namespace, hard)].map(([key, amount]) => [key, formatQuantity(amount)]),
      );
      setStatus(world, quota, { hard, used });
      return undefined;
    },
  };
}
