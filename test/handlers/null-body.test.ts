/** Bodies that are no payload at all, at Slack's door over HTTP. */
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { createSlackApp } from '../../src/handlers/slack-app.ts';
import { collectingLog, keepingTrail } from './world.ts';

const signingSecret = 'a-signing-secret';

async function door() {
  const logged: Parameters<typeof collectingLog>[0] = [];
  const chance = { reference: () => 'ref12345' };
  const slack = createSlackApp({
    transport: { mode: 'http', signingSecret, port: 0, host: '127.0.0.1' },
    botToken: 'xoxb-1',
    identity: { teamIds: ['T0ACME'], botUserId: 'U0GREENLIGHT', botId: 'B0GREENLIGHT', appId: undefined },
    replies: { privately: async () => {}, replace: async () => false, toChannel: async () => false },
    ...{ trail: keepingTrail(logged, chance), log: collectingLog(logged), chance },
    deliveries: {
      wasHandled: async () => false,
      handled: async () => {},
      keepClick: async () => true,
      isOurs: () => true,
    },
    hasActedSince: async () => false,
  });
  const { port } = await slack.start();
  onTestFinished(async () => void (await slack.stop(1_000)));
  const send = async (body: string, { type = json, secret = signingSecret } = {}) => {
    const at = String(Math.floor(Date.now() / 1_000));
    const signature = createHmac('sha256', secret).update(`v0:${at}:${body}`).digest('hex');
    const answer = await fetch(`http://127.0.0.1:${port}/slack/events`, {
      ...{ method: 'POST', body, signal: AbortSignal.timeout(2_000) },
      headers: {
        'content-type': type,
        'x-slack-request-timestamp': at,
        'x-slack-signature': `v0=${signature}`,
      },
    });
    await answer.text();
    return answer.status;
  };
  return { port, send };
}

const json = 'application/json';
const form = 'application/x-www-form-urlencoded';

test('a body that Slack signed and that is nothing is answered', async () => {
  const { send } = await door();
  expect(await send('null')).toBe(400);
  expect(await send(' null\n')).toBe(400);
  expect(await send('payload=null', { type: form })).toBe(400);
  expect(await send('a=1&payload=%6eull', { type: form })).toBe(400);
});

test('one that nobody signed is refused for that, and what is no payload otherwise is as it was', async () => {
  const { send } = await door();
  expect(await send('null', { secret: 'another' })).toBe(401);
  expect(await send('nul')).toBe(400);
  expect(await send(`{"type":"url_verification","challenge":"c"}`)).toBe(200);
});

test('one that is longer than any of Slack’s is refused before all of it is read', async () => {
  const { port } = await door();
  const sending = request({ port, method: 'POST', path: '/slack/events' });
  // What was not taken any more.
  sending.on('error', () => undefined);
  sending.write(Buffer.alloc(5_000_000));
  const [answer] = await once(sending, 'response');
  expect(answer.statusCode).toBe(413);
  sending.destroy();
});
