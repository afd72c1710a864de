/** The Cluster port over the sandbox's cluster. */
import { describe, expect, it } from 'vitest';
import type { Cluster } from '../../../src/core/cluster.ts';
import { ProblemError, problem } from '../../../src/core/problem.ts';
import {
  adminToken,
  clusterSandbox,
  configMap,
  namespace,
  ours,
  problemOfCall,
  webDeployment,
} from './world.ts';

const configMapRef = { apiVersion: 'v1', kind: 'ConfigMap', name: 'one', namespace: 'env-a' };
const namespaceRef = { apiVersion: 'v1', kind: 'Namespace', name: 'env-a' };

describe('apply', () => {
  it('makes what is not there, changes what is, and changes nothing the second time', async () => {
    const { cluster } = await clusterSandbox();
    await cluster.apply(namespace());
    await cluster.apply(configMap({ a: '1' }));
    await cluster.apply(configMap({ a: '2' }));
    const before = await cluster.read(configMapRef);
    expect(before).toMatchObject({ data: { a: '2' } });
    await cluster.apply(configMap({ a: '2' }));
    expect(await cluster.read(configMapRef)).toEqual(before);
  });

  it('hands out what one manager has set to nobody else: the conflict names them', async () => {
    const { cluster, signIn } = await clusterSandbox();
    await cluster.apply(namespace());
    await signIn(adminToken, 'argocd').apply(configMap({ a: '1' }));
    const found = await problemOfCall(cluster.apply(configMap({ a: '2' })));
    expect(found).toMatchObject({
      code: 'conflict',
      sentence:
        'ConfigMap one in env-a in the cluster sandbox is also managed by argocd, who set data.a to something else.',
    });
    expect(await cluster.read(configMapRef)).toMatchObject({ data: { a: '1' } });
  });

  it('refuses a field that the kind does not have', async () => {
    const { cluster } = await clusterSandbox();
    await cluster.apply(namespace());
    const found = await problemOfCall(cluster.apply({ ...configMap({}), bogus: 1 }));
    expect(found.code).toBe('outside_refused');
    expect(found.isTransient).toBeUndefined();
    expect(found.sentence).toContain('bogus');
  });

  it('refuses a kind that the cluster does not know, and an object without its namespace', async () => {
    const { cluster } = await clusterSandbox();
    const strange = {
      apiVersion: 'example.com/v1',
      kind: 'Bucket',
      metadata: { name: 'b', namespace: 'env-a' },
    };
    expect((await problemOfCall(cluster.apply(strange))).sentence).toBe(
      'The cluster sandbox has no kind Bucket in example.com/v1.',
    );
    const homeless = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'one' } };
    expect((await problemOfCall(cluster.apply(homeless))).sentence).toContain('must name its namespace');
  });

  it('says which right is missing', async () => {
    const cluster = (await clusterSandbox()).signIn('sandbox-cluster-token-greenlight');
    const role = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: 'everything' },
      rules: [],
    };
    expect(await problemOfCall(cluster.apply(role))).toMatchObject({
      code: 'outside_refused',
      sentence: 'Greenlight has no right to patch clusterroles in the cluster sandbox.',
    });
  });

  it('into a namespace that is being deleted, or of one, is worth waiting for', async () => {
    const { cluster, box } = await clusterSandbox();
    await cluster.apply(namespace());
    await cluster.apply(configMap({}));
    box.control.stuckFinalizer(configMapRef, 'example.com/hold');
    await cluster.remove(namespaceRef, ours);
    for (const manifest of [
      namespace(),
      { ...configMap({}), metadata: { ...configMap({}).metadata, name: 'two' } },
    ]) {
      const found = await problemOfCall(cluster.apply(manifest));
      expect(found).toMatchObject({ code: 'conflict', isTransient: true });
      expect(found.sentence).toContain('still being deleted');
    }
  });
});

