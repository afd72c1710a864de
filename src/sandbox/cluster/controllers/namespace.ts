/** Namespaces: what appears in a new one, and how an old one goes: content first, then itself. */

import { deleteObject } from '../deletes.ts';
import { copy } from '../json.ts';
import { type Resource, storageOf } from '../registry.ts';
import type { Condition, KubeObject, Namespace } from '../types.ts';
import { type ClusterWorld, timestamp } from '../world.ts';
import { type Controller, own } from './loop.ts';
import { asSystem, createAsSystem, withCondition } from './tools.ts';

/** How long the default ServiceAccount lets wait for itself; bare Pods are refused until then. */
const accountDelayMs = 300;

export function namespaceContent(world: ClusterWorld): Controller {
  return {
    delayMs: accountDelayMs,
    keysOf: (change) => [
      ...own(change, '/namespaces'),
      ...(change.type === 'DELETED' &&
      (change.storage === '/configmaps' || change.storage === '/serviceaccounts')
        ? [`/${change.object.metadata.namespace ?? ''}`]
        : []),
    ],
    reconcile(_, name) {
      const namespace = world.store.get('/namespaces', undefined, name) as Namespace | undefined;
      if (!namespace || namespace.metadata.deletionTimestamp) return undefined;
      if (!world.store.get('/serviceaccounts', name, 'default')) {
        createAsSystem(world, 'v1', 'ServiceAccount', name, { metadata: { name: 'default' } });
      }
      if (!world.store.get('/configmaps', name, 'kube-root-ca.crt')) {
        createAsSystem(world, 'v1', 'ConfigMap', name, {
          metadata: {
            name: 'kube-root-ca.crt',
            annotations: { 'kubernetes.io/description': rootCaDescription },
          },
          data: { 'ca.crt': rootCa },
        });
      }
      return undefined;
    },
  };
}

const rootCaDescription =
  'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.';
const rootCa = '-----BEGIN CERTIFICATE-----\nc2FuZGJveA==\n-----END CERTIFICATE-----\n';

/** How often a namespace that is going looks whether it can go, in ms. */
const lookAgainMs = 1_000;

export function namespaceDeletion(world: ClusterWorld): Controller {
  return {
    delayMs: 500,
    keysOf: (change) => {
      if (change.storage === '/namespaces') return own(change, '/namespaces');
      const name = change.object.metadata.namespace;
      const going =
        name !== undefined &&
        world.store.get('/namespaces', undefined, name)?.metadata.deletionTimestamp !== undefined;
      return going ? [`/${name}`] : [];
    },
    reconcile(_, name) {
      const namespace = world.store.get('/namespaces', undefined, name) as Namespace | undefined;
      if (!namespace?.metadata.deletionTimestamp) return undefined;
      const left = emptyOut(world, name);
      if (left.length === 0 && (namespace.metadata.finalizers ?? []).length === 0) {
        world.store.remove('/namespaces', namespace);
        return undefined;
      }
      const next = copy(namespace);
      const now = timestamp(world.clock.now());
      next.status = {
        phase: 'Terminating',
        conditions: deletionConditions(left).reduce<Condition[]>(
          (list, condition) => withCondition(list, condition, now),
          namespace.status.conditions ?? [],
        ),
      };
      if (JSON.stringify(next.status) !== JSON.stringify(namespace.status))
        world.store.put('/namespaces', next);
      return lookAgainMs;
    },
  };
}

interface Left {
  readonly resource: Resource;
  readonly objects: readonly KubeObject[];
}

/** Asks everything in the namespace to go; what has not gone yet. */
function emptyOut(world: ClusterWorld, namespace: string): Left[] {
  const left: Left[] = [];
  for (const resource of world.registry.all()) {
    if (!resource.namespaced || !resource.verbs.includes('delete') || resource.storedAs) continue;
    for (const object of world.store.list(storageOf(resource), namespace)) {
      if (object.metadata.deletionTimestamp) continue;
      deleteObject(
        world,
        resource,
        namespace,
        object.metadata.name,
        { propagationPolicy: 'Background' },
        asSystem(),
      );
    }
    const objects = world.store.list(storageOf(resource), namespace);
    if (objects.length > 0) left.push({ resource, objects });
  }
  return left;
}

function deletionConditions(left: readonly Left[]): Condition[] {
  const remaining = left.map(
    ({ resource, objects }) =>
      `${resource.group === '' ? `${resource.plural}.` : `${resource.plural}.${resource.group}`} has ${objects.length} resource instances`,
  );
  const finalizers = new Map<string, number>();
  for (const { objects } of left) {
    for (const object of objects) {
      for (const one of object.metadata.finalizers ?? []) finalizers.set(one, (finalizers.get(one) ?? 0) + 1);
    }
  }
  const held = [...finalizers].sort().map(([name, count]) => `${name} in ${count} resource instances`);
  return [
    {
      type: 'NamespaceDeletionDiscoveryFailure',
      status: 'False',
      reason: 'ResourcesDiscovered',
      message: 'All resources successfully discovered',
    },
    {
      type: 'NamespaceDeletionGroupVersionParsingFailure',
      status: 'False',
      reason: 'ParsedGroupVersions',
      message: 'All legacy kube types successfully parsed',
    },
    {
      type: 'NamespaceDeletionContentFailure',
      status: 'False',
      reason: 'ContentDeleted',
      message: 'All content successfully deleted, may be waiting on finalization',
    },
    remaining.length > 0
      ? {
          type: 'NamespaceContentRemaining',
          status: 'True',
          reason: 'SomeResourcesRemain',
          message: `Some resources are remaining: ${remaining.join(', ')}`,
        }
      : {
          type: 'NamespaceContentRemaining',
          status: 'False',
          reason: 'ContentRemoved',
          message: 'All content successfully removed',
        },
    held.length > 0
      ? {
          type: 'NamespaceFinalizersRemaining',
          status: 'True',
          reason: 'SomeFinalizersRemain',
          message: `Some content in the namespace has finalizers remaining: ${held.join(', ')}`,
        }
      : {
          type: 'NamespaceFinalizersRemaining',
          status: 'False',
          reason: 'ContentHasNoFinalizers',
          message: 'All content-preserving finalizers finished',
        },
  ];
}
