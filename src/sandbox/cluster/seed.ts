/** The seed file: what it may say, and how it becomes a cluster that has been running for days. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Tokens } from './authn.ts';
import { createAsSystem, setStatus } from './controllers/tools.ts';
import { defaultClusterRoleBindings, defaultClusterRoles } from './default-roles.ts';
import { asJson } from './json.ts';
import { operatorNames, plantOperators } from './operators/operators.ts';
import type { JsonObject } from './types.ts';
import { type ClusterWorld, timestamp } from './world.ts';

const name = z.string().min(1).max(253);
const days = z.number().min(0).max(4_000);
const subject = z.strictObject({
  kind: z.enum(['User', 'Group', 'ServiceAccount']),
  name,
  namespace: name.optional(),
});
const rule = z.strictObject({
  apiGroups: z.array(z.string()).optional(),
  resources: z.array(z.string()).optional(),
  resourceNames: z.array(z.string()).optional(),
  nonResourceURLs: z.array(z.string()).optional(),
  verbs: z.array(z.string()).min(1),
});

export const clusterSeedSchema = z.strictObject({
  name,
  users: z.array(
    z.strictObject({
      token: z.string().min(8),
      user: name,
      uid: z.string().optional(),
      groups: z.array(name).default([]),
    }),
  ),
  nodes: z.array(z.strictObject({ name, cpu: z.string(), memory: z.string(), address: z.string() })).min(1),
  /** Which operators run, with the definitions of their custom resources. */
  operators: z.array(z.enum(operatorNames)).default([]),
  namespaces: z.array(
    z.strictObject({ name, ageDays: days.default(0), labels: z.record(z.string(), z.string()).default({}) }),
  ),
  workloads: z
    .array(
      z.strictObject({
        namespace: name,
        name,
        version: z.string(),
        image: z.string().optional(),
        replicas: z.int().min(0).max(100),
        ageDays: days.default(0),
      }),
    )
    .default([]),
  clusterRoles: z.array(z.strictObject({ name, rules: z.array(rule) })).default([]),
  clusterRoleBindings: z.array(z.strictObject({ name, role: name, subjects: z.array(subject) })).default([]),
  roleBindings: z
    .array(z.strictObject({ name, namespace: name, role: name, subjects: z.array(subject) }))
    .default([]),
});

export type ClusterSeed = z.infer<typeof clusterSeedSchema>;

/** The seed that ships with the sandbox. @throws ZodError when the file says something that it may not. */
export function readClusterSeed(file = new URL('../seed/cluster.yml', import.meta.url)): ClusterSeed {
  return clusterSeedSchema.parse(parse(readFileSync(file, 'utf8')));
}

/** Writes the cluster's own furniture: nodes, roles, tokens. */
export function plant(world: ClusterWorld, tokens: Tokens, seed: ClusterSeed): void {
  for (const user of seed.users) tokens.add(user);
  plantNodes(world, seed);
  plantRoles(world, seed);
  plantOperators(world, seed.operators);
}

/** One namespace, with what the seed says stands in it from the start. */
export function plantNamespace(
  world: ClusterWorld,
  seed: ClusterSeed,
  { name: named, labels }: ClusterSeed['namespaces'][number],
): void {
  createAsSystem(world, 'v1', 'Namespace', undefined, { metadata: { name: named, labels } });
  for (const one of seed.roleBindings.filter((binding) => binding.namespace === named)) {
    createAsSystem(world, rbac, 'RoleBinding', named, {
      metadata: { name: one.name },
      roleRef: { apiGroup: rbacGroup, kind: 'ClusterRole', name: one.role },
      subjects: one.subjects.map((who) => ({ ...who })),
    });
  }
  if (named !== 'default') return;
  // The API itself is a Service in every cluster.
  createAsSystem(world, 'v1', 'Service', named, {
    metadata: { name: 'kubernetes', labels: { component: 'apiserver', provider: 'kubernetes' } },
    spec: { clusterIP: '10.96.0.1', ports: [{ name: 'https', port: 443, targetPort: 6443 }] },
  });
}

const rbacGroup = 'rbac.authorization.k8s.io';
const rbac = `${rbacGroup}/v1`;

