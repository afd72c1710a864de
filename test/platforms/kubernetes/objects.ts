/** Small Kubernetes objects for tests, parsed by the same door as real ones. */
import {
  type DeploymentObject,
  deploymentSchema,
  type EventObject,
  eventSchema,
  type PodObject,
  podSchema,
  type ReplicaSetObject,
  replicaSetSchema,
} from '../../../src/platforms/kubernetes/shapes.ts';

export const now = Date.parse('2026-11-21T03:00:00Z');

interface DeploymentWords {
  readonly replicas?: number;
  readonly image?: string;
  readonly labels?: Record<string, string>;
  readonly templateLabels?: Record<string, string>;
  readonly generation?: number;
  readonly status?: Record<string, unknown>;
  readonly conditions?: readonly unknown[];
  readonly spec?: Record<string, unknown>;
}

/** All replicas new, ready and available unless `status` says otherwise. */
export function deployment(words: DeploymentWords = {}): DeploymentObject {
  const replicas = words.replicas ?? 2;
  return deploymentSchema.parse({
    metadata: { name: 'search', uid: 'd', generation: words.generation ?? 1, labels: words.labels ?? {} },
    spec: {
      replicas,
      selector: { matchLabels: { app: 'search' } },
      template: {
        metadata: { labels: words.templateLabels ?? {} },
        spec: { containers: [{ name: 'search', image: words.image ?? 'registry.example/search:1.0.0' }] },
      },
      ...words.spec,
    },
    status: {
      observedGeneration: 1,
      replicas,
      updatedReplicas: replicas,
      readyReplicas: replicas,
      availableReplicas: replicas,
      conditions: words.conditions ?? [],
      ...words.status,
    },
  });
}

export function replicaSet(
  revision: number,
  replicas = 2,
  status: Record<string, unknown> = { replicas },
): ReplicaSetObject {
  return replicaSetSchema.parse({
    metadata: {
      name: `search-${revision}`,
      uid: `rs-${revision}`,
      annotations: { 'deployment.kubernetes.io/revision': String(revision) },
      ownerReferences: [{ kind: 'Deployment', name: 'search', uid: 'd' }],
    },
    spec: { replicas },
    status,
  });
}

interface PodWords {
  readonly name?: string;
  readonly revision?: number;
  readonly metadata?: Record<string, unknown>;
  readonly status?: Record<string, unknown>;
  readonly limit?: string;
}

/** A Pod with one container `search` in the state given. */
export function pod(container: Record<string, unknown>, words: PodWords = {}): PodObject {
  const revision = words.revision ?? 1;
  return podSchema.parse({
    metadata: {
      name: words.name ?? 'search-1-a',
      uid: words.name ?? 'search-1-a',
      ownerReferences: [{ kind: 'ReplicaSet', name: `search-${revision}`, uid: `rs-${revision}` }],
      ...words.metadata,
    },
    spec: {
      containers: [
        {
          name: 'search',
          image: 'registry.example/search:1.0.0',
          resources: words.limit ? { limits: { memory: words.limit } } : {},
        },
      ],
    },
    status: { phase: 'Running', containerStatuses: [{ name: 'search', ...container }], ...words.status },
  });
}

export const running = { running: { startedAt: '2026-11-21T02:00:00Z' } };
export const healthy = { ready: true, state: running };

export function ended(exitCode: number, reason = 'Error', finishedAt = '2026-11-21T02:59:00Z') {
  return { terminated: { exitCode, reason, finishedAt, message: 'token=very-secret' } };
}

export function warning(
  reason: string,
  message: string,
  about: {
    readonly kind?: string;
    readonly name?: string;
    readonly at?: string;
    readonly count?: number;
  } = {},
): EventObject {
  return eventSchema.parse({
    metadata: { name: `${reason}.1` },
    type: 'Warning',
    reason,
    message,
    involvedObject: { kind: about.kind ?? 'Pod', name: about.name ?? 'search-1-a' },
    count: about.count ?? 1,
    lastTimestamp: about.at ?? '2026-11-21T02:59:30Z',
  });
}
