/** What controllers share: writing as the system, events, conditions, owners. */

import { deleteObject } from '../deletes.ts';
import { asJson, copy, same } from '../json.ts';
import type { Resource } from '../registry.ts';
import type { Condition, JsonObject, KubeObject, OwnerReference, UserInfo } from '../types.ts';
import type { ClusterWorld } from '../world.ts';
import { createObject, updateObject, type WriteContext } from '../writes.ts';

const system: UserInfo = { username: 'system:kube-controller-manager', groups: ['system:masters'] };

export function asSystem(manager = 'kube-controller-manager', subresource?: string): WriteContext {
  return { user: system, manager, ...(subresource ? { subresource } : {}) };
}

/** A built-in resource. @throws when there is none: a fault of the box. */
export function builtIn(world: ClusterWorld, apiVersion: string, kind: string): Resource {
  const resource = world.registry.byKind(apiVersion, kind);
  if (!resource) throw new Error(`The registry has no ${kind} in ${apiVersion}.`);
  return resource;
}

export function createAsSystem(
  world: ClusterWorld,
  apiVersion: string,
  kind: string,
  namespace: string | undefined,
  object: JsonObject,
  manager?: string,
): KubeObject {
  return createObject(
    world,
    builtIn(world, apiVersion, kind),
    namespace,
    object as unknown as KubeObject,
    asSystem(manager),
  );
}

/** Writes a status, unless it says the same already. */
export function setStatus(world: ClusterWorld, object: KubeObject, status: object, manager?: string): void {
  if (same(asJson(object).status, status as JsonObject)) return;
  change(world, object, (live) => ({ ...live, status: copy(status) }) as KubeObject, manager, 'status');
}

export function change(
  world: ClusterWorld,
  object: KubeObject,
  edit: (live: KubeObject) => KubeObject,
  manager?: string,
  subresource?: string,
): KubeObject {
  const { namespace, name } = object.metadata;
  const resource = builtIn(world, object.apiVersion, object.kind);
  return updateObject(world, resource, namespace, name, asSystem(manager, subresource), edit);
}

export function remove(
  world: ClusterWorld,
  object: KubeObject,
  propagationPolicy: 'Foreground' | 'Background' = 'Background',
): void {
  const resource = world.registry.byKind(object.apiVersion, object.kind);
  if (!resource) return;
  const { namespace, name, uid } = object.metadata;
  deleteObject(world, resource, namespace, name, { propagationPolicy, preconditions: { uid } }, asSystem());
}

/** The condition list with this one in it; it moves to the end, and its time moves, only when it changes. */
export function withCondition(
  list: readonly Condition[] | undefined,
  condition: Condition,
  now: string,
): Condition[] {
  const conditions = list ?? [];
  const known = conditions.find((one) => one.type === condition.type);
  if (known && known.status === condition.status && known.reason === condition.reason) return [...conditions];
  const lastTransitionTime = known?.status === condition.status ? (known.lastTransitionTime ?? now) : now;
  return [...conditions.filter((one) => one !== known), { ...condition, lastTransitionTime }];
}

export function ownerOf(object: KubeObject): OwnerReference {
  return {
    apiVersion: object.apiVersion,
    kind: object.kind,
    name: object.metadata.name,
    uid: object.metadata.uid,
    controller: true,
    blockOwnerDeletion: true,
  };
}

export function isOwnedBy(object: KubeObject, controller: KubeObject): boolean {
  return (
    object.metadata.ownerReferences?.some((one) => one.controller && one.uid === controller.metadata.uid) ??
    false
  );
}

export function isReady(conditions: readonly Condition[] | undefined): boolean {
  return conditions?.some((one) => one.type === 'Ready' && one.status === 'True') ?? false;
}
