/** status, scale, log, eviction, token, finalize: what stands behind an object's name. */
import { audience } from './authn.ts';
import { parseBody } from './decode.ts';
import { deleteObject } from './deletes.ts';
import { negotiate, respond } from './encode.ts';
import type { Handling } from './handle.ts';
import { asJson, at, isObject } from './json.ts';
import { podLog } from './logs.ts';
import type { Resource, Subresource } from './registry.ts';
import type { ResourceRequest } from './request-info.ts';
import { answerScale } from './scale.ts';
import { invalid, invalidValue, methodNotAllowed, notFound, unknownResource } from './status.ts';
import type { JsonObject, KubeObject } from './types.ts';
import { patch } from './verbs/patch.ts';
import { getObject } from './verbs/read.ts';
import { update, type WriteRequest } from './verbs/write.ts';
import { timestamp } from './world.ts';
import { aboutOf } from './writes.ts';

export interface SubresourceCall {
  readonly handling: Handling;
  readonly request: Request;
  readonly url: URL;
  readonly info: ResourceRequest;
  readonly resource: Resource;
  readonly namespace: string | undefined;
  readonly text: string;
  write(kind: 'CreateOptions' | 'UpdateOptions' | 'PatchOptions'): WriteRequest;
}

/** @throws ApiError 404 for a subresource that the resource does not have, 405 for a verb that it does not take. */
export function answerSubresource(call: SubresourceCall): Response | Promise<Response> {
  const { info, resource } = call;
  const sub = resource.subresources.find((one) => one.name === info.subresource);
  if (!sub || info.name === undefined) throw unknownResource();
  if (!sub.verbs.includes(info.verb)) throw methodNotAllowed();
  const handler = handlers[sub.name];
  if (!handler) throw unknownResource();
  return handler(call, sub, info.name);
}

const handlers: Record<
  string,
  (call: SubresourceCall, sub: Subresource, name: string) => Response | Promise<Response>
> = {
  status: (call, _, name) => {
    const { handling, resource, namespace, info, request } = call;
    const { form } = negotiate(request.headers.get('accept'));
    const answer = (object: KubeObject) => respond(asJson(object), 200, form);
    if (info.verb === 'get') return answer(getObject(handling.world, resource, namespace, name));
    if (info.verb === 'update') return answer(update(call.write('UpdateOptions'), name).object);
    return answer(patch(call.write('PatchOptions'), name).object);
  },
  scale: (call, _, name) => answerScale(call, name),
  log: (call, _, name) => podLog(call.handling, call.namespace ?? '', name, call.url),
  eviction: evict,
  token: issueToken,
  finalize: (call, _, name) => {
    const { world } = call.handling;
    const namespace = world.store.get('/namespaces', undefined, name);
    if (!namespace) throw notFound(aboutOf(call.resource, name));
    const { value } = parseBody(call.text, 'application/json', 'Namespace');
    const finalizers = at(value, 'spec', 'finalizers');
    if (Array.isArray(finalizers) && finalizers.length === 0 && namespace.metadata.deletionTimestamp)
      world.store.remove('/namespaces', namespace);
    return respond(asJson(namespace), 200, 'json');
  },
};

function evict(call: SubresourceCall, _: Subresource, name: string): Response {
  const { handling, resource, namespace } = call;
  const { user, options } = call.write('CreateOptions');
  deleteObject(
    handling.world,
    resource,
    namespace,
    name,
    {},
    { user, manager: 'unknown', dryRun: options.dryRun },
  );
  const done: JsonObject = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 };
  return respond(done, 201, 'json');
}

/** Bounds of a token's life, in seconds. Source: the TokenRequest API. */
const tokenSeconds = { min: 600, usual: 3_600, max: 2 ** 32 } as const;

function issueToken(call: SubresourceCall, _: Subresource, name: string): Response {
  const { handling, namespace = '' } = call;
  const { world, tokens } = handling;
  const account = world.store.get('/serviceaccounts', namespace, name);
  if (!account) throw notFound(aboutOf(call.resource, name));
  const { value } = parseBody(call.text, call.request.headers.get('content-type') ?? '', 'TokenRequest');
  const spec = isObject(value.spec) ? value.spec : {};
  const seconds = typeof spec.expirationSeconds === 'number' ? spec.expirationSeconds : tokenSeconds.usual;
  if (seconds < tokenSeconds.min) {
    throw invalid({ group: 'authentication.k8s.io', kind: 'TokenRequest' }, '', [
      invalidValue('spec.expirationSeconds', seconds, 'may not specify a duration less than 10 minutes'),
    ]);
  }
  const now = world.clock.now();
  const expiresAt = now + seconds * 1000;
  const audiences = Array.isArray(spec.audiences) && spec.audiences.length > 0 ? spec.audiences : [audience];
  return respond(
    {
      kind: 'TokenRequest',
      apiVersion: 'authentication.k8s.io/v1',
      metadata: { name, namespace, creationTimestamp: timestamp(now) },
      spec: { audiences, expirationSeconds: seconds, boundObjectRef: null },
      status: {
        token: tokens.issue({ namespace, name, uid: account.metadata.uid }, expiresAt),
        expirationTimestamp: timestamp(expiresAt),
      },
    },
    201,
    'json',
  );
}
