/** Garbage collection: dependents go with their owner, wait for it, or are left behind, as the deletion asked. */
import type { KubeObject } from '../types.ts';
import type { ClusterWorld } from '../world.ts';
import { updateObject } from '../writes.ts';
import type { Controller } from './loop.ts';
import { asSystem, remove } from './tools.ts';

export function garbageCollector(world: ClusterWorld): Controller {
  return {
    delayMs: 200,
    // Keys are uids here: an owner may be gone when its turn comes.
    keysOf(change) {
      const { uid, finalizers, deletionTimestamp, ownerReferences } = change.object.metadata;
      const waits =
        deletionTimestamp && finalizers?.some((one) => one === 'foregroundDeletion' || one === 'orphan');
      if (change.type === 'DELETED')
        return [`${uid}/`, ...(ownerReferences ?? []).map((one) => `${one.uid}/`)];
      return waits ? [`${uid}/`] : [];
    },
    reconcile(uid) {
      const dependents = world.store.ownedBy(uid);
      const owner = world.store.withUid(uid);
      if (!owner) {
        for (const dependent of dependents) removeUnlessOwned(world, dependent);
        return undefined;
      }
      if (!owner.metadata.deletionTimestamp) return undefined;
      const finalizers = owner.metadata.finalizers ?? [];
      if (finalizers.includes('orphan')) {
        for (const dependent of dependents) orphan(world, dependent, uid);
        dropFinalizer(world, owner, 'orphan');
      } else if (finalizers.includes('foregroundDeletion')) {
        if (dependents.length === 0) dropFinalizer(world, owner, 'foregroundDeletion');
        for (const dependent of dependents) {
          if (dependent.metadata.deletionTimestamp) continue;
          // What has dependents of its own waits for them as well.
          const waits = world.store.ownedBy(dependent.metadata.uid).length > 0;
          remove(world, dependent, waits ? 'Foreground' : 'Background');
        }
      }
      return undefined;
    },
  };
}

function removeUnlessOwned(world: ClusterWorld, dependent: KubeObject): void {
  if (dependent.metadata.deletionTimestamp) return;
  const owned = dependent.metadata.ownerReferences?.some((one) => world.store.withUid(one.uid) !== undefined);
  if (!owned) remove(world, dependent);
}

function orphan(world: ClusterWorld, dependent: KubeObject, uid: string): void {
  edit(world, dependent, (live) => {
    const left = live.metadata.ownerReferences?.filter((one) => one.uid !== uid) ?? [];
    return { ...live, metadata: { ...live.metadata, ownerReferences: left } };
  });
}

function dropFinalizer(world: ClusterWorld, object: KubeObject, finalizer: string): void {
  edit(world, object, (live) => ({
    ...live,
    metadata: {
      ...live.metadata,
      finalizers: (live.metadata.finalizers ?? []).filter((one) => one !== finalizer),
    },
  }));
}

function edit(world: ClusterWorld, object: KubeObject, change: (live: KubeObject) => KubeObject): void {
  const resource = world.registry.byKind(object.apiVersion, object.kind);
  if (!resource) return;
  updateObject(
    world,
    resource,
    object.metadata.namespace,
    object.metadata.name,
    asSystem('kube-controller-manager'),
    change,
  );
}
