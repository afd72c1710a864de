/** Faults are the same for all three boxes: each is shown on each, as a client meets it. */
import { createServer } from 'node:http';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Sandbox as Client } from '../../src/sandbox/client.ts';
import { createFaults, faultRuleSchema } from '../../src/sandbox/faults.ts';
import type { FaultRuleInput } from '../../src/sandbox/protocol.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { wholeSandbox } from './world.ts';

type BoxName = FaultRuleInput['box'];
const clusterToken = 'sandbox-cluster-token-admin';

/** A call that changes something in each box, and whether it took place. */
const boxes = {
  slack: {
    operation: 'chat.postMessage',
    write: ({ credentials: { slack } }: Sandbox, signal?: AbortSignal) =>
      fetch(`${slack.apiUrl}chat.postMessage`, {
        method: 'POST',
        headers: { authorization: `Bearer ${slack.botToken}`, 'content-type': 'application/json' },
        body: JSON.stringify({ channel: 'C0DEPLOYS', text: 'It happened' }),
        ...(signal ? { signal } : {}),
      }),
    async happened({ credentials: { slack } }: Sandbox) {
      const headers = { authorization: `Bearer ${slack.botToken}` };
      const history = await fetch(`${slack.apiUrl}conversations.history?channel=C0DEPLOYS`, { headers });
      return (await history.text()).split('It happened').length - 1;
    },
  },
  github: {
    operation: 'POST */dispatches',
    write: ({ credentials: { github } }: Sandbox, signal?: AbortSignal) =>
      fetch(`${github.apiUrl}/repos/acme/payments/actions/workflows/deploy.yml/dispatches`, {
        method: 'POST',
        headers: { authorization: `Bearer ${github.token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ ref: 'v1.4.2', inputs: { version: 'v1.4.2', environment: 'staging' } }),
        ...(signal ? { signal } : {}),
      }),
    happened: async (world: Sandbox) =>
      world.github.control.runs().filter((run) => run.status !== 'completed').length,
  },
  cluster: {
    operation: 'POST /api/v1/namespaces',
    write: ({ cluster }: Sandbox, signal?: AbortSignal) =>
      fetch(`${cluster.url}/api/v1/namespaces`, {
        method: 'POST',
        headers: { authorization: `Bearer ${clusterToken}`, 'content-type': 'application/json' },
        body: JSON.stringify({ metadata: { generateName: 'it-happened-' } }),
        ...(signal ? { signal } : {}),
      }),
    async happened({ cluster }: Sandbox) {
      const headers = { authorization: `Bearer ${clusterToken}` };
      const list = await fetch(`${cluster.url}/api/v1/namespaces`, { headers });
      return ((await list.json()) as { items: { metadata: { name: string } }[] }).items.filter((one) =>
        one.metadata.name.startsWith('it-happened-'),
      ).length;
    },
  },
} as const;

/** Why a connection broke, as Node says it. */
const brokenBy = (call: Promise<unknown>) =>
  call.then(
    () => 'it was answered',
    (error: Error & { cause?: { code?: string } }) => error.cause?.code ?? error.name,
  );

const isHit = (client: Client) =>
  vi.waitFor(async () => expect(await client.faults()).toMatchObject([{ hit: 1 }]));

describe.each(Object.entries(boxes))('%s', (name, box) => {
  const rule = (fault: FaultRuleInput['fault'], more: Partial<FaultRuleInput> = {}): FaultRuleInput => ({
    ...{ box: name as BoxName, operation: box.operation, fault },
    ...more,
  });

  test('an answer of 503 is in the form that the real one uses, and nothing happens', async () => {
    const { world, client } = await wholeSandbox();
    await client.breakOn(rule({ kind: 'status', status: 503, retryAfterSeconds: 3 }));
    const response = await box.write(world);
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('3');
    expect(await response.json()).toMatchObject(
      {
        slack: { ok: false, error: 'service_unavailable' },
        github: { message: 'Service Unavailable', documentation_url: expect.any(String), status: '503' },
        cluster: { kind: 'Status', status: 'Failure', reason: 'ServiceUnavailable', code: 503 },
      }[name as keyof typeof boxes],
    );
    expect(await box.happened(world)).toBe(0);
  });

  test('a call without an answer ends only when its caller gives up', async () => {
    const { world, client } = await wholeSandbox();
    await client.breakOn(rule({ kind: 'timeout' }));
    const giveUp = new AbortController();
    let isOver = false;
    const broken = brokenBy(box.write(world, giveUp.signal)).finally(() => {
      isOver = true;
    });
    await isHit(client);
    await client.advance(3_600_000);
    // Other calls are answered meanwhile, and an hour of the sandbox's time changes nothing.
    expect(await box.happened(world)).toBe(0);
    expect(isOver).toBe(false);
    giveUp.abort();
    expect(await broken).toBe('AbortError');
  });

  test('a torn connection is torn, before anything happens', async () => {
    const { world, client } = await wholeSandbox();
    await client.breakOn(rule({ kind: 'reset' }));
    expect(await brokenBy(box.write(world))).toBe('ECONNRESET');
    expect(await box.happened(world)).toBe(0);
  });

  test('a lost answer is torn, too, but the effect took place', async () => {
    const { world, client } = await wholeSandbox();
    await client.breakOn(rule({ kind: 'lost-response' }));
    expect(await brokenBy(box.write(world))).toBe('ECONNRESET');
    expect(await box.happened(world)).toBe(1);
  });

  test('a slow answer comes when its time has passed in the sandbox', async () => {
    const { world, client } = await wholeSandbox();
    await client.breakOn(rule({ kind: 'slow', delayMs: 60_000 }));
    const answer = box.write(world);
    await isHit(client);
    expect(await box.happened(world)).toBe(0);
    await client.advance(60_000);
    expect((await answer).ok).toBe(true);
    expect(await box.happened(world)).toBe(1);
  });

  test('a rule hits from its nth call on, and only as often as it says', async () => {
    const { world, client } = await wholeSandbox();
    await client.breakOn(rule({ kind: 'status', status: 500 }, { fromCall: 2, times: 1 }));
    const statuses = [];
    for (let call = 0; call < 3; call++) statuses.push((await box.write(world)).ok);
    expect(statuses).toEqual([true, false, true]);
  });
});

describe('a watch of the cluster', () => {
  const watch = ({ cluster }: Sandbox) =>
    fetch(`${cluster.url}/api/v1/namespaces?watch=true`, {
      headers: { authorization: `Bearer ${clusterToken}` },
    });

  test('breaks in the middle of an event', async () => {
    const { world, client } = await wholeSandbox();
    const fault: FaultRuleInput = {
      box: 'cluster',
      operation: 'GET *',
      fault: { kind: 'drop-socket' },
      times: 1,
    };
    await client.breakOn(fault);
    const broken = await watch(world);
    expect(await brokenBy(broken.text())).not.toBe('it was answered');
    const whole = await watch(world);
    const { value } = (await whole.body?.getReader().read()) ?? {};
    expect(Buffer.from(value ?? []).toString()).toContain('"type":"ADDED"');
  });

  test('knows no duplicates and no other order, and a rule that asks for them is refused', () => {
    const asked = { box: 'cluster', operation: '*', fault: { kind: 'duplicate' } };
    expect(faultRuleSchema.safeParse(asked).error?.issues[0]?.message).toContain('sends nothing by itself');
  });
});

describe('webhooks of GitHub', () => {
  /** Where they arrive: event and delivery id, in order. */
  async function receiver(world: Sandbox) {
    const arrived: string[] = [];
    const server = createServer((request, response) => {
      arrived.push(`${request.headers['x-github-event']} ${request.headers['x-github-delivery']}`);
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    world.github.control.addWebhook({
      ...{ url: `http://127.0.0.1:${port}/`, secret: 'secret' },
      events: ['workflow_run', 'workflow_job'],
    });
    return arrived;
  }

  test('come twice with the same delivery id', async () => {
    const { world, client } = await wholeSandbox();
    const arrived = await receiver(world);
    await client.breakOn({
      box: 'github',
      operation: 'webhook:workflow_run',
      fault: { kind: 'duplicate' },
      times: 1,
    });
    await boxes.github.write(world);
    await world.github.control.webhooksSettled();
    const runs = arrived.filter((one) => one.startsWith('workflow_run'));
    expect(runs).toHaveLength(2);
    expect(new Set(runs).size).toBe(1);
  });

  test('come out of order', async () => {
    const { world, client } = await wholeSandbox();
    const arrived = await receiver(world);
    await client.breakOn({
      box: 'github',
      operation: 'webhook:workflow_run',
      fault: { kind: 'reorder' },
      times: 1,
    });
    await boxes.github.write(world);
    await world.github.control.webhooksSettled();
    // GitHub tells of the run first and of its jobs after it.
    expect(arrived[0]).toContain('workflow_job');
    expect(arrived.some((one) => one.startsWith('workflow_run'))).toBe(true);
  });

  test('get lost on the way', async () => {
    const { world, client } = await wholeSandbox();
    const arrived = await receiver(world);
    await client.breakOn({ box: 'github', operation: 'webhook:*', fault: { kind: 'reset' } });
    await boxes.github.write(world);
    await world.github.control.webhooksSettled();
    expect(arrived).toEqual([]);
    expect(world.github.control.deliveries().every((one) => one.status === 0)).toBe(true);
  });
});

describe('probability', () => {
  const hits = (seed: number, calls = 400) => {
    const faults = createFaults();
    faults.add({ box: 'github', operation: '*', fault: { kind: 'reset' }, probability: 0.3, seed });
    return Array.from({ length: calls }, () => faults.next('github', 'GET /') !== undefined);
  };

  test('the same seed breaks the same calls, another one others', () => {
    expect(hits(7)).toEqual(hits(7));
    expect(hits(7)).not.toEqual(hits(8));
  });

  test('about as many calls break as were asked for', () => {
    const share = hits(7, 4_000).filter(Boolean).length / 4_000;
    expect(share).toBeGreaterThan(0.27);
    expect(share).toBeLessThan(0.33);
  });

  test('what a box answers is never duplicated, whatever a rule for everything says', () => {
    const faults = createFaults();
    faults.add({ box: 'slack', operation: '*', fault: { kind: 'duplicate' } });
    expect(faults.next('slack', 'chat.postMessage')).toBeUndefined();
    expect(faults.next('slack', 'envelope:block_actions')).toEqual({ kind: 'duplicate' });
  });
});
