/** What somebody sees of the cluster is what the cluster lets them see, whoever holds the cache. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { Viewer } from '../../../src/core/cluster-view.ts';
import { connectCluster } from '../../../src/platforms/kubernetes/cluster.ts';
import { loadKubeconfig } from '../../../src/platforms/kubernetes/kubeconfig.ts';
import { clusterSandbox, problemOfCall } from './world.ts';

const person = (name: string, ...groups: string[]): Viewer => ({
  kind: 'person',
  email: `${name}@acme.example`,
  groups,
});

test('somebody without a right is refused by its name, though the cache holds it', async () => {
  const { impersonating } = await clusterSandbox();
  const cluster = impersonating();
  expect(await cluster.view(person('sam', 'sre')).workload('payments-production', 'payments')).toMatchObject({
    ready: 3,
  });
  const nobody = cluster.view(person('dana'));
  expect((await problemOfCall(nobody.workload('payments-production', 'payments'))).sentence).toMatch(
    /^You have no right to list (?:pods|deployments) in the namespace payments-production of the cluster sandbox\.$/,
  );
  expect((await problemOfCall(nobody.warnings('search-staging', 5))).sentence).toBe(
    'You have no right to list events in the namespace search-staging of the cluster sandbox.',
  );
  expect((await problemOfCall(cluster.view(person('dana', 'checkout')).overview())).sentence).toBe(
    'You have no right to list nodes everywhere in the cluster sandbox.',
  );
});

test('logs are read anew with the rights of whoever asks', async () => {
  const { impersonating } = await clusterSandbox();
  const cluster = impersonating();
  const most = { pods: 1, lines: 5 };
  const dana = cluster.view(person('dana', 'checkout'));
  expect(await dana.logs('checkout-staging', 'checkout', most)).toHaveLength(1);
  expect(await problemOfCall(dana.logs('payments-staging', 'payments', most))).toMatchObject({
    code: 'outside_refused',
    sentence: 'You have no right to get pods/log in the cluster sandbox.',
  });
});

test('a right is asked about once a minute, and one that was taken away ends with it', async () => {
  const { impersonating, journal, clock, signIn } = await clusterSandbox();
  const cluster = impersonating();
  const sam = () => cluster.view(person('sam', 'sre'));
  const reviews = () =>
    journal.since(0).filter((one) => one.operation.endsWith('selfsubjectaccessreviews')).length;
  for (let look = 0; look < 20; look++) await sam().workload('payments-production', 'payments');
  for (let look = 0; look < 20; look++) await sam().workload('checkout-production', 'checkout');
  // Two kinds, in all namespaces at once.
  expect(reviews()).toBe(2);
  const admin = signIn('sandbox-cluster-token-admin', 'admin');
  const binding = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRoleBinding' };
  await admin.remove({ ...binding, name: 'operators-view' }, {});
  await clock.advance(60_000);
  expect((await problemOfCall(sam().workload('payments-production', 'payments'))).sentence).toMatch(
    /^You have no right/,
  );
});

test('somebody whom the cluster cannot know sees nothing', async () => {
  const { impersonating } = await clusterSandbox();
  const cluster = impersonating();
  for (const email of [
    undefined,
    '',
    'system:admin',
    'system:kube-controller-manager@acme.example',
    'a@b\r\nImpersonate-Group: system:masters',
    'zoë@acme.example',
  ]) {
    const view = cluster.view({ kind: 'person', email, groups: ['sre'] });
    expect((await problemOfCall(view.workload('payments-production', 'payments'))).code, email).toBe(
      'membership_unknown',
    );
  }
});

test('a bot that may not act for people says so, and shows nothing', async () => {
  const { impersonating, box } = await clusterSandbox();
  box.control.addUser({ token: 'looker', user: 'looker', groups: ['sre'] });
  const view = impersonating('looker').view(person('sam', 'sre'));
  expect((await problemOfCall(view.workload('payments-production', 'payments'))).sentence).toBe(
    'Greenlight has no right to impersonate users in the cluster sandbox.',
  );
});

test('a cluster in which we may not look everywhere is followed namespace by namespace', async () => {
  const { signIn, box, clock } = await clusterSandbox();
  box.control.addUser({ token: 'payments-only', user: 'max@acme.example', groups: ['payments-team'] });
  const admin = signIn('sandbox-cluster-token-admin', 'admin');
  await admin.apply({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: 'looker', namespace: 'payments-staging' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'max@acme.example' }],
  });
  const view = signIn('payments-only').view({ kind: 'system' });
  expect(await view.workload('payments-staging', 'payments')).toMatchObject({ ready: 1 });
  expect((await problemOfCall(view.workload('search-staging', 'search'))).sentence).toMatch(
    /^Greenlight has no right to list (?:deployments|replicasets|pods) in the cluster sandbox\.$/,
  );
  expect((await view.freshness()).asOf).toBe(clock.now());
});

test('groups go out one a line: joined, a server would read them as one', async () => {
  const seen: string[][] = [];
  const server = createServer((request, response) => {
    seen.push(request.rawHeaders);
    response.writeHead(201, { 'content-type': 'application/json' }).end('{"status":{"allowed":false}}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
  });
  const cluster = connectCluster({
    kubeconfig: loadKubeconfig({
      literal: JSON.stringify({
        clusters: [
          { name: 'c', cluster: { server: `http://127.0.0.1:${(server.address() as AddressInfo).port}` } },
        ],
        users: [{ name: 'u', user: { token: 't' } }],
        contexts: [{ name: 'one', context: { cluster: 'c', user: 'u' } }],
      }),
    }),
    context: 'one',
    fieldManager: 'greenlight',
    isImpersonating: () => true,
  });
  onTestFinished(() => cluster.close());
  await problemOfCall(cluster.view(person('lee', 'platform-leads', 'sre')).warnings('a', 1));
  const [headers = []] = seen;
  const groups = headers.flatMap((name, index) =>
    index % 2 === 0 && name.toLowerCase() === 'impersonate-group' ? [headers[index + 1]] : [],
  );
  expect(groups).toEqual(['platform-leads', 'sre']);
});
