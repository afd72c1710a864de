import { LogLevel, SocketModeClient } from '@slack/socket-mode';
import { WebClient } from '@slack/web-api';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { talkative } from './apps.ts';
import { appToken, botToken, socketApp, stage } from './world.ts';

interface Frame {
  readonly type: string;
  readonly envelope_id: string;
  readonly reason?: string;
  readonly num_connections?: number;
  readonly retry_attempt?: number;
  readonly payload: {
    readonly event?: { readonly type: string };
    readonly event_id?: string;
    readonly command?: string;
  };
}

/** A bare socket: sees every frame, acknowledges only when told. */
async function bareSocket(apiUrl: string) {
  const { url } = await new WebClient(appToken, {
    slackApiUrl: apiUrl,
    retryConfig: { retries: 0 },
  }).apps.connections.open();
  const socket = new WebSocket(url ?? '');
  onTestFinished(() => socket.terminate());
  const frames: Frame[] = [];
  const waiting: ((frame: Frame) => void)[] = [];
  socket.on('message', (data) => {
    const frame = JSON.parse(String(data)) as Frame;
    const next = waiting.shift();
    if (next) next(frame);
    else frames.push(frame);
  });
  const next = () => {
    const frame = frames.shift();
    return frame ? Promise.resolve(frame) : new Promise<Frame>((resolve) => waiting.push(resolve));
  };
  return {
    socket,
    frames,
    next,
    ack: (frame: Frame, payload?: unknown) =>
      socket.send(JSON.stringify({ envelope_id: frame.envelope_id, payload })),
    closed: new Promise((resolve) => socket.once('close', resolve)),
  };
}

describe('Socket Mode', () => {
  test('a socket is greeted, and told how many there are', async () => {
    const { box } = await stage();
    const one = await bareSocket(box.apiUrl);
    expect(await one.next()).toMatchObject({ type: 'hello', num_connections: 1 });
    const two = await bareSocket(box.apiUrl);
    expect(await two.next()).toMatchObject({
      type: 'hello',
      num_connections: 2,
      connection_info: { app_id: 'A0GREENLIGHT' },
    });
  });

  test('an envelope goes to one socket only, each in its turn', async () => {
    const { box, sandbox } = await stage();
    const sockets = [await bareSocket(box.apiUrl), await bareSocket(box.apiUrl)];
    const seen: number[] = [];
    for (const [index, socket] of sockets.entries()) {
      await socket.next();
      socket.socket.on('message', (data) => {
        seen.push(index);
        socket.ack(JSON.parse(String(data)));
      });
    }
    for (let round = 0; round < 4; round++) await sandbox.as('U0DANA').command('#general', '/parrot hi');
    expect(seen).toEqual([0, 1, 0, 1]);
  });

  test('a ticket opens one socket, and a browser page none', async () => {
    const { box } = await stage();
    const client = new WebClient(appToken, { slackApiUrl: box.apiUrl });
    const { url = '' } = await client.apps.connections.open();
    const status = (socket: WebSocket) =>
      new Promise((resolve) => {
        socket.once('unexpected-response', (_, response) => resolve(response.statusCode));
        socket.once('open', () => resolve('open'));
        socket.once('error', () => resolve('error'));
        onTestFinished(() => socket.terminate());
      });
    expect(await status(new WebSocket(url))).toBe('open');
    expect(await status(new WebSocket(url))).toBe(403);
    const { url: second = '' } = await client.apps.connections.open();
    expect(await status(new WebSocket(second, { origin: 'https://evil.example' }))).toBe(403);
  });

  test('an eleventh socket is turned away with too_many_websockets', async () => {
    const { box } = await stage();
    const sockets = [];
    for (let count = 0; count < 11; count++) sockets.push(await bareSocket(box.apiUrl));
    expect(await sockets[10]?.next()).toMatchObject({ type: 'disconnect', reason: 'too_many_websockets' });
    await sockets[10]?.closed;
  });

  test('an event that is not acknowledged comes again, three times, and says so', async () => {
    const { box, sandbox, clock } = await stage();
    const socket = await bareSocket(box.apiUrl);
    await socket.next();
    await sandbox.as('U0DANA').openHome();
    const first = await socket.next();
    expect(first).toMatchObject({
      type: 'events_api',
      retry_attempt: 0,
      retry_reason: '',
      accepts_response_payload: false,
    });
    const attempts = [];
    for (const delayMs of [3000, 63_000, 303_000]) {
      await clock.advance(delayMs);
      const again = await socket.next();
      attempts.push([
        again.retry_attempt,
        again.payload.event_id === first.payload.event_id,
        again.envelope_id === first.envelope_id,
      ]);
    }
    expect(attempts).toEqual([
      [1, true, false],
      [2, true, false],
      [3, true, false],
    ]);
    await clock.advance(3_600_000);
    expect(socket.frames).toEqual([]);
  });

  test('a command that is not acknowledged is an operation_timeout that only its person sees, and does not come again', async () => {
    const { box, sandbox, clock } = await stage();
    const socket = await bareSocket(box.apiUrl);
    await socket.next();
    const dana = sandbox.as('U0DANA');
    const failed = expect(dana.command('#general', '/silent')).rejects.toMatchObject({
      code: 'operation_timeout',
    });
    await socket.next();
    await clock.advance(3000);
    await failed;
    await dana.seesNotice('/silent failed with the error "operation_timeout"');
    expect((await sandbox.as('U0LEE').view()).notices).toEqual([]);
    await clock.advance(600_000);
    expect(socket.frames).toEqual([]);
  });

  test('without a socket a command fails with dispatch_failed', async () => {
    const { sandbox } = await stage();
    await expect(sandbox.as('U0DANA').command('#general', '/parrot')).rejects.toMatchObject({
      code: 'dispatch_failed',
    });
  });

  test('a late acknowledgement changes nothing', async () => {
    const { box, sandbox, clock } = await stage();
    const socket = await bareSocket(box.apiUrl);
    await socket.next();
    const dana = sandbox.as('U0DANA');
    const failed = expect(dana.command('#general', '/parrot')).rejects.toMatchObject({
      code: 'operation_timeout',
    });
    const frame = await socket.next();
    await clock.advance(3000);
    await failed;
    socket.ack(frame, { text: 'too late' });
    const done = dana.command('#general', '/parrot');
    socket.ack(await socket.next(), { text: 'in time' });
    await done;
    await dana.sees('in time');
    await dana.doesNotSee('too late');
  });

  test('a refresh closes the sockets, and the official client comes back by itself', async () => {
    const { box, sandbox } = await stage();
    const client = new SocketModeClient({
      appToken,
      logLevel: LogLevel.ERROR,
      clientPingTimeout: 20,
      clientOptions: { slackApiUrl: box.apiUrl, retryConfig: { retries: 0 } },
    });
    await client.start();
    onTestFinished(() => client.disconnect());
    const back = vi.fn();
    client.on('connected', back);
    await sandbox.change({ do: 'disconnect-app', reason: 'refresh_requested' });
    await sandbox.appIs('away');
    await sandbox.appIs('connected');
    await vi.waitFor(() => expect(back).toHaveBeenCalled());
    expect((await sandbox.world()).connection).toMatchObject({
      mode: 'socket',
      connected: true,
      arrivals: 2,
    });
  });

  test('a warning leaves the socket open for ten more seconds', async () => {
    const { box, sandbox, clock } = await stage();
    const socket = await bareSocket(box.apiUrl);
    await socket.next();
    await sandbox.change({ do: 'disconnect-app', reason: 'warning' });
    expect(await socket.next()).toMatchObject({ type: 'disconnect', reason: 'warning' });
    await clock.advance(9_000);
    expect(socket.socket.readyState).toBe(WebSocket.OPEN);
    await clock.advance(1_000);
    await socket.closed;
  });

  test('only the app-level token opens sockets', async () => {
    const { box } = await stage();
    const open = (token: string) =>
      new WebClient(token, { slackApiUrl: box.apiUrl, retryConfig: { retries: 0 } }).apps.connections.open();
    await expect(open(botToken)).rejects.toMatchObject({ data: { error: 'not_allowed_token_type' } });
    await expect(open('xapp-wrong')).rejects.toMatchObject({ data: { error: 'invalid_auth' } });
  });
});

