/**
 * Signed payloads over connections that stay open, each sent when the one before it was answered. Made beforehand and
 * written as they are: what sends must cost less than what answers, or the bench would measure itself.
 */
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { signingSecret } from './secret.ts';

export interface Burst {
  /** From the first byte sent to the last acknowledgement, in ms. */
  readonly tookMs: number;
  /** Of each, from its first byte to its acknowledgement, in ms. */
  readonly ackMs: readonly number[];
  /** How many were answered with something else than 200, or not at all. */
  readonly failed: number;
}

/** A request of HTTP, signed as Slack signs. */
export function signed(url: string, body: string): Buffer {
  const { pathname, host } = new URL(url);
  const at = String(Math.floor(Date.now() / 1_000));
  const signature = createHmac('sha256', signingSecret).update(`v0:${at}:${body}`).digest('hex');
  return Buffer.from(
    [
      `POST ${pathname} HTTP/1.1`,
      `host: ${host}`,
      'content-type: application/x-www-form-urlencoded',
      `content-length: ${Buffer.byteLength(body)}`,
      `x-slack-request-timestamp: ${at}`,
      `x-slack-signature: v0=${signature}`,
      '',
      body,
    ].join('\r\n'),
  );
}

/** Each connection sends its next when the one before was answered. */
export async function send(url: string, requests: readonly Buffer[], connections: number): Promise<Burst> {
  const sockets = await Promise.all(Array.from({ length: connections }, () => opened(url)));
  const ackMs: number[] = [];
  let next = 0;
  let failed = 0;
  const begunAt = performance.now();
  await Promise.all(
    sockets.map(async (socket) => {
      let open = socket;
      for (let request = requests[next++]; request; request = requests[next++]) {
        const sentAt = performance.now();
        const status = await answered(open, request).catch(() => undefined);
        ackMs.push(performance.now() - sentAt);
        if (status !== 200) failed++;
        // The server may have closed it since; Slack would take another one too.
        if (open.destroyed) open = await opened(url);
      }
      open.destroy();
    }),
  );
  const tookMs = performance.now() - begunAt;
  return { tookMs, ackMs, failed };
}

async function opened(url: string): Promise<Socket> {
  const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  // Whoever waits for an answer hears of it by `close`.
  socket.on('error', () => undefined);
  return socket;
}

function answered(socket: Socket, request: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    let text = '';
    const hear = (bytes: Buffer) => {
      text += bytes.toString('latin1');
      if (!isWhole(text)) return;
      end();
      resolve(Number(text.slice(9, 12)));
    };
    const fail = () => {
      end();
      reject(new Error('a connection was closed before the answer'));
    };
    const end = () => {
      socket.off('data', hear);
      socket.off('close', fail);
    };
    socket.on('data', hear);
    socket.on('close', fail);
    socket.write(request);
  });
}

/** As far as Node's own server writes: a length, or chunks until an empty one. */
function isWhole(text: string): boolean {
  const head = text.indexOf('\r\n\r\n');
  if (head < 0) return false;
  const length = /\r\ncontent-length: (\d+)/i.exec(text.slice(0, head));
  return length ? text.length >= head + 4 + Number(length[1]) : text.endsWith('\r\n0\r\n\r\n');
}
