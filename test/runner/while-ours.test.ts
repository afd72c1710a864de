/** A replica that stood still, and was taken for dead meanwhile, changes nothing more outside. */
import { expect, test } from 'vitest';
import type { Cluster } from '../../src/core/cluster.ts';
import type { Forge } from '../../src/core/forge.ts';
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
