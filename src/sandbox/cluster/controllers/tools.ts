/** What controllers share: writing as the system, events, conditions, owners. */

import { deleteObject } from '../deletes.ts';
import { asJson, at, copy, same } from '../json.ts';
import type { Resource } from '../registry.ts';
import type { Condition, JsonObject, KubeObject, OwnerReference, UserInfo } from '../types.ts';
import { type ClusterWorld, microTimestamp, timestamp } from '../world.ts';
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

export interface EventSource {
  readonly component: string;
  readonly host?: string;
}

/** Writes an Event, or counts the same one again. */
export function recordEvent(
  world: ClusterWorld,
  about: KubeObject,
  type: 'Normal' | 'Warning',
  reason: string,
  text: string,
  source: EventSource,
): void {
  const namespace = about.metadata.namespace ?? 'default';
  const now = world.clock.now();
  const reference: JsonObject = {
    kind: about.kind,
    namespace,
    name: about.metadata.name,
    uid: about.metadata.uid,
    apiVersion: about.apiVersion,
    resourceVersion: about.metadata.resourceVersion,
  };
  forgetOld(world, namespace, now);
  const said = world.store.list('/events', namespace);
  const similar = said.filter(
    (event) =>
      at(asJson(event), 'involvedObject', 'uid') === about.metadata.uid && asJson(event).reason === reason,
  );
  // Many events that differ only in their words become one. Source: the correlator of client-go.
  if (similar.length >= similarMax && !text.startsWith(combined)) {
    recordEvent(world, about, type, reason, `${combined}${text}`, source);
    return;
  }
  const message = text.startsWith(combined)
    ? String(
        asJson(similar.find((event) => String(asJson(event).message).startsWith(combined)) ?? {}).message ??
          text,
      )
    : text;
  const known = said.find(
    (event) =>
      at(asJson(event), 'involvedObject', 'uid') === about.metadata.uid &&
      asJson(event).reason === reason &&
      asJson(event).message === message,
  );
  if (known && asJson(known).count !== undefined) {
    world.store.put('/events', {
      ...copy(known),
      count: Number(asJson(known).count) + 1,
      lastTimestamp: timestamp(now),
    } as KubeObject);
    return;
  }
  if (!world.store.get('/namespaces', undefined, namespace)) return;
  const event = {
    kind: 'Event',
    apiVersion: 'v1',
    metadata: {
      name: `${about.metadata.name}.${Math.floor(now * 1000 + world.ids.below(1000)).toString(16)}${world.ids.suffix(3).replace(/[^0-9a-f]/g, '0')}`,
      namespace,
      uid: world.ids.uid(),
      resourceVersion: '',
      creationTimestamp: timestamp(now),
    },
    involvedObject: reference,
    reason,
    message,
    ...(source.component === 'default-scheduler'
      ? {
          source: {},
          firstTimestamp: null,
          lastTimestamp: null,
          type,
          eventTime: microTimestamp(now),
          action: type === 'Normal' ? 'Binding' : 'Scheduling',
          reportingComponent: source.component,
          reportingInstance: `${source.component}-sandbox`,
        }
      : {
          source: { ...source },
          firstTimestamp: timestamp(now),
          lastTimestamp: timestamp(now),
          count: 1,
          type,
          eventTime: null,
          reportingComponent: source.component,
          reportingInstance: source.host ?? '',
        }),
  };
  world.store.put('/events', event as unknown as KubeObject);
}

const combined = '(combined from similar events): ';
const similarMax = 10;
/** How long events are kept, in ms. Source: `--event-ttl` of kube-apiserver, its default. */
const eventTtlMs = 3_600_000;

function forgetOld(world: ClusterWorld, namespace: string, now: number): void {
  for (const event of world.store.list('/events', namespace)) {
    const last = asJson(event).lastTimestamp ?? event.metadata.creationTimestamp;
    if (Date.parse(String(last)) + eventTtlMs < now) world.store.remove('/events', event);
  }
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
