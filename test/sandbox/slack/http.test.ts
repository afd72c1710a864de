import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { SlackBox } from '../../../src/sandbox/slack/box.ts';
import { talkative } from './apps.ts';
import { httpApp, manifest, seed, stage } from './world.ts';

interface Delivery {
  readonly headers: IncomingMessage['headers'];
  readonly path: string;
  readonly body: string;
}

/** A server that keeps what it gets and answers as told. */
async function listener(
  answer: (delivery: Delivery) => { status: number; headers?: Record<string, string>; body?: string },
) {
  const deliveries: Delivery[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => {
      body += part;
    });
    request.on('end', () => {
      const delivery = { headers: request.headers, path: request.url ?? '', body };
      deliveries.push(delivery);
      const { status, headers, body: text } = answer(delivery);
      response.writeHead(status, headers).end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, deliveries };
}

/** Until the box has that many answers to what it sent. */
async function settled({ journal }: SlackBox, wanted: number): Promise<void> {
  const count = () => journal.since(0).filter((entry) => entry.kind === 'envelope').length;
  while (count() < wanted) {
    await new Promise<void>((resolve) => {
      const stop = journal.subscribe(() => {
        stop();
        resolve();
      });
    });
  }
  await new Promise(setImmediate);
}

const over = (url: string) => ({ manifest: manifest('http'), httpTarget: url });

describe('signed HTTP', () => {
  test('every request is signed as Slack signs, and its content type is exact', async () => {
    const app = await listener(() => ({ status: 200 }));
    const { sandbox } = await stage(over(app.url));
    await sandbox.as('U0DANA').command('#general', '/parrot hi there & more');
    const [sent] = app.deliveries;
    const timestamp = String(sent?.headers['x-slack-request-timestamp']);
    const expected = createHmac('sha256', 'sandbox-signing-secret')
      .update(`v0:${timestamp}:${sent?.body}`)
      .digest('hex');
    expect(sent?.headers['x-slack-signature']).toBe(`v0=${expected}`);
    expect(sent?.headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(sent?.path).toBe('/slack/events');
    expect(Object.fromEntries(new URLSearchParams(sent?.body))).toMatchObject({
      command: '/parrot',
      text: 'hi there & more',
      is_enterprise_install: 'false',
    });
  });

  test('a wrong signing secret is refused by Bolt, and the person sees it', async () => {
    const { app, ...world } = seed as { app: object };
    const { sandbox } = await httpApp(talkative, {
      seed: { ...world, app: { ...app, signingSecret: 'another' } },
    });
    const parrot = sandbox.as('U0DANA').command('#general', '/parrot');
    await expect(parrot).rejects.toMatchObject({ code: 'dispatch_failed' });
  });

  test('an event is tried three more times, with the number and the reason in its headers', async () => {
    const app = await listener(() => ({ status: 500 }));
    const { box, sandbox, clock } = await stage(over(app.url));
    await sandbox.as('U0DANA').openHome();
    await settled(box, 2);
    await clock.advance(60_000);
    await settled(box, 3);
    await clock.advance(300_000);
    await settled(box, 4);
    await clock.advance(3_600_000);
    expect(
      app.deliveries.map(({ headers }) => [headers['x-slack-retry-num'], headers['x-slack-retry-reason']]),
    ).toEqual([
      [undefined, undefined],
      ['1', 'http_error'],
      ['2', 'http_error'],
      ['3', 'http_error'],
    ]);
    expect(new Set(app.deliveries.map(({ body }) => body)).size).toBe(1);
    expect(app.deliveries[0]?.headers['content-type']).toBe('application/json');
  });

  test('x-slack-no-retry ends it', async () => {
    const app = await listener(() => ({ status: 500, headers: { 'x-slack-no-retry': '1' } }));
    const { box, sandbox, clock } = await stage(over(app.url));
    await sandbox.as('U0DANA').openHome();
    await settled(box, 1);
    await clock.advance(3_600_000);
    expect(app.deliveries).toHaveLength(1);
  });

  test('a button whose app answers 404 tells the person so', async () => {
    let status = 200;
    const app = await listener(() => ({ status }));
    const { box, sandbox } = await stage(over(app.url));
    await fetch(`${box.apiUrl}chat.postMessage`, {
      method: 'POST',
      headers: { authorization: 'Bearer xoxb-sandbox-greenlight', 'content-type': 'application/json' },
      body: JSON.stringify({
        channel: 'C0GENERAL',
        text: 'b',
        blocks: [
          { type: 'actions', elements: [{ type: 'button', text: { type: 'plain_text', text: 'Press' } }] },
        ],
      }),
    });
    status = 404;
    const dana = sandbox.as('U0DANA');
    await expect(dana.click('Press')).rejects.toMatchObject({ code: 'http_error' });
    await dana.seesNotice('This app responded with Status Code 404.');
  });

  test('live options and the answer to a submission travel in the response', async () => {
    const { sandbox } = await httpApp(talkative);
    const dana = sandbox.as('U0DANA');
    await dana.command('#general', '/form');
    await dana.fill('Name', 'x');
    await dana.fill('Owner', 'pay');
    await dana.submit();
    expect((await dana.view()).modals).toEqual([]);
  });

  test('an app that listens is connected before anything was sent to it, and away when it has gone', async () => {
    const { app, sandbox } = await httpApp(talkative);
    await sandbox.appIs('connected');
    expect((await sandbox.world()).connection).toMatchObject({ mode: 'http', arrivals: 1 });
    await app.stop();
    await sandbox.appIs('away');
  });

  test('an app that does not listen is away, and its commands fail', async () => {
    const { sandbox } = await stage(over('http://127.0.0.1:1'));
    await expect(sandbox.as('U0DANA').command('#general', '/parrot')).rejects.toMatchObject({
      code: 'dispatch_failed',
    });
    expect((await sandbox.world()).connection).toMatchObject({ mode: 'http', connected: false });
  });
});
