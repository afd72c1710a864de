/** The world beyond Greenlight as actions see it. A new platform is one line here, and its adapter is made in wiring/open-outside.ts. */

import type { Cluster } from './cluster.ts';
import type { Forge } from './forge.ts';
import type { Metrics } from './metrics.ts';
import type { SecretStore } from './secret-store.ts';

export interface Outside {
  readonly forge: Forge;
  /** @throws ProblemError `not_found` for one that the catalog does not name. */
  cluster(name: string): Cluster;
  /** Where numbers are kept; none when no Prometheus is configured. */
  readonly metrics?: Metrics;
  /** Where secret values are kept; none when no Vault is configured. */
  readonly secretStore?: SecretStore;
}
