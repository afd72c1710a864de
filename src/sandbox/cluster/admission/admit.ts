/** Admission: what the cluster's own rules add to an object or refuse it for, in the order of the real plugins. */

import type { Resource } from '../registry.ts';
import { forbidden, notFound } from '../status.ts';
import type { KubeObject, Namespace, Pod } from '../types.ts';
import type { ClusterWorld } from '../world.ts';
import { aboutOf, type WriteContext } from '../writes.ts';
import { checkEscalation } from './escalation.ts';
import { checkLimits, defaultLimits } from './limit-range.ts';
import { addPodDefaults } from './pod-defaults.ts';
import { checkPodSecurity, checkPodSecurityLevels, warnPodSecurity } from './pod-security.ts';
import { checkQuota } from './quota.ts';
import { allocateService } from './service-address.ts';

export function admitCreate(
  world: ClusterWorld,
  resource: Resource,
  object: KubeObject,
  context: WriteContext,
  phase: 'mutate' | 'validate',
  exists = false,
): void {
  const namespace = object.metadata.namespace;
  if (phase === 'mutate') {
    if (namespace !== undefined) checkNamespace(world, resource, object, namespace);
    if (resource.kind === 'Pod' && resource.group === '') {
      addPodDefaults(world, resource, object as Pod);
      defaultLimits(world, object as Pod);
    }
    return;
  }
  if (resource.group === '' && resource.kind === 'Service') allocateService(world, object);
  checkEscalation(world, resource, object, context.user);
  if (resource.kind === 'Namespace') checkPodSecurityLevels(object);
  if (resource.kind === 'Pod' && resource.group === '') {
    checkLimits(world, resource, object as Pod);
    checkPodSecurity(world, resource, object as Pod, context.warn);
  } else warnPodSecurity(world, object, context.warn);
  if (!exists) checkQuota(world, resource, object);
}

export function admitUpdate(
  world: ClusterWorld,
  resource: Resource,
  live: KubeObject,
  next: KubeObject,
  context: WriteContext,
): void {
  if (resource.kind === 'Namespace') checkPodSecurityLevels(next, live, world, context.warn);
  if (context.subresource === undefined) checkEscalation(world, resource, next, context.user, live);
}

export function admitDelete(resource: Resource, live: KubeObject): void {
  if (resource.kind === 'Namespace' && immortal.has(live.metadata.name)) {
    throw forbidden(aboutOf(resource, live.metadata.name), 'this namespace may not be deleted');
  }
}

const immortal = new Set(['default', 'kube-system', 'kube-public']);

function checkNamespace(
  world: ClusterWorld,
  resource: Resource,
  object: KubeObject,
  namespace: string,
): void {
  const found = world.store.get('/namespaces', undefined, namespace) as Namespace | undefined;
  if (!found) throw notFound({ group: '', resource: 'namespaces', name: namespace });
  if (found.status.phase === 'Terminating' && !resource.verbs.every((verb) => verb === 'create')) {
    throw forbidden(
      aboutOf(resource, object.metadata.name),
      `unable to create new content in namespace ${namespace} because it is being terminated`,
      [
        {
          reason: 'NamespaceTerminating',
          message: `namespace ${namespace} is being terminated`,
          field: 'metadata.namespace',
        },
      ],
    );
  }
}
