/** Objects as large as real ones are: a Pod of seven kilobytes, most of it what nobody looks at. */

export interface KubeObject {
  readonly metadata: { readonly name: string; readonly namespace?: string; resourceVersion?: string };
}

export function serviceName(service: number): string {
  return `service-${service}`;
}

export function namespaceOf(service: number): string {
  return `${serviceName(service)}-production`;
}

/** What the server itself writes about who set which field: the largest part of most objects. */
const managedFields = Array.from({ length: 4 }, (_, index) => ({
  manager: `manager-${index}`,
  operation: 'Update',
  apiVersion: 'v1',
  fieldsV1: Object.fromEntries(
    Array.from({ length: 20 }, (_, field) => [`f:field-of-some-length-${field}`, { 'f:inner': {}, '.': {} }]),
  ),
}));

function metadataOf(service: number, name: string, owner?: { kind: string; name: string; uid: string }) {
  const labels = {
    'app.kubernetes.io/name': serviceName(service),
    'app.kubernetes.io/version': '1.4.0',
    'app.kubernetes.io/part-of': 'acme',
  };
  return {
    ...{
      name,
      namespace: namespaceOf(service),
      uid: `uid-of-${namespaceOf(service)}-${name}`,
      generation: 1,
    },
    creationTimestamp: '2026-11-20T09:00:00Z',
    labels,
    annotations: { 'deployment.kubernetes.io/revision': '1', 'acme.example/configuration': 'x'.repeat(800) },
    managedFields,
    ...(owner ? { ownerReferences: [{ apiVersion: 'apps/v1', controller: true, ...owner }] } : {}),
  };
}

const container = (service: number) => ({
  name: serviceName(service),
  image: `registry.acme.example/${serviceName(service)}:1.4.0`,
  env: Array.from({ length: 15 }, (_, index) => ({
    name: `SETTING_NUMBER_${index}`,
    value: 'some value of it',
  })),
  resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '256Mi' } },
  volumeMounts: [
    { name: 'token', mountPath: '/var/run/secrets/kubernetes.io/serviceaccount', readOnly: true },
  ],
});

export function deployment(service: number, replicas: number): KubeObject {
  const counts = {
    replicas,
    updatedReplicas: replicas,
    readyReplicas: replicas,
    availableReplicas: replicas,
  };
  return Object.assign(
    { metadata: metadataOf(service, serviceName(service)) },
    {
      spec: {
        replicas,
        selector: { matchLabels: { 'app.kubernetes.io/name': serviceName(service) } },
        template: {
          metadata: { labels: { 'app.kubernetes.io/version': '1.4.0' } },
          spec: { containers: [container(service)] },
        },
      },
      status: { observedGeneration: 1, ...counts },
    },
  );
}

export function replicaSet(service: number, replicas: number): KubeObject {
  const owner = {
    kind: 'Deployment',
    name: serviceName(service),
    uid: `uid-of-${namespaceOf(service)}-${serviceName(service)}`,
  };
  return Object.assign(
    { metadata: metadataOf(service, `${serviceName(service)}-rs`, owner) },
    { spec: { replicas }, status: { replicas } },
  );
}

export function pod(service: number, serial: number): KubeObject {
  const set = `${serviceName(service)}-rs`;
  const owner = { kind: 'ReplicaSet', name: set, uid: `uid-of-${namespaceOf(service)}-${set}` };
  const { name, image } = container(service);
  return Object.assign(
    { metadata: metadataOf(service, `${set}-${serial}`, owner) },
    {
      spec: {
        nodeName: `node-${serial % 60}`,
        containers: [container(service)],
        tolerations: Array.from({ length: 4 }, (_, index) => ({ key: `taint-${index}`, operator: 'Exists' })),
      },
      status: {
        phase: 'Running',
        podIP: '10.244.1.7',
        conditions: ['Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map((type) => ({
          type,
          status: 'True',
          lastTransitionTime: '2026-11-20T09:00:00Z',
        })),
        containerStatuses: [
          {
            ...{ name, image, ready: true, restartCount: 0, imageID: `sha256:${'a'.repeat(64)}` },
            state: { running: { startedAt: '2026-11-20T09:00:00Z' } },
            lastState: {},
          },
        ],
      },
    },
  );
}

export function event(service: number, podName: string): KubeObject {
  return Object.assign(
    { metadata: metadataOf(service, `${podName}.17f3a`) },
    {
      type: 'Warning',
      reason: 'Unhealthy',
      message: 'Readiness probe failed: HTTP probe failed with statuscode: 503',
      involvedObject: { kind: 'Pod', name: podName, uid: `uid-${podName}` },
      count: 3,
      lastTimestamp: '2026-11-21T08:59:00Z',
    },
  );
}

export function quota(service: number): KubeObject {
  return Object.assign(
    { metadata: metadataOf(service, 'compute-resources') },
    { spec: {}, status: { hard: { pods: '50' }, used: { pods: '25' } } },
  );
}

export function node(name: string): KubeObject {
  const { namespace: _none, ...metadata } = metadataOf(0, name);
  return Object.assign(
    { metadata },
    {
      spec: {},
      status: {
        allocatable: { cpu: '32', memory: '128Gi', pods: '110' },
        conditions: [{ type: 'Ready', status: 'True' }],
        nodeInfo: { kubeletVersion: 'v1.32.0' },
      },
    },
  );
}
