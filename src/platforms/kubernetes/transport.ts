/**
 * One call to a Kubernetes API server: signed, bounded in time, over connections that are kept.
 *
 * The official client's KubeConfig gives address, credentials (tokens, files, exec plugins, OIDC) and trust. Its
 * object API is not used: it drops fields that its models do not know before they reach the server, turns moments
 * into Dates, and makes a new connection pool for every single call when the cluster has a CA (client-node 2.0.1).
 */
import type { RequestOptions } from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node/dist/config.js';
import { Agent, type Dispatcher, ProxyAgent } from 'undici';
import { z } from 'zod';

interface Call {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly contentType?: string;
  readonly body?: unknown;
  /** Logs are the one answer that is no JSON. */
  readonly isText?: boolean;
  /** Whose rights count instead of ours. */
  readonly as?: Identity;
}

/** Somebody as the cluster knows them (Kubernetes, "User impersonation"). */
export interface Identity {
  readonly user: string;
  readonly groups: readonly string[];
}

/** An answer that goes on until one of both ends it. */
export interface Stream {
  /** Its lines, as they come. @throws whatever broke it off; a line longer than 8 MiB breaks it off as well. */
  readonly lines: AsyncIterable<string>;
}

export interface Transport {
  /**
   * The answer's JSON, or its text when that is asked for.
   * @throws StatusError for an answer of 400 and above, SignInError before any call was made; anything else when there
   * was no whole answer.
   */
  call(call: Call): Promise<unknown>;
  /**
   * Opens an answer without an end, such as a watch; `signal` lets it go. Its headers must come in time, its lines
   * have all the time there is: whoever reads them says how long silence may last.
   */
  open(call: Pick<Call, 'path' | 'query'>, signal: AbortSignal): Promise<Stream>;
  close(): Promise<void>;
}

/** What an API server says when it refuses: a `Status` object (Kubernetes API conventions, "Response Status Kind"). */
const statusSchema = z.object({
  message: z.string().default(''),
  reason: z.string().default(''),
  details: z
    .object({
      name: z.string().default(''),
      kind: z.string().default(''),
      retryAfterSeconds: z.int().optional(),
      causes: z
        .array(
          z.object({
            reason: z.string().default(''),
            message: z.string().default(''),
            field: z.string().default(''),
          }),
        )
        .default([]),
    })
    .prefault({}),
});
export type Status = z.infer<typeof statusSchema>;

export class StatusError extends Error {
  readonly code: number;
  readonly status: Status;
  readonly retryAfterMs: number | undefined;
  constructor(code: number, status: Status, retryAfterMs: number | undefined) {
    super(`${code} ${status.reason}: ${status.message}`);
    this.code = code;
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }
}

/** The kubeconfig's credentials could not be had: a file is missing, an exec plugin failed. */
export class SignInError extends Error {}

