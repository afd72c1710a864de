/** One Web API call: rate, token, scopes, arguments, effect; and the answer in Slack's envelope. */
import type { SlackContext } from '../context.ts';
import { SlackError } from '../errors.ts';
import { chatMethods } from './chat.ts';
import { conversationMethods } from './conversations.ts';
import { fileMethods } from './files.ts';
import { type Method, method } from './method.ts';
import { peopleMethods } from './people.ts';
import type { RateLimiter } from './rates.ts';
import { reactionMethods } from './reactions.ts';
import { viewMethods } from './views.ts';

/** Every method that the box serves. All others answer `unknown_method`. */
export const methods: Readonly<Record<string, Method>> = {
  ...peopleMethods,
  ...chatMethods,
  ...viewMethods,
  ...conversationMethods,
  ...reactionMethods,
  ...fileMethods,
};

export interface DispatchOptions {
  readonly context: SlackContext;
  readonly rates: RateLimiter | undefined;
  /** Over Socket Mode only: the path of a new socket. */
  readonly issueTicket: (() => string) | undefined;
}

export function createDispatch(
  options: DispatchOptions,
): (name: string, request: Request) => Promise<Response> {
  const { context, rates } = options;
  const all: Record<string, Method> = {
    ...methods,
    'apps.connections.open': method({
      scopes: [],
      tier: 1,
      token: 'app',
      args: {},
      run() {
        const path = options.issueTicket?.();
        if (path === undefined) throw new SlackError('socket_mode_not_enabled');
        return { url: `${context.url().replace('http:', 'ws:')}${path}` };
      },
    }),
  };

  return async (name, request) => {
    try {
      const found = Object.hasOwn(all, name) ? all[name] : undefined;
      if (!found) throw new SlackError('unknown_method', { req_method: name });
      const args = await readArguments(request);
      checkToken(context, found, request, args);
      checkScopes(context, found);
      const wait =
        rates?.take(name, found.tier === 'post' ? 'special' : found.tier) ??
        (found.rateKey ? rates?.take(`${name}:${found.rateKey(args)}`, found.tier) : undefined);
      if (wait !== undefined)
        throw new SlackError('ratelimited', {}, { status: 429, retryAfterSeconds: wait });
      const answer = await found.call(context, args);
      return Response.json({ ok: true, ...answer }, { headers: scopeHeaders(context, found) });
    } catch (error) {
      return errorResponse(error);
    }
  };
}

export function errorResponse(error: unknown): Response {
  if (!(error instanceof SlackError)) throw error;
  const headers =
    error.retryAfterSeconds === undefined ? {} : { 'retry-after': String(error.retryAfterSeconds) };
  return Response.json({ ok: false, error: error.code, ...error.extra }, { status: error.status, headers });
}

/** Arguments from the query, from a form, or from JSON. @throws SlackError invalid_json, json_not_object. */
async function readArguments(request: Request): Promise<Record<string, unknown>> {
  const query = Object.fromEntries(new URL(request.url).searchParams);
  if (request.method !== 'POST') return query;
  const type = request.headers.get('content-type') ?? '';
  if (type.includes('json')) {
    const text = await request.text();
    let body: unknown;
    try {
      body = JSON.parse(text || '{}');
    } catch {
      throw new SlackError('invalid_json');
    }
    if (typeof body !== 'object' || body === null || Array.isArray(body))
      throw new SlackError('json_not_object');
    return { ...query, ...body };
  }
  if (type.includes('multipart/form-data'))
    return { ...query, ...Object.fromEntries(await request.formData()) };
  return { ...query, ...Object.fromEntries(new URLSearchParams(await request.text())) };
}

/** @throws SlackError not_authed, invalid_auth, not_allowed_token_type. */
function checkToken(
  context: SlackContext,
  found: Method,
  request: Request,
  args: Record<string, unknown>,
): void {
  if (found.token === 'none') return;
  const { botToken, appToken } = context.world.seed.app;
  const bearer = /^Bearer (.+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];
  const token = bearer ?? (typeof args.token === 'string' ? args.token : undefined);
  if (!token) throw new SlackError('not_authed');
  if (token !== botToken && token !== appToken) throw new SlackError('invalid_auth');
  const isRightKind = found.token === 'any' || token === (found.token === 'app' ? appToken : botToken);
  if (!isRightKind) throw new SlackError('not_allowed_token_type');
}

/** One of the method's scopes is enough. @throws SlackError missing_scope, with `needed` and `provided`. */
function checkScopes(context: SlackContext, found: Method): void {
  const { scopes } = context.app;
  if (found.scopes.length === 0 || found.scopes.some((scope) => scopes.has(scope))) return;
  throw new SlackError('missing_scope', { needed: found.scopes.join(','), provided: [...scopes].join(',') });
}

function scopeHeaders(context: SlackContext, found: Method): Record<string, string> {
  return {
    'x-oauth-scopes': [...context.app.scopes].join(','),
    'x-accepted-oauth-scopes': found.scopes.join(','),
  };
}
