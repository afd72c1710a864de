import { PassThrough } from 'node:stream';
import { ApiException, Log, PatchStrategy, type V1Pod, Watch } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import {
  adminToken,
  botToken,
  call,
  clientsOf,
  kubeConfig,
  startTestCluster,
  type TestCluster,
} from './support.ts';

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startTestCluster();
});
afterAll(() => cluster.box.stop());

const bot = () => clientsOf(cluster.box.url, botToken);

async function refusal(
  promise: Promise<unknown>,
): Promise<{ code: number; reason: string; message: string }> {
  try {
    await promise;
  } catch (error) {
    if (!(error instanceof ApiException)) throw error;
    const body = typeof error.body === 'string' ? JSON.parse(error.body) : error.body;
    return { code: error.code, reason: body.reason, message: body.message };
  }
  throw new Error('It was not refused.');
}

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

describe('watching and following', () => {
  test('a watch sees a Pod come and go', async () => {
    const watch = new Watch(kubeConfig(cluster.box.url, botToken));
    const seen: string[] = [];
    const abort = await watch.watch(
      '/api/v1/namespaces/default/pods',
      { labelSelector: 'run=watched', allowWatchBookmarks: true },
      (phase: string, pod: V1Pod) => seen.push(`${phase} ${pod.status?.phase ?? ''}`),
      () => {},
    );
    await call(cluster.box.url, 'POST', '/api/v1/namespaces/default/pods', {
      metadata: { name: 'watched', labels: { run: 'watched' } },
      spec: { containers: [{ name: 'main', image: 'i:1' }] },
    });
    await cluster.clock.advance(5_000);
    await call(cluster.box.url, 'DELETE', '/api/v1/namespaces/default/pods/watched');
    await cluster.clock.advance(5_000);
    await vi.waitFor(() => expect(seen.at(-1)).toMatch(/^DELETED/));
    expect(seen[0]).toBe('ADDED Pending');
    expect(seen).toContain('MODIFIED Running');
    abort.abort();
  });

  test('a watch from a forgotten version ends with 410 inside the stream', async () => {
    const { metadata } = await bot().core.listNamespacedPod({ namespace: 'default' });
    await call(cluster.box.url, 'POST', '/api/v1/namespaces/default/configmaps', {
      metadata: { name: 'later' },
    });
    cluster.box.control.compact();
    const watch = new Watch(kubeConfig(cluster.box.url, botToken));
    const seen: string[] = [];
    await new Promise<void>((resolve, reject) => {
      watch
        .watch(
          '/api/v1/namespaces/default/pods',
          { resourceVersion: metadata?.resourceVersion },
          (phase: string, status: { code?: number }) => seen.push(`${phase} ${status.code}`),
          () => resolve(),
        )
        .catch(reject);
    });
    expect(seen).toEqual(['ERROR 410']);
  });

  test('logs are read by their tail, of the run before a crash, and followed', async () => {
    const log = new Log(kubeConfig(cluster.box.url, botToken));
    const read = async (namespace: string, options: object) => {
      const { items } = await bot().core.listNamespacedPod({ namespace });
      const pod = items[0]?.metadata?.name ?? '';
      const container = items[0]?.spec?.containers[0]?.name ?? '';
      const stream = new PassThrough();
      let text = '';
      stream.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      const abort = await log.log(namespace, pod, container, stream, options);
      return { text: () => text, abort, ended: new Promise((resolve) => stream.once('end', resolve)) };
    };
    const tail = await read('checkout-staging', { tailLines: 2 });
    await tail.ended;
    expect(tail.text().trimEnd().split('\n')).toHaveLength(2);
    const previous = await read('search-staging', { previous: true });
    await previous.ended;
    expect(previous.text()).toContain('panic: cannot start without a database');
    const followed = await read('checkout-staging', { follow: true, tailLines: 1 });
    const before = () => followed.text().split('\n').length;
    const start = before();
    await cluster.clock.advance(60_000);
    await vi.waitFor(() => expect(before()).toBeGreaterThan(start + 5));
  });
});

