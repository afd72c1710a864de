/** The columns of each kind. Source of names, priorities and cells: the printers of Kubernetes 1.32. */
import { at, isObject } from '../json.ts';
import type { Resource } from '../registry.ts';
import { selectorText } from '../selectors.ts';
import type { Json, JsonObject, LabelSelector } from '../types.ts';
import { age, column, count, nameColumn, since, text, wide } from './cells.ts';
import { podColumns } from './pod-columns.ts';
import { workloadColumns } from './workload-columns.ts';

export interface Column {
  readonly name: string;
  readonly type: string;
  readonly format?: string;
  readonly description: string;
  /** 1: only in the wide form. */
  readonly priority?: number;
  readonly cell: (object: JsonObject, now: number) => Json;
}

export function columnsOf(resource: Resource): readonly Column[] {
  if (resource.custom) return customColumns(resource);
  const own = byKind[resource.kind];
  return own ?? [nameColumn, age];
}

function portsCell(object: JsonObject): Json {
  const ports = at(object, 'spec', 'ports');
  if (!Array.isArray(ports)) return '<none>';
  return ports
    .map((port) => {
      const node = at(port, 'nodePort');
      return `${String(at(port, 'port'))}${node ? `:${String(node)}` : ''}/${String(at(port, 'protocol') ?? 'TCP')}`;
    })
    .join(',');
}

function nodeAddress(type: string): Column['cell'] {
  return (object) => {
    const list = at(object, 'status', 'addresses');
    const found = Array.isArray(list) ? list.find((one) => at(one, 'type') === type) : undefined;
    return String(at(found, 'address') ?? '<none>');
  };
}

