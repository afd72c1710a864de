/**
 * Socket Mode: the app opens WebSockets with a ticket from `apps.connections.open`; each envelope goes to one of
 * them, in turn, and is acknowledged by its id.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import type { WorldClock } from '../../clock.ts';
import type { AppConnection } from '../../protocol.ts';
import { limits } from '../limits.ts';
import type { Ack, Envelope, Transport } from './courier.ts';

export interface SocketTransport extends Transport {
  /** A path with a ticket that opens one socket, once, within 30 s. */
  issueTicket(): string;
  attach(server: Server): void;
  /** Slack's `disconnect` envelope on every socket, or on the one whose turn it is. */
  disconnect(reason: 'warning' | 'refresh_requested' | 'link_disabled', which: 'one' | 'all'): void;
  dropAll(): void;
}

export interface SocketTransportOptions {
  readonly clock: WorldClock;
  readonly appId: string;
  readonly onChange: () => void;
}

const ticketMs = 30_000;
const pingEveryMs = 10_000;
const ackSchema = z.looseObject({ envelope_id: z.string(), payload: z.unknown().optional() });

export function createSocketTransport(options: SocketTransportOptions): SocketTransport {
  const { clock, appId } = options;
  const server = new WebSocketServer({ noServer: true });
  const tickets = new Map<string, number>();
  const sockets: WebSocket[] = [];
  const waiting = new Map<string, (ack: Ack) => void>();
  let turn = 0;
  let sinceAt = 0;
  let arrivals = 0;

  const debugInfo = () => ({ host: 'applink-sandbox', build_number: 1, approximate_connection_time: 18_060 });
  const say = (socket: WebSocket, message: unknown) => socket.send(JSON.stringify(message));
  const disconnectMessage = (reason: string) => ({
    type: 'disconnect',
    reason,
    num_connections: sockets.length,
    debug_info: { host: 'applink-sandbox' },
    connection_info: { app_id: appId },
  });

  const admit = (socket: WebSocket) => {
    if (sockets.length >= limits.sockets.max) {
      say(socket, disconnectMessage('too_many_websockets'));
      socket.close(1000);
      return;
    }
    sockets.push(socket);
    if (sockets.length === 1) {
      sinceAt = clock.now();
      arrivals++;
    }
    say(socket, {
      type: 'hello',
      num_connections: sockets.length,
      debug_info: debugInfo(),
      connection_info: { app_id: appId },
    });
    // Real time, not the sandbox's: it keeps a real socket alive.
    const pinger = setInterval(() => socket.ping('Ping from the sandbox'), pingEveryMs);
    pinger.unref();
    // The SDK resets its ping watch only once it has seen a ping, so it gets one at once, as from Slack.
    socket.ping('Ping from the sandbox');
    socket.on('message', (data) => readAck(String(data)));
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      clearInterval(pinger);
      const at = sockets.indexOf(socket);
      if (at >= 0) sockets.splice(at, 1);
      if (sockets.length === 0) sinceAt = clock.now();
      options.onChange();
    });
    options.onChange();
  };

  const readAck = (text: string) => {
    let message: unknown;
    try {
      message = JSON.parse(text);
    } catch {
      return;
    }
    const ack = ackSchema.safeParse(message);
    if (!ack.success) return;
    waiting.get(ack.data.envelope_id)?.({ ok: true, body: ack.data.payload });
    waiting.delete(ack.data.envelope_id);
  };

  const upgrade = (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const ticket = url.searchParams.get('ticket') ?? '';
    const expiresAt = tickets.get(ticket);
    tickets.delete(ticket);
    // A browser sends an Origin: the app does not, so a web page cannot listen in.
    const isFine = url.pathname === '/link' && expiresAt !== undefined && expiresAt >= clock.now();
    if (!isFine || request.headers.origin !== undefined) {
      stream.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n');
      return;
    }
    server.handleUpgrade(request, stream, head, admit);
  };

  return {
    issueTicket() {
      const ticket = randomBytes(16).toString('hex');
      tickets.set(ticket, clock.now() + ticketMs);
      return `/link?ticket=${ticket}&app_id=${appId}`;
    },
    attach: (http) => {
      http.on('upgrade', upgrade);
    },
    async send(envelope, signal) {
      const socket = sockets[turn++ % Math.max(sockets.length, 1)];
      if (!socket) return { ok: false, reason: 'unreachable', detail: 'no socket is open' };
      const id = randomUUID();
      const answered = Promise.withResolvers<Ack>();
      waiting.set(id, answered.resolve);
      signal.addEventListener('abort', () => waiting.delete(id));
      say(socket, socketEnvelope(id, envelope));
      return answered.promise;
    },
    dropNext: () => sockets[turn % Math.max(sockets.length, 1)]?.terminate(),
    dropAll() {
      for (const socket of [...sockets]) socket.terminate();
    },
    disconnect(reason, which) {
      const next = sockets[turn % Math.max(sockets.length, 1)];
      for (const socket of which === 'all' ? [...sockets] : next ? [next] : []) {
        say(socket, disconnectMessage(reason));
        // After a warning Slack leaves ten seconds; otherwise the socket is closed at once.
        if (reason === 'warning') clock.after(10_000, () => socket.close(1000));
        else socket.close(1000);
      }
    },
    connection: (): AppConnection => ({
      mode: 'socket',
      connected: sockets.length > 0,
      sinceAt,
      sockets: sockets.length,
      arrivals,
    }),
    async stop() {
      await Promise.all([...sockets].map(hangUp));
      server.close();
    },
  };
}

/** Says goodbye, and hangs up on who does not answer in a fifth of a second of real time. */
function hangUp(socket: WebSocket): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => socket.terminate(), 200);
    socket.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
    socket.close(1001);
  });
}

function socketEnvelope(id: string, envelope: Envelope): Record<string, unknown> {
  return {
    envelope_id: id,
    payload: envelope.payload,
    // Live options are interactive envelopes too: only HTTP has an URL of their own.
    type: envelope.kind === 'options' ? 'interactive' : envelope.kind,
    accepts_response_payload: envelope.acceptsResponse,
    ...(envelope.kind === 'events_api'
      ? { retry_attempt: envelope.retry?.attempt ?? 0, retry_reason: envelope.retry?.reason ?? '' }
      : {}),
  };
}
