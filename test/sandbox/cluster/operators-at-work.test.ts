import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Manifest } from '../../../src/core/cluster.ts';
import { healthOf } from '../../../src/core/readiness.ts';
import { call, startTestCluster, type TestCluster } from './support.ts';

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startTestCluster();
});
afterAll(() => cluster.box.stop());

const namespace = 'payments-staging';

/** One custom resource of each operator, and the Deployment it leaves in the cluster, if any. */
const wishes: readonly {
  readonly kind: string;
  readonly path: string;
  readonly apiVersion: string;
  readonly spec: Record<string, unknown>;
  readonly makes?: string;
  readonly finalizers?: readonly string[];
}[] = [
  {
    kind: 'HelmRelease',
    apiVersion: 'helm.toolkit.fluxcd.io/v2',
    path: 'helmreleases',
    spec: {
      interval: '5m',
      chart: {
        spec: { chart: 'redis', version: '20.1.0', sourceRef: { kind: 'HelmRepository', name: 'acme' } },
      },
      values: { replicaCount: 2 },
    },
    makes: 'wish-helmrelease-redis',
  },
  {
    kind: 'Application',
    apiVersion: 'argoproj.io/v1alpha1',
    path: 'applications',
    finalizers: ['resources-finalizer.argocd.argoproj.io'],
    spec: {
      project: 'default',
      destination: { name: 'in-cluster', namespace },
      source: { repoURL: 'https://charts.acme.example', chart: 'redis', targetRevision: '20.1.0' },
      syncPolicy: { automated: {} },
    },
    makes: 'wish-application-redis',
  },
  {
    kind: 'Module',
    apiVersion: 'cyclops-ui.com/v1alpha1',
    path: 'modules',
    spec: {
      targetNamespace: namespace,
      template: { repo: 'https://github.com/acme/templates', path: 'redis', version: 'main' },
      values: {},
    },
    makes: 'wish-module-redis',
  },
  {
    kind: 'App',
    apiVersion: 'application.giantswarm.io/v1alpha1',
    path: 'apps',
    spec: { catalog: 'acme', name: 'redis', namespace, version: '20.1.0', kubeConfig: { inCluster: true } },
    makes: 'wish-app-redis',
  },
  {
    kind: 'Stack',
    apiVersion: 'pulumi.com/v1',
    path: 'stacks',
    spec: { stack: 'acme/shop/dev', projectRepo: 'https://github.com/acme/stacks' },
  },
  {
    kind: 'PostgresClaim',
    apiVersion: 'databases.acme.example/v1',
    path: 'postgresclaims',
    spec: { writeConnectionSecretToRef: { name: 'shop-postgres' } },
  },
  {
    kind: 'ObjectBucketClaim',
    apiVersion: 'objectbucket.io/v1alpha1',
    path: 'objectbucketclaims',
    spec: { storageClassName: 'buckets', generateBucketName: 'shop' },
  },
  {
    kind: 'AutoscalingRunnerSet',
    apiVersion: 'actions.github.com/v1alpha1',
    path: 'autoscalingrunnersets',
    spec: { githubConfigUrl: 'https://github.com/acme/shop', githubConfigSecret: 'arc', minRunners: 1 },
  },
];

type Wish = (typeof wishes)[number];
const pathOf = ({ apiVersion, path }: Wish) => `/apis/${apiVersion}/namespaces/${namespace}/${path}`;
const nameOf = ({ kind }: Wish) => `wish-${kind.toLowerCase()}`;

async function make(wish: Wish): Promise<void> {
  const { apiVersion, kind, spec, finalizers } = wish;
  const metadata = { name: nameOf(wish), finalizers };
  const { status, body } = await call(cluster.box.url, 'POST', pathOf(wish), {
    apiVersion,
    kind,
    metadata,
    spec,
  });
  expect(status, JSON.stringify(body)).toBe(201);
}

async function read(wish: Wish): Promise<Manifest & { status?: Record<string, unknown> }> {
  return (await call(cluster.box.url, 'GET', `${pathOf(wish)}/${nameOf(wish)}`)).body as unknown as Manifest;
}

async function remove(wish: Wish): Promise<void> {
  await call(cluster.box.url, 'DELETE', `${pathOf(wish)}/${nameOf(wish)}`);
}

async function exists(path: string): Promise<boolean> {
  return (await call(cluster.box.url, 'GET', path)).status === 200;
}

const deploymentPath = (name: string) => `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`;

