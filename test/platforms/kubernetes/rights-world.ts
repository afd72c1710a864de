/** Everything that Greenlight does with a cluster, by somebody who has the rights of deploy/kubernetes-rbac.yml. */
import { expect, vi } from 'vitest';
import { namespaceManifest, type Room, roomPartsOf } from '../../../src/actions/environment/create/room.ts';
import { isOperated } from '../../../src/actions/environment/operated.ts';
import { lull, sleepersOf } from '../../../src/actions/environment/sleepers.ts';
import type { Blueprint } from '../../../src/core/blueprint.ts';
import type { Cluster, Manifest } from '../../../src/core/cluster.ts';
import { catalog } from '../../approvals/shipped.ts';
import { exampleScope, exampleValues } from '../../blueprints/examples.ts';
import { rights } from '../../kubernetes-rights.ts';
import { adminToken, type ClusterSandbox, clusterSandbox } from './world.ts';

const label = { 'greenlight.dev/request': 'REQ-12' };
const room: Room = {
  ...{ name: 'a', cpu: 4, memoryGi: 8, shares: 2, team: 'checkout', teamMembers: ['dana@acme.example'] },
  hasInstaller: true,
  ...{ requestKey: 'REQ-12', owner: 'dana@acme.example', rules: catalog.environments },
};
const namespace = namespaceManifest(room);
export const namespaceRef = { apiVersion: 'v1', kind: 'Namespace', name: namespace.metadata.name };
const jobRef = { apiVersion: 'batch/v1', kind: 'Job', name: 'migrate', namespace: 'payments-production' };
const job: Manifest = {
  apiVersion: jobRef.apiVersion,
  kind: jobRef.kind,
  metadata: { name: jobRef.name, namespace: jobRef.namespace, labels: label },
  spec: {
    template: {
      spec: {
        restartPolicy: 'Never',
        containers: [{ name: 'migrate', image: 'registry.acme.example/payments:1.4.0' }],
      },
    },
  },
};

/** Of a complete environment, as actions/environment/parts/ makes them. */
const inRoom = { namespace: namespaceRef.name, labels: label };
const parts: readonly Manifest[] = [
  {
    apiVersion: 'objectbucket.io/v1alpha1',
    kind: 'ObjectBucketClaim',
    metadata: { name: 'files', ...inRoom },
    spec: { storageClassName: 'buckets' },
  },
  {
    apiVersion: 'actions.github.com/v1alpha1',
    kind: 'AutoscalingRunnerSet',
    metadata: { name: 'a', ...inRoom },
    spec: { githubConfigUrl: 'https://github.com/acme/checkout', githubConfigSecret: 'actions-runners' },
  },
];

/** Everything that actions do with a cluster, from an environment's first object to its last. */
export async function doEverything(cluster: Cluster): Promise<void> {
  await cluster.read(namespaceRef);
  await cluster.apply(namespace);
  for (const part of roomPartsOf(room)) await cluster.apply(part.manifest(room));
  await keepEnvironment(cluster);
  const made = new Set<string>();
  for (const blueprint of Object.values(catalog.blueprints)) await makeAll(blueprint, cluster, made);
  for (const part of parts) {
    await cluster.read({ ...part, ...part.metadata });
    await cluster.apply(part);
    await cluster.remove({ ...part, ...part.metadata }, {});
  }
  await cluster.workload('payments-production', 'payments');
  await cluster.warnings('payments-production', 5);
  await cluster.logs('payments-production', 'payments', { pods: 1, lines: 1 });
  await cluster.room('payments-production', 'payments');
  await cluster.restart('payments-production', 'payments', 0);
  await cluster.scale('payments-production', 'payments', 3);
  const place = { namespace: 'payments-production', deployment: 'payments' };
  const image = await cluster.image(place.namespace, place.deployment);
  await cluster.setImage({ ...place, image, fence: 1 });
  const [revision] = await cluster.revisions(place.namespace, place.deployment);
  await cluster.rollBack({ ...place, revision: revision?.number ?? 0, fence: 1 });
  await cluster.pause('payments-production', 'payments', false);
  await cluster.create(job);
  await cluster.read(jobRef);
  await cluster.apply(job);
  await cluster.remove(jobRef, label);
  await cluster.remove(namespaceRef, label);
}

