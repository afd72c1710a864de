/** Services get endpoints, Ingresses an address, claims a volume: what the network and storage would do. */
import { asJson, copy, same } from '../json.ts';
import { matchesSelector } from '../selectors.ts';
import type { Json, JsonObject, KubeObject, Pod, Service } from '../types.ts';
import { type ClusterWorld, timestamp } from '../world.ts';
import { type Controller, own } from './loop.ts';
import { createAsSystem, isReady, ownerOf, remove, setStatus } from './tools.ts';

export function endpointsController(world: ClusterWorld): Controller {
  return {
    delayMs: 200,
    keysOf(change) {
      if (change.storage === '/services') return own(change, '/services');
      if (change.storage !== '/pods') return [];
      const { namespace = '', labels } = change.object.metadata;
      return (world.store.list('/services', namespace) as Service[])
        .filter((service) => selects(service, labels))
        .map((service) => `${namespace}/${service.metadata.name}`);
    },
    reconcile(namespace, name) {
      const service = world.store.get('/services', namespace, name) as Service | undefined;
      const endpoints = world.store.get('/endpoints', namespace, name);
      if (!service) {
        if (endpoints) remove(world, endpoints);
        return undefined;
      }
      if (
        !service.spec.selector ||
        service.spec.type === 'ExternalName' ||
        service.metadata.deletionTimestamp
      )
        return undefined;
      const pods = (world.store.list('/pods', namespace) as Pod[]).filter(
        (pod) => selects(service, pod.metadata.labels) && pod.status.podIP && pod.status.phase === 'Running',
      );
      writeSlice(world, service, pods);
      writeEndpoints(world, service, pods);
      return undefined;
    },
  };
}

function selects(service: Service, labels: Record<string, string> | undefined): boolean {
  const { selector } = service.spec;
  return selector !== undefined && matchesSelector({ matchLabels: selector }, labels);
}

function portsOf(service: Service): JsonObject[] {
  return (service.spec.ports ?? []).map((port) => ({
    name: port.name ?? '',
    protocol: port.protocol ?? 'TCP',
    port: typeof port.targetPort === 'number' ? port.targetPort : port.port,
  }));
}

function reference(pod: Pod): JsonObject {
  const { namespace = '', name, uid } = pod.metadata;
  return { kind: 'Pod', namespace, name, uid };
}

function writeSlice(world: ClusterWorld, service: Service, pods: readonly Pod[]): void {
  const { namespace, name } = service.metadata;
  const storage = 'discovery.k8s.io/endpointslices';
  const known = world.store
    .list(storage, namespace)
    .find((slice) => slice.metadata.labels?.['kubernetes.io/service-name'] === name);
  const endpoints = pods.map((pod): Json => {
    const ready = isReady(pod.status.conditions) && !pod.metadata.deletionTimestamp;
    const terminating = pod.metadata.deletionTimestamp !== undefined;
    return {
      addresses: [pod.status.podIP ?? ''],
      conditions: { ready, serving: isReady(pod.status.conditions), terminating },
      targetRef: reference(pod),
      ...(pod.spec.nodeName ? { nodeName: pod.spec.nodeName } : {}),
      zone: 'zone-a',
    };
  });
  // With nobody behind it a slice holds nulls, not empty lists.
  const isEmpty = endpoints.length === 0;
  const content = {
    addressType: 'IPv4',
    endpoints: isEmpty ? null : endpoints,
    ports: isEmpty ? null : portsOf(service),
  };
  const changedAt = { 'endpoints.kubernetes.io/last-change-trigger-time': timestamp(world.clock.now()) };
  if (!known) {
    createAsSystem(world, 'discovery.k8s.io/v1', 'EndpointSlice', namespace, {
      metadata: {
        generateName: `${name}-`,
        labels: {
          'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
          'kubernetes.io/service-name': name,
        },
        annotations: changedAt,
        ownerReferences: [asJson(ownerOf(service))],
      },
      ...content,
    });
    return;
  }
  const { endpoints: before, ports } = asJson(known);
  if (same({ endpoints: before, ports }, { endpoints: content.endpoints, ports: content.ports })) return;
  world.store.put(storage, {
    ...copy(known),
    ...content,
    metadata: {
      ...known.metadata,
      generation: (known.metadata.generation ?? 1) + 1,
      annotations: { ...known.metadata.annotations, ...changedAt },
    },
  } as KubeObject);
}

function writeEndpoints(world: ClusterWorld, service: Service, pods: readonly Pod[]): void {
  const { namespace, name } = service.metadata;
  const ports = portsOf(service).map(({ name: portName, port, protocol }) => ({
    ...(portName ? { name: portName } : {}),
    port: port ?? 0,
    protocol: protocol ?? 'TCP',
  }));
  const address = (pod: Pod): JsonObject => ({
    ip: pod.status.podIP ?? '',
    ...(pod.spec.nodeName ? { nodeName: pod.spec.nodeName } : {}),
    targetRef: reference(pod),
  });
  const ready = pods
    .filter((pod) => isReady(pod.status.conditions) && !pod.metadata.deletionTimestamp)
    .map(address);
  const notReady = pods.filter((pod) => !isReady(pod.status.conditions)).map(address);
  const subsets: Json[] =
    pods.length === 0
      ? []
      : [
          {
            ...(ready.length > 0 ? { addresses: ready } : {}),
            ...(notReady.length > 0 ? { notReadyAddresses: notReady } : {}),
            ports,
          },
        ];
  const known = world.store.get('/endpoints', namespace, name);
  const annotations = { 'endpoints.kubernetes.io/last-change-trigger-time': timestamp(world.clock.now()) };
  if (!known) {
    createAsSystem(world, 'v1', 'Endpoints', namespace, {
      metadata: {
        name,
        annotations,
        ...(service.metadata.labels ? { labels: service.metadata.labels } : {}),
      },
      ...(subsets.length > 0 ? { subsets } : {}),
    });
  } else if (!same(asJson(known).subsets ?? [], subsets)) {
    world.store.put('/endpoints', {
      ...copy(known),
      metadata: { ...known.metadata, annotations: { ...known.metadata.annotations, ...annotations } },
      subsets,
    } as KubeObject);
  }
}

/** How long a load balancer takes to give an address, in ms. */
const addressMs = 2_000;

export function addressController(world: ClusterWorld): Controller {
  return {
    delayMs: addressMs,
    keysOf: (change) => [...(change.type === 'ADDED' ? own(change, 'networking.k8s.io/ingresses') : [])],
    reconcile(namespace, name) {
      const ingress = world.store.get('networking.k8s.io/ingresses', namespace, name);
      if (ingress)
        setStatus(
          world,
          ingress,
          { loadBalancer: { ingress: [{ ip: '203.0.113.10' }] } },
          'ingress-controller',
        );
      return undefined;
    },
  };
}

export function claimController(world: ClusterWorld): Controller {
  return {
    delayMs: 1_000,
    keysOf: (change) => (change.type === 'ADDED' ? own(change, '/persistentvolumeclaims') : []),
    reconcile(namespace, name) {
      const claim = world.store.get('/persistentvolumeclaims', namespace, name);
      if (!claim) return undefined;
      const spec = asJson(claim).spec as JsonObject;
      const requests = ((spec.resources ?? {}) as JsonObject).requests;
      setStatus(world, claim, {
        phase: 'Bound',
        ...(spec.accessModes ? { accessModes: spec.accessModes } : {}),
        ...(requests ? { capacity: requests } : {}),
      });
      return undefined;
    },
  };
}
