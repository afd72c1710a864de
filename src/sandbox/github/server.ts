/**
 * Judges a call in GitHub's order and answers it: token, rate limit, repository, permission, then the route;
 * around it ETags, rate limit headers and the form of errors.
 */
import { createHash, randomUUID } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { callerOf, repositoryFor, requireApp, requirePermission } from './access.ts';
import { type Answer, type Call, type Caller, GithubError, type Route } from './http.ts';
import type { RateLimits } from './rate-limit.ts';
import type { GithubState } from './state.ts';

const apiVersion = '2022-11-28';
const docsUrl = 'https://docs.github.com/rest';

export function createGithubApp(state: GithubState, limits: RateLimits, routes: readonly Route[]): Hono {
  const app = new Hono();
  for (const route of routes)
    app.on(route.method, [route.path], (context) => serve(state, limits, route, context));
  app.notFound((context) => {
    const { pathname } = new URL(context.req.url);
    const message = `The sandbox's GitHub does not serve ${context.req.method} ${pathname}`;
    return Response.json({ message, documentation_url: docsUrl, status: '501' }, { status: 501 });
  });
  return app;
}

async function serve(
  state: GithubState,
  limits: RateLimits,
  route: Route,
  context: Context,
): Promise<Response> {
  let caller: Caller | undefined;
  try {
    const url = new URL(context.req.url);
    const headers = context.req.raw.headers;
    if (route.about !== 'open') requireUserAgent(headers);
    if (route.about === 'app') requireApp(state, headers);
    if (route.about === 'repository' || route.about === 'anything') {
      caller = callerOf(state, headers);
      limits.spend(caller);
    }
    const call = {
      state,
      url,
      params: context.req.param() as Record<string, string>,
      query: url.searchParams,
      body: await readBody(context),
      headers,
    };
    const answer = await handle(route, call, caller);
    return respond(route, context, limits, caller, answer);
  } catch (error) {
    if (!(error instanceof GithubError)) throw error;
    return refuse(route, limits, caller, error);
  }
}

function handle(
  route: Route,
  call: Omit<Call, 'caller'>,
  caller: Caller | undefined,
): Answer | Promise<Answer> {
  if (route.about === 'app' || route.about === 'open') return route.handle(call);
  if (!caller) throw new GithubError(401, 'Requires authentication');
  if (route.about === 'anything') {
    if (route.needs !== 'any-token') requirePermission(caller, route.needs);
    return route.handle({ ...call, caller });
  }
  const repository = repositoryFor(call.state, caller, call.params.owner ?? '', call.params.repo ?? '');
  requirePermission(caller, route.needs);
  return route.handle({ ...call, caller, repository });
}

function requireUserAgent(headers: Headers): void {
  // GitHub refuses calls without one, and a hand-written client learns of it here first.
  if (!headers.get('user-agent'))
    throw new GithubError(
      403,
      'Request forbidden by administrative rules. Please make sure your request has a User-Agent header',
    );
}

async function readBody(context: Context): Promise<unknown> {
  const text = context.req.method === 'GET' ? '' : await context.req.text();
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new GithubError(400, 'Problems parsing JSON');
  }
}

function respond(
  route: Route,
  context: Context,
  limits: RateLimits,
  caller: Caller | undefined,
  answer: Answer,
): Response {
  const raw = typeof answer.body === 'string' || answer.body instanceof Uint8Array;
  const content = answer.body === undefined || raw ? answer.body : JSON.stringify(answer.body);
  const headers = new Headers({
    ...(content !== undefined && !raw ? { 'content-type': 'application/json; charset=utf-8' } : {}),
    'x-github-request-id': randomUUID(),
    'x-github-media-type': 'github.v3; format=json',
    'x-github-api-version-selected': context.req.header('x-github-api-version') ?? apiVersion,
    ...answer.headers,
  });
  let status = answer.status;
  if (route.method === 'GET' && status === 200 && typeof content === 'string') {
    const etag = `W/"${createHash('sha256').update(content).digest('hex')}"`;
    headers.set('etag', etag);
    headers.set('cache-control', 'private, max-age=60, s-maxage=60');
    if (sameTag(context.req.header('if-none-match'), etag)) {
      status = 304;
      headers.delete('content-type');
      if (caller) limits.giveBack(caller);
    }
  }
  if (caller) for (const [name, value] of Object.entries(limits.headers(caller))) headers.set(name, value);
  const hasBody = status !== 304 && status !== 204 && content !== undefined;
  return new Response(hasBody ? (content as string) : null, { status, headers });
}

function sameTag(asked: string | undefined, etag: string): boolean {
  const plain = (tag: string) => tag.trim().replace(/^W\//, '');
  return asked?.split(',').some((tag) => plain(tag) === plain(etag)) ?? false;
}

function refuse(route: Route, limits: RateLimits, caller: Caller | undefined, error: GithubError): Response {
  const body = {
    message: error.message,
    ...(error.errors ? { errors: error.errors } : {}),
    documentation_url: error.documentationUrl ?? `${docsUrl}/${route.docs}`,
    status: String(error.status),
  };
  return Response.json(body, {
    status: error.status,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'x-github-request-id': randomUUID(),
      ...(caller ? limits.headers(caller) : {}),
      ...error.headers,
    },
  });
}
