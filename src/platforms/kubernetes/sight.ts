/** What people see of one cluster: one cache for everybody, and for each a view with their own rights. */
import type { Cluster } from '../../core/cluster.ts';
import type { ClusterView, Viewer } from '../../core/cluster-view.ts';
import type { Clock, Scheduler } from '../../core/ports.ts';
import { createAccess } from './access.ts';
import { createClusterCache } from './cache/cluster-cache.ts';
import { createLive } from './live.ts';
import { noDeployment, problemOf } from './problems.ts';
import { asIdentity, type Transport } from './transport.ts';
import { createView } from './view.ts';

export interface SightOptions {
  readonly transport: Transport;
  /** As people know the cluster. */
  readonly name: string;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  draw(): number;
  isImpersonating(): boolean;
}

export interface Sight extends Pick<Cluster, 'view'> {
  close(): Promise<void>;
}

export function createSight(options: SightOptions): Sight {
  const { transport, name, clock } = options;
  const cache = createClusterCache(options);
  const access = createAccess(transport, clock);
  return {
    view: (viewer: Viewer): ClusterView =>
      createView({
        cache,
        access,
        cluster: name,
        isImpersonating: options.isImpersonating(),
        viewer,
        now: () => clock.now(),
        async attempt(about, call) {
          try {
            return await call();
          } catch (error) {
            throw problemOf(error, name, about);
          }
        },
        async logs(as, namespace, deployment, most) {
          const live = createLive(asIdentity(transport, as), () => clock.now());
          try {
            const logs = await live.logs(namespace, deployment, most);
            if (logs) return logs;
          } catch (error) {
            throw problemOf(error, name, `the logs of ${deployment} in ${namespace}`, as ? 'person' : 'us');
          }
          throw noDeployment(namespace, deployment, name);
        },
      }),
    close: () => cache.close(),
  };
}
