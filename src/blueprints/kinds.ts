/**
 * Which kinds a blueprint may make. An author who could make a ClusterRoleBinding, a webhook or a namespace would hold
 * more rights than anybody approved; built-in kinds are therefore named here one by one, and whatever leaves the
 * environment's namespace must be named in the catalog.
 */
import type { CatalogFile } from '../core/catalog.ts';
import { didYouMean } from '../core/text.ts';

export type OutsideKinds = CatalogFile['environments']['outside'];

const builtIn: Readonly<Record<string, readonly string[]>> = {
  '': ['ConfigMap', 'Secret', 'Service', 'ServiceAccount', 'PersistentVolumeClaim', 'Pod'],
  apps: ['Deployment', 'StatefulSet', 'DaemonSet'],
  batch: ['Job', 'CronJob'],
  autoscaling: ['HorizontalPodAutoscaler'],
  policy: ['PodDisruptionBudget'],
  'networking.k8s.io': ['Ingress', 'NetworkPolicy'],
};

/** Groups of definitions that end like built-in ones. */
const customGroups = ['gateway.networking.k8s.io', 'snapshot.storage.k8s.io'];

/** What is wrong with making one of these, as a sentence; nothing when it may be made. */
export function kindMistake(apiVersion: string, kind: string): string | undefined {
  const group = groupOf(apiVersion);
  const isCustom = (group.includes('.') && !group.endsWith('.k8s.io')) || customGroups.includes(group);
  if (kind.endsWith('List')) return `a ${kind} is several objects: name each as a resource of its own.`;
  if (isCustom) return undefined;
  const known = builtIn[group];
  if (known?.includes(kind)) return undefined;
  const all = Object.values(builtIn).flat();
  return `a blueprint may not make a ${kind} of ${apiVersion}.${didYouMean(kind, known ?? all)}`;
}

/** Where an object goes that names a namespace, or says that it has none; `undefined` when the catalog does not let it. */
export function mayLeave(
  outside: OutsideKinds,
  one: { apiVersion: string; kind: string; namespace?: string },
): boolean {
  return outside.some(
    ({ apiVersion, kind, namespace }) =>
      apiVersion === one.apiVersion && kind === one.kind && namespace === one.namespace,
  );
}

export function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
}
