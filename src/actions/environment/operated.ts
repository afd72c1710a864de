/** Objects that an operator looks after: it must still be able to work in their namespace when they end. */
import type { ManifestRef } from '../../core/cluster.ts';

/** Groups of custom resources have a domain; those of the cluster's own kinds end in `k8s.io`, or have none. */
export function isOperated({ apiVersion }: Pick<ManifestRef, 'apiVersion'>): boolean {
  const [group = '', version] = apiVersion.split('/');
  return version !== undefined && group.includes('.') && !group.endsWith('k8s.io');
}