/** What the reconciler, sleep, drift and repair do with one that lives. */
async function keepEnvironment(cluster: Cluster): Promise<void> {
  await cluster.list({ apiVersion: 'v1', kind: 'Namespace', labels: label });
  await cluster.list({ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding', labels: label });
  await cluster.list({ apiVersion: 'apps/v1', kind: 'Deployment', namespace: namespaceRef.name });
  await sleepersOf(cluster, namespaceRef.name);
  await lull(cluster, { ...jobRef, kind: 'CronJob' }, 1);
  for (const manifest of [namespace, ...roomPartsOf(room).map((part) => part.manifest(room))]) {
    await cluster.differences(manifest);
    await cluster.reapply(manifest);
  }
}

/**
 * As the steps of an environment do: looked for, applied, and looked at; a Secret is only made. One of each kind is enough,
 * because rights are given by kind.
 */
async function makeAll(blueprint: Blueprint, cluster: Cluster, made: Set<string>): Promise<void> {
  const input = blueprint.inputs.check(exampleValues(blueprint.inputs));
  const scope = exampleScope('a', input.ok ? input.value : {});
  const refs = blueprint.resources.map((resource) => [resource.name, resource.ref(scope)] as const);
  const observed = Object.fromEntries(
    refs.map(([name, { namespace: _namespace, ...ref }]) => [name, { ...ref, metadata: ref, status: {} }]),
  );
  for (const resource of blueprint.resources) {
    if (made.has(resource.kind)) continue;
    made.add(resource.kind);
    const manifest = resource.manifest(scope, observed);
    if (resource.kind === 'Secret') {
      await cluster.wouldMake(manifest);
      await cluster.createSecret(manifest, resource.generated);
      continue;
    }
    await cluster.read(resource.ref(scope));
    await cluster.apply(manifest);
    if (isOperated(resource.ref(scope))) await cluster.remove(resource.ref(scope), {});
  }
}

/** What operators look after of all that is made. */
export const operated = Object.values(catalog.blueprints).flatMap((blueprint) => {
  const input = blueprint.inputs.check(exampleValues(blueprint.inputs));
  const scope = exampleScope('a', input.ok ? input.value : {});
  return blueprint.resources.map((resource) => resource.ref(scope)).filter(isOperated);
});

/** Everything that people look at, in their own name. */
export async function lookAround({ impersonating, journal }: ClusterSandbox): Promise<void> {
  const before = journal.since(0).at(-1)?.id ?? 0;
  const cluster = impersonating('least');
  const sam = { kind: 'person', email: 'sam@acme.example', groups: ['sre'] } as const;
  const view = cluster.view(sam);
  await view.workload('payments-production', 'payments');
  await view.warnings('payments-production', 5);
  await view.logs('payments-production', 'payments', { pods: 1, lines: 1 });
  const { notSeen } = await view.overview();
  if (notSeen.length > 0) throw new Error(notSeen.join(' '));
  const watches = () => journal.since(before).filter((one) => one.response === '(a stream)');
  await vi.waitFor(() => expect(watches()).toHaveLength(6));
  const refused = watches().find((one) => one.outcome !== '200');
  if (refused) throw new Error(`Greenlight has no right to watch: ${refused.operation}`);
}

export async function clusterWithRights() {
  const world = await clusterSandbox();
  world.box.control.addUser({
    token: 'least',
    user: 'system:serviceaccount:greenlight:greenlight',
    groups: [],
  });
  const admin = world.signIn(adminToken, 'admin');
  // Forced: the sandbox has roles of the same names.
  for (const manifest of rights) await admin.reapply(manifest);
  return { ...world, admin, least: world.signIn('least') };
}
