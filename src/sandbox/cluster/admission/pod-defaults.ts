/** What admission writes into every Pod: its service account, the token volume, priority and tolerations. */
import type { Resource } from '../registry.ts';
import { forbidden } from '../status.ts';
import type { JsonObject, Pod } from '../types.ts';
import { type ClusterWorld, failureAnnotation } from '../world.ts';
import { aboutOf } from '../writes.ts';
import { containersOf } from './workload-defaults.ts';

/** @throws ApiError 403 when the account does not exist (yet): new namespaces get theirs a moment later. */
export function addPodDefaults(world: ClusterWorld, resource: Resource, pod: Pod): void {
  const spec = pod.spec;
  if (!spec) return;
  const name = spec.serviceAccountName || 'default';
  const namespace = pod.metadata.namespace ?? '';
  if (!world.store.get('/serviceaccounts', namespace, name)) {
    throw forbidden(
      aboutOf(resource, pod.metadata.name),
      `error looking up service account ${namespace}/${name}: serviceaccount "${name}" not found`,
    );
  }
  spec.serviceAccountName = name;
  spec.serviceAccount = name;
  mountToken(world, pod);
  markForFailure(world, pod);
  const json = spec as unknown as JsonObject;
  json.priority ??= 0;
  json.enableServiceLinks ??= true;
  json.preemptionPolicy ??= 'PreemptLowerPriority';
  spec.tolerations ??= [];
  const { tolerations } = spec;
  for (const key of ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']) {
    if (tolerations.some((one) => one.key === key)) continue;
    tolerations.push({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 });
  }
}

function mountToken(world: ClusterWorld, pod: Pod): void {
  const wanted = (pod.spec as unknown as JsonObject).automountServiceAccountToken;
  const account = world.store.get(
    '/serviceaccounts',
    pod.metadata.namespace,
    pod.spec.serviceAccountName ?? '',
  );
  const allowed = (account as unknown as JsonObject | undefined)?.automountServiceAccountToken;
  if ((wanted ?? allowed ?? true) === false || containersOf(pod).length === 0) return;
  const name = `kube-api-access-${world.ids.suffix()}`;
  pod.spec.volumes = [
    ...(pod.spec.volumes ?? []),
    {
      name,
      projected: {
        sources: [
          { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
          { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
          {
            downwardAPI: {
              items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
            },
          },
        ],
        defaultMode: 420,
      },
    },
  ];
  for (const container of containersOf(pod)) {
    container.volumeMounts = [
      ...(container.volumeMounts ?? []),
      { name, readOnly: true, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' },
    ];
  }
}

/** Where a control call has asked for it, the Pods of a workload fail whatever their image is called. */
function markForFailure(world: ClusterWorld, pod: Pod): void {
  for (const [workload, failure] of world.knobs.failNext) {
    if (!`${pod.metadata.namespace}/${pod.metadata.name}`.startsWith(workload)) continue;
    pod.metadata.annotations = { ...pod.metadata.annotations, [failureAnnotation]: failure };
  }
}
