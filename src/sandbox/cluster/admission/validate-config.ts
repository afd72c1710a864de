/** Validation of configuration, network, quota and access kinds. Wording and order: Kubernetes 1.32. */

import { definitionFaults, definitionUpdateFaults } from '../custom/definition-faults.ts';
import { asJson, at, isObject, same } from '../json.ts';
import { milliOf } from '../quantity.ts';
import { type Fault, forbiddenField, invalidDump, invalidValue, required, unsupported } from '../status.ts';
import type {
  Json,
  JsonObject,
  KubeObject,
  LimitRange,
  ResourceQuota,
  Role,
  RoleBinding,
  Service,
} from '../types.ts';

export function configFaults(object: KubeObject): Fault[] {
  const json = asJson(object);
  switch (object.kind) {
    case 'ConfigMap':
      return [...keyFaults(json.data, 'data'), ...keyFaults(json.binaryData, 'binaryData')];
    case 'Secret':
      return [...keyFaults(json.data, 'data'), ...secretFaults(json)];
    case 'Service':
      return serviceFaults(object as Service);
    case 'ResourceQuota':
      return quotaFaults(object as ResourceQuota);
    case 'LimitRange':
      return limitRangeFaults(object as LimitRange);
    case 'Role':
    case 'ClusterRole':
      return roleFaults(object as Role);
    case 'RoleBinding':
    case 'ClusterRoleBinding':
      return bindingFaults(object as RoleBinding);
    case 'Ingress':
      return ingressFaults(json);
    case 'CustomResourceDefinition':
      return definitionFaults(object);
    default:
      return [];
  }
}

function keyFaults(data: Json | undefined, field: string): Fault[] {
  if (!isObject(data)) return [];
  return Object.keys(data)
    .filter((key) => !/^[-._a-zA-Z0-9]+$/.test(key))
    .map((key) =>
      invalidValue(
        `${field}[${key}]`,
        key,
        "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
      ),
    );
}

function secretFaults(secret: JsonObject): Fault[] {
  const data = isObject(secret.data) ? secret.data : {};
  const missing = (keys: string[]) =>
    keys.filter((key) => data[key] === undefined).map((key) => required(`data[${key}]`));
  switch (secret.type) {
    case 'kubernetes.io/tls':
      return missing(['tls.crt', 'tls.key']);
    case 'kubernetes.io/basic-auth':
      return data.username === undefined && data.password === undefined
        ? missing(['username', 'password'])
        : [];
    case 'kubernetes.io/ssh-auth':
      return missing(['ssh-privatekey']);
    case 'kubernetes.io/dockerconfigjson': {
      const key = '.dockerconfigjson';
      const absent = missing([key]);
      if (absent.length > 0) return absent;
      const text = Buffer.from(String(data[key]), 'base64').toString();
      try {
        JSON.parse(text);
        return [];
      } catch {
        return [
          invalidValue(
            `data[${key}]`,
            '<secret contents redacted>',
            `invalid character '${text[0] ?? ''}' looking for beginning of value`,
          ),
        ];
      }
    }
    default:
      return [];
  }
}

function serviceFaults({ spec }: Service): Fault[] {
  const faults: Fault[] = [];
  const ports = spec.ports ?? [];
  if (ports.length === 0 && spec.type !== 'ExternalName' && spec.clusterIP !== 'None')
    faults.push(required('spec.ports'));
  ports.forEach((port, index) => {
    const path = `spec.ports[${index}]`;
    if (ports.length > 1 && !port.name) faults.push(required(`${path}.name`));
    if (port.port === undefined || port.port < 1 || port.port > 65_535)
      faults.push(invalidValue(`${path}.port`, port.port ?? 0, 'must be between 1 and 65535, inclusive'));
    const protocols = ['SCTP', 'TCP', 'UDP'];
    if (port.protocol && !protocols.includes(port.protocol))
      faults.push(unsupported(`${path}.protocol`, port.protocol, protocols));
  });
  if (spec.type === 'ExternalName' && !spec.externalName) faults.push(required('spec.externalName'));
  const types = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
  if (spec.type && !types.includes(spec.type)) faults.push(unsupported('spec.type', spec.type, types));
  return faults;
}

