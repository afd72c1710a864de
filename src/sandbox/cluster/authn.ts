/** Who is asking: bearer tokens of the seed, tokens of service accounts, anonymous, and impersonation. */
import { createHash } from 'node:crypto';
import { ApiError, PlainError, unauthorized } from './status.ts';
import type { UserInfo } from './types.ts';
import type { ClusterWorld } from './world.ts';

export interface TokenUser {
  readonly token: string;
  readonly user: string;
  readonly groups: readonly string[];
  readonly uid?: string | undefined;
}

export interface Tokens {
  add(user: TokenUser): void;
  /** A token for a service account that ends at `expiresAt` (ms) or with the account itself. */
  issue(account: { namespace: string; name: string; uid: string }, expiresAt: number): string;
  /** `undefined` when nobody knows the token, or its account is gone, or its time is over. */
  find(token: string): UserInfo | undefined;
}

interface Issued {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly id: string;
  readonly expiresAt: number;
}

export function createTokens(world: ClusterWorld): Tokens {
  const known = new Map<string, UserInfo>();
  const issued = new Map<string, Issued>();
  return {
    add: ({ token, user, groups, uid }) => {
      known.set(token, {
        username: user,
        ...(uid ? { uid } : {}),
        groups: [...groups, 'system:authenticated'],
      });
    },
    issue(account, expiresAt) {
      const id = world.ids.uid();
      const claims = { sub: `system:serviceaccount:${account.namespace}:${account.name}`, jti: id };
      // Shaped like a JWT so that clients which look inside find their claims; the signature is made up.
      const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
      const token = [
        part({ alg: 'RS256', kid: 'sandbox' }),
        part({ ...claims, exp: Math.floor(expiresAt / 1000), aud: [audience] }),
        createHash('sha256').update(id).digest('base64url'),
      ].join('.');
      issued.set(token, { ...account, id, expiresAt });
      return token;
    },
    find(token) {
      const user = known.get(token);
      if (user) return user;
      const account = issued.get(token);
      if (!account || account.expiresAt <= world.clock.now()) return undefined;
      const live = world.store.get('/serviceaccounts', account.namespace, account.name);
      if (live?.metadata.uid !== account.uid) return undefined;
      return {
        ...serviceAccountUser(account.namespace, account.name),
        uid: account.uid,
        extra: {
          'authentication.kubernetes.io/credential-id': [`JTI=${account.id}`],
        },
      };
    },
  };
}

export const audience = 'https://kubernetes.default.svc.cluster.local';

export function serviceAccountUser(namespace: string, name: string): UserInfo {
  return {
    username: `system:serviceaccount:${namespace}:${name}`,
    groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
  };
}

const anonymous: UserInfo = { username: 'system:anonymous', groups: ['system:unauthenticated'] };

/**
 * kubectl keeps its bearer token to itself on plain HTTP, but sends what stands in the server's address
 * (`http://kubectl:<token>@127.0.0.1:4302`) as a password: a known token is taken there as well.
 * @throws ApiError 401 for a bearer token that nobody knows. Other schemes count as no token.
 */
export function authenticate(tokens: Tokens, headers: Headers): UserInfo {
  const given = headers.get('authorization') ?? '';
  const bearer = /^Bearer\s+(.+)$/i.exec(given)?.[1];
  if (bearer !== undefined) {
    const user = tokens.find(bearer.trim());
    if (!user) throw unauthorized();
    return user;
  }
  const basic = /^Basic\s+(.+)$/i.exec(given)?.[1];
  const password = Buffer.from(basic ?? '', 'base64')
    .toString()
    .replace(/^[^:]*:/, '');
  return (password === '' ? undefined : tokens.find(password)) ?? anonymous;
}

export type MayImpersonate = (
  resource: 'users' | 'groups' | 'serviceaccounts' | 'uids',
  name: string,
  namespace?: string,
) => boolean;

/**
 * The user whose rights count, after `Impersonate-User` and `Impersonate-Group`.
 * @throws ApiError 403 when the asking user may not act as that one; PlainError 500 for a group without a user.
 */
export function impersonate(user: UserInfo, headers: Headers, path: string, may: MayImpersonate): UserInfo {
  const name = headers.get('impersonate-user') ?? '';
  // fetch's Headers joins repeated ones with a comma; group names hold none.
  const groups = (headers.get('impersonate-group') ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean);
  if (name === '') {
    if (groups.length === 0) return user;
    throw new PlainError(
      500,
      `Internal Server Error: "${path}": requested [${groups.map((group) => `{Group  ${group}    }`).join(' ')}] without impersonating a user\n`,
    );
  }
  const refuse = (resource: string, one: string): never => {
    throw new ApiError(
      403,
      'Forbidden',
      `${resource} "${one}" is forbidden: User "${user.username}" cannot impersonate resource "${resource}" in API group "" at the cluster scope`,
      { name: one, kind: resource },
    );
  };
  const account = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(name);
  if (account) {
    const [, namespace = '', accountName = ''] = account;
    if (!may('serviceaccounts', accountName, namespace)) refuse('serviceaccounts', accountName);
    const known = serviceAccountUser(namespace, accountName);
    return groups.length > 0 ? { ...known, groups: [...groups, 'system:authenticated'] } : known;
  }
  if (!may('users', name)) refuse('users', name);
  for (const group of groups) if (!may('groups', group)) refuse('groups', group);
  return {
    username: name,
    groups: [
      ...new Set([
        ...groups,
        name === 'system:anonymous' ? 'system:unauthenticated' : 'system:authenticated',
      ]),
    ],
  };
}
