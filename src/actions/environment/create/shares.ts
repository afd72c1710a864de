/**
 * How many containers share an environment's size. A rolling update starts one Pod more than wanted, and a quota
 * without room for it stalls the rollout without any Pod to show it: one share of each Deployment is kept free.
 */
import type { Blueprint, BlueprintResource, BlueprintScope } from '../../../core/blueprint.ts';
import type { Manifest } from '../../../core/cluster.ts';

export function sharesOf(blueprint: Blueprint, scope: BlueprintScope): number {
  const wanted = blueprint.resources.filter((resource) => resource.isWanted(scope));
  const shares = wanted.reduce((sum, resource) => sum + sharesOfOne(resource, scope), 0);
  // What an operator makes of a custom resource is not known here: room for the asked replicas there is always.
  return Math.max(shares, scope.environment.replicas + 1);
}

function sharesOfOne(resource: BlueprintResource, scope: BlueprintScope): number {
  switch (resource.kind) {
    case 'Deployment':
      return replicasOf(resource, scope) + 1;
    case 'StatefulSet':
      return replicasOf(resource, scope);
    case 'Job':
    case 'Pod':
    case 'DaemonSet':
      return 1;
    default:
      return 0;
  }
}

function replicasOf(resource: BlueprintResource, scope: BlueprintScope): number {
  // What speaks of other resources is known only when they are there.
  if (resource.reads.length > 0) return scope.environment.replicas;
  const { spec } = resource.manifest(scope, {}) as Manifest & {
    readonly spec?: { readonly replicas?: unknown };
  };
  return typeof spec?.replicas === 'number' ? spec.replicas : 1;
}