/** What a quota may name without a domain. Source: `IsStandardQuotaResourceName` of Kubernetes 1.32. */
const quotaNames = new Set([
  'cpu', 'memory', 'ephemeral-storage', 'requests.cpu', 'requests.memory', 'requests.storage',
  'requests.ephemeral-storage', 'limits.cpu', 'limits.memory', 'limits.ephemeral-storage', 'pods',
  'resourcequotas', 'services', 'replicationcontrollers', 'secrets', 'persistentvolumeclaims', 'configmaps',
  'services.nodeports', 'services.loadbalancers',
]); // biome-ignore format: a table reads better in few lines

function quotaFaults(quota: ResourceQuota): Fault[] {
  return Object.entries(quota.spec.hard ?? {}).flatMap(([name, amount]) => {
    const field = `spec.hard[${name}]`;
    const faults: Fault[] = [];
    if (!name.includes('/') && !quotaNames.has(name)) {
      faults.push(
        invalidDump(field, name, 'must be a standard resource type or fully qualified'),
        invalidDump(field, name, 'must be a standard resource for quota'),
      );
    }
    if (milliOf(amount) < 0n) faults.push(invalidValue(field, amount, 'must be greater than or equal to 0'));
    return faults;
  });
}

function limitRangeFaults(range: LimitRange): Fault[] {
  return (range.spec?.limits ?? []).flatMap((item, index) => {
    const path = `spec.limits[${index}]`;
    const names = new Set(
      [item.min, item.max, item.default, item.defaultRequest].flatMap((amounts) =>
        Object.keys(amounts ?? {}),
      ),
    );
    const faults: Fault[] = [];
    for (const name of [...names].sort()) {
      const min = item.min?.[name];
      const max = item.max?.[name];
      const request = item.defaultRequest?.[name];
      const limit = item.default?.[name];
      const over = (a: string | undefined, b: string | undefined) =>
        a !== undefined && b !== undefined && milliOf(a) > milliOf(b);
      const fault = (field: string, value: string | undefined, why: string) =>
        faults.push(invalidDump(`${path}.${field}[${name}]`, quantityDump(value ?? ''), why));
      if (over(min, max)) fault('min', min, `min value ${min} is greater than max value ${max}`);
      if (over(min, request))
        fault('defaultRequest', request, `min value ${min} is greater than default request value ${request}`);
      if (over(request, max))
        fault('defaultRequest', request, `default request value ${request} is greater than max value ${max}`);
      if (over(request, limit))
        fault(
          'defaultRequest',
          request,
          `default request value ${request} is greater than default limit value ${limit}`,
        );
      if (over(min, limit)) fault('default', min, `min value ${min} is greater than default value ${limit}`);
      if (over(limit, max))
        fault('default', limit, `default value ${limit} is greater than max value ${max}`);
    }
    return faults;
  });
}

/** A quantity as Go dumps it: 1.32 shows these insides in its messages. */
function quantityDump(text: string): string {
  const whole = /^\d+$/.test(text);
  const value = whole ? text : text.replace(/\D/g, '');
  const scale = text.endsWith('m') ? -3 : 0;
  return `resource.Quantity{i:resource.int64Amount{value:${value}, scale:${scale}}, d:resource.infDecAmount{Dec:(*inf.Dec)(nil)}, s:${JSON.stringify(text)}, Format:"DecimalSI"}`;
}

function roleFaults(role: Role): Fault[] {
  return (role.rules ?? []).flatMap((rule, index) => {
    const path = `rules[${index}]`;
    if (!rule.verbs || rule.verbs.length === 0)
      return [required(`${path}.verbs`, 'verbs must contain at least one value')];
    if (rule.nonResourceURLs && role.kind === 'Role')
      return [
        invalidValue(
          `${path}.nonResourceURLs`,
          rule.nonResourceURLs,
          'namespaced rules cannot apply to non-resource URLs',
        ),
      ];
    if (rule.nonResourceURLs) return [];
    const faults: Fault[] = [];
    if (!rule.apiGroups || rule.apiGroups.length === 0)
      faults.push(required(`${path}.apiGroups`, 'resource rules must supply at least one api group'));
    if (!rule.resources || rule.resources.length === 0)
      faults.push(required(`${path}.resources`, 'resource rules must supply at least one resource'));
    return faults;
  });
}