describe('faults on envelopes', () => {
  test('a duplicate arrives twice under two envelope ids', async () => {
    const { box, sandbox } = await stage();
    await sandbox.breakOn({
      box: 'slack',
      operation: 'envelope:slash_commands',
      fault: { kind: 'duplicate' },
    });
    const socket = await bareSocket(box.apiUrl);
    await socket.next();
    const done = sandbox.as('U0DANA').command('#general', '/parrot hi');
    const [one, two] = [await socket.next(), await socket.next()];
    expect(one.payload).toEqual(two.payload);
    socket.ack(one);
    socket.ack(two);
    await done;
  });

  test('a reordered event arrives after the one that followed it', async () => {
    const { box, sandbox } = await stage();
    await sandbox.breakOn({
      box: 'slack',
      operation: 'envelope:message',
      fault: { kind: 'reorder' },
      times: 1,
    });
    const socket = await bareSocket(box.apiUrl);
    await socket.next();
    const dana = sandbox.as('U0DANA');
    const [first, second] = [await dana.say('#general', 'first'), await dana.say('#general', 'second')];
    const seen = [await socket.next(), await socket.next()].map(
      (frame) => (frame.payload.event as unknown as { ts: string }).ts,
    );
    expect(seen).toEqual([second, first]);
  });

  test('a lost acknowledgement looks like a timeout although the app did its work', async () => {
    const { box, sandbox } = await stage();
    await socketApp(box, talkative);
    await sandbox.breakOn({
      box: 'slack',
      operation: 'envelope:slash_commands',
      fault: { kind: 'lost-response' },
      times: 1,
    });
    const dana = sandbox.as('U0DANA');
    await expect(dana.command('#general', '/card')).rejects.toMatchObject({ code: 'operation_timeout' });
    await dana.sees('A card');
  });

  test('a dropped socket loses the envelope when it was the only one', async () => {
    const { box, sandbox } = await stage();
    const socket = await bareSocket(box.apiUrl);
    await socket.next();
    await sandbox.breakOn({
      box: 'slack',
      operation: 'envelope:*',
      fault: { kind: 'drop-socket' },
      times: 1,
    });
    const dana = sandbox.as('U0DANA');
    const failed = expect(dana.command('#general', '/parrot hi')).rejects.toThrow();
    await socket.closed;
    await sandbox.advance(3000);
    await failed;
  });
});
