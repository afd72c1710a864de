import { Octokit } from '@octokit/rest';
import { expect, test } from 'vitest';
import { SandboxError } from '../../src/sandbox/client.ts';
import { deploy } from './github/github-world.ts';
import { wholeSandbox } from './world.ts';

test('the next run of a workflow fails at the job that the client names', async () => {
  const { world, client } = await wholeSandbox();
  const { github } = world.credentials;
  const workflows = await client.github('workflows');
  const jobs = workflows.find((one) => one.repository === 'payments')?.jobs;
  expect(jobs).toEqual(['build', 'migrate', 'rollout']);

  await client.github('fail-next-run', { repository: 'payments', failsAt: { job: 'rollout' } });
  const runId = await deploy(new Octokit({ auth: github.token, baseUrl: github.apiUrl }), 'v1.4.2');
  await client.advance(600_000);
  const [run] = await client.github('runs');
  expect(run).toMatchObject({ id: runId, status: 'completed', conclusion: 'failure' });
});

test('the next Pods of a workload fail, and are let be well again', async () => {
  const { client } = await wholeSandbox();
  const workload = { namespace: 'payments-staging', workload: 'payments' };
  const rollOut = (version: string) =>
    client.cluster('setImage', {
      ...{ namespace: 'payments-staging', deployment: 'payments' },
      image: `registry.acme.example/payments:${version}`,
    });
  const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'payments' };
  const isAvailable = async () => {
    await client.advance(120_000);
    const live = await client.cluster('read', { ...deployment, namespace: 'payments-staging' });
    const { status } = live as { status: { unavailableReplicas?: number } };
    return (status.unavailableReplicas ?? 0) === 0;
  };

  await client.cluster('failNext', { ...workload, failure: 'imagepull' });
  await rollOut('9.9.9');
  expect(await isAvailable()).toBe(false);
  expect((await client.cluster('workloads', {})).workloads).toContainEqual({
    ...{ namespace: 'payments-staging', name: 'payments', trouble: 'imagepull' },
  });

  await client.cluster('makeWell', { namespace: 'payments-staging' });
  await rollOut('9.9.10');
  expect(await isAvailable()).toBe(true);
});

test('a quota stall holds a rollout until it is taken away', async () => {
  const { client } = await wholeSandbox();
  const namespace = 'checkout-staging';
  const troubles = async () =>
    (await client.cluster('workloads', {})).workloads.flatMap((one) => one.trouble ?? []);
  await client.cluster('stallQuota', { namespace });
  expect(await troubles()).toEqual(['quota']);
  await client.cluster('makeWell', { namespace });
  await client.cluster('unschedulable', { namespace, on: true });
  expect(await troubles()).toEqual(['unschedulable']);
});

test('what a box refuses is refused with its sentence', async () => {
  const { client } = await wholeSandbox();
  const refused = client.github('hold-run', { runId: 1 });
  await expect(refused).rejects.toThrow(SandboxError);
  await expect(refused).rejects.toThrow("The sandbox's GitHub has no run 1.");
  const nowhere = { apiVersion: 'v1', kind: 'Namespace', name: 'nowhere' };
  await expect(client.cluster('stuckFinalizer', nowhere)).rejects.toThrow('namespaces "nowhere" not found');
});

test('nothing but control calls can be reached through the one address', async () => {
  const { world } = await wholeSandbox();
  for (const path of ['/control/github/..%2Frepos', '/control/cluster/api/v1/namespaces', '/control/github/'])
    expect((await fetch(`${world.url}${path}`)).status).toBe(404);
});

test('a page of another origin cannot use them', async () => {
  const { world } = await wholeSandbox();
  const response = await fetch(`${world.url}/control/cluster/restart`, {
    method: 'POST',
    headers: { origin: 'https://evil.example' },
  });
  expect(response.status).toBe(403);
});
