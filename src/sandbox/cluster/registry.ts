/** Which resources exist: the built-in ones, and those that CustomResourceDefinitions add while the box runs. */
import type { JsonObject } from './types.ts';

export interface Resource {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly singular: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  /** Empty for resources that only answer a POST (reviews). */
  readonly verbs: readonly string[];
  readonly subresources: readonly Subresource[];
  /** Name of the type in the schema table; absent for custom resources. */
  readonly type?: string;
  /** Where the objects live when another resource serves the same ones (events.k8s.io over core events). */
  readonly storedAs?: string;
  readonly custom?: CustomResource;
}

export interface Subresource {
  readonly name: string;
  readonly kind: string;
  /** Group and version when they are not the resource's own. */
  readonly group?: string;
  readonly version?: string;
  readonly verbs: readonly string[];
}

export interface CustomResource {
  readonly schema: JsonObject;
  readonly hasStatus: boolean;
  readonly scale?: { readonly specPath: string; readonly statusPath: string };
  readonly columns: readonly { name: string; type: string; jsonPath: string; priority?: number }[];
  readonly definition: string;
}

export interface Registry {
  /** Every served resource, built-in ones first. */
  all(): readonly Resource[];
  find(group: string, version: string, plural: string): Resource | undefined;
  /** By kind, for objects that arrive without a path (owner references, the seed). */
  byKind(apiVersion: string, kind: string): Resource | undefined;
  hasGroup(group: string): boolean;
  hasVersion(group: string, version: string): boolean;
  /** Replaces what this definition has added before. */
  setCustom(definition: string, resources: readonly Resource[]): void;
}

export function apiVersionOf(resource: { group: string; version: string }): string {
  return resource.group === '' ? resource.version : `${resource.group}/${resource.version}`;
}

/** Where the store keeps its objects: one place per kind, whatever the version. */
export function storageOf(resource: Resource): string {
  return resource.storedAs ?? `${resource.group}/${resource.plural}`;
}

export function hasStatus(resource: Resource): boolean {
  return resource.subresources.some((one) => one.name === 'status');
}

export function createRegistry(): Registry {
  const custom = new Map<string, readonly Resource[]>();
  const all = () => [...builtIn, ...[...custom.values()].flat()];
  return {
    all,
    find: (group, version, plural) =>
      all().find((one) => one.group === group && one.version === version && one.plural === plural),
    byKind: (apiVersion, kind) =>
      all().find((one) => one.kind === kind && apiVersionOf(one) === apiVersion && one.verbs.includes('get')),
    hasGroup: (group) => all().some((one) => one.group === group),
    hasVersion: (group, version) => all().some((one) => one.group === group && one.version === version),
    setCustom: (definition, resources) => {
      if (resources.length === 0) custom.delete(definition);
      else custom.set(definition, resources);
    },
  };
}

export const everyVerb = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];
const statusVerbs = ['get', 'patch', 'update'];

interface Row {
  kind: string;
  plural: string;
  cluster?: true;
  short?: string[];
  all?: true;
  sub?: (string | Subresource)[];
  verbs?: string[];
  type?: string;
  storedAs?: string;
}

const scale: Subresource = {
  name: 'scale',
  kind: 'Scale',
  group: 'autoscaling',
  version: 'v1',
  verbs: statusVerbs,
};

