/** deploy/kubernetes-rbac.yml against a cluster that enforces it: it suffices for all we do, and one right less does not. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { environmentManifests, workloadManifests } from '../../../src/actions/environment/manifests.ts';
import type { Cluster, Manifest } from '../../../src/core/cluster.ts';
import { blueprintSchema } from '../../../src/core/inline-blueprint.ts';
import { ProblemError } from '../../../src/core/problem.ts';
import { adminToken, clusterSandbox } from './world.ts';

const root = new URL('../../../', import.meta.url);
const rights = parseAllDocuments(readFileSync(new URL('deploy/kubernetes-rbac.yml', root), 'utf8')).map(
  (document) => document.toJS() as Manifest,
);

const roleSchema = z.object({
  rules: z.array(
    z.looseObject({
      apiGroups: z.array(z.string()),
      resources: z.array(z.string()),
      verbs: z.array(z.string()),
    }),
  ),
});

const blueprints = z
  .object({ blueprints: z.record(z.string(), blueprintSchema) })
  .parse(parse(readFileSync(new URL('data/catalog.yml', root), 'utf8'))).blueprints;

const label = { 'greenlight.dev/request': 'REQ-12' };
const order = {
  ...{ name: 'a', cpu: 4, memoryGi: 8, replicas: 1, team: 'checkout', teamMembers: ['dana@acme.example'] },
  ...{ requestKey: 'REQ-12', owner: 'dana@acme.example' },
};
const { namespace, ...room } = environmentManifests(order);
const namespaceRef = { apiVersion: 'v1', kind: 'Namespace', name: namespace.metadata.name };
const contents: Manifest[] = [
  ...Object.values(room),
  ...Object.values(blueprints).flatMap((blueprint) => workloadManifests(blueprint, order)),
];

/** A real server asks for `create` when an apply finds nothing to change; the sandbox's asks for `patch` alone. */
const notEnforced = 'create';

/** Everything that actions do with a cluster, from an environment's first object to its last. */
async function doEverything(cluster: Cluster): Promise<void> {
  await cluster.read(namespaceRef);
  await cluster.apply(namespace);
  for (const manifest of contents) await cluster.apply(manifest);
  await cluster.workload('payments-production', 'payments');
  await cluster.warnings('payments-production', 5);
  await cluster.logs('payments-production', 'payments', { pods: 1, lines: 1 });
  await cluster.room('payments-production', 'payments');
  await cluster.restart('payments-production', 'payments', 0);
  await cluster.scale('payments-production', 'payments', 3);
  await cluster.remove(namespaceRef, label);
}

async function clusterWithRights() {
  const world = await clusterSandbox();
  world.box.control.addUser({
    token: 'least',
    user: 'system:serviceaccount:greenlight:greenlight',
    groups: [],
  });
  const admin = world.signIn(adminToken, 'admin');
  for (const manifest of rights) await admin.apply(manifest);
  return { ...world, admin, least: world.signIn('least') };
}

describe('the rights in deploy/kubernetes-rbac.yml', () => {
  it('suffice for everything that actions do', async () => {
    const { least } = await clusterWithRights();
    await doEverything(least);
  });

  it('hold nothing that could be taken away', async () => {
    const { admin, least, clock } = await clusterWithRights();
    const unneeded: string[] = [];
    for (const role of rights.filter((one) => one.kind === 'ClusterRole')) {
      for (const { without, rules } of oneLess(roleSchema.parse(role).rules)) {
        await admin.apply({ ...role, rules });
        const isRefused = await doEverything(least).then(
          () => false,
          (error: unknown) =>
            error instanceof ProblemError && /has no right|refused/.test(error.problem.sentence),
        );
        if (!isRefused) unneeded.push(`${role.metadata.name}: ${without}`);
        await admin.apply(role);
        // Each try begins without the namespace of the one before.
        await admin.remove(namespaceRef, {});
        await clock.advance(60_000);
      }
    }
    expect(unneeded).toEqual([]);
  }, 60_000);

  it('do not let Greenlight read a Secret or delete anything but a namespace', async () => {
    const { least, admin } = await clusterWithRights();
    const secret = { apiVersion: 'v1', kind: 'Secret', name: 's', namespace: 'payments-production' };
    await expect(least.read(secret)).rejects.toThrow('no right to get secrets');
    const configMap = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'c', namespace: 'payments-production' },
    };
    await admin.apply(configMap);
    await expect(least.remove({ ...configMap, ...configMap.metadata }, {})).rejects.toThrow(
      'no right to get configmaps',
    );
  });
});

/** The same rules with one verb on one resource taken away, for every such pair. */
function oneLess(rules: z.infer<typeof roleSchema>['rules']) {
  return rules.flatMap((rule, index) =>
    rule.resources.flatMap((resource) =>
      rule.verbs
        .filter((verb) => verb !== notEnforced)
        .map((verb) => ({
          without: `${verb} ${resource}`,
          rules: rules.flatMap((other, place) => {
            if (place !== index) return [other];
            const others = { ...rule, resources: rule.resources.filter((one) => one !== resource) };
            const less = { ...rule, resources: [resource], verbs: rule.verbs.filter((one) => one !== verb) };
            return [others, less].filter((one) => one.resources.length > 0 && one.verbs.length > 0);
          }),
        })),
    ),
  );
}
