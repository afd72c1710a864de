/** What somebody on call does to a Deployment, against a cluster that really carries it out. */
import { describe, expect, it } from 'vitest';
import { clusterSandbox, namespace, problemOfCall, webDeployment } from './world.ts';

const deploymentRef = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  name: 'payments',
  namespace: 'payments-production',
};
const at = Date.parse('2026-11-20T09:00:00Z');

describe('restart', () => {
  it('starts every Pod anew and settles; the same moment again changes nothing', async () => {
    const { cluster, clock } = await clusterSandbox();
    const podNames = async () =>
      (await cluster.logs('payments-production', 'payments', { pods: 9, lines: 1 }))
        .map((log) => log.pod)
        .sort();
    const before = await podNames();
    await cluster.restart('payments-production', 'payments', at);
    expect(await cluster.workload('payments-production', 'payments')).toMatchObject({ isSettled: false });
    await clock.advance(60_000);
    expect(await cluster.workload('payments-production', 'payments')).toMatchObject({
      isSettled: true,
      ready: 3,
      version: '1.4.0',
    });
    const after = await podNames();
    expect(after).toHaveLength(3);
    expect(after.filter((name) => before.includes(name))).toEqual([]);
    await cluster.restart('payments-production', 'payments', at);
    await clock.advance(60_000);
    expect(await podNames()).toEqual(after);
    expect(await cluster.read(deploymentRef)).toMatchObject({
      spec: {
        template: {
          metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': '2026-11-20T09:00:00.000Z' } },
        },
      },
    });
  });

  it('of what is not there names it', async () => {
    const { cluster } = await clusterSandbox();
    expect(await problemOfCall(cluster.restart('payments-production', 'nothing', at))).toMatchObject({
      code: 'not_found',
      sentence: 'There is no Deployment nothing in payments-production in the cluster sandbox.',
    });
  });
});

describe('scale', () => {
  it('goes up, down and to nothing', async () => {
    const { cluster, clock } = await clusterSandbox();
    for (const replicas of [4, 1, 0]) {
      await cluster.scale('payments-production', 'payments', replicas);
      await clock.advance(60_000);
      expect(await cluster.workload('payments-production', 'payments')).toMatchObject({
        wanted: replicas,
        ready: replicas,
        isSettled: true,
      });
    }
  });

  it('of what is not there names it', async () => {
    const { cluster } = await clusterSandbox();
    const found = await problemOfCall(cluster.scale('nowhere', 'payments', 1));
    expect(found).toMatchObject({ code: 'not_found' });
    expect(found.sentence).toContain('There is no Deployment payments in nowhere');
  });
});

describe('room', () => {
  const quota = (hard: Record<string, string>, name = 'compute') => ({
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name, namespace: 'env-a' },
    spec: { hard },
  });

  it('without a quota is not bounded', async () => {
    const { cluster } = await clusterSandbox();
    expect(await cluster.room('payments-production', 'payments')).toBeUndefined();
  });

  it('is what the tightest quota leaves, by its name', async () => {
    const { cluster, clock } = await clusterSandbox();
    await cluster.apply(namespace());
    await cluster.apply(quota({ pods: '10' }));
    await cluster.apply(quota({ 'requests.memory': '1Gi', 'services.nodeports': '0' }, 'memory'));
    await clock.advance(2_000);
    const web = webDeployment('registry.acme.example/web:1', 2);
    const spec = web.spec as { template: { spec: { containers: Record<string, unknown>[] } } };
    spec.template.spec.containers[0] = {
      name: 'web',
      image: 'registry.acme.example/web:1',
      resources: { limits: { memory: '256Mi' } },
    };
    await cluster.apply(web);
    await clock.advance(30_000);
    expect(await cluster.room('env-a', 'web')).toEqual({
      pods: 2,
      boundBy: expect.stringMatching(/^memory \(requests\.memory: 512Mi of 1Gi used\)$/),
    });
  });
});

describe('logs', () => {
  it('of a crash are the last words before it', async () => {
    const { cluster } = await clusterSandbox();
    const [log, ...others] = await cluster.logs('search-staging', 'search', { pods: 3, lines: 50 });
    expect(others).toEqual([]);
    expect(log).toMatchObject({ container: 'search', isPrevious: true });
    expect(log?.trouble).toMatch(/^CrashLoopBackOff: /);
    expect(log?.lines).toContain('panic: cannot start without a database');
  });

  it('are as many lines of as many Pods as asked for, the newest last', async () => {
    const { cluster } = await clusterSandbox();
    const logs = await cluster.logs('payments-production', 'payments', { pods: 2, lines: 5 });
    expect(logs.map((log) => [log.lines.length, log.isPrevious, log.trouble])).toEqual([
      [5, false, ''],
      [5, false, ''],
    ]);
    const all = await cluster.logs('payments-production', 'payments', { pods: 1, lines: 20 });
    expect(all[0]?.lines.slice(-5)).toEqual(logs[0]?.lines);
  });

  it('begin with the Pod that is worst', async () => {
    const { cluster, clock } = await clusterSandbox();
    await cluster.apply(namespace());
    await clock.advance(1_000);
    await cluster.apply(webDeployment('registry.acme.example/web:1', 3));
    await clock.advance(20_000);
    await cluster.apply(webDeployment('registry.acme.example/web:2-crash', 3));
    await clock.advance(20_000);
    const logs = await cluster.logs('env-a', 'web', { pods: 4, lines: 5 });
    expect(logs.length).toBeGreaterThan(1);
    expect(logs.map((log) => log.trouble !== '')).toEqual([true, ...logs.slice(1).map(() => false)]);
  });

  it('of one that has not begun to speak are empty, and say why', async () => {
    const { cluster, clock } = await clusterSandbox();
    await cluster.apply(namespace());
    await clock.advance(1_000);
    await cluster.apply(webDeployment('registry.acme.example/web:1-imagepull'));
    await clock.advance(6_000);
    const [log] = await cluster.logs('env-a', 'web', { pods: 1, lines: 5 });
    expect(log).toMatchObject({ lines: [], isPrevious: false });
    expect(log?.trouble).toContain('cannot be pulled');
  });

  it('of what is not there name it', async () => {
    const { cluster } = await clusterSandbox();
    const found = await problemOfCall(cluster.logs('search-staging', 'nothing', { pods: 1, lines: 1 }));
    expect(found.code).toBe('not_found');
  });
});
