/** What a story looks at behind the scenes. */
import type { Stage } from './stage.ts';

export function isThere(stage: Stage, namespace: string): boolean {
  return (
    stage.world.cluster.control.read({ apiVersion: 'v1', kind: 'Namespace', name: namespace }) !== undefined
  );
}

/** How many Pods a Deployment is to have; `undefined` when there is none. */
export function replicasOf(stage: Stage, namespace: string, name: string): number | undefined {
  const ref = { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name };
  const found = stage.world.cluster.control.read(ref);
  // The control gives any object there is; this one is a Deployment.
  return (found as { readonly spec?: { readonly replicas?: number } } | undefined)?.spec?.replicas;
}
