/** Webhooks: signed, complete, and shaped as GitHub describes them. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { deploy, githubWorld, payments } from './github-world.ts';
import { webhookJudge } from './openapi.ts';

const secret = 'made-up-secret';

interface Received {
  readonly event: string;
  readonly guid: string;
  readonly isSigned: boolean;
  readonly body: Record<string, unknown>;
}

async function receiver(): Promise<{ url: string; received: Received[] }> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks);
      const expected = `sha256=${createHmac('sha256', secret).update(text).digest('hex')}`;
      const given = String(request.headers['x-hub-signature-256']);
      received.push({
        event: String(request.headers['x-github-event']),
        guid: String(request.headers['x-github-delivery']),
        isSigned:
          given.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected)),
        body: JSON.parse(text.toString('utf8')) as Record<string, unknown>,
      });
      response.writeHead(202).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, received };
}

test('a run tells its way from requested to completed, every delivery signed', async () => {
  const { octokit, box, clock } = await githubWorld();
  const { url, received } = await receiver();
  box.control.addWebhook({ url, secret, events: ['workflow_run'] });
  await deploy(octokit, 'v1.4.2', 'staging', 'REQ-3');
  await clock.advance(60_000);
  await box.control.webhooksSettled();
  // Deliveries are sent at once and may arrive in any order, as GitHub's do.
  expect(received.map((one) => one.body.action).sort()).toEqual(['completed', 'in_progress', 'requested']);
  expect(received.every((one) => one.isSigned)).toBe(true);
  const done = received.find((one) => one.body.action === 'completed');
  expect(done?.body).toMatchObject({
    workflow_run: { conclusion: 'success', display_title: 'Deploy v1.4.2 to staging [REQ-3]' },
    repository: { full_name: 'acme/payments' },
    installation: { id: 43001 },
    sender: { login: 'greenlight[bot]' },
  });
});

test('a delivery can be repeated under the same guid', async () => {
  const { octokit, box } = await githubWorld();
  const { url, received } = await receiver();
  box.control.addWebhook({ url, secret, events: ['deployment'] });
  await octokit.repos.createDeployment({
    ...payments,
    ref: 'v1.4.2',
    required_contexts: [],
    auto_merge: false,
  });
  await box.control.webhooksSettled();
  const [delivery] = box.control.deliveries();
  expect(delivery?.status).toBe(202);
  await box.control.redeliver(delivery?.id ?? 0);
  expect(received).toHaveLength(2);
  expect(received[0]?.guid).toBe(received[1]?.guid);
});

test('a receiver that is not there is remembered as such', async () => {
  const { octokit, box } = await githubWorld();
  box.control.addWebhook({ url: 'http://127.0.0.1:1/', secret, events: ['*'] });
  await octokit.repos.createDeployment({
    ...payments,
    ref: 'v1.4.2',
    required_contexts: [],
    auto_merge: false,
  });
  await box.control.webhooksSettled();
  expect(box.control.deliveries()[0]?.status).toBe(0);
});

const judge = webhookJudge();
test.skipIf(!judge)(
  judge
    ? 'every payload has the shape that GitHub describes'
    : 'webhook shapes: did not run, the shared data is not there',
  async () => {
    const { octokit, box, clock } = await githubWorld();
    const { url, received } = await receiver();
    box.control.addWebhook({ url, secret, events: ['*'] });
    await deploy(octokit, 'v1.4.2');
    await octokit.actions.createWorkflowDispatch({
      ...{ ...payments, workflow_id: 'restore.yml', ref: 'main', inputs: { target: 'production' } },
    });
    await clock.advance(60_000);
    box.control.reviewRun(box.control.runs()[0]?.id ?? 0, 'approved', 'sam-okoye');
    await clock.advance(60_000);
    await octokit.checks.create({
      ...payments,
      name: 'greenlight',
      head_sha: await head(octokit),
      conclusion: 'success',
    });
    await octokit.pulls.merge({ ...payments, pull_number: 187 });
    await box.control.webhooksSettled();

    const verdicts = new Map<string, readonly string[]>();
    for (const { event, body } of received) {
      const name = [event, body.action].filter(Boolean).join('-').replaceAll('_', '-');
      const faults = judge?.(name, body);
      if (faults) verdicts.set(name, [...(verdicts.get(name) ?? []), ...faults]);
    }
    const agree = [...verdicts.values()].filter((faults) => faults.length === 0).length;
    console.log(
      `GitHub webhooks: ${agree} of ${verdicts.size} kinds agree: ${[...verdicts.keys()].sort().join(', ')}`,
    );
    expect([...verdicts].filter(([, faults]) => faults.length > 0)).toEqual([]);
  },
);

async function head(octokit: Awaited<ReturnType<typeof githubWorld>>['octokit']): Promise<string> {
  return (await octokit.repos.getCommit({ ...payments, ref: 'main' })).data.sha;
}
