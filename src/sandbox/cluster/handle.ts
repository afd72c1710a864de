/** One request: who asks, may they, what do they want, and the answer. The order is the real server's. */
import { authenticate, impersonate, type Tokens } from './authn.ts';
import { authorize, decide } from './authz.ts';
import { answerPath } from './discovery/paths.ts';
import { negotiate, renderList, renderObject, respond } from './encode.ts';
import { isObject } from './json.ts';
import { listOptions, writeOptions } from './options.ts';
import type { Resource } from './registry.ts';
import { parseRequest, type ResourceRequest } from './request-info.ts';
import { answerReview } from './reviews.ts';
import { ApiError, methodNotAllowed, PlainError, unknownPath, unknownResource } from './status.ts';
import { answerSubresource } from './subresources.ts';
import type { Json, JsonObject, KubeObject, UserInfo } from './types.ts';
import { asServed } from './verbs/as-served.ts';
import { type DeleteRequest, deleteMany, deleteOne } from './verbs/delete.ts';
import { patch } from './verbs/patch.ts';
import { getObject, listObjects, selectionOf } from './verbs/read.ts';
import { type Streams, watchObjects } from './verbs/watch.ts';
import { create, update, type WriteRequest } from './verbs/write.ts';
import type { ClusterWorld } from './world.ts';

export interface Handling {
  readonly world: ClusterWorld;
  readonly tokens: Tokens;
  readonly streams: Streams;
}

export async function handle(handling: Handling, request: Request): Promise<Response> {
  const warnings: string[] = [];
  try {
    const response = await answer(handling, request, (text) => warnings.push(text));
    for (const text of new Set(warnings)) response.headers.append('warning', `299 - ${JSON.stringify(text)}`);
    return response;
  } catch (error) {
    if (error instanceof PlainError) {
      return new Response(error.message, {
        status: error.code,
        headers: { 'content-type': 'text/plain; charset=utf-8' },
      });
    }
    if (error instanceof ApiError) return respond(error.body, error.code, 'json');
    throw error;
  }
}

async function answer(handling: Handling, request: Request, warn: (text: string) => void): Promise<Response> {
  const { world, tokens } = handling;
  const url = new URL(request.url);
  const info = parseRequest(request.method, url);
  const caller = authenticate(tokens, request.headers);
  const user = impersonate(
    caller,
    request.headers,
    url.pathname,
    (resource, name, namespace) =>
      decide(world, caller, {
        verb: 'impersonate',
        group: '',
        resource,
        name,
        ...(namespace ? { namespace } : {}),
      }).allowed,
  );
  if (info.is === 'path') {
    authorize(world, user, { verb: info.verb, path: info.path });
    return answerPath(world, request, url);
  }
  authorize(world, user, {
    verb: info.verb,
    group: info.group,
    resource: info.plural,
    ...(info.subresource ? { subresource: info.subresource } : {}),
    ...(info.namespace ? { namespace: info.namespace } : {}),
    ...(info.name ? { name: info.name } : {}),
  });
  return answerResource(handling, request, url, info, user, warn);
}

async function answerResource(
  handling: Handling,
  request: Request,
  url: URL,
  info: ResourceRequest,
  user: UserInfo,
  warn: (text: string) => void,
): Promise<Response> {
  const { world } = handling;
  const resource = resourceOf(world, info);
  const namespace = resource.namespaced ? info.namespace : undefined;
  if (resource.namespaced && namespace === undefined && (info.name !== undefined || info.verb === 'create')) {
    if (resource.verbs.includes('get') || info.name !== undefined)
      throw info.name === undefined ? methodNotAllowed() : unknownResource();
  }
  const text = ['POST', 'PUT', 'PATCH', 'DELETE'].includes(request.method) ? await request.text() : '';
  const write = (kind: 'CreateOptions' | 'UpdateOptions' | 'PatchOptions'): WriteRequest => ({
    world,
    resource,
    namespace,
    name: info.name,
    subresource: info.subresource,
    user,
    userAgent: request.headers.get('user-agent') ?? '',
    contentType: request.headers.get('content-type') ?? '',
    text,
    options: writeOptions(kind, url.searchParams),
    warn,
  });
  if (!resource.verbs.includes('get'))
    return answerReview(handling, resource, write('CreateOptions'), info, request.method);
  if (info.subresource !== undefined) {
    return answerSubresource({ handling, request, url, info, resource, namespace, write, text });
  }
  checkMethod(resource, info, request.method);
  const accepted = negotiate(request.headers.get('accept'));
  const rendering = {
    accepted,
    resource,
    now: world.clock.now(),
    includeObject: url.searchParams.get('includeObject'),
  };
  const one = (object: KubeObject, status = 200) =>
    respond(renderObject(asServed(resource, object), rendering), status, accepted.form);

  switch (info.verb) {
    case 'get':
      return one(getObject(world, resource, namespace, info.name ?? ''));
    case 'list': {
      const selection = selectionOf(resource, url.searchParams, undefined);
      const page = listObjects(world, resource, namespace, selection, listOptions(url.searchParams, false));
      return respond(renderList(page.items, page.metadata, rendering), 200, accepted.form);
    }
    case 'watch': {
      const selection = selectionOf(resource, url.searchParams, info.name);
      const stream = watchObjects(
        world,
        handling.streams,
        resource,
        namespace,
        selection,
        listOptions(url.searchParams, true),
        (object) => renderObject(object, { ...rendering, now: world.clock.now() }),
      );
      return new Response(stream, {
        headers: { 'content-type': 'application/json', 'cache-control': 'no-cache, private' },
      });
    }
    case 'create':
      return one(create(write('CreateOptions')).object, 201);
    case 'update':
      return one(update(write('UpdateOptions'), info.name ?? '').object);
    case 'patch': {
      const { object, created } = patch(write('PatchOptions'), info.name ?? '');
      return one(object, created ? 201 : 200);
    }
    case 'delete': {
      const { body, object } = deleteOne(deletion(), info.name ?? '');
      return object ? one(object) : respond(body, 200, accepted.form);
    }
    case 'deletecollection': {
      const items = deleteMany(deletion(), selectionOf(resource, url.searchParams, undefined));
      const metadata: JsonObject = { resourceVersion: String(world.store.revision()) };
      return respond(renderList(items, metadata, rendering), 200, accepted.form);
    }
    default:
      throw methodNotAllowed();
  }

  function deletion(): DeleteRequest {
    return { world, resource, namespace, user, query: url.searchParams, body: bodyOf(text), warn };
  }
}

/** @throws PlainError 404 for a group that is not served, ApiError 404 for a resource that is not. */
function resourceOf(world: ClusterWorld, info: ResourceRequest): Resource {
  const resource = world.registry.find(info.group, info.version, info.plural);
  if (resource) return resource;
  const builtIn = world.registry.all().some((one) => one.group === info.group && !one.custom);
  throw builtIn && world.registry.hasVersion(info.group, info.version) ? unknownResource() : unknownPath();
}

function checkMethod(resource: Resource, info: ResourceRequest, method: string): void {
  const named = info.name !== undefined;
  const fits = named
    ? ['GET', 'PUT', 'PATCH', 'DELETE'].includes(method)
    : ['GET', 'POST', 'DELETE'].includes(method);
  if (!fits || !resource.verbs.includes(info.verb)) throw methodNotAllowed();
}

function bodyOf(text: string): Json | undefined {
  if (text.trim() === '') return undefined;
  try {
    const value = JSON.parse(text) as Json;
    return isObject(value) ? value : undefined;
  } catch {
    throw new ApiError(400, 'BadRequest', 'the body of the request is not valid JSON');
  }
}