it('what looks first writes nothing once another carries it on', async () => {
  const { cluster, signIn, journal } = await clusterSandbox();
  await cluster.apply(namespace());
  await cluster.apply(configMap({}));
  const before = journal.since(0).length;
  const overtaken = () => {
    throw new ProblemError(problem('conflict', 'Another goes on.', 'Leave it.'));
  };
  const secret = { ...configMap({}), kind: 'Secret' };
  const writes: readonly ((late: Cluster) => Promise<unknown>)[] = [
    (late) => late.apply(configMap({ a: '1' }), overtaken),
    (late) => late.create(configMap({ a: '1' }), overtaken),
    (late) => late.createSecret(secret, { password: 9 }, overtaken),
    (late) => late.reapply(configMap({ a: '1' }), overtaken),
    (late) => late.merge(configMapRef, { data: { a: '1' } }, overtaken),
    (late) => late.remove(configMapRef, {}, overtaken),
  ];
  for (const write of writes) {
    expect((await problemOfCall(write(signIn(adminToken)))).sentence).toBe('Another goes on.');
  }
  const operations = journal.since(0).slice(before);
  expect(operations.filter(({ operation }) => !operation.startsWith('GET '))).toEqual([]);
  expect(operations.length).toBeGreaterThanOrEqual(writes.length);
});

it('read of what is not there is nothing, also in a namespace that is not there', async () => {
  const { cluster } = await clusterSandbox();
  expect(await cluster.read(configMapRef)).toBeUndefined();
  expect(await cluster.read(namespaceRef)).toBeUndefined();
});

describe('remove', () => {
  it('of what is not there is done', async () => {
    const { cluster } = await clusterSandbox();
    expect(await cluster.remove(configMapRef, ours)).toEqual({ state: 'gone' });
  });

  it('of what is not ours is refused, and leaves it alone', async () => {
    const { cluster } = await clusterSandbox();
    await cluster.apply(namespace());
    await cluster.apply(configMap({}, { 'greenlight.dev/request': 'REQ-99' }));
    const found = await problemOfCall(cluster.remove(configMapRef, ours));
    expect(found).toMatchObject({ code: 'conflict' });
    expect(found.sentence).toContain('lacks the label greenlight.dev/request=REQ-12');
    expect(await cluster.read(configMapRef)).toBeDefined();
  });

  it('of one that took the place of another meanwhile is refused', async () => {
    const { cluster, faults, box, signIn, clock } = await clusterSandbox();
    await cluster.apply(namespace());
    await cluster.apply(configMap({}));
    const admin = signIn(adminToken);
    // The look at its labels is held up until the object is another one.
    faults.add({
      box: 'cluster',
      operation: 'DELETE */configmaps/one',
      fault: { kind: 'slow', delayMs: 1000 },
      times: 1,
    });
    const removal = problemOfCall(cluster.remove(configMapRef, ours));
    const uid = () => box.control.read(configMapRef)?.metadata.uid;
    const before = uid();
    await waitFor(() => faults.list()[0]?.hit === 1);
    await admin.remove(configMapRef, {});
    await admin.apply(configMap({}));
    await clock.advance(1000);
    expect((await removal).code).toBe('conflict');
    expect(uid()).not.toBe(before);
    expect(uid()).toBeDefined();
  });

  it('of a Deployment is done only when its Pods are gone', async () => {
    const { cluster, clock, box } = await clusterSandbox();
    await cluster.apply(namespace());
    await clock.advance(1_000);
    await cluster.apply(webDeployment('registry.acme.example/web:1'));
    await clock.advance(10_000);
    const ref = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', namespace: 'env-a' };
    expect(await cluster.remove(ref, ours)).toEqual({
      state: 'going',
      waitsFor: 'what it owns is being deleted first',
    });
    await clock.advance(60_000);
    expect(await cluster.remove(ref, ours)).toEqual({ state: 'gone' });
    expect(box.control.read(ref)).toBeUndefined();
  });

  it('of a namespace tells what it hangs on, and goes on by itself when that is gone', async () => {
    const { cluster, clock, box } = await clusterSandbox();
    await cluster.apply(namespace());
    await cluster.apply(configMap({}));
    box.control.stuckFinalizer(configMapRef, 'example.com/hold');
    expect(await cluster.remove(namespaceRef, ours)).toEqual({
      state: 'going',
      waitsFor: 'its contents are being deleted',
    });
    await clock.advance(30_000);
    const hanging = await cluster.remove(namespaceRef, ours);
    expect(hanging.state === 'going' && hanging.waitsFor).toMatch(
      /example\.com\/hold in 1 resource instance/,
    );
    box.control.removeFinalizer(configMapRef, 'example.com/hold');
    await clock.advance(60_000);
    expect(await cluster.remove(namespaceRef, ours)).toEqual({ state: 'gone' });
  });
});

