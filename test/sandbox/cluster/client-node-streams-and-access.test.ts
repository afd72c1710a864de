import { PassThrough } from 'node:stream';
import { Log, type V1Pod, Watch } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import {
  adminToken,
  botToken,
  call,
  clientsOf,
  kubeConfig,
  refusal,
  startTestCluster,
  type TestCluster,
} from './support.ts';

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startTestCluster();
});
afterAll(() => cluster.box.stop());

const bot = () => clientsOf(cluster.box.url, botToken);

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
    const lines = () => followed.text().split('\n').length;
    const start = lines();
    await cluster.clock.advance(60_000);
    await vi.waitFor(() => expect(lines()).toBeGreaterThan(start + 5));
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