describe.each(wishes.map((wish) => [wish.kind, wish] as const))('%s', (kind, wish) => {
  test('becomes ready a few seconds later, leaves what it makes, and takes it along when it goes', async () => {
    await make(wish);
    await cluster.clock.advance(500);
    expect(healthOf(await read(wish)).state).toMatch(/progressing|unknown/);
    await cluster.clock.advance(20_000);
    expect(healthOf(await read(wish))).toMatchObject({ state: 'ready' });
    if (wish.makes) expect(await exists(deploymentPath(wish.makes))).toBe(true);
    await remove(wish);
    await cluster.clock.advance(200);
    if (kind !== 'Module') expect(healthOf(await read(wish)).why).toContain('is being removed');
    await cluster.clock.advance(10_000);
    expect(await exists(`${pathOf(wish)}/${nameOf(wish)}`)).toBe(false);
    if (wish.makes) expect(await exists(deploymentPath(wish.makes))).toBe(false);
  });

  test('fails with what its operator says when that was ordered, and goes well once mended', async () => {
    cluster.box.control.failNextResource({ kind, message: 'no room in zone b' });
    await make(wish);
    await cluster.clock.advance(20_000);
    const failed = healthOf(await read(wish));
    // A runner scale set has no place for it: it stays pending, and its event tells.
    if (kind === 'AutoscalingRunnerSet') expect(failed.state).toBe('progressing');
    else expect(failed).toMatchObject({ state: 'failed', why: expect.stringContaining('no room in zone b') });
    const events = await call(cluster.box.url, 'GET', `/api/v1/namespaces/${namespace}/events`);
    expect(JSON.stringify(events.body)).toContain('no room in zone b');
    expect(cluster.box.control.operators().find((one) => one.kind === kind)?.failing).toHaveLength(1);
    cluster.box.control.mendResource({ apiVersion: wish.apiVersion, kind, namespace, name: nameOf(wish) });
    await cluster.clock.advance(20_000);
    expect(healthOf(await read(wish)).state).toBe('ready');
    await remove(wish);
    await cluster.clock.advance(20_000);
  });
});

const [release, application, , , , claim, bucket, runnerSet] = wishes as [
  Wish,
  Wish,
  Wish,
  Wish,
  Wish,
  Wish,
  Wish,
  Wish,
];

test('a claim leaves a Secret with its credentials that goes with it, and says where the database is', async () => {
  await make(claim);
  await cluster.clock.advance(10_000);
  const secret = await call(cluster.box.url, 'GET', `/api/v1/namespaces/${namespace}/secrets/shop-postgres`);
  expect(Object.keys(secret.body.data ?? {})).toEqual(['host', 'port', 'username', 'database', 'password']);
  expect((await read(claim)).status).toMatchObject({
    host: expect.stringContaining('postgres.acme.example'),
  });
  await remove(claim);
  await cluster.clock.advance(10_000);
  expect(await exists(`/api/v1/namespaces/${namespace}/secrets/shop-postgres`)).toBe(false);
});

test('a bucket is named in a ConfigMap and opened by a Secret of its own name', async () => {
  await make(bucket);
  await cluster.clock.advance(10_000);
  const map = await call(
    cluster.box.url,
    'GET',
    `/api/v1/namespaces/${namespace}/configmaps/${nameOf(bucket)}`,
  );
  expect(map.body.data).toMatchObject({ BUCKET_NAME: 'shop-payments-staging' });
  expect(await exists(`/api/v1/namespaces/${namespace}/secrets/${nameOf(bucket)}`)).toBe(true);
  await remove(bucket);
});

test('a runner scale set runs its minimum of runners', async () => {
  await make(runnerSet);
  await cluster.clock.advance(10_000);
  expect(await exists(`/api/v1/namespaces/${namespace}/pods/${nameOf(runnerSet)}-runner-0`)).toBe(true);
  await remove(runnerSet);
});

test('a release whose Pods do not come up fails when Helm has waited for five minutes', async () => {
  cluster.box.control.failNext(namespace, 'wish-helmrelease-redis', 'imagepull');
  await make(release);
  await cluster.clock.advance(60_000);
  expect(healthOf(await read(release)).state).toBe('progressing');
  await cluster.clock.advance(300_000);
  expect(healthOf(await read(release)).why).toContain('context deadline exceeded');
  cluster.box.control.makeWell(namespace);
  await remove(release);
  await cluster.clock.advance(10_000);
});

test('other values of a release replace its Pods', async () => {
  await make(release);
  await cluster.clock.advance(20_000);
  const values = { spec: { values: { replicaCount: 1 } } };
  const patch = { 'content-type': 'application/merge-patch+json' };
  await call(cluster.box.url, 'PATCH', `${pathOf(release)}/${nameOf(release)}`, values, patch);
  await cluster.clock.advance(20_000);
  const { body } = await call(cluster.box.url, 'GET', deploymentPath('wish-helmrelease-redis'));
  expect((body as unknown as { spec: { replicas: number } }).spec.replicas).toBe(1);
  expect(healthOf(await read(release)).state).toBe('ready');
  await remove(release);
  await cluster.clock.advance(10_000);
});

test('an Application without the finalizer of Argo CD leaves behind what it made', async () => {
  await make({ ...application, finalizers: [] });
  await cluster.clock.advance(20_000);
  await remove(application);
  await cluster.clock.advance(20_000);
  expect(await exists(deploymentPath('wish-application-redis'))).toBe(true);
});

test('a custom resource that misses a required field is refused by name', async () => {
  const body = { apiVersion: release.apiVersion, kind: 'HelmRelease', metadata: { name: 'bad' }, spec: {} };
  const refused = await call(cluster.box.url, 'POST', pathOf(release), body);
  expect(refused.status).toBe(422);
  expect(JSON.stringify(refused.body)).toContain('spec.interval');
});

test('a reset leaves none of them, and the operators at work', async () => {
  await make(release);
  await cluster.box.reset();
  expect(await exists(`${pathOf(release)}/${nameOf(release)}`)).toBe(false);
  await make(release);
  await cluster.clock.advance(20_000);
  expect(healthOf(await read(release)).state).toBe('ready');
});
