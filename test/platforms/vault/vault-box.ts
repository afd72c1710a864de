/**
 * As much of Vault as answers a wrapped read and unwraps it, over real HTTP(S): KV version 2, response wrapping, its
 * errors, and a policy that refuses what is not wrapped.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

export interface VaultBox {
  readonly url: string;
  /** Every call: method, path and the headers that matter. */
  readonly calls: { readonly method: string; readonly path: string; readonly wrapTtl: string | undefined }[];
  /** What the next calls meet instead of an answer. */
  behave(how: Mood): void;
  /** As `vault unwrap` does it; `undefined` when the token opens nothing (any more). */
  unwrap(token: string): Promise<Readonly<Record<string, string>> | undefined>;
  stop(): Promise<void>;
}

/** An address: it says that it is there. */
type Mood =
  | 'well'
  | 'sealed'
  | 'unwrapped'
  | 'garbled'
  | 'other-path'
  | 'endless'
  | { readonly redirect: string };

export const vaultToken = 'hvs.sandboxGreenlightToken000000000000';
export const vaultSecret = { password: 'correct-horse-battery-staple', host: 'db.acme.example' };

export async function startVaultBox(
  stored: Readonly<Record<string, Readonly<Record<string, string>>>>,
  tls?: { readonly key: string; readonly cert: string },
): Promise<VaultBox> {
  const calls: { method: string; path: string; wrapTtl: string | undefined }[] = [];
  const wrapped = new Map<string, unknown>();
  let mood: Mood = 'well';

  const answer = (request: IncomingMessage, response: ServerResponse) => {
    const path = new URL(request.url ?? '', 'http://vault').pathname;
    const header = (name: string) => request.headers[name] as string | undefined;
    calls.push({ method: request.method ?? '', path, wrapTtl: header('x-vault-wrap-ttl') });
    const say = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    if (mood === 'sealed') return say(503, { errors: ['Vault is sealed'] });
    if (typeof mood === 'object') return response.writeHead(307, { location: mood.redirect }).end();
    if (mood === 'garbled') return response.end(`{"data":{"data":${JSON.stringify(vaultSecret)}}`);
    if (mood === 'endless') return response.end('x'.repeat(200_000));
    if (path === '/v1/sys/wrapping/unwrap' && request.method === 'POST') {
      const token = header('x-vault-token') ?? '';
      const inside = wrapped.get(token);
      wrapped.delete(token);
      return inside === undefined
        ? say(400, { errors: ['wrapping token is not valid or does not exist'] })
        : say(200, { data: inside, wrap_info: null });
    }
    if (header('x-vault-token') !== vaultToken) return say(403, { errors: ['permission denied'] });
    const prefix = '/v1/secret/data/environments/';
    if (!path.startsWith(prefix))
      return say(403, { errors: ['1 error occurred:\n\t* permission denied\n\n'] });
    const data = stored[path.slice(prefix.length)];
    if (!data) return say(404, { errors: [] });
    const inside = { data, metadata: { version: 1, destroyed: false } };
    if (mood === 'unwrapped') return say(200, { data: inside, wrap_info: null });
    const seconds = Number.parseInt(header('x-vault-wrap-ttl') ?? '', 10);
    // `min_wrapping_ttl` and `max_wrapping_ttl` of deploy/vault-policy.hcl.
    if (!(seconds >= 60 && seconds <= 900)) return say(403, { errors: ['permission denied'] });
    const token = `hvs.CAESIwrapping${String(wrapped.size).padStart(20, '0')}`;
    wrapped.set(token, inside);
    say(200, {
      request_id: '0b9e5d6a-1f1c-4f1e-9f0f-1f1f1f1f1f1f',
      lease_id: '',
      renewable: false,
      lease_duration: 0,
      data: null,
      warnings: null,
      auth: null,
      wrap_info: {
        token,
        accessor: 'wrapAccessor00000000',
        ttl: seconds,
        creation_time: '2026-11-18T09:00:00.000000000Z',
        creation_path:
          mood === 'other-path' ? 'secret/data/environments/other/thing' : path.slice('/v1/'.length),
        wrapped_accessor: '',
      },
    });
  };

  const server = tls ? createTlsServer(tls, answer) : createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const url = `${tls ? 'https' : 'http'}://127.0.0.1:${port}`;
  return {
    url,
    calls,
    behave(how) {
      mood = how;
    },
    async unwrap(token) {
      const response = await fetch(`${url}/v1/sys/wrapping/unwrap`, {
        method: 'POST',
        headers: { 'x-vault-token': token },
      });
      if (response.status !== 200) return undefined;
      return ((await response.json()) as { data: { data: Record<string, string> } }).data.data;
    },
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