/** Speaks to the current context's cluster. */
export function createTransport(
  kubeconfig: KubeConfig,
  timeoutMs: number,
  answerBytesMax = answerBytesOfPage,
): Transport {
  const cluster = kubeconfig.getCurrentCluster();
  const base = (cluster?.server ?? '').replace(/\/+$/, '');
  let pool: { readonly key: string; readonly dispatcher: Dispatcher } | undefined;

  /** A pool for as long as the certificates stay the same: exec plugins and files renew them. */
  const dispatcherFor = (tls: RequestOptions): Dispatcher => {
    const key = [tls.ca, tls.cert, tls.key, tls.rejectUnauthorized, tls.servername].map(String).join('\n');
    if (pool?.key === key) return pool.dispatcher;
    pool?.dispatcher.close().catch(() => undefined);
    pool = { key, dispatcher: newDispatcher(kubeconfig, tls) };
    return pool.dispatcher;
  };

  const send = async (call: Call, signal: AbortSignal, bodyTimeout?: number) => {
    const { method, path, query, contentType, body, isText = false, as } = call;
    const options: RequestOptions = {};
    try {
      await kubeconfig.applyToHTTPSOptions(options);
    } catch (error) {
      throw new SignInError('no credentials', { cause: error });
    }
    // `fetch` would join the groups into one header line, which a server reads as one group with a comma in its name.
    const url = new URL(`${base}${path}${queryOf(query)}`);
    const response = await dispatcherFor(options).request({
      ...{ method, origin: url.origin, path: `${url.pathname}${url.search}` },
      headers: {
        accept: isText ? 'application/json, */*' : 'application/json',
        'user-agent': 'greenlight',
        ...(body === undefined ? {} : { 'content-type': contentType ?? 'application/json' }),
        ...authorization(options),
        ...(as ? { 'impersonate-user': as.user, 'impersonate-group': [...as.groups] } : {}),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(bodyTimeout === undefined ? {} : { bodyTimeout }),
      signal,
    });
    const { statusCode, headers } = response;
    if (statusCode < 300) return response.body;
    const text = await textWithin(response.body, answerBytesMax);
    // A redirect is not followed: it would carry the token to wherever it points.
    if (statusCode < 400) throw new Error(`redirected with ${statusCode}`);
    const status = readStatus(text);
    throw new StatusError(statusCode, status, retryAfter(headerOf(headers, 'retry-after'), status));
  };

  return {
    async call(call) {
      const text = await textWithin(await send(call, AbortSignal.timeout(timeoutMs)), answerBytesMax);
      return call.isText ? text : JSON.parse(text);
    },
    async open(call, signal) {
      const late = new AbortController();
      const timer = setTimeout(() => late.abort(new DOMException('no answer', 'TimeoutError')), timeoutMs);
      try {
        const body = await send({ method: 'GET', ...call }, AbortSignal.any([signal, late.signal]), 0);
        // Whoever lets go of a stream knows that it ends; without a listener Node would end the process for it.
        body.on('error', () => undefined);
        return { lines: linesOf(body) };
      } finally {
        clearTimeout(timer);
      }
    },
    async close() {
      await pool?.dispatcher.close();
      pool = undefined;
    },
  };
}

/** Bytes: a page of 500 objects of the largest that etcd takes would be 750 MB, and real ones are a few. */
const answerBytesOfPage = 64 * 1024 * 1024;

/** Reads on until it is too much, so that no answer can fill our memory. */
async function textWithin(body: AsyncIterable<Uint8Array>, bytesMax: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > bytesMax) throw new Error(`the answer is longer than ${bytesMax} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** More than any object that etcd takes (1.5 MiB by default). */
const lineCharactersMax = 8 * 1024 * 1024;

async function* linesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    const parts = decoder.decode(chunk, { stream: true }).split('\n');
    // Only what is new is looked through: a long line comes in a thousand pieces.
    parts[0] = rest + (parts[0] ?? '');
    rest = parts.pop() ?? '';
    if (rest.length > lineCharactersMax) throw new SyntaxError('a line of the stream is too long');
    yield* parts.filter((line) => line !== '');
  }
}

function headerOf(
  headers: Readonly<Record<string, string | string[] | undefined>>,
  name: string,
): string | null {
  const value = headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? null;
}

/** The same connections, with the rights of somebody else; the same transport for nobody. */
export function asIdentity(transport: Transport, as: Identity | undefined): Transport {
  return as ? { ...transport, call: (call) => transport.call({ ...call, as }) } : transport;
}

function queryOf(query: Readonly<Record<string, string>> | undefined): string {
  const text = new URLSearchParams(query).toString();
  return text === '' ? '' : `?${text}`;
}

function authorization(options: RequestOptions): Record<string, string> {
  const basic = options.auth ? `Basic ${Buffer.from(options.auth).toString('base64')}` : undefined;
  const headers = Object.entries(options.headers ?? {}).map(([name, value]) => [name, String(value)]);
  return { ...(basic === undefined ? {} : { authorization: basic }), ...Object.fromEntries(headers) };
}

function newDispatcher(kubeconfig: KubeConfig, tls: RequestOptions): Dispatcher {
  const known = {
    ca: tls.ca,
    cert: tls.cert,
    key: tls.key,
    rejectUnauthorized: tls.rejectUnauthorized,
    servername: tls.servername,
  };
  const options = kubeconfig.createDispatcherOptions(kubeconfig.getCurrentCluster(), known);
  // The client's types let every option be undefined, undici's do not; undici itself reads both alike.
  type Connect = NonNullable<ConstructorParameters<typeof Agent>[0]>['connect'];
  switch (options.type) {
    case 'agent':
      return new Agent({ connect: options.connect } as { connect: NonNullable<Connect> });
    case 'proxy': {
      const { uri, requestTls, connect } = options;
      return new ProxyAgent({ uri, requestTls, connect } as ProxyAgent.Options);
    }
    case 'none':
      return new Agent();
    case 'socks':
      throw new Error('a SOCKS proxy in the kubeconfig is not supported: use an HTTP proxy');
  }
}

/** A proxy in between answers HTML or nothing; then the code has to be enough. */
function readStatus(text: string): Status {
  try {
    return statusSchema.parse(JSON.parse(text));
  } catch {
    return statusSchema.parse({});
  }
}

/** The header in seconds or as a date; else what the Status says. */
function retryAfter(header: string | null, status: Status): number | undefined {
  if (header !== null) {
    const seconds = Number(header);
    return Number.isFinite(seconds)
      ? seconds * 1000
      : Math.max(0, Date.parse(header) - Date.now()) || undefined;
  }
  const said = status.details.retryAfterSeconds;
  return said === undefined ? undefined : said * 1000;
}
