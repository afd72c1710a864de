/**
 * One HTTP server for a box, on loopback only: journal, faults and the guard against foreign pages are the same
 * for all three, so they stand here once. The box itself is a `fetch` function (a Hono app has one).
 */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { WorldClock } from './clock.ts';
import type { BoxName, Fault, Faults } from './faults.ts';
import type { Journal } from './journal.ts';

export interface BoxContext {
  readonly clock: WorldClock;
  readonly faults: Faults;
  readonly journal: Journal;
}

export interface ServeOptions extends BoxContext {
  readonly box: BoxName;
  /** 0 takes a free port. */
  readonly port: number;
  readonly fetch: (request: Request) => Response | Promise<Response>;
  /** The operation that faults and journal know this call by; `undefined` keeps it out of both (the page's own calls). */
  readonly operationOf: (method: string, url: URL) => string | undefined;
  /** What this box says when a fault answers in its place: the service's own form of an error. */
  readonly faultBody: (status: number) => unknown;
  /** Calls whose answer is an endless stream (a watch, followed logs): the journal must not wait for its end. */
  readonly isStream?: (url: URL) => boolean;
  /** Paths that a browser may call, when its page came from this very server. All others refuse browsers. */
  readonly isPagePath?: (path: string) => boolean;
}

export interface Serving {
  readonly server: Server;
  readonly port: number;
  readonly url: string;
  stop(): Promise<void>;
}

/** @throws PortInUseError when the port is taken. */
export async function serveBox(options: ServeOptions): Promise<Serving> {
  const listener = getRequestListener((request, env) => {
    const incoming = (env as { incoming: IncomingMessage }).incoming;
    return answer(options, request, incoming);
  });
  const server = createServer(listener);
  // With Node's 5 s, a busy machine closes a connection at the moment that a client uses it again.
  server.keepAliveTimeout = 65_000;
  await listen(server, options);
  const { port } = server.address() as AddressInfo;
  return {
    server,
    port,
    url: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A port that somebody else holds. The message says how to choose another one. */
export class PortInUseError extends Error {
  override readonly name = 'PortInUseError';
  readonly port: number;
  constructor(box: BoxName, port: number) {
    super(`Port ${port} for the sandbox's ${box} box is taken by another program.`);
    this.port = port;
  }
}

function listen(server: Server, options: ServeOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new PortInUseError(options.box, options.port) : error),
    );
    server.listen(options.port, '127.0.0.1', resolve);
  });
}

async function answer(options: ServeOptions, request: Request, incoming: IncomingMessage): Promise<Response> {
  const url = new URL(request.url);
  const refused = refuseForeign(request, url, options.isPagePath?.(url.pathname) ?? false);
  if (refused) return refused;
  const operation = options.operationOf(request.method, url);
  if (operation === undefined) return options.fetch(request);

  const startedAt = options.clock.now();
  const sent = await takeRequestText(request);
  const fault = options.faults.next(options.box, operation);
  const answered = await withFault(options, fault, sent.message, incoming);
  const isStream = options.isStream?.(url) ?? false;
  const received = isStream ? { message: answered } : await takeResponseText(answered);
  const call = {
    at: startedAt,
    box: options.box,
    kind: 'call',
    operation,
    outcome: fault?.kind === 'lost-response' ? `${answered.status}, answer lost` : String(answered.status),
    tookMs: options.clock.now() - startedAt,
    ...(fault ? { fault: fault.kind } : {}),
  } as const;
  options.journal.add(
    call,
    bodiesOf(
      saidIn(request.headers, sent.text),
      isStream ? () => '(a stream)' : saidIn(answered.headers, received.text),
    ),
  );
  return received.message;
}

/**
 * A page of another origin must not drive the sandbox, nor may a name that was rebound to 127.0.0.1: the Host
 * must be this machine, and an Origin, where a browser sends one, must be this very server on a page path.
 */
function refuseForeign(request: Request, url: URL, isPagePath: boolean): Response | undefined {
  const isLoopback = ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  const origin = request.headers.get('origin');
  const fromBrowserElsewhere = origin !== null && !(isPagePath && origin === url.origin);
  if (isLoopback && !fromBrowserElsewhere) return undefined;
  return Response.json({ ok: false, error: 'foreign_origin' }, { status: 403 });
}

