import { PatchStrategy } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { botToken, clientsOf, refusal, startTestCluster, type TestCluster } from './support.ts';

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startTestCluster();
});
afterAll(() => cluster.box.stop());

const bot = () => clientsOf(cluster.box.url, botToken);

function deployment(name: string, namespace: string, image: string, replicas = 2) {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name: 'main', image, ports: [{ containerPort: 8080 }] }] },
      },
    },
  };
}

const apply = (object: object) =>
  bot().objects.patch(
    object as Parameters<ReturnType<typeof clientsOf>['objects']['patch']>[0],
    undefined,
    undefined,
    'greenlight',
    undefined,
    PatchStrategy.ServerSideApply,
  );

describe('the seeded cluster', () => {
  test('starts settled, with ages of days', async () => {
    const { items } = await bot().apps.listNamespacedDeployment({ namespace: 'payments-production' });
    expect(items[0]?.status).toMatchObject({ readyReplicas: 3, observedGeneration: 1 });
    const age = cluster.clock.now() - Number(items[0]?.metadata?.creationTimestamp);
    expect(age).toBeGreaterThan(10 * 86_400_000);
  });

  test('has one service that crashes, with an exit code, restarts and warnings', async () => {
    const { items } = await bot().core.listNamespacedPod({ namespace: 'search-staging' });
    const status = items[0]?.status?.containerStatuses?.[0];
    expect(status?.state?.waiting?.reason).toBe('CrashLoopBackOff');
    expect(status?.lastState?.terminated?.exitCode).toBe(1);
    expect(status?.restartCount).toBeGreaterThan(3);
    const events = await bot().core.listNamespacedEvent({
      namespace: 'search-staging',
      fieldSelector: 'type=Warning',
    });
    expect(events.items.map((event) => event.reason)).toContain('BackOff');
  });
});

describe('provisioning an environment with the official client', () => {
  test('everything of an environment is applied, becomes ready and goes again', async () => {
    const { core, apps, network } = bot();
    const namespace = 'env-one';
    await apply({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: namespace, labels: { team: 'x' } },
    });
    const early = await refusal(
      core.createNamespacedPod({
        namespace,
        body: { metadata: { name: 'p' }, spec: { containers: [{ name: 'm', image: 'i:1' }] } },
      }),
    );
    expect(early.code).toBe(403);
    await cluster.clock.advance(1_000);
    const parts = [
      {
        apiVersion: 'v1',
        kind: 'ResourceQuota',
        metadata: { name: 'q', namespace },
        spec: { hard: { pods: '10' } },
      },
      {
        apiVersion: 'v1',
        kind: 'LimitRange',
        metadata: { name: 'l', namespace },
        spec: { limits: [{ type: 'Container', default: { cpu: '200m' }, defaultRequest: { cpu: '100m' } }] },
      },
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name: 'n', namespace },
        spec: { podSelector: {}, policyTypes: ['Ingress'] },
      },
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'deployer', namespace } },
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'RoleBinding',
        metadata: { name: 'developers', namespace },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'edit' },
        subjects: [{ kind: 'User', name: 'dana@acme.example' }],
      },
      deployment('web', namespace, 'registry.example/web:1'),
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'web', namespace },
        spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] },
      },
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'Ingress',
        metadata: { name: 'web', namespace },
        spec: {
          rules: [
            {
              host: 'web.example.com',
              http: {
                paths: [
                  {
                    path: '/',
                    pathType: 'Prefix',
                    backend: { service: { name: 'web', port: { number: 80 } } },
                  },
                ],
              },
            },
          ],
        },
      },
    ];
    for (const part of parts) await apply(part);
    const versions = async () =>
      Promise.all(parts.map(async (part) => (await bot().objects.read(part)).metadata?.resourceVersion));
    const before = await versions();
    for (const part of parts) await apply(part);
    expect(await versions(), 'applying the same again changes nothing').toEqual(before);

    await cluster.clock.advance(6_000);
    const read = await apps.readNamespacedDeployment({ name: 'web', namespace });
    expect(read.status?.readyReplicas).toBe(2);
    const pods = await core.listNamespacedPod({ namespace, labelSelector: 'app=web' });
    expect(pods.items[0]?.spec?.containers[0]?.resources?.requests).toEqual({ cpu: '100m' });
    expect(
      (await network.readNamespacedIngress({ name: 'web', namespace })).status?.loadBalancer?.ingress,
    ).toHaveLength(1);
    expect((await core.readNamespacedResourceQuota({ name: 'q', namespace })).status?.used).toEqual({
      pods: '2',
    });

    await core.deleteNamespace({ name: namespace });
    const again = await refusal(core.createNamespace({ body: { metadata: { name: namespace } } }));
    expect(again).toMatchObject({ code: 409, reason: 'AlreadyExists' });
    await cluster.clock.advance(10_000);
    expect(await refusal(core.readNamespace({ name: namespace }))).toMatchObject({ code: 404 });
  });

  test('a stuck finalizer holds a namespace until it is taken off', async () => {
    const { core } = bot();
    await core.createNamespace({ body: { metadata: { name: 'held' } } });
    await core.createNamespacedConfigMap({ namespace: 'held', body: { metadata: { name: 'c' } } });
    const reference = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'held', name: 'c' };
    cluster.box.control.stuckFinalizer(reference);
    await core.deleteNamespace({ name: 'held' });
    await cluster.clock.advance(3_600_000);
    const stuck = await core.readNamespace({ name: 'held' });
    const condition = stuck.status?.conditions?.find((one) => one.type === 'NamespaceFinalizersRemaining');
    expect(condition).toMatchObject({
      status: 'True',
      message: expect.stringContaining('sandbox.local/stuck'),
    });
    cluster.box.control.removeFinalizer(reference);
    await cluster.clock.advance(5_000);
    expect(await refusal(core.readNamespace({ name: 'held' }))).toMatchObject({ code: 404 });
  });
});

