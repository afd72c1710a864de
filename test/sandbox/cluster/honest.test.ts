import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clusterSeedSchema, readClusterSeed } from '../../../src/sandbox/cluster/seed.ts';
import { adminToken, startTestCluster, type TestCluster } from './support.ts';

describe('what the box does not do', () => {
  let cluster: TestCluster;
  beforeAll(async () => {
    cluster = await startTestCluster();
  });
  afterAll(() => cluster.box.stop());

  const ask = (method: string, path: string, type = 'application/json') =>
    fetch(`${cluster.box.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${adminToken}`, 'content-type': type },
      ...(method === 'GET' ? {} : { body: '{}' }),
    });

  test.each([
    ['GET', '/apis/apps/v1/daemonsets', 404],
    ['GET', '/apis/autoscaling/v2/horizontalpodautoscalers', 404],
    ['GET', '/apis/policy/v1/poddisruptionbudgets', 404],
    ['GET', '/apis/metrics.k8s.io/v1beta1/nodes', 404],
    ['GET', '/api/v1/persistentvolumes', 404],
    ['POST', '/api/v1/namespaces/default/pods/x/exec', 404],
    ['POST', '/api/v1/namespaces/default/pods/x/portforward', 404],
    ['PUT', '/api/v1/namespaces', 405],
    ['DELETE', '/api/v1/namespaces', 405],
    ['GET', '/metrics', 404],
  ])('%s %s is an honest %i', async (method, path, status) => {
    expect((await ask(method, path)).status).toBe(status);
  });

  test('protobuf is refused with a way out', async () => {
    const response = await ask('POST', '/api/v1/namespaces', 'application/vnd.kubernetes.protobuf');
    expect(response.status).toBe(415);
    expect(await response.text()).toContain('kubectl apply -f');
  });

  test('a page of another origin cannot drive it', async () => {
    const response = await fetch(`${cluster.box.url}/api/v1/namespaces`, {
      headers: { authorization: `Bearer ${adminToken}`, origin: 'https://evil.example' },
    });
    expect(response.status).toBe(403);
  });
});

describe('the seed file', () => {
  test('is what the schema says', () => {
    expect(readClusterSeed().workloads).toHaveLength(6);
  });

  test('with a misspelt key is refused', () => {
    const seed = { ...readClusterSeed(), workload: [] };
    expect(() => clusterSeedSchema.parse(seed)).toThrow(/workload/);
  });
});
