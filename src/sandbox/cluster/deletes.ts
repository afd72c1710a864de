/** How an object goes: at once, or after its finalizers, its dependents and its grace period. */
import { admitDelete } from './admission/admit.ts';
import { asJson, copy, same, within } from './json.ts';
import { type Resource, storageOf } from './registry.ts';
import { conflict, notFound } from './status.ts';
import type { JsonObject, KubeObject } from './types.ts';
import { type ClusterWorld, timestamp } from './world.ts';
import { aboutOf, countsGeneration, type WriteContext } from './writes.ts';

export interface DeleteOptions {
  readonly propagationPolicy?: 'Foreground' | 'Background' | 'Orphan';
  readonly gracePeriodSeconds?: number;
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
}

export interface Deletion {
  readonly object: KubeObject;
  /** Whether it is gone already; otherwise it waits for finalizers, dependents or its grace period. */
  readonly gone: boolean;
}

/** Begins (and, where nothing holds it back, ends) the deletion of an object. */
export function deleteObject(
  world: ClusterWorld,
  resource: Resource,
  namespace: string | undefined,
  name: string,
  options: DeleteOptions,
  context: WriteContext,
): Deletion {
  const storage = storageOf(resource);
  const live = world.store.get(storage, namespace, name);
  if (!live) throw notFound(aboutOf(resource, name));
  checkPreconditions(resource, live, options);
  admitDelete(resource, live);
  const object = copy(live);
  const meta = object.metadata;
  const finalizers = new Set(meta.finalizers ?? []);
  // A Job's Pods were orphaned by the first versions of its API, and still are when nobody says otherwise.
  const policy = options.propagationPolicy ?? (resource.kind === 'Job' ? 'Orphan' : 'Background');
  if (policy === 'Foreground') finalizers.add('foregroundDeletion');
  if (policy === 'Orphan') finalizers.add('orphan');
  if (resource.kind === 'CustomResourceDefinition')
    finalizers.add('customresourcecleanup.apiextensions.k8s.io');
  if (finalizers.size > 0) meta.finalizers = [...finalizers];

  const grace = graceOf(resource, live, options);
  const waits = finalizers.size > 0 || grace > 0 || resource.kind === 'Namespace';
  if (!waits) {
    if (resource.kind === 'Pod') {
      meta.deletionTimestamp = timestamp(world.clock.now());
      meta.deletionGracePeriodSeconds = 0;
    }
    if (!context.dryRun) world.store.remove(storage, object);
    return { object, gone: true };
  }
  if (!meta.deletionTimestamp || grace < (meta.deletionGracePeriodSeconds ?? 0)) {
    meta.deletionTimestamp = timestamp(world.clock.now() + grace * 1000);
    if (resource.kind === 'Namespace')
      asJson(object).status = { ...(asJson(object).status as JsonObject), phase: 'Terminating' };
    else if (resource.kind !== 'CustomResourceDefinition') meta.deletionGracePeriodSeconds = grace;
    if (resource.kind === 'CustomResourceDefinition') markTerminating(object, timestamp(world.clock.now()));
    else if (countsGeneration(resource)) meta.generation = (meta.generation ?? 0) + 1;
  }
  if (context.dryRun || same(asJson(object), asJson(live))) return { object, gone: false };
  return { object: world.store.put(storage, object), gone: false };
}

/** A definition tells that its objects will go with it. */
function markTerminating(definition: KubeObject, now: string): void {
  const status = within(asJson(definition), 'status');
  const conditions = Array.isArray(status.conditions) ? status.conditions : [];
  status.conditions = [
    ...conditions,
    {
      type: 'Terminating',
      status: 'True',
      lastTransitionTime: now,
      reason: 'InstanceDeletionPending',
      message: 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon',
    },
  ];
}

function graceOf(resource: Resource, live: KubeObject, options: DeleteOptions): number {
  if (resource.kind !== 'Pod') return 0;
  const spec = asJson(live).spec as JsonObject;
  const status = asJson(live).status as JsonObject;
  // Nobody runs it: there is nothing to end gracefully.
  if (!spec.nodeName || status.phase === 'Succeeded' || status.phase === 'Failed') return 0;
  return options.gracePeriodSeconds ?? Number(spec.terminationGracePeriodSeconds ?? 30);
}

function checkPreconditions(resource: Resource, live: KubeObject, options: DeleteOptions): void {
  const about = { group: resource.group, resource: resource.kind, name: live.metadata.name };
  const { uid, resourceVersion } = options.preconditions ?? {};
  if (uid !== undefined && uid !== live.metadata.uid) {
    throw conflict(
      about,
      `the UID in the precondition (${uid}) does not match the UID in record (${live.metadata.uid}). The object might have been deleted and then recreated`,
    );
  }
  if (resourceVersion !== undefined && resourceVersion !== live.metadata.resourceVersion) {
    throw conflict(
      about,
      `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${live.metadata.resourceVersion}). The object might have been modified`,
    );
  }
}
