/** A cluster at its port: objects by kind, namespace and name, each call one that may fail, be lost or come late. */
import type { Cluster, Manifest, ManifestRef } from '../../../src/core/cluster.ts';
import { secondMs } from '../../../src/core/duration.ts';
import type { Moment } from '../../../src/core/ids.ts';
import { ProblemError, problem } from '../../../src/core/problem.ts';
import type { Calls, Life } from '../calls.ts';
import { drawOf } from '../chance.ts';
import { mergePatched } from './merge-patch.ts';
import type { Services } from './services.ts';

export interface SimulatedCluster {
  /** All that is there. */
  objects(): readonly Manifest[];
  /** What was made for an environment to run there. */
  running(environment: string): readonly Running[];
  /** Whether the namespace that the request of this key made is there. */
  isThere(key: string): boolean;
  /** A namespace with all that lies in it; gives the request that made it, nothing when it is not there. */
  removeByHand(namespace: string): string | undefined;
  port(calls: Calls, life: Life): Cluster;
}

export interface Running {
  /** Of the request that made it. */
  readonly key: string;
  readonly replicas: number;
  /** Whether it is marked with what it had before it was put to sleep. */
  readonly isMarked: boolean;
}

export interface ClusterWorld {
  readonly seed: number;
  now(): Moment;
  /** What runs in this environment is about to be stopped or started. */
  reaches(environment: string): void;
  /** What lies in namespaces that are not environments'. */
  services(): Pick<Services, 'workload'>;
}

/** How long Pods take until they are ready, at most. */
const readyMs = 8 * secondMs;
/** Of those that are started again that they never get ready. */
const stuck = 0.05;