const byKind: Record<string, readonly Column[]> = {
  Pod: [nameColumn, ...podColumns],
  ConfigMap: [
    nameColumn,
    column('Data', 'How many keys it holds.', (object) => count(object.data) + count(object.binaryData)),
    age,
  ],
  Secret: [
    nameColumn,
    column('Type', 'Used to facilitate programmatic handling of secret data.', text('type')),
    column('Data', 'How many keys it holds.', (object) => count(object.data)),
    age,
  ],
  Namespace: [nameColumn, column('Status', 'The status of the namespace', text('status', 'phase')), age],
  ServiceAccount: [
    nameColumn,
    column('Secrets', 'How many secrets Pods of this account may use.', (object) => count(object.secrets)),
    age,
  ],
  ...workloadColumns,
  Service: [
    nameColumn,
    column('Type', 'How the Service is exposed.', text('spec', 'type')),
    column('Cluster-IP', 'Its address inside the cluster.', (object) =>
      String(at(object, 'spec', 'clusterIP') ?? '<none>'),
    ),
    column('External-IP', 'Its address outside the cluster.', (object) => {
      const outside =
        at(object, 'status', 'loadBalancer', 'ingress', 0, 'ip') ?? at(object, 'spec', 'externalName');
      return outside ?? (at(object, 'spec', 'type') === 'LoadBalancer' ? '<pending>' : '<none>');
    }),
    column('Port(s)', 'The list of ports that are exposed by this service.', portsCell),
    age,
    column(
      'Selector',
      'Which Pods it sends traffic to.',
      (object) => {
        const selector = at(object, 'spec', 'selector');
        return isObject(selector)
          ? selectorText({ matchLabels: selector as Record<string, string> })
          : '<none>';
      },
      wide,
    ),
  ],
  Ingress: [
    nameColumn,
    column(
      'Class',
      'The name of the IngressClass.',
      (object) => at(object, 'spec', 'ingressClassName') ?? '<none>',
    ),
    column('Hosts', 'Hosts that this ingress has rules for.', (object) => {
      const rules = at(object, 'spec', 'rules');
      const hosts = Array.isArray(rules) ? rules.map((rule) => String(at(rule, 'host') ?? '*')) : [];
      return hosts.join(',') || '*';
    }),
    column(
      'Address',
      'Where its load balancer answers.',
      text('status', 'loadBalancer', 'ingress', '0', 'ip'),
    ),
    column('Ports', 'Ports of TLS configurations that open.', (object) =>
      at(object, 'spec', 'tls') ? '80, 443' : '80',
    ),
    age,
  ],
  Node: [
    nameColumn,
    column('Status', 'The status of the node', (object) => {
      const list = at(object, 'status', 'conditions');
      const ready = Array.isArray(list) ? list.find((one) => at(one, 'type') === 'Ready') : undefined;
      return at(ready, 'status') === 'True' ? 'Ready' : 'NotReady';
    }),
    column('Roles', 'The roles of the node', (object) => {
      const prefix = 'node-role.kubernetes.io/';
      const labels = at(object, 'metadata', 'labels');
      const roles = Object.keys(isObject(labels) ? labels : {}).filter((key) => key.startsWith(prefix));
      return roles.map((role) => role.slice(prefix.length)).join(',') || '<none>';
    }),
    age,
    column('Version', 'Kubelet Version reported by the node.', text('status', 'nodeInfo', 'kubeletVersion')),
    column('Internal-IP', 'Its address inside.', nodeAddress('InternalIP'), wide),
    column('External-IP', 'Its address outside.', nodeAddress('ExternalIP'), wide),
    column('OS-Image', 'OS Image reported by the node.', text('status', 'nodeInfo', 'osImage'), wide),
    column(
      'Kernel-Version',
      'Kernel Version reported by the node.',
      text('status', 'nodeInfo', 'kernelVersion'),
      wide,
    ),
    column(
      'Container-Runtime',
      'Its container runtime.',
      text('status', 'nodeInfo', 'containerRuntimeVersion'),
      wide,
    ),
  ],
  Event: [
    column(
      'Last Seen',
      'The time at which the most recent occurrence of this event was recorded.',
      (object, now) => since(object.lastTimestamp ?? object.eventTime, now),
    ),
    column(
      'Type',
      'Type of this event (Normal, Warning), new types could be added in the future',
      text('type'),
    ),
    column('Reason', 'Why it was written, in a word.', text('reason')),
    column('Object', 'The object that this event is about.', (object) => aboutCell(object)),
    column('Subobject', 'The part of it.', text('involvedObject', 'fieldPath'), wide),
    column('Source', 'The component reporting this event.', text('source', 'component'), wide),
    column('Message', 'A human-readable description of the status of this operation.', text('message')),
    column(
      'First Seen',
      'The time at which the event was first recorded.',
      (object, now) => since(object.firstTimestamp ?? object.eventTime, now),
      wide,
    ),
    column('Count', 'The number of times this event has occurred.', (object) => object.count ?? 1, wide),
    { ...nameColumn, ...wide },
  ],
  RoleBinding: [nameColumn, column('Role', 'The role that it gives.', roleCell), age],
  ClusterRoleBinding: [nameColumn, column('Role', 'The role that it gives.', roleCell), age],
  Role: [nameColumn, column('Created At', 'When it was created.', text('metadata', 'creationTimestamp'))],
  ClusterRole: [
    nameColumn,
    column('Created At', 'When it was created.', text('metadata', 'creationTimestamp')),
  ],
  ResourceQuota: [
    nameColumn,
    column('Request', 'Used and hard requests.', (object) => quotaCell(object, false)),
    column('Limit', 'Used and hard limits.', (object) => quotaCell(object, true)),
    age,
  ],
  NetworkPolicy: [
    nameColumn,
    column('Pod-Selector', 'Which Pods it is about.', (object) => {
      const selector = at(object, 'spec', 'podSelector');
      return (isObject(selector) && selectorText(selector as LabelSelector)) || '<none>';
    }),
    age,
  ],
};

/** Core events call it `involvedObject`, those of events.k8s.io `regarding`. */
function aboutCell(object: JsonObject): Json {
  const about = object.involvedObject ?? object.regarding;
  return `${String(at(about, 'kind')).toLowerCase()}/${String(at(about, 'name'))}`;
}

function roleCell(object: JsonObject): Json {
  return `${String(at(object, 'roleRef', 'kind'))}/${String(at(object, 'roleRef', 'name'))}`;
}

function quotaCell(object: JsonObject, limits: boolean): Json {
  const hard = at(object, 'status', 'hard');
  return Object.entries(isObject(hard) ? hard : {})
    .filter(([key]) => key.startsWith('limits.') === limits)
    .map(([key, value]) => `${key}: ${String(at(object, 'status', 'used', key) ?? 0)}/${String(value)}`)
    .join(', ');
}

function customColumns(resource: Resource): Column[] {
  const columns = resource.custom?.columns ?? [];
  if (columns.length === 0) return [nameColumn, age];
  return [
    nameColumn,
    ...columns.map(
      ({ name, type, jsonPath, priority }): Column => ({
        name,
        type,
        description: `Custom resource definition column (in JSONPath format): ${jsonPath}`,
        ...(priority === undefined ? {} : { priority }),
        cell: (object, now) => {
          const value = at(object, ...jsonPath.split('.').filter(Boolean));
          return type === 'date' ? since(value, now) : (value ?? null);
        },
      }),
    ),
  ];
}