function plantNodes(world: ClusterWorld, seed: ClusterSeed): void {
  for (const [index, node] of seed.nodes.entries()) {
    const created = createAsSystem(world, 'v1', 'Node', undefined, {
      metadata: {
        name: node.name,
        annotations: { 'node.alpha.kubernetes.io/ttl': '0' },
        labels: {
          'kubernetes.io/hostname': node.name,
          'kubernetes.io/os': 'linux',
          'kubernetes.io/arch': 'amd64',
          'beta.kubernetes.io/os': 'linux',
          'beta.kubernetes.io/arch': 'amd64',
          'node-role.kubernetes.io/worker': '',
          'topology.kubernetes.io/zone': `zone-${'ab'[index % 2]}`,
        },
      },
      spec: { podCIDR: `10.244.${index}.0/24` },
    });
    const resources: JsonObject = { cpu: node.cpu, memory: node.memory, pods: '110' };
    const now = timestamp(world.clock.now());
    setStatus(
      world,
      created,
      {
        capacity: resources,
        allocatable: resources,
        addresses: [
          { type: 'InternalIP', address: node.address },
          { type: 'Hostname', address: node.name },
        ],
        conditions: [
          {
            type: 'Ready',
            status: 'True',
            lastHeartbeatTime: now,
            lastTransitionTime: now,
            reason: 'KubeletReady',
            message: 'kubelet is posting ready status',
          },
        ],
        nodeInfo: {
          machineID: '',
          systemUUID: '',
          bootID: '',
          kernelVersion: '6.6.0',
          osImage: 'Sandbox Linux',
          containerRuntimeVersion: 'containerd://2.0.0',
          kubeletVersion: 'v1.32.13',
          kubeProxyVersion: '',
          operatingSystem: 'linux',
          architecture: 'amd64',
        },
      },
      'kubelet',
    );
  }
}

function plantRoles(world: ClusterWorld, seed: ClusterSeed): void {
  const roles = [
    ...Object.entries(defaultClusterRoles).map(([role, rules]) => ({ name: role, rules })),
    ...seed.clusterRoles,
  ];
  for (const one of roles) {
    createAsSystem(world, rbac, 'ClusterRole', undefined, {
      metadata: { name: one.name },
      rules: one.rules.map((each) => asJson({ ...each })),
    });
  }
  const bindings = [
    ...Object.entries(defaultClusterRoleBindings).map(([role, groups]) => ({
      name: role,
      role,
      subjects: groups.map((group) => ({ kind: 'Group' as const, name: group })),
    })),
    ...seed.clusterRoleBindings,
  ];
  for (const one of bindings) {
    createAsSystem(world, rbac, 'ClusterRoleBinding', undefined, {
      metadata: { name: one.name },
      roleRef: { apiGroup: rbacGroup, kind: 'ClusterRole', name: one.role },
      subjects: one.subjects.map((who) => ({ ...who })),
    });
  }
}

/** Deployments and their Services. Their controllers must run to bring them to life. */
export function plantWorkloads(world: ClusterWorld, workloads: ClusterSeed['workloads']): void {
  for (const one of workloads) {
    const labels = {
      'app.kubernetes.io/name': one.name,
      'app.kubernetes.io/version': one.version,
      'app.kubernetes.io/part-of': 'acme',
    };
    const matchLabels = { 'app.kubernetes.io/name': one.name };
    createAsSystem(
      world,
      'apps/v1',
      'Deployment',
      one.namespace,
      {
        metadata: { name: one.name, labels },
        spec: {
          replicas: one.replicas,
          selector: { matchLabels },
          template: {
            metadata: { labels },
            spec: {
              containers: [
                {
                  name: one.name,
                  image: one.image ?? `registry.acme.example/${one.name}:${one.version}`,
                  ports: [{ name: 'http', containerPort: 8080 }],
                  resources: {
                    requests: { cpu: '100m', memory: '128Mi' },
                    limits: { cpu: '500m', memory: '256Mi' },
                  },
                },
              ],
            },
          },
        },
      },
      'deploy',
    );
    createAsSystem(
      world,
      'v1',
      'Service',
      one.namespace,
      {
        metadata: { name: one.name, labels },
        spec: { selector: matchLabels, ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
      },
      'deploy',
    );
  }
}