describe('rolling out', () => {
  const namespace = 'checkout-production';
  const statusOf = async () =>
    (await bot().apps.readNamespacedDeployment({ name: 'checkout', namespace })).status;

  test('a new image replaces Pods one by one and never serves with fewer than wanted', async () => {
    cluster.box.control.setImage({
      namespace,
      deployment: 'checkout',
      image: 'registry.acme.example/checkout:2.8.0',
      version: '2.8.0',
    });
    for (let step = 0; step < 40; step += 1) {
      await cluster.clock.advance(200);
      expect((await statusOf())?.availableReplicas ?? 0).toBeGreaterThanOrEqual(2);
    }
    expect(await statusOf()).toMatchObject({ updatedReplicas: 2, readyReplicas: 2, replicas: 2 });
    const { items } = await bot().core.listNamespacedPod({ namespace });
    expect(items.map((pod) => pod.metadata?.labels?.['app.kubernetes.io/version'])).toEqual([
      '2.8.0',
      '2.8.0',
    ]);
  });

  test.each([
    ['imagepull', 'ImagePullBackOff'],
    ['crash', 'CrashLoopBackOff'],
    ['oom', 'CrashLoopBackOff'],
  ])('an image named %s ends in %s and the rollout in its deadline', async (word, reason) => {
    const name = `bad-${word}`;
    await bot().apps.createNamespacedDeployment({
      namespace: 'default',
      body: deployment(name, 'default', `registry.example/${word}:1`, 1),
    });
    await cluster.clock.advance(8_000);
    const { items } = await bot().core.listNamespacedPod({
      namespace: 'default',
      labelSelector: `app=${name}`,
    });
    expect(items[0]?.status?.containerStatuses?.[0]?.state?.waiting?.reason).toBe(reason);
    await cluster.clock.advance(700_000);
    const { status } = await bot().apps.readNamespacedDeployment({ name, namespace: 'default' });
    expect(status?.conditions?.find((one) => one.type === 'Progressing')?.reason).toBe(
      'ProgressDeadlineExceeded',
    );
  });

  test('a quota that is too small stalls a rollout, and only the ReplicaFailure condition tells', async () => {
    cluster.box.control.stallQuota('payments-staging');
    cluster.box.control.setImage({
      namespace: 'payments-staging',
      deployment: 'payments',
      image: 'registry.acme.example/payments:1.4.2',
    });
    await cluster.clock.advance(5_000);
    const { status } = await bot().apps.readNamespacedDeployment({
      name: 'payments',
      namespace: 'payments-staging',
    });
    expect(status?.readyReplicas, 'the old Pod goes on serving').toBe(1);
    const failure = status?.conditions?.find((one) => one.type === 'ReplicaFailure');
    expect(failure?.message).toMatch(
      /is forbidden: exceeded quota: sandbox-stall, requested: pods=1, used: pods=1/,
    );
  });

  test('a control call makes the next Pods of a workload fail whatever their image is called', async () => {
    cluster.box.control.failNext('search-production', 'search', 'unready');
    cluster.box.control.setImage({
      namespace: 'search-production',
      deployment: 'search',
      image: 'registry.acme.example/search:0.9.4',
    });
    await cluster.clock.advance(20_000);
    const { status } = await bot().apps.readNamespacedDeployment({
      name: 'search',
      namespace: 'search-production',
    });
    expect(status).toMatchObject({ readyReplicas: 2, updatedReplicas: 1, unavailableReplicas: 1 });
  });
});
