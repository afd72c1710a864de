/** A cluster at its port: objects by kind, namespace and name, each call one that may fail, be lost or come late. */
import type { Cluster, Manifest, ManifestRef } from '../../../src/core/cluster.ts';
import { ProblemError, problem } from '../../../src/core/problem.ts';
import type { Calls, Life } from '../calls.ts';

export interface SimulatedCluster {
  /** All that is there. */
  objects(): readonly Manifest[];
  port(calls: Calls, life: Life): Cluster;
}

export function createCluster(): SimulatedCluster {
  const objects = new Map<string, Manifest>();

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

  return {
    objects: () => [...objects.values()],
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
        createSecret: (manifest) => call(`create ${keyOf(refOf(manifest))}`, true, () => make(manifest)),
        read: (ref) => call(`read ${keyOf(ref)}`, false, () => objects.get(keyOf(ref))),
        remove: (ref, onlyIf) => call(`remove ${keyOf(ref)}`, true, () => remove(ref, onlyIf)),
        list: ({ kind, namespace, labels = {} }) =>
          call(`list ${kind}`, false, () =>
            [...objects.values()].filter(
              (one) =>
                one.kind === kind &&
                (namespace === undefined || one.metadata.namespace === namespace) &&
                isOurs(one, labels),
            ),
          ),
        differences: (manifest) => call(`compare ${keyOf(refOf(manifest))}`, false, () => []),
        warnings: (namespace) => call(`warnings ${namespace}`, false, () => []),
        workload: (namespace, deployment) =>
          call(`workload ${namespace}/${deployment}`, false, () => ({
            ...{ version: '1.0', image: 'x:1.0', wanted: 1, ready: 1, restarts: 0 },
            ...{ isSettled: true, troubles: [], mayRecover: true },
          })),
      };
      return port as Cluster;
    },
  };
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
