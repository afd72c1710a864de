/** Slack away at the moment when a socket is opened anew. Slow: the client waits for 5 s of real time before it tries. */
import { expect, test, vi } from 'vitest';
import type { FaultRuleInput } from '../../src/sandbox/protocol.ts';
import { world } from './world.ts';

test.each<[string, FaultRuleInput['fault']]>([
  ['the connection is torn', { kind: 'reset' }],
  ['Slack answers 503', { kind: 'status', status: 503 }],
  ['Slack asks for patience', { kind: 'status', status: 429, retryAfterSeconds: 1 }],
])('both sockets come back, though %s when new ones are asked for', async (_what, fault) => {
  const { sandbox, slack } = await world();
  await sandbox.breakOn({ box: 'slack', operation: 'apps.connections.open', fault, times: 4 });
  await sandbox.change({ do: 'drop-app', sockets: 'all' });
  await vi.waitFor(() => expect(slack.isReady()).toBe(false));
  await vi.waitFor(
    async () => expect((await sandbox.world()).connection).toMatchObject({ connected: true, sockets: 2 }),
    { timeout: 60_000, interval: 200 },
  );
  expect(slack.isReady()).toBe(true);
});
