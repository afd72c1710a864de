/** What a built-in kind gets when the request leaves it out. Source: the defaulting of Kubernetes 1.32. */
import { asJson, at, isObject, within } from '../json.ts';
import type { JsonObject, KubeObject, LimitRange, Role, RoleBinding, Service } from '../types.ts';
import { workloadDefaults } from './workload-defaults.ts';

/** Fills in the defaults of a kind, in place. */
export function setDefaults(object: KubeObject): void {
  defaulters[object.kind]?.(object);
}

const defaulters: Record<string, (object: KubeObject) => void> = {
  Namespace: (object) => {
    const namespace = asJson(object);
    object.metadata.labels = {
      ...object.metadata.labels,
      'kubernetes.io/metadata.name': object.metadata.name,
    };
    namespace.spec ??= {};
    namespace.status ??= { phase: 'Active' };
  },
  ...workloadDefaults,
  Service: (object) => service(object as Service),
  Secret: (object) => {
    const secret = asJson(object);
    secret.type ??= 'Opaque';
    const plain = secret.stringData;
    if (isObject(plain)) {
      const data = within(secret, 'data');
      for (const [key, value] of Object.entries(plain))
        data[key] = Buffer.from(String(value)).toString('base64');
      delete secret.stringData;
    }
  },
  ResourceQuota: (object) => {
    asJson(object).spec ??= {};
    asJson(object).status ??= {};
  },
  LimitRange: (object) => {
    for (const item of (object as LimitRange).spec?.limits ?? []) {
      if (item.type !== 'Container') continue;
      // A maximum without a default limit becomes it; a limit without a default request becomes that.
      if (item.max) item.default = { ...item.max, ...item.default };
      const request = { ...item.min, ...item.default, ...item.defaultRequest };
      if (item.default)
        item.defaultRequest = Object.fromEntries(
          Object.keys({ ...item.default, ...item.defaultRequest }).map((key) => [
            key,
            item.defaultRequest?.[key] ?? item.default?.[key] ?? request[key] ?? '0',
          ]),
        );
      if (item.min) item.defaultRequest = { ...item.min, ...item.defaultRequest };
    }
  },
  RoleBinding: (object) => binding(object as RoleBinding),
  ClusterRoleBinding: (object) => binding(object as RoleBinding),
  Role: (object) => {
    (object as Role).rules ??= null;
  },
  ClusterRole: (object) => {
    (object as Role).rules ??= null;
  },
  NetworkPolicy: (object) => {
    const spec = within(asJson(object), 'spec');
    spec.podSelector ??= {};
    for (const rules of [spec.ingress, spec.egress]) {
      for (const rule of Array.isArray(rules) ? rules : []) {
        const ports = isObject(rule) ? rule.ports : undefined;
        for (const port of Array.isArray(ports) ? ports : []) if (isObject(port)) port.protocol ??= 'TCP';
      }
    }
    spec.policyTypes ??=
      Array.isArray(spec.egress) && spec.egress.length > 0 ? ['Ingress', 'Egress'] : ['Ingress'];
  },
  Ingress: (object) => {
    asJson(object).status ??= { loadBalancer: {} };
  },
  PersistentVolumeClaim: (object) => {
    const spec = within(asJson(object), 'spec');
    spec.volumeMode ??= 'Filesystem';
    asJson(object).status ??= { phase: 'Pending' };
  },
  EndpointSlice: () => {},
  CustomResourceDefinition: (object) => {
    const spec = asJson(object).spec as JsonObject | undefined;
    if (!spec) return;
    const names = within(spec, 'names');
    names.singular ??= String(names.kind ?? '').toLowerCase();
    names.listKind ??= `${names.kind ?? ''}List`;
    spec.conversion ??= { strategy: 'None' };
    const stored = Array.isArray(spec.versions)
      ? spec.versions.filter((one) => at(one, 'storage') === true)
      : [];
    asJson(object).status ??= {
      conditions: null,
      acceptedNames: { plural: '', kind: '' },
      storedVersions: stored.map((one) => at(one, 'name') ?? ''),
    };
  },
};

function service(object: Service): void {
  const spec = within(asJson(object), 'spec');
  spec.sessionAffinity ??= 'None';
  spec.type ??= 'ClusterIP';
  for (const port of Array.isArray(spec.ports) ? spec.ports : []) {
    if (!isObject(port)) continue;
    port.protocol ??= 'TCP';
    port.targetPort ??= port.port ?? 0;
  }
  if (spec.type !== 'ExternalName') {
    spec.ipFamilies ??= ['IPv4'];
    spec.ipFamilyPolicy ??= 'SingleStack';
    spec.internalTrafficPolicy ??= 'Cluster';
    if (spec.type === 'NodePort' || spec.type === 'LoadBalancer') spec.externalTrafficPolicy ??= 'Cluster';
    if (spec.type === 'LoadBalancer') spec.allocateLoadBalancerNodePorts ??= true;
  }
  asJson(object).status ??= { loadBalancer: {} };
}

function binding(object: RoleBinding): void {
  if (object.roleRef) object.roleRef.apiGroup ||= 'rbac.authorization.k8s.io';
  for (const subject of object.subjects ?? []) {
    if (subject.kind === 'User' || subject.kind === 'Group') subject.apiGroup ??= 'rbac.authorization.k8s.io';
  }
}
