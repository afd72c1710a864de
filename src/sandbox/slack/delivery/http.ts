/** Signed HTTP: each payload is posted to the URL that the manifest names for it. */
import { createHmac } from 'node:crypto';
import { connect } from 'node:net';
import type { WorldClock } from '../../clock.ts';
import type { AppConnection } from '../../protocol.ts';
import type { AppSpec } from '../manifest.ts';
import type { Ack, Envelope, Transport } from './courier.ts';

export interface HttpTransportOptions {
  readonly clock: WorldClock;
  readonly app: AppSpec;
  readonly signingSecret: string;
  /** `http://127.0.0.1:3000`: replaces the origin of the manifest's URLs, which name the public one. */
  readonly target: string | undefined;
  readonly onChange: () => void;
}

/** How often the box looks whether the app listens: real time, on this machine only, and without a request. */
const lookEveryMs = 500;

export function createHttpTransport(options: HttpTransportOptions): Transport {
  let connected = false;
  let sinceAt = 0;
  let arrivals = 0;

  const found = (isThere: boolean) => {
    if (isThere === connected && sinceAt > 0) return;
    connected = isThere;
    sinceAt = options.clock.now();
    if (isThere) arrivals++;
    options.onChange();
  };

  const { urls } = options.app;
  const listensAt = options.target ?? urls.interactivity ?? urls.events;
  const watcher = setInterval(
    () => void isListening(listensAt).then((isThere) => isThere !== undefined && found(isThere)),
    lookEveryMs,
  );
  watcher.unref();

  const urlOf = (envelope: Envelope): string | undefined => {
    const { commands } = options.app;
    const named =
      envelope.kind === 'slash_commands'
        ? commands.find((one) => one.command === envelope.command)?.url
        : envelope.kind === 'events_api'
          ? urls.events
          : envelope.kind === 'options'
            ? urls.options
            : urls.interactivity;
    if (!named || !options.target) return named;
    const { pathname, search } = new URL(named);
    return new URL(pathname + search, options.target).href;
  };

  return {
    async send(envelope, signal) {
      const url = urlOf(envelope);
      if (!url) return { ok: false, reason: 'unreachable', detail: 'the manifest names no URL for it' };
      const body = bodyOf(envelope);
      // The machine's own time: the app compares it with its own clock, not with the sandbox's.
      const timestamp = String(Math.floor(Date.now() / 1000));
      try {
        const response = await fetch(url, {
          method: 'POST',
          body,
          redirect: 'manual',
          signal,
          headers: {
            'content-type':
              envelope.kind === 'events_api' ? 'application/json' : 'application/x-www-form-urlencoded',
            'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
            'x-slack-request-timestamp': timestamp,
            'x-slack-signature': sign(options.signingSecret, timestamp, body),
            ...(envelope.retry
              ? {
                  'x-slack-retry-num': String(envelope.retry.attempt),
                  'x-slack-retry-reason': envelope.retry.reason,
                }
              : {}),
          },
        });
        found(true);
        return await readAnswer(response);
      } catch (error) {
        if (signal.aborted) return { ok: false, reason: 'timeout', detail: 'no answer within 3 seconds' };
        found(false);
        return { ok: false, reason: 'unreachable', detail: causeOf(error) };
      }
    },
    dropNext: () => undefined,
    connection: (): AppConnection => ({ mode: 'http', connected, sinceAt, sockets: 0, arrivals }),
    async stop() {
      clearInterval(watcher);
    },
  };
}

/** Whether somebody listens there; `undefined` for an address of another machine, which is not ours to knock at. */
function isListening(url: string | undefined): Promise<boolean | undefined> {
  const { hostname, port } = new URL(url ?? 'http://elsewhere.invalid');
  if (!['127.0.0.1', 'localhost'].includes(hostname)) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const socket = connect(Number(port || 80), hostname);
    const end = (isThere: boolean) => {
      socket.destroy();
      resolve(isThere);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}

/** Slack's signature: `v0=` and the HMAC-SHA256 of `v0:<timestamp>:<raw body>`. */
function sign(secret: string, timestamp: string, body: string): string {
  return `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`;
}

function bodyOf(envelope: Envelope): string {
  if (envelope.kind === 'events_api') return JSON.stringify(envelope.payload);
  if (envelope.kind !== 'slash_commands')
    return new URLSearchParams({ payload: JSON.stringify(envelope.payload) }).toString();
  const fields = Object.entries(envelope.payload).map(([key, value]): [string, string] => [
    key,
    String(value),
  ]);
  return new URLSearchParams(fields).toString();
}

async function readAnswer(response: Response): Promise<Ack> {
  const text = await response.text();
  const noRetry = response.headers.get('x-slack-no-retry') === '1';
  if (response.status < 200 || response.status > 299) {
    return { ok: false, reason: 'http_error', detail: String(response.status), noRetry };
  }
  if (text === '') return { ok: true, body: undefined, noRetry };
  try {
    return { ok: true, body: JSON.parse(text), noRetry };
  } catch {
    return { ok: true, body: text, noRetry };
  }
}

function causeOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return cause instanceof Error ? cause.message : String(cause);
}