describe('access', () => {
  test('impersonation counts the rights of the person, not of the bot', async () => {
    const as = (user: string) => ({ 'impersonate-user': user, authorization: `Bearer ${botToken}` });
    const { status, body } = await call(
      cluster.box.url,
      'GET',
      '/api/v1/nodes',
      undefined,
      as('dana@acme.example'),
    );
    expect(status).toBe(403);
    expect(body).toMatchObject({
      message:
        'nodes is forbidden: User "dana@acme.example" cannot list resource "nodes" in API group "" at the cluster scope',
    });
  });

  test('the bot may not do what its role does not say', async () => {
    expect(await refusal(bot().core.deleteNode({ name: 'node-a' }))).toMatchObject({
      code: 403,
      reason: 'Forbidden',
      message:
        'nodes "node-a" is forbidden: User "greenlight" cannot delete resource "nodes" in API group "" at the cluster scope',
    });
  });

  test('an access review answers who may what', async () => {
    const review = await bot().authorization.createSelfSubjectAccessReview({
      body: { spec: { resourceAttributes: { verb: 'create', resource: 'namespaces' } } },
    });
    expect(review.status?.allowed).toBe(true);
  });

  test('a token of a service account ends with its time', async () => {
    const admin = clientsOf(cluster.box.url, adminToken);
    const { status } = await admin.core.createNamespacedServiceAccountToken({
      name: 'default',
      namespace: 'default',
      body: { spec: { audiences: [], expirationSeconds: 600 } },
    });
    const read = () =>
      call(cluster.box.url, 'GET', '/api/v1/pods', undefined, { authorization: `Bearer ${status?.token}` });
    expect((await read()).status).toBe(403);
    await cluster.clock.advance(601_000);
    expect((await read()).status).toBe(401);
  });
});

describe('custom resources', () => {
  test('a definition serves, validates and keeps a status that a control call writes', async () => {
    const { objects } = clientsOf(cluster.box.url, adminToken);
    await call(cluster.box.url, 'POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
      metadata: { name: 'databases.example.com' },
      spec: {
        group: 'example.com',
        scope: 'Namespaced',
        names: { plural: 'databases', kind: 'Database' },
        versions: [
          {
            name: 'v1',
            served: true,
            storage: true,
            subresources: { status: {} },
            schema: {
              openAPIV3Schema: {
                type: 'object',
                properties: {
                  spec: {
                    type: 'object',
                    required: ['size'],
                    properties: { size: { type: 'string', enum: ['small', 'large'] } },
                  },
                  status: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
                },
              },
            },
          },
        ],
      },
    });
    await cluster.clock.advance(1_000);
    const database = (size: string) => ({
      apiVersion: 'example.com/v1',
      kind: 'Database',
      metadata: { name: 'db', namespace: 'default' },
      spec: { size },
    });
    expect(await refusal(objects.create(database('huge')))).toMatchObject({
      code: 422,
      message:
        'Database.example.com "db" is invalid: spec.size: Unsupported value: "huge": supported values: "small", "large"',
    });
    await objects.create(database('small'));
    cluster.box.control.setStatus(
      { apiVersion: 'example.com/v1', kind: 'Database', namespace: 'default', name: 'db' },
      { phase: 'Ready' },
    );
    expect(await objects.read(database('small'))).toMatchObject({ status: { phase: 'Ready' } });
  });
});

describe('faults', () => {
  test('a lost response leaves its effect behind', async () => {
    cluster.faults.add({
      box: 'cluster',
      operation: 'POST */configmaps',
      fault: { kind: 'lost-response' },
      times: 1,
    });
    const body = { metadata: { name: 'lost' } };
    await expect(bot().core.createNamespacedConfigMap({ namespace: 'default', body })).rejects.toThrow();
    expect(await refusal(bot().core.createNamespacedConfigMap({ namespace: 'default', body }))).toMatchObject(
      {
        code: 409,
      },
    );
  });

  test('control calls work over HTTP and refuse what they do not know', async () => {
    const post = (name: string, body: unknown) =>
      fetch(`${cluster.box.url}/_sandbox/${name}`, { method: 'POST', body: JSON.stringify(body) });
    expect((await post('unschedulable', { namespace: 'x', on: true })).status).toBe(200);
    expect((await post('unschedulable', { namespace: 'x' })).status).toBe(400);
    expect((await post('nothing', {})).status).toBe(404);
  });
});
