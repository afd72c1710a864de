/**
 * The Kubernetes objects of an environment. Pure: the same order gives the same objects, so that applying them again
 * changes nothing.
 */

import type { Manifest } from '../../core/cluster.ts';
import type { Blueprint } from '../../core/inline-blueprint.ts';
import { fillTemplate } from '../../core/template.ts';

/** What a blueprint's placeholders stand for. */
export interface EnvironmentShape {
  readonly name: string;
  readonly cpu: number;
  readonly memoryGi: number;
  readonly replicas: number;
  readonly team: string;
}

export interface EnvironmentOrder extends EnvironmentShape {
  /** E-mail addresses: the cluster knows people by them. */
  readonly teamMembers: readonly string[];
  readonly requestKey: string;
  readonly owner: string;
}

export function namespaceOf(environment: string): string {
  return `env-${environment}`;
}

/** What marks an object as made for one request, and so as ours to remove. */
export function ownershipLabels(requestKey: string): Readonly<Record<string, string>> {
  return { 'app.kubernetes.io/managed-by': 'greenlight', 'greenlight.dev/request': requestKey };
}

/** The room that every environment gets, whatever runs in it. */
export function environmentManifests(order: EnvironmentOrder) {
  const namespace = namespaceOf(order.name);
  const labels = { ...ownershipLabels(order.requestKey), 'greenlight.dev/team': order.team };
  const inside = (name: string) => ({ name, namespace, labels });
  return {
    namespace: {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {
        name: namespace,
        labels: { ...labels, 'greenlight.dev/environment': order.name },
        annotations: { 'greenlight.dev/owner': order.owner },
      },
    },
    quota: {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: inside('environment'),
      spec: {
        hard: {
          'requests.cpu': millicores(order.cpu),
          'limits.cpu': millicores(order.cpu),
          'requests.memory': mebibytes(order.memoryGi),
          'limits.memory': mebibytes(order.memoryGi),
        },
      },
    },
    limitRange: {
      apiVersion: 'v1',
      kind: 'LimitRange',
      metadata: inside('environment'),
      spec: { limits: [{ type: 'Container', ...containerShare(order) }] },
    },
    networkPolicy: {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: inside('environment'),
      // In: from the same namespace and from the ingress controller's. Out: anywhere, for package registries and tests.
      spec: {
        podSelector: {},
        policyTypes: ['Ingress'],
        ingress: [
          {
            from: [
              { podSelector: {} },
              { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'ingress-nginx' } } },
            ],
          },
        ],
      },
    },
    serviceAccount: {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: inside('workload'),
      automountServiceAccountToken: false,
    },
    roleBinding: {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: inside('team'),
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'edit' },
      subjects: order.teamMembers.map((member) => ({
        apiGroup: 'rbac.authorization.k8s.io',
        kind: 'User',
        name: member,
      })),
    },
  } satisfies Record<string, Manifest>;
}

/**
 * What a container gets that asks for nothing: an equal share, with one share kept free. A rolling update starts one
 * Pod more than wanted, and a quota without room for it stalls the rollout without any Pod to show it.
 */
function containerShare(order: EnvironmentOrder) {
  const shares = order.replicas + 1;
  const limit = { cpu: millicores(order.cpu / shares), memory: mebibytes(order.memoryGi / shares) };
  return { default: limit, defaultRequest: limit };
}

function placeholderValues(order: EnvironmentShape) {
  return {
    environment: { name: order.name, namespace: namespaceOf(order.name), team: order.team },
    input: { replicas: order.replicas, cpu: order.cpu, memoryGi: order.memoryGi },
  };
}

/** The blueprint's own objects, filled in, marked and put into the environment's namespace. */
export function workloadManifests(blueprint: Blueprint, order: EnvironmentOrder): readonly Manifest[] {
  const marks = { ...ownershipLabels(order.requestKey), 'greenlight.dev/team': order.team };
  return filled(blueprint.manifests, order).map((manifest) => {
    const { metadata } = manifest as Manifest;
    return {
      ...manifest,
      metadata: { ...metadata, namespace: namespaceOf(order.name), labels: { ...metadata.labels, ...marks } },
    };
  });
}

export function readyDeployment(blueprint: Blueprint, order: EnvironmentShape): string {
  return filled(blueprint.ready.deployment, order);
}

export function blueprintOutputs(blueprint: Blueprint, order: EnvironmentOrder): Blueprint['outputs'] {
  return filled(blueprint.outputs, order);
}

/** The catalog's placeholders were checked when it was read, so that filling them in keeps the template's shape. */
function filled<Template>(template: Template, order: EnvironmentShape): Template {
  return fillTemplate(template, placeholderValues(order)) as Template;
}

function millicores(cores: number): string {
  return `${Math.floor(cores * 1000)}m`;
}

function mebibytes(gibibytes: number): string {
  return `${Math.floor(gibibytes * 1024)}Mi`;
}
