import { CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import { Octokit } from '@octokit/rest';
import { WebClient } from '@slack/web-api';
import { expect, test } from 'vitest';
import { deploy } from './github/github-world.ts';
import { wholeSandbox } from './world.ts';

const clientsOf = ({ credentials }: Awaited<ReturnType<typeof wholeSandbox>>['world']) => {
  const config = new KubeConfig();
  config.loadFromString(credentials.kubeconfig);
  return {
    slack: new WebClient(credentials.slack.botToken, { slackApiUrl: credentials.slack.apiUrl }),
    github: new Octokit({ auth: credentials.github.token, baseUrl: credentials.github.apiUrl }),
    cluster: config.makeApiClient(CoreV1Api),
  };
};

test('a reset takes back what happened in all three boxes, and every client goes on', async () => {
  const { world, client } = await wholeSandbox();
  const { slack, github, cluster } = clientsOf(world);
  const runsOf = async () =>
    (await github.actions.listWorkflowRunsForRepo({ owner: 'acme', repo: 'payments' })).data.total_count;
  const namespacesOf = async () => (await cluster.listNamespace()).items.map((one) => one.metadata?.name);
  const messagesOf = async () =>
    (await slack.conversations.history({ channel: 'C0DEPLOYS' })).messages?.map((one) => one.text);
  const before = { runs: await runsOf(), namespaces: await namespacesOf(), messages: await messagesOf() };

  await slack.chat.postMessage({ channel: 'C0DEPLOYS', text: 'Something new' });
  await deploy(github, 'v1.4.2');
  await cluster.createNamespace({ body: { metadata: { name: 'checkout-pr-1' } } });
  await client.breakOn({ box: 'cluster', operation: 'DELETE *', fault: { kind: 'reset' } });
  expect(await runsOf()).toBe(before.runs + 1);

  await client.reset();
  expect({ runs: await runsOf(), namespaces: await namespacesOf(), messages: await messagesOf() }).toEqual(
    before,
  );
  expect(await client.faults()).toEqual([]);
});

test('a run that was under way when the world was reset has no effect on the new one', async () => {
  const { world, client } = await wholeSandbox();
  const { github } = clientsOf(world);
  await deploy(github, 'v1.4.2');
  await client.reset();
  await client.advance(3_600_000);
  const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'payments-staging' };
  const live = world.cluster.control.read({ ...deployment, name: 'payments' });
  expect(JSON.stringify(live)).toContain('payments:1.4.1');
});

test('a watch from before a reset is told to begin anew', async () => {
  const { world, client } = await wholeSandbox();
  const { cluster } = clientsOf(world);
  const { metadata } = await cluster.listNamespace();
  await client.reset();
  const path = `/apis/apps/v1/deployments?watch=true&resourceVersion=${metadata?.resourceVersion}`;
  const config = JSON.parse(world.credentials.kubeconfig) as {
    clusters: [{ cluster: { server: string } }];
    users: [{ user: { token: string } }];
  };
  const response = await fetch(`${config.clusters[0].cluster.server}${path}`, {
    headers: { authorization: `Bearer ${config.users[0].user.token}` },
  });
  expect(JSON.parse(await response.text())).toMatchObject({ type: 'ERROR', object: { code: 410 } });
});
