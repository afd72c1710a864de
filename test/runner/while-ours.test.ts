/** A replica that stood still, and was taken for dead meanwhile, changes nothing more outside. */
import { expect, test } from 'vitest';
import type { Cluster } from '../../src/core/cluster.ts';
import type { Forge } from '../../src/core/forge.ts';
import { connectGithub } from '../../src/platforms/github/forge.ts';
import { connectCluster } from '../../src/platforms/kubernetes/cluster.ts';
import { loadKubeconfig } from '../../src/platforms/kubernetes/kubeconfig.ts';
import { whileOurs } from '../../src/runner/while-ours.ts';

const lost = 'This replica does not carry it on any longer';
const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'payments', name: 'api' };
const proposal = {
  ...{ repository: 'acme/gitops', base: 'main', file: 'values.yml', at: { kustomizeImage: 'api' } },
  ...{ value: 'v2', branch: 'greenlight/req-1', title: 'v2', body: 'REQ-1' },
};

/** An outside that notes what was asked of it. */
function outside() {
  const asked: string[] = [];
  const isOurs = { now: true };
  const forge: Partial<Forge> = {
    tags: async () => ['v1'],
    dispatch: async ({ workflow }, beforeWrite) => {
      beforeWrite?.();
      asked.push(`dispatch ${workflow}`);
      return { id: 1 };
    },
    propose: async ({ branch }, beforeWrite) => {
      asked.push(`branch ${branch}`);
      isOurs.now = false;
      beforeWrite?.();
      asked.push('commit');
      return undefined;
    },
    makeEnvironment: async ({ name }, beforeWrite) => {
      asked.push(`look for ${name}`);
      isOurs.now = false;
      beforeWrite?.();
      asked.push(`make ${name}`);
    },
    withdraw: async (_repository, branch, beforeWrite) => {
      asked.push(`look for ${branch}`);
      isOurs.now = false;
      beforeWrite?.();
      asked.push(`delete ${branch}`);
    },
  };
  const cluster: Partial<Cluster> = {
    apply: async ({ kind }, beforeWrite) => {
      asked.push(`where is a ${kind}`);
      isOurs.now = false;
      beforeWrite?.();
      asked.push(`apply ${kind}`);
    },
    room: async () => ({ pods: 3, boundBy: 'cpu' }),
    merge: async ({ name }) => {
      asked.push(`merge ${name}`);
      return 'changed';
    },
  };
  const ports = { forge: forge as Forge, cluster: () => cluster as Cluster };
  return { asked, isOurs, ...whileOurs(ports, () => isOurs.now) };
}

test('what is ours is read and written', async () => {
  const { asked, forge, cluster } = outside();
  const order = { repository: 'acme/payments', workflow: 'deploy.yml', ref: 'main', inputs: {} };
  expect(await forge.dispatch(order)).toEqual({ id: 1 });
  expect(await cluster('eu-1').merge(deployment, {})).toBe('changed');
  expect(asked).toEqual(['dispatch deploy.yml', 'merge api']);
});

test('what another carries on is read, and not written', async () => {
  const { asked, isOurs, forge, cluster } = outside();
  isOurs.now = false;
  expect(await forge.tags('acme/payments', 5)).toEqual(['v1']);
  expect(await cluster('eu-1').room('payments', 'api')).toEqual({ pods: 3, boundBy: 'cpu' });
  const order = { repository: 'acme/payments', workflow: 'deploy.yml', ref: 'main', inputs: {} };
  await expect(forge.dispatch(order)).rejects.toThrow(lost);
  await expect(cluster('eu-1').merge(deployment, {})).rejects.toThrow(lost);
  await expect(forge.propose(proposal)).rejects.toThrow(lost);
  expect(asked).toEqual([]);
});

test('of several writes in turn none is made after it was lost', async () => {
  const { asked, forge } = outside();
  await expect(forge.propose(proposal)).rejects.toThrow(lost);
  expect(asked).toEqual(['branch greenlight/req-1']);
});

test('nor is one before which something was looked for meanwhile', async () => {
  const { asked, isOurs, forge, cluster } = outside();
  const room = { repository: 'acme/payments', name: 'pr-1', mark: 'REQ-1', reviewerTeams: [] };
  await expect(forge.makeEnvironment(room)).rejects.toThrow(lost);
  isOurs.now = true;
  await expect(forge.withdraw('acme/gitops', 'req-1')).rejects.toThrow(lost);
  isOurs.now = true;
  const { namespace, name, ...kind } = deployment;
  await expect(cluster('eu-1').apply({ ...kind, metadata: { namespace, name } })).rejects.toThrow(lost);
  expect(asked).toEqual(['look for pr-1', 'look for req-1', 'where is a Deployment']);
});

/** Every call that the adapters have, and of each what is passed on to it. */
function everyCall() {
  const kubeconfig = {
    clusters: [{ name: 'box', cluster: { server: 'http://127.0.0.1:9' } }],
    users: [{ name: 'me', user: { token: 'x' } }],
    contexts: [{ name: 'box', context: { cluster: 'box', user: 'me' } }],
  };
  const now = () => 0;
  const forge = connectGithub({ auth: { token: 'x' }, baseUrl: 'http://127.0.0.1:9', now });
  const cluster = connectCluster({
    ...{ kubeconfig: loadKubeconfig({ literal: JSON.stringify(kubeconfig) }), context: 'box', now },
    fieldManager: 'greenlight',
  });
  const reached: string[] = [];
  const inTurn: string[] = [];
  const noted = (port: object) => {
    const calls = Object.keys(port).map((name) => {
      const call = (...order: readonly unknown[]) => {
        reached.push(name);
        if (typeof order.at(-1) === 'function') inTurn.push(name);
      };
      return [name, call] as const;
    });
    return Object.fromEntries(calls);
  };
  const ports = {
    forge: noted(forge) as unknown as Forge,
    cluster: () => noted(cluster) as unknown as Cluster,
  };
  return {
    ...{ reached, inTurn, names: [...Object.keys(forge), ...Object.keys(cluster)] },
    async callAll(isOurs: boolean) {
      const ours = whileOurs(ports, () => isOurs);
      const calls = [ours.forge, ours.cluster('eu-1')].flatMap((port) => Object.values(port));
      await Promise.allSettled(calls.map(async (call: (order: string) => unknown) => call('an order')));
    },
  };
}

test('of all calls that there are these alone reach the outside when it is not ours, and each only reads', async () => {
  const { reached, callAll } = everyCall();
  await callAll(false);
  expect(reached.toSorted()).toEqual(
    [
      ...['repositoryUrl', 'resolve', 'defaultBranch', 'folder', 'tags', 'compare', 'checks', 'readYaml'],
      ...['deployments', 'recentDeployments', 'findDeployment', 'newestFence', 'environment', 'teamPlace'],
      ...['hasWorkflow', 'findRun', 'run', 'mergedPulls', 'findPull', 'pull'],
      ...['image', 'revisions', 'wouldMake', 'read', 'list', 'differences', 'workload', 'room', 'view'],
      ...['logs', 'jobLogs', 'warnings'],
    ].toSorted(),
  );
});

test('while it is ours all reach it, and those that write in turn are given what to ask before each write', async () => {
  const { reached, inTurn, names, callAll } = everyCall();
  await callAll(true);
  expect(reached.toSorted()).toEqual(names.toSorted());
  expect(inTurn.toSorted()).toEqual(
    [
      ...['dispatch', 'propose', 'withdraw', 'makeEnvironment'],
      ...['apply', 'create', 'createSecret', 'remove', 'merge', 'reapply'],
    ].toSorted(),
  );
});
