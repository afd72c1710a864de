/** create, update, patch, apply, delete: from a request to the object that is stored. */

import { prune } from '../custom/custom.ts';
import { decodeTyped, parseBody } from '../decode.ts';
import { asJson, asObject, copy, isObject } from '../json.ts';
import type { WriteOptions } from '../options.ts';
import { apiVersionOf, type Resource, storageOf } from '../registry.ts';
import { type ApiError, badRequest, invalid, invalidDump, invalidValue } from '../status.ts';
import type { JsonObject, KubeObject, UserInfo } from '../types.ts';
import type { ClusterWorld } from '../world.ts';
import { createObject, updateObject, type WriteContext } from '../writes.ts';
import { asStored } from './as-served.ts';

/** Everything a write needs to know about its request. */
export interface WriteRequest {
  readonly world: ClusterWorld;
  readonly resource: Resource;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
  readonly user: UserInfo;
  readonly userAgent: string;
  readonly contentType: string;
  readonly text: string;
  readonly options: WriteOptions;
  readonly warn: (text: string) => void;
}

export interface Written {
  readonly object: KubeObject;
  readonly created: boolean;
}

export function contextOf(request: WriteRequest): WriteContext {
  return {
    user: request.user,
    // Without a name the real server takes the first word of the user agent.
    manager: request.options.fieldManager ?? (request.userAgent.split('/')[0] || 'unknown'),
    dryRun: request.options.dryRun,
    warn: request.warn,
    ...(request.subresource ? { subresource: request.subresource } : {}),
  };
}

export function create(request: WriteRequest): Written {
  const { world, resource, namespace } = request;
  const object = decodeObject(request, parseObject(request));
  checkNamespaceOf(object, namespace, resource);
  return {
    object: createObject(world, resource, namespace, asStored(resource, object), contextOf(request)),
    created: true,
  };
}

export function update(request: WriteRequest, name: string): Written {
  const { world, resource, namespace } = request;
  const object = decodeObject(request, parseObject(request));
  const given = object.metadata?.name;
  if (given !== undefined && given !== name) throw nameMismatch(given, name);
  checkNamespaceOf(object, namespace, resource);
  const live = world.store.get(storageOf(resource), namespace, name);
  if (live && resource.custom && !object.metadata?.resourceVersion) {
    throw invalid({ group: resource.group, kind: resource.plural }, name, [
      invalidDump('metadata.resourceVersion', '0x0', 'must be specified for an update'),
    ]);
  }
  const stored = asStored(resource, object);
  const written = updateObject(world, resource, namespace, name, contextOf(request), (current) =>
    withKeptAddress(current, stored),
  );
  return { object: written, created: false };
}

/** A Service's address may be left out of an update: it keeps the one it has. */
export function withKeptAddress(live: KubeObject, next: KubeObject): KubeObject {
  if (next.kind !== 'Service') return next;
  const from = asJson(live).spec;
  const to = asJson(next).spec;
  if (!isObject(from) || !isObject(to) || to.type === 'ExternalName') return next;
  if (!to.clusterIP && from.clusterIP) {
    to.clusterIP = from.clusterIP;
    if (from.clusterIPs) to.clusterIPs = from.clusterIPs;
  }
  return next;
}

function parseObject(request: WriteRequest): { value: JsonObject; duplicates: readonly string[] } {
  return parseBody(request.text, request.contentType, request.resource.kind);
}

/** @throws ApiError 400 for another kind, wrong types, or unknown fields when that was asked for. */
export function decodeObject(
  request: WriteRequest,
  { value, duplicates }: { value: JsonObject; duplicates: readonly string[] },
): KubeObject {
  const { resource, options } = request;
  const { kind, version } = resource;
  const refuse = (why: string) =>
    badRequest(`${kind} in version "${version}" cannot be handled as a ${kind}: ${why}`);
  checkKind(request, value);
  let unknown: readonly string[];
  let object: JsonObject;
  if (resource.custom) {
    object = copy(value);
    unknown = prune(object, resource.custom.schema);
  } else {
    ({ object, unknown } = decodeTyped(value, resource.type ?? '', kind, version));
  }
  const complaints = [
    ...duplicates.map((field) => `duplicate field ${JSON.stringify(field)}`),
    ...unknown.map((field) => `unknown field ${JSON.stringify(field)}`),
  ];
  if (options.fieldValidation === 'Strict' && complaints.length > 0)
    throw refuse(`strict decoding error: ${complaints.join(', ')}`);
  if (options.fieldValidation === 'Warn') for (const complaint of complaints) request.warn(complaint);
  object.metadata ??= {};
  object.kind = kind;
  object.apiVersion = apiVersionOf(resource);
  return asObject(object);
}

function checkKind(request: WriteRequest, value: JsonObject): void {
  const { resource, world } = request;
  const { kind, version } = resource;
  const given = { kind: value.kind ?? kind, apiVersion: value.apiVersion ?? apiVersionOf(resource) };
  if (given.kind === kind && given.apiVersion === apiVersionOf(resource)) return;
  if (resource.custom) {
    if (given.apiVersion !== apiVersionOf(resource))
      throw versionMismatch(String(given.apiVersion), resource);
    const metadata = isObject(value.metadata) ? value.metadata : {};
    throw invalid({ group: resource.group, kind: String(given.kind) }, String(metadata.name ?? ''), [
      invalidValue('kind', given.kind, `must be ${kind}`),
    ]);
  }
  const known = world.registry
    .all()
    .some((one) => apiVersionOf(one) === given.apiVersion && one.kind === given.kind);
  const internalGroup = resource.group === '' ? 'core' : resource.group.split('.')[0];
  throw badRequest(
    `${String(given.kind)} in version "${version}" cannot be handled as a ${kind}: ${
      known
        ? `converting (${version}.${String(given.kind)}) to (${internalGroup}.${kind}): unknown conversion`
        : `no kind ${JSON.stringify(given.kind)} is registered for version ${JSON.stringify(given.apiVersion)} in scheme "pkg/api/legacyscheme/scheme.go:30"`
    }`,
  );
}

function versionMismatch(given: string, resource: Resource): ApiError {
  return badRequest(
    `the API version in the data (${given}) does not match the expected API version (${apiVersionOf(resource)})`,
  );
}

export function warnUnknown(request: WriteRequest, unknown: readonly string[]): void {
  if (request.options.fieldValidation === 'Ignore') return;
  for (const field of unknown) request.warn(`unknown field ${JSON.stringify(field)}`);
}

function checkNamespaceOf(object: KubeObject, namespace: string | undefined, resource: Resource): void {
  const given = object.metadata?.namespace;
  if (resource.namespaced && given !== undefined && given !== '' && given !== namespace)
    throw namespaceMismatch();
}

export function namespaceMismatch(): ApiError {
  return badRequest('the namespace of the provided object does not match the namespace sent on the request');
}

export function nameMismatch(given: string, name: string): ApiError {
  return badRequest(`the name of the object (${given}) does not match the name on the URL (${name})`);
}
