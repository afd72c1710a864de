/**
 * HashiCorp Vault or OpenBao, the KV engine in version 2, asked with response wrapping: the server keeps the value and
 * answers with a token that opens it once (developer.hashicorp.com/vault/docs/concepts/response-wrapping). With the
 * policy in `deploy/vault-policy.hcl` it gives Greenlight nothing else, so no mistake here could show a value.
 */
import { Agent, fetch, type Response } from 'undici';
import { z } from 'zod';
import type { Moment } from '../../core/ids.ts';
import { ProblemError } from '../../core/problem.ts';
import type { OneTimeLink, SecretStore } from '../../core/secret-store.ts';
import { limits } from './limits.ts';
import { badPath, notWrapped, refused, unreachable } from './problems.ts';

export interface VaultSettings {
  /** `https://vault.example:8200`. */
  readonly url: string;
  readonly token: string;
  /** The engine's mount and a folder in it: `secret/environments`. */
  readonly place: string;
  /** Of Vault Enterprise, HCP and OpenBao. */
  readonly namespace?: string;
  /** PEM; the system's own authorities when not given. */
  readonly certificateAuthority?: string;
}

export interface ConnectedVault extends SecretStore {
  close(): Promise<void>;
}

/** Makes no call by itself. */
export function connectVault(settings: VaultSettings, now: () => Moment): ConnectedVault {
  const { certificateAuthority: ca } = settings;
  const agent = new Agent({ connect: ca === undefined ? {} : { ca } });
  return {
    async oneTimeLink(path, ttlMs) {
      const seconds = Math.ceil(ttlMs / 1000);
      const address = addressOf(settings, path);
      const wrapped = wrapInfo(await ask(settings, agent, address, seconds), path);
      return linkOf(settings, wrapped, now());
    },
    close: () => agent.close(),
  };
}

/** KV version 2 reads below `data/` of its mount. A path is made of names, so that none leads anywhere else. */
function addressOf({ url, place }: VaultSettings, path: string): URL {
  const parts = path.split('/');
  if (
    parts.length > 4 ||
    !parts.every((part) => /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/.test(part) && !part.includes('..'))
  ) {
    throw new ProblemError(badPath(path));
  }
  const [mount = '', ...folder] = place.split('/').filter((part) => part !== '');
  return new URL(['v1', mount, 'data', ...folder, ...parts].join('/'), url.endsWith('/') ? url : `${url}/`);
}

/** @throws ProblemError. The token is in a header alone, so that no error can name it. */
async function ask(
  settings: VaultSettings,
  dispatcher: Agent,
  address: URL,
  seconds: number,
): Promise<unknown> {
  const { token, namespace } = settings;
  const init = {
    headers: {
      'x-vault-token': token,
      'x-vault-wrap-ttl': `${seconds}s`,
      // Proxies of Vault Agent only let through what carries it, which a forged request cannot.
      'x-vault-request': 'true',
      ...(namespace === undefined ? {} : { 'x-vault-namespace': namespace }),
    },
    signal: AbortSignal.timeout(limits.answerMs),
    // A redirect would carry the token to another server: fetch takes only `Authorization` off on the way.
    redirect: 'error' as const,
    dispatcher,
  };
  let answered: { readonly status: number; readonly text: string };
  try {
    const response = await fetch(address, init);
    answered = { status: response.status, text: await textWithin(response) };
  } catch (error) {
    throw new ProblemError(unreachable(error), { cause: error });
  }
  const body = parsed(answered.text);
  if (answered.status >= 400) throw new ProblemError(refused(answered.status, body));
  return body;
}

/** A parser's error quotes what it could not read, which may be the value: it goes nowhere. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function textWithin(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > limits.answerBytes) throw new Error(`the answer is longer than ${limits.answerBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Of a wrapped answer nothing else is looked at: `data` is empty in it, and must not reach us when it is not. */
const wrappedSchema = z.object({
  wrap_info: z.object({
    token: z.string().regex(/^[A-Za-z0-9._-]{10,512}$/),
    ttl: z.int().positive(),
    creation_path: z.string(),
  }),
});
type WrapInfo = z.infer<typeof wrappedSchema>['wrap_info'];

/** @throws ProblemError when it was not wrapped, or wraps something else than what was asked for. */
function wrapInfo(body: unknown, path: string): WrapInfo {
  const read = wrappedSchema.safeParse(body);
  if (!read.success || !read.data.wrap_info.creation_path.endsWith(`/${path}`))
    throw new ProblemError(notWrapped());
  return read.data.wrap_info;
}

function linkOf({ url, namespace }: VaultSettings, { token, ttl }: WrapInfo, now: Moment): OneTimeLink {
  const base = url.replace(/\/+$/, '');
  const where = [`VAULT_ADDR=${base}`, ...(namespace === undefined ? [] : [`VAULT_NAMESPACE=${namespace}`])];
  return {
    token,
    url: `${base}/ui/vault/tools/unwrap`,
    command: `${where.join(' ')} vault unwrap ${token}`,
    expiresAt: now + ttl * 1000,
  };
}