const rows: Record<string, Row[]> = {
  v1: [
    { kind: 'ConfigMap', plural: 'configmaps', short: ['cm'] },
    { kind: 'Endpoints', plural: 'endpoints', short: ['ep'] },
    { kind: 'Event', plural: 'events', short: ['ev'], type: 'CoreEvent' },
    { kind: 'LimitRange', plural: 'limitranges', short: ['limits'] },
    {
      kind: 'Namespace',
      plural: 'namespaces',
      cluster: true,
      short: ['ns'],
      verbs: everyVerb.filter((verb) => verb !== 'deletecollection'),
      sub: [{ name: 'finalize', kind: 'Namespace', verbs: ['update'] }, 'status'],
    },
    { kind: 'Node', plural: 'nodes', cluster: true, short: ['no'], sub: ['status'] },
    { kind: 'PersistentVolumeClaim', plural: 'persistentvolumeclaims', short: ['pvc'], sub: ['status'] },
    {
      kind: 'Pod',
      plural: 'pods',
      short: ['po'],
      all: true,
      sub: [
        { name: 'eviction', kind: 'Eviction', group: 'policy', version: 'v1', verbs: ['create'] },
        { name: 'log', kind: 'Pod', verbs: ['get'] },
        'status',
      ],
    },
    { kind: 'ResourceQuota', plural: 'resourcequotas', short: ['quota'], sub: ['status'] },
    { kind: 'Secret', plural: 'secrets' },
    {
      kind: 'ServiceAccount',
      plural: 'serviceaccounts',
      short: ['sa'],
      sub: [
        {
          name: 'token',
          kind: 'TokenRequest',
          group: 'authentication.k8s.io',
          version: 'v1',
          verbs: ['create'],
        },
      ],
    },
    { kind: 'Service', plural: 'services', short: ['svc'], all: true, sub: ['status'] },
  ],
  'apps/v1': [
    { kind: 'Deployment', plural: 'deployments', short: ['deploy'], all: true, sub: [scale, 'status'] },
    { kind: 'ReplicaSet', plural: 'replicasets', short: ['rs'], all: true, sub: [scale, 'status'] },
    { kind: 'StatefulSet', plural: 'statefulsets', short: ['sts'], all: true, sub: [scale, 'status'] },
  ],
  'events.k8s.io/v1': [
    { kind: 'Event', plural: 'events', short: ['ev'], type: 'EventsEvent', storedAs: '/events' },
  ],
  'authentication.k8s.io/v1': [
    { kind: 'SelfSubjectReview', plural: 'selfsubjectreviews', cluster: true, verbs: ['create'] },
    { kind: 'TokenReview', plural: 'tokenreviews', cluster: true, verbs: ['create'] },
  ],
  'authorization.k8s.io/v1': [
    {
      kind: 'LocalSubjectAccessReview',
      plural: 'localsubjectaccessreviews',
      verbs: ['create'],
      type: 'SubjectAccessReview',
    },
    { kind: 'SelfSubjectAccessReview', plural: 'selfsubjectaccessreviews', cluster: true, verbs: ['create'] },
    { kind: 'SelfSubjectRulesReview', plural: 'selfsubjectrulesreviews', cluster: true, verbs: ['create'] },
    { kind: 'SubjectAccessReview', plural: 'subjectaccessreviews', cluster: true, verbs: ['create'] },
  ],
  'batch/v1': [
    { kind: 'CronJob', plural: 'cronjobs', short: ['cj'], all: true, sub: ['status'] },
    { kind: 'Job', plural: 'jobs', all: true, sub: ['status'] },
  ],
  'networking.k8s.io/v1': [
    { kind: 'Ingress', plural: 'ingresses', short: ['ing'], sub: ['status'] },
    { kind: 'NetworkPolicy', plural: 'networkpolicies', short: ['netpol'] },
  ],
  'rbac.authorization.k8s.io/v1': [
    { kind: 'ClusterRoleBinding', plural: 'clusterrolebindings', cluster: true },
    { kind: 'ClusterRole', plural: 'clusterroles', cluster: true },
    { kind: 'RoleBinding', plural: 'rolebindings' },
    { kind: 'Role', plural: 'roles' },
  ],
  'apiextensions.k8s.io/v1': [
    {
      kind: 'CustomResourceDefinition',
      plural: 'customresourcedefinitions',
      cluster: true,
      short: ['crd', 'crds'],
      sub: ['status'],
    },
  ],
  'discovery.k8s.io/v1': [{ kind: 'EndpointSlice', plural: 'endpointslices' }],
};

const builtIn: readonly Resource[] = Object.entries(rows).flatMap(([apiVersion, list]) => {
  const [group, version] = apiVersion.includes('/')
    ? (apiVersion.split('/') as [string, string])
    : ['', apiVersion];
  return list.map((row) => toResource(group, version, row));
});

function toResource(group: string, version: string, row: Row): Resource {
  return {
    group,
    version,
    plural: row.plural,
    singular: row.kind.toLowerCase(),
    kind: row.kind,
    namespaced: !row.cluster,
    shortNames: row.short ?? [],
    categories: row.all ? ['all'] : [],
    verbs: row.verbs ?? everyVerb,
    subresources: (row.sub ?? []).map((sub) =>
      typeof sub === 'string' ? { name: sub, kind: row.kind, verbs: statusVerbs } : sub,
    ),
    type: row.type ?? row.kind,
    ...(row.storedAs ? { storedAs: row.storedAs } : {}),
  };
}
