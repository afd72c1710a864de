/** Who calls, and whether they may: tokens, the App's JWT, permissions. GitHub's words for each refusal. */
import { createHash, verify } from 'node:crypto';
import { z } from 'zod';
import { type Caller, GithubError, type Need, notFound } from './http.ts';
import { accountOf } from './shapes/basics.ts';
import type { GithubState, Permissions, Repository } from './state.ts';

/** @throws GithubError 401 when there is no token, or one that is not known or no longer valid. */
export function callerOf(state: GithubState, headers: Headers): Caller {
  const secret = tokenOf(headers);
  if (secret === undefined) throw new GithubError(401, 'Requires authentication');
  const token = state.tokens.get(secret);
  if (!token || (token.expiresAt !== null && token.expiresAt <= state.clock.now()))
    throw new GithubError(401, 'Bad credentials', { documentationUrl: 'https://docs.github.com/rest' });
  return {
    account: accountOf(state, token.login),
    permissions: token.permissions,
    repositories: token.repositories,
    kind: token.kind,
    bucket: createHash('sha256').update(secret).digest('hex').slice(0, 12),
  };
}

/**
 * A repository that a token does not reach does not exist for it (404); one that it reaches without the
 * permission is refused (403). https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api
 */
export function repositoryFor(state: GithubState, caller: Caller, owner: string, name: string): Repository {
  const repository = state.repositories.get(name.toLowerCase());
  const isReached = caller.repositories === 'all' || caller.repositories.includes(name.toLowerCase());
  if (!repository || repository.owner.toLowerCase() !== owner.toLowerCase() || !isReached) throw notFound();
  return repository;
}

/** @throws GithubError 403 when the permission is not granted at that level. */
export function requirePermission(caller: Caller, [name, level]: Need): void {
  if (allows(caller.permissions, name, level)) return;
  throw new GithubError(
    403,
    caller.kind === 'installation'
      ? 'Resource not accessible by integration'
      : 'Resource not accessible by personal access token',
    { headers: { 'x-accepted-github-permissions': `${name}=${level}` } },
  );
}

export function allows(permissions: Permissions, name: string, level: 'read' | 'write' | 'admin'): boolean {
  // Whoever may reach a repository may read what it is.
  if (name === 'metadata' && level === 'read') return true;
  const order = ['read', 'write', 'admin'];
  const granted = permissions[name];
  return granted !== undefined && order.indexOf(granted) >= order.indexOf(level);
}

const claimsSchema = z.object({ iat: z.number(), exp: z.number(), iss: z.union([z.string(), z.number()]) });
/** https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app */
const jwtSecondsMax = 600;

/**
 * Checks the App's JWT (RS256). The App signs with the machine's clock, which the sandbox's may have run ahead of
 * by days: so its times are held against the machine's clock.
 * @throws GithubError 401 with GitHub's sentence.
 */
export function requireApp(state: GithubState, headers: Headers): void {
  const undecodable = new GithubError(401, 'A JSON web token could not be decoded', {
    documentationUrl: 'https://docs.github.com/rest',
  });
  const [head = '', payload = '', signature = '', ...rest] = (tokenOf(headers) ?? '').split('.');
  if (signature === '' || rest.length > 0) throw undecodable;
  const header = z.object({ alg: z.literal('RS256') }).safeParse(decode(head));
  const claims = claimsSchema.safeParse(decode(payload));
  if (!header.success || !claims.success) throw undecodable;
  const { publicKey: key } = state.app.keys();
  const signed = verify(
    'RSA-SHA256',
    Buffer.from(`${head}.${payload}`),
    key,
    Buffer.from(signature, 'base64url'),
  );
  if (!signed) throw undecodable;
  const { iat, exp, iss } = claims.data;
  const nowSeconds = Date.now() / 1_000;
  const refuse = (message: string) =>
    new GithubError(401, message, { documentationUrl: 'https://docs.github.com/rest' });
  if (![String(state.app.id), state.app.clientId].includes(String(iss)))
    throw refuse('Integration not found');
  if (iat > nowSeconds + 1)
    throw refuse(
      "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued.",
    );
  if (exp <= nowSeconds)
    throw refuse(
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
    );
  if (exp > nowSeconds + jwtSecondsMax + 1)
    throw refuse("'Expiration time' claim ('exp') is too far in the future");
}

function tokenOf(headers: Headers): string | undefined {
  return headers.get('authorization')?.match(/^(?:bearer|token) (\S+)$/i)?.[1];
}

function decode(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
