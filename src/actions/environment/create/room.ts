/**
 * The room that every environment gets, whatever runs in it. Pure: the same order gives the same objects, so that
 * applying them again changes nothing.
 */
import type { Catalog } from '../../../core/catalog.ts';
import type { Manifest } from '../../../core/cluster.ts';
import { boundTo } from '../../../core/team-binding.ts';
import { namespaceOf, ownershipLabels } from '../order.ts';

export interface Room {
  readonly name: string;
  readonly cpu: number;
  readonly memoryGi: number;
  /** How many containers share the size; each that asks for nothing gets one share. */
  readonly shares: number;
  readonly team: string;
  /** E-mail addresses: the cluster knows people by them. */
  readonly teamMembers: readonly string[];
  /** For whoever installs in the environment's name. */
  readonly hasInstaller: boolean;
  readonly owner: string;
  readonly requestKey: string;
  readonly rules: Catalog['environments'];
}

/** What every object of an environment bears. */
export function marksOf({ requestKey, team }: Pick<Room, 'requestKey' | 'team'>) {
  return { ...ownershipLabels(requestKey), 'greenlight.dev/team': team };
}

export function namespaceManifest(room: Room): Manifest {
  const { podSecurity } = room.rules;
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name: namespaceOf(room.name),
      labels: {
        ...marksOf(room),
        'greenlight.dev/environment': room.name,
        'pod-security.kubernetes.io/enforce': podSecurity,
        'pod-security.kubernetes.io/warn': podSecurity,
      },
      annotations: { 'greenlight.dev/owner': room.owner },
    },
  };
}

export interface RoomPart {
  readonly id: string;
  readonly title: string;
  manifest(room: Room): Manifest;
}

/** Beside each other, all inside the namespace. */
export function roomPartsOf({ hasInstaller }: Pick<Room, 'hasInstaller'>): readonly RoomPart[] {
  return hasInstaller ? [...roomParts, ...installerParts] : roomParts;
}

const roomParts: readonly RoomPart[] = [
  {
    id: 'quota',
    title: 'Quota',
    manifest: (room) => ({
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: inside(room, 'environment'),
      spec: {
        hard: {
          'requests.cpu': millicores(room.cpu),
          'limits.cpu': millicores(room.cpu),
          'requests.memory': mebibytes(room.memoryGi),
          'limits.memory': mebibytes(room.memoryGi),
        },
      },
    }),
  },
  {
    id: 'limit-range',
    title: 'Limit range',
    manifest(room) {
      const limit = {
        cpu: millicores(room.cpu / room.shares),
        memory: mebibytes(room.memoryGi / room.shares),
      };
      return {
        apiVersion: 'v1',
        kind: 'LimitRange',
        metadata: inside(room, 'environment'),
        spec: { limits: [{ type: 'Container', default: limit, defaultRequest: limit }] },
      };
    },
  },
  { id: 'network-policy', title: 'Network policy', manifest: networkPolicy },
  {
    id: 'service-account',
    title: 'Service account',
    manifest(room) {
      const { pullSecret } = room.rules;
      return {
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: inside(room, 'workload'),
        automountServiceAccountToken: false,
        ...(pullSecret === undefined ? {} : { imagePullSecrets: [{ name: pullSecret }] }),
      };
    },
  },
  {
    id: 'role-binding',
    title: 'Role binding for the team',
    manifest(room) {
      const { annotations, subjects } = boundTo(room.teamMembers);
      return {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'RoleBinding',
        metadata: { ...inside(room, 'team'), annotations },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'edit' },
        subjects,
      };
    },
  },
];

const installerParts: readonly RoomPart[] = [
  {
    id: 'installer',
    title: 'Service account for installing',
    manifest: (room) => ({
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: inside(room, 'installer'),
      automountServiceAccountToken: false,
    }),
  },
  {
    id: 'installer-binding',
    title: 'Role binding for installing',
    manifest: (room) => ({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: inside(room, 'installer'),
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'edit' },
      subjects: [{ kind: 'ServiceAccount', name: 'installer', namespace: namespaceOf(room.name) }],
    }),
  },
];

/** What it selects is denied whatever is not named: nothing comes in and nothing goes out but this. */
function networkPolicy(room: Room): Manifest {
  const { ingressFrom, egressTo } = room.rules;
  const namespace = (name: string) => ({
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } },
  });
  const sameNamespace = { podSelector: {} };
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: inside(room, 'environment'),
    spec: {
      podSelector: {},
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ from: [sameNamespace, ...ingressFrom.map(namespace)] }],
      egress: [
        { to: [sameNamespace] },
        // Without names nothing works, and the answer would look like a fault of the network.
        {
          to: [namespace('kube-system')],
          ports: [
            { protocol: 'UDP', port: 53 },
            { protocol: 'TCP', port: 53 },
          ],
        },
        ...egressTo.map(({ cidr, except, ports }) => ({
          to: [{ ipBlock: { cidr, ...(except.length === 0 ? {} : { except }) } }],
          ...(ports.length === 0 ? {} : { ports: ports.map((port) => ({ protocol: 'TCP', port })) }),
        })),
      ],
    },
  };
}

function inside(room: Room, name: string) {
  return { name, namespace: namespaceOf(room.name), labels: marksOf(room) };
}

function millicores(cores: number): string {
  return `${Math.floor(cores * 1000)}m`;
}

function mebibytes(gibibytes: number): string {
  return `${Math.floor(gibibytes * 1024)}Mi`;
}
