/** The platforms as they are configured: connected at their first use, closed together. */

import type { Catalog } from '../core/catalog.ts';
import type { Cluster } from '../core/cluster.ts';
import type { Outside } from '../core/outside.ts';
import type { Clock, Scheduler } from '../core/ports.ts';
import { ProblemError, problem } from '../core/problem.ts';
import { connectGithub } from '../platforms/github/forge.ts';
import { type ConnectedCluster, connectCluster } from '../platforms/kubernetes/cluster.ts';
import { loadKubeconfig } from '../platforms/kubernetes/kubeconfig.ts';
import { connectPrometheus } from '../platforms/prometheus/connect.ts';
import { connectVault } from '../platforms/vault/connect.ts';
import type { AppSettings } from '../settings/app-settings.ts';

export interface OpenOutside {
  readonly ports: Outside;
  close(): Promise<void>;
}

/** Time and chance, as what follows a cluster needs them. */
interface Surroundings {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  draw(): number;
}

/** @throws ProblemError `bad_input` when the kubeconfig cannot be read. */
export function openOutside(
  settings: AppSettings,
  catalog: () => Catalog,
  surroundings: Surroundings,
): OpenOutside {
  const { clock } = surroundings;
  const clusters = openClusters(settings, catalog, surroundings);
  const vault = settings.vault && connectVault(settings.vault, () => clock.now());
  return {
    ports: {
      forge: connectGithub({ ...settings.github, now: () => clock.now() }),
      cluster: (name) => clusters.cluster(name),
      ...(settings.prometheus && { metrics: connectPrometheus(settings.prometheus) }),
      ...(vault && { secretStore: vault }),
    },
    async close() {
      await Promise.all([clusters.close(), vault?.close()]);
    },
  };
}

/** Connected at the first use, once each; a cluster that the catalog no longer names cannot be reached. */
function openClusters(settings: AppSettings, catalog: () => Catalog, surroundings: Surroundings) {
  const { clock, scheduler } = surroundings;
  const kubeconfig = loadKubeconfig(settings.kubeconfig);
  const open = new Map<string, ConnectedCluster>();
  return {
    cluster(name: string): Cluster {
      const known = catalog().clusters[name];
      if (!known) {
        throw new ProblemError(
          problem(
            'not_found',
            `The catalog has no cluster "${name}".`,
            'Ask the platform team to add it to catalog.yml.',
          ),
        );
      }
      const connected =
        open.get(known.context) ??
        connectCluster({
          kubeconfig,
          context: known.context,
          name,
          fieldManager: 'greenlight',
          now: () => clock.now(),
          scheduler,
          draw: () => surroundings.draw(),
          isImpersonating: () => catalog().clusters[name]?.impersonate ?? false,
        });
      open.set(known.context, connected);
      return connected;
    },
    async close() {
      await Promise.all([...open.values()].map((one) => one.close()));
    },
  };
}