export function createCluster({ seed, now, reaches, services }: ClusterWorld): SimulatedCluster {
  const objects = new Map<string, Manifest>();
  /** Of Deployments: when their Pods are ready. */
  const readyAt = new Map<string, Moment>();

  function isOurs(object: Manifest, labels: Readonly<Record<string, string>>): boolean {
    return Object.entries(labels).every(([name, value]) => object.metadata.labels?.[name] === value);
  }

  /** With all that lies in it. */
  function remove(ref: ManifestRef, onlyIf: Readonly<Record<string, string>>): { readonly state: 'gone' } {
    const found = objects.get(keyOf(ref));
    if (!found) return { state: 'gone' };
    if (!isOurs(found, onlyIf)) throw new ProblemError(notOurs);
    objects.delete(keyOf(ref));
    if (ref.kind === 'Namespace') {
      for (const [key, { metadata }] of objects) if (metadata.namespace === ref.name) objects.delete(key);
    }
    return { state: 'gone' };
  }

  /** Nothing lies in a namespace that is not there. */
  function place(manifest: Manifest): void {
    const { namespace } = manifest.metadata;
    const isLost =
      namespace !== undefined &&
      !objects.has(keyOf({ apiVersion: 'v1', kind: 'Namespace', name: namespace }));
    if (isLost) throw new ProblemError(noNamespace);
    objects.set(keyOf(refOf(manifest)), manifest);
  }

  function merge(ref: ManifestRef, change: Readonly<Record<string, unknown>>): 'changed' | 'missing' {
    const key = keyOf(ref);
    const found = objects.get(key);
    if (!found) return 'missing';
    const changed = mergePatched(found, change) as Manifest;
    if (replicasOf(changed) !== replicasOf(found)) {
      const draw = drawOf(seed, `${key} at ${now()} gets ready`);
      readyAt.set(key, draw < stuck ? Infinity : now() + Math.round(draw * readyMs));
    }
    objects.set(key, changed);
    return 'changed';
  }

  /** With what its controller says of it. */
  function shown(object: Manifest): Manifest {
    if (object.kind !== 'Deployment') return object;
    const isReady = now() >= (readyAt.get(keyOf(refOf(object))) ?? 0);
    return { ...object, status: { readyReplicas: isReady ? replicasOf(object) : 0 } };
  }

  function workload(namespace: string, name: string) {
    const key = keyOf({ apiVersion: 'apps/v1', kind: 'Deployment', namespace, name });
    const object = objects.get(key);
    const wanted = object ? replicasOf(object) : 1;
    const isSettled = now() >= (readyAt.get(key) ?? 0);
    return {
      ...{ version: '1.0', image: 'x:1.0', wanted, ready: isSettled ? wanted : 0, restarts: 0 },
      ...{ isSettled, troubles: [], mayRecover: true },
    };
  }

  return {
    objects: () => [...objects.values()],
    running: (environment) =>
      [...objects.values()].flatMap((one) => {
        const { labels = {}, annotations = {} } = one.metadata;
        if (one.kind !== 'Deployment' || labels['greenlight.dev/environment'] !== environment) return [];
        const isMarked = 'greenlight.dev/replicas-before-sleep' in annotations;
        return [{ key: labels['greenlight.dev/request'] ?? '', replicas: replicasOf(one), isMarked }];
      }),
    isThere: (key) =>
      [...objects.values()].some(
        ({ kind, metadata }) => kind === 'Namespace' && metadata.labels?.['greenlight.dev/request'] === key,
      ),
    removeByHand(namespace) {
      const ref = { apiVersion: 'v1', kind: 'Namespace', name: namespace };
      const key = objects.get(keyOf(ref))?.metadata.labels?.['greenlight.dev/request'];
      if (key !== undefined) remove(ref, {});
      return key;
    },
    port(calls, life) {
      const call = <Value>(what: string, isWrite: boolean, work: () => Value) =>
        calls.make(life, {
          ...{ port: 'outside', what, isWrite, work },
          failure: () => new ProblemError(away),
        });
      const make = (manifest: Manifest) => {
        if (objects.has(keyOf(refOf(manifest)))) return 'taken' as const;
        place(manifest);
        return 'made' as const;
      };
      const port: Partial<Cluster> = {
        apply: (manifest) => call(`apply ${keyOf(refOf(manifest))}`, true, () => place(manifest)),
        reapply: (manifest) => call(`reapply ${keyOf(refOf(manifest))}`, true, () => place(manifest)),
        create: (manifest) => call(`create ${keyOf(refOf(manifest))}`, true, () => make(manifest)),
        wouldMake: (manifest) =>
          call(`look for ${keyOf(refOf(manifest))}`, false, () => !objects.has(keyOf(refOf(manifest)))),
        createSecret: (manifest) => call(`create ${keyOf(refOf(manifest))}`, true, () => make(manifest)),
        read: (ref) =>
          call(`read ${keyOf(ref)}`, false, () => {
            const found = objects.get(keyOf(ref));
            return found && shown(found);
          }),
        merge(ref, change) {
          const environment = objects.get(keyOf(ref))?.metadata.labels?.['greenlight.dev/environment'];
          if (environment !== undefined && ref.kind === 'Deployment') reaches(environment);
          return call(`merge ${keyOf(ref)} ${JSON.stringify(change.spec)}`, true, () => merge(ref, change));
        },
        remove: (ref, onlyIf) => call(`remove ${keyOf(ref)}`, true, () => remove(ref, onlyIf)),
        list: ({ kind, namespace, labels = {} }) =>
          call(`list ${kind}`, false, () =>
            [...objects.values()]
              .filter(
                (one) =>
                  one.kind === kind &&
                  (namespace === undefined || one.metadata.namespace === namespace) &&
                  isOurs(one, labels),
              )
              .map(shown),
          ),
        differences: (manifest) => call(`compare ${keyOf(refOf(manifest))}`, false, () => []),
        warnings: (namespace) => call(`warnings ${namespace}`, false, () => []),
        workload: (namespace, deployment) =>
          call(
            `workload ${namespace}/${deployment}`,
            false,
            () => services().workload(namespace) ?? workload(namespace, deployment),
          ),
      };
      return port as Cluster;
    },
  };
}

/** Of a Deployment, as it is wanted. */
function replicasOf(object: Manifest): number {
  const { spec } = object as { readonly spec?: { readonly replicas?: number } };
  return spec?.replicas ?? 1;
}

function refOf({ apiVersion, kind, metadata }: Manifest): ManifestRef {
  const { name, namespace } = metadata;
  return { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) };
}

function keyOf({ kind, namespace = '', name }: ManifestRef): string {
  return `${kind} ${namespace}/${name}`;
}

const away = problem('outside_unavailable', 'The cluster does not answer.', 'It is asked again.', {
  isTransient: true,
});
const notOurs = problem('conflict', 'It is not ours.', 'Leave it.');
const noNamespace = problem('outside_refused', 'There is no such namespace.', 'Make it first.');