async function withFault(
  options: ServeOptions,
  fault: Fault | undefined,
  request: Request,
  { socket }: IncomingMessage,
): Promise<Response> {
  switch (fault?.kind) {
    case 'status':
      return Response.json(fault.body ?? options.faultBody(fault.status), {
        status: fault.status,
        headers:
          fault.retryAfterSeconds === undefined ? {} : { 'retry-after': String(fault.retryAfterSeconds) },
      });
    case 'slow':
      await options.clock.sleep(fault.delayMs);
      return options.fetch(request);
    case 'timeout':
      // Only the caller ends this: by closing its connection, however long it takes.
      if (!socket.destroyed) await new Promise((resolve) => socket.once('close', resolve));
      return nobodyReads();
    case 'reset':
      socket.resetAndDestroy();
      return nobodyReads();
    case 'lost-response': {
      const response = await options.fetch(request);
      socket.resetAndDestroy();
      return response;
    }
    case 'drop-socket':
      if (options.isStream?.(new URL(request.url)))
        return tornAtFirstEvent(await options.fetch(request), socket);
      socket.resetAndDestroy();
      return nobodyReads();
    default:
      return options.fetch(request);
  }
}

/** For the journal; its connection is gone. */
function nobodyReads(): Response {
  return new Response(null, { status: 504 });
}

/** A stream that breaks while it carries its first event, as one does when a network goes away. */
function tornAtFirstEvent(response: Response, socket: Socket): Response {
  const body = response.body?.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(event, controller) {
        controller.enqueue(event.slice(0, event.length / 2));
        setImmediate(() => socket.resetAndDestroy());
      },
    }),
  );
  return new Response(body ?? null, { status: response.status, headers: response.headers });
}

/** A message that can still be read, and its text when the journal has a use for it. */
interface Taken<Message> {
  readonly message: Message;
  readonly text?: string;
}

// The text is taken out and put into a new message, not cloned: the two streams of a clone hang on finalizers, and a
// busy box would carry some ten kilobytes of each call with it until the next full collection.
async function takeRequestText(request: Request): Promise<Taken<Request>> {
  if (!isReadable(request)) return { message: request };
  const text = await request.text();
  const { method, headers } = request;
  return { text, message: new Request(request.url, { method, headers, body: text }) };
}

async function takeResponseText(response: Response): Promise<Taken<Response>> {
  if (!isReadable(response)) return { message: response };
  const text = await response.text();
  return { text, message: new Response(text, { status: response.status, headers: response.headers }) };
}

function isReadable(message: Request | Response): boolean {
  const type = message.headers.get('content-type') ?? '';
  return message.body !== null && (type.includes('json') || isForm(message.headers));
}

function isForm(headers: Headers): boolean {
  return headers.get('content-type')?.includes('application/x-www-form-urlencoded') ?? false;
}

const journalBodyCharactersMax = 64 * 1024;
const secretKeys = /^(token|password|client_secret|authorization)$/i;
/** Whether a JSON text may have such a key; it can also be spelt with escapes. Most have none, and need no look at each value. */
const maybeSecret = /"(token|password|client_secret|authorization)"|\\u/i;

/** Holds the text alone, not the message that it came in: a thousand of them are kept. */
function bodiesOf(request: (() => unknown) | undefined, response: (() => unknown) | undefined) {
  return () => ({
    ...(request ? { request: request() } : {}),
    ...(response ? { response: response() } : {}),
  });
}

function saidIn(headers: Headers, text: string | undefined): (() => unknown) | undefined {
  if (text === undefined) return undefined;
  if (text.length > journalBodyCharactersMax) return () => '(too large to keep)';
  return isForm(headers) ? () => readForm(text) : () => readJson(text);
}

function readForm(text: string): unknown {
  return Object.fromEntries([...new URLSearchParams(text)].filter(([key]) => !secretKeys.test(key)));
}

function readJson(text: string): unknown {
  try {
    if (!maybeSecret.test(text)) return JSON.parse(text);
    return JSON.parse(text, (key, value) => (secretKeys.test(key) ? undefined : value));
  } catch {
    return text;
  }
}