describe('warnings', () => {
  it('are told newest first, merged, and no more than asked for', async () => {
    const { cluster } = await clusterSandbox();
    const found = await cluster.warnings('search-staging', 5);
    expect(found[0]).toMatchObject({ reason: 'BackOff', object: expect.stringMatching(/^Pod search-/) });
    expect(found[0]?.message).toContain('Back-off restarting failed container');
    expect([...found].sort((a, b) => b.lastAt - a.lastAt)).toEqual(found);
    expect(await cluster.warnings('search-staging', 0)).toEqual([]);
    expect(await cluster.warnings('nowhere', 5)).toEqual([]);
  });
});

describe('on a bad day', () => {
  it.each([
    [
      'a torn connection',
      { kind: 'reset' },
      'The cluster sandbox broke off the connection before it answered.',
    ],
    [
      'a lost answer',
      { kind: 'lost-response' },
      'The cluster sandbox broke off the connection before it answered.',
    ],
    ['a 503', { kind: 'status', status: 503 }, 'The cluster sandbox has trouble of its own (503).'],
  ] as const)('%s is worth another try, and the try is the caller’s', async (_, fault, sentence) => {
    const { cluster, faults, journal } = await clusterSandbox();
    faults.add({ box: 'cluster', operation: 'PATCH *', fault });
    const found = await problemOfCall(cluster.apply(namespace()));
    expect(found).toMatchObject({ code: 'outside_unavailable', sentence, isTransient: true });
    expect(journal.since(0).filter((entry) => entry.operation.startsWith('PATCH'))).toHaveLength(1);
  });

  it('no answer is given up in time, and worth another try', async () => {
    const { signIn, faults } = await clusterSandbox();
    faults.add({ box: 'cluster', operation: 'GET *', fault: { kind: 'timeout' } });
    const hasty = signIn(adminToken, 'greenlight', 50);
    expect(await problemOfCall(hasty.warnings('default', 1))).toMatchObject({
      ...{ sentence: 'The cluster sandbox did not answer in time.', isTransient: true },
    });
  });

  it('a lost answer to an apply does no harm: the same again changes nothing', async () => {
    const { cluster, faults } = await clusterSandbox();
    faults.add({ box: 'cluster', operation: 'PATCH *', fault: { kind: 'lost-response' }, times: 1 });
    await problemOfCall(cluster.apply(namespace()));
    const before = await cluster.read(namespaceRef);
    await cluster.apply(namespace());
    expect(await cluster.read(namespaceRef)).toEqual(before);
  });

  it('too many calls are told with how long to wait', async () => {
    const { cluster, faults } = await clusterSandbox();
    const fault = { kind: 'status', status: 429, retryAfterSeconds: 3 } as const;
    faults.add({ box: 'cluster', operation: 'GET *', fault, times: 1 });
    expect(await problemOfCall(cluster.warnings('default', 1))).toMatchObject({
      ...{ code: 'outside_unavailable', isTransient: true, retryAfterMs: 3_000 },
    });
  });

  it('the one 403 that passes is told apart from the others', async () => {
    const { cluster, faults } = await clusterSandbox();
    await cluster.apply(namespace());
    const message =
      'pods "web" is forbidden: error looking up service account env-a/default: serviceaccount "default" not found';
    const fault = { kind: 'status', status: 403, body: { reason: 'Forbidden', message } } as const;
    faults.add({ box: 'cluster', operation: 'PATCH *', fault, times: 1 });
    expect(await problemOfCall(cluster.apply(configMap({})))).toMatchObject({
      ...{ code: 'outside_unavailable', isTransient: true },
    });
  });

  it('a server that is not there refuses connections', async () => {
    const { cluster, box } = await clusterSandbox();
    await box.stop();
    expect(await problemOfCall(cluster.warnings('default', 1))).toMatchObject({
      ...{ sentence: 'The cluster sandbox refuses connections.', isTransient: true },
    });
  });

  it('a token that ended is not worth another try', async () => {
    const { signIn } = await clusterSandbox();
    const found = await problemOfCall(signIn('wrong').warnings('default', 1));
    expect(found).toMatchObject({ code: 'outside_refused' });
    expect(found.isTransient).toBeUndefined();
  });
});

/** Until it holds; real time passes because a real call is under way. */
async function waitFor(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}