function bindingFaults(binding: RoleBinding): Fault[] {
  const faults: Fault[] = [];
  const kinds = binding.kind === 'RoleBinding' ? ['Role', 'ClusterRole'] : ['ClusterRole'];
  if (!kinds.includes(binding.roleRef?.kind ?? ''))
    faults.push(unsupported('roleRef.kind', binding.roleRef?.kind ?? '', kinds));
  if (!binding.roleRef?.name) faults.push(required('roleRef.name'));
  (binding.subjects ?? []).forEach((subject, index) => {
    const path = `subjects[${index}]`;
    if (!subject.name) faults.push(required(`${path}.name`));
    const subjects = ['ServiceAccount', 'User', 'Group'];
    if (!subjects.includes(subject.kind))
      faults.push(unsupported(`${path}.kind`, subject.kind ?? '', subjects));
    if (subject.kind === 'ServiceAccount' && !subject.namespace && binding.kind === 'ClusterRoleBinding')
      faults.push(required(`${path}.namespace`));
  });
  return faults;
}

function ingressFaults(ingress: JsonObject): Fault[] {
  const rules = at(ingress, 'spec', 'rules');
  const backend = at(ingress, 'spec', 'defaultBackend');
  if ((!Array.isArray(rules) || rules.length === 0) && backend === undefined)
    return [
      invalidDump(
        'spec',
        '[]networking.IngressRule(nil)',
        'either `defaultBackend` or `rules` must be specified',
      ),
    ];
  const faults: Fault[] = [];
  (Array.isArray(rules) ? rules : []).forEach((rule, ruleIndex) => {
    const paths = at(rule, 'http', 'paths');
    (Array.isArray(paths) ? paths : []).forEach((path, index) => {
      const field = `spec.rules[${ruleIndex}].http.paths[${index}]`;
      const types = ['Exact', 'ImplementationSpecific', 'Prefix'];
      const type = at(path, 'pathType');
      if (type === undefined) faults.push(required(`${field}.pathType`, 'pathType must be specified'));
      else if (!types.includes(String(type))) faults.push(unsupported(`${field}.pathType`, type, types));
    });
  });
  return faults;
}

export function configUpdateFaults(live: KubeObject, next: KubeObject): Fault[] {
  const before = asJson(live);
  const after = asJson(next);
  switch (next.kind) {
    case 'ConfigMap':
      return immutableFaults(before, after, ['data', 'binaryData']);
    case 'Secret':
      return [
        ...(same(before.type, after.type) ? [] : [invalidValue('type', after.type, 'field is immutable')]),
        ...immutableFaults(before, after, ['data']),
      ];
    case 'Service':
      return addressFaults(live as Service, next as Service);
    case 'RoleBinding':
    case 'ClusterRoleBinding':
      return roleRefFaults(live as RoleBinding, next as RoleBinding);
    case 'CustomResourceDefinition':
      return definitionUpdateFaults(live, next);
    default:
      return [];
  }
}

function immutableFaults(before: JsonObject, after: JsonObject, fields: readonly string[]): Fault[] {
  if (before.immutable !== true) return [];
  const changed = fields.filter((field) => !same(before[field], after[field]));
  const all = after.immutable === true ? changed : ['immutable', ...changed];
  return all.map((field) => forbiddenField(field, 'field is immutable when `immutable` is set'));
}

function addressFaults(live: Service, next: Service): Fault[] {
  const { clusterIP } = live.spec;
  // An update that leaves the address out keeps it; the caller has filled it in by then.
  if (!clusterIP || next.spec.type === 'ExternalName' || next.spec.clusterIP === clusterIP) return [];
  return [
    invalidDump(
      'spec.clusterIPs[0]',
      `[]string{${JSON.stringify(next.spec.clusterIP ?? '')}}`,
      'may not change once set',
    ),
  ];
}

function roleRefFaults(live: RoleBinding, next: RoleBinding): Fault[] {
  if (same(asJson(live.roleRef), asJson(next.roleRef))) return [];
  const { apiGroup, kind, name } = next.roleRef;
  return [
    invalidDump(
      'roleRef',
      `rbac.RoleRef{APIGroup:${JSON.stringify(apiGroup)}, Kind:${JSON.stringify(kind)}, Name:${JSON.stringify(name)}}`,
      'cannot change roleRef',
    ),
  ];
}
