/** Events: what happened to an object, written once and counted when it happens again. */
import { asJson, at, copy } from '../json.ts';
import type { JsonObject, KubeObject } from '../types.ts';
import { type ClusterWorld, microTimestamp, timestamp } from '../world.ts';

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
  const isSimilar = (event: KubeObject) =>
    asJson(event).reason === reason && at(asJson(event), 'involvedObject', 'uid') === about.metadata.uid;
  const similar = world.store.list('/events', namespace, isSimilar);
  const said = (event: KubeObject) => String(asJson(event).message);
  const exact = similar.find((event) => said(event) === text);
  // Many events that differ only in their words become one. Source: the correlator of client-go.
  const combines = !exact && similar.length >= similarMax;
  const message = combines ? `${combined}${text}` : text;
  const known = combines ? similar.find((event) => said(event).startsWith(combined)) : exact;
  if (known && asJson(known).count !== undefined) {
    world.store.put('/events', {
      ...copy(known),
      message,
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
const forgetEveryMs = 60_000;
const forgottenAt = new WeakMap<ClusterWorld, number>();

/** Real servers forget events after a while; here they go when somebody asks for them, if none did just before. */
export function forgetOldEvents(world: ClusterWorld): void {
  if (world.clock.now() - (forgottenAt.get(world) ?? 0) < forgetEveryMs) return;
  forgottenAt.set(world, world.clock.now());
  for (const event of world.store.list('/events')) {
    const last = asJson(event).lastTimestamp ?? event.metadata.creationTimestamp;
    if (Date.parse(String(last)) + eventTtlMs < world.clock.now()) world.store.remove('/events', event);
  }
}
