/** patch and server-side apply: from a part of an object to the whole that is stored. */
import { parse as parseYaml } from 'yaml';
import { checkIdentity } from '../admission/validate.ts';
import { applyFields } from '../apply/managed-fields.ts';
import { prune } from '../custom/custom.ts';
import { decodeTyped, parseJson } from '../decode.ts';
import { asJson, asObject, copy, isObject } from '../json.ts';
import { checkApplyManager } from '../options.ts';
import { applyJsonPatch } from '../patch/json-patch.ts';
import { applyMergePatch } from '../patch/merge-patch.ts';
import { applyStrategicPatch } from '../patch/strategic-merge.ts';
import { apiVersionOf, hasStatus, storageOf } from '../registry.ts';
import {
  ApiError,
  badRequest,
  internal,
  invalid,
  invalidValue,
  notFound,
  unsupportedMediaType,
} from '../status.ts';
import type { Json, JsonObject, KubeObject } from '../types.ts';
import { typesOf } from '../types-of.ts';
import { aboutOf, createObject, updateObject, type WriteContext, writerOf } from '../writes.ts';
import {
  contextOf,
  nameMismatch,
  namespaceMismatch,
  type WriteRequest,
  type Written,
  warnUnknown,
  withKeptAddress,
} from './write.ts';

const patchTypes = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
} as const;

export function patch(request: WriteRequest, name: string): Written {
  const { resource, contentType } = request;
  const type = contentType.split(';')[0]?.trim() ?? '';
  if (type === patchTypes.apply) return apply(request, name);
  const isKnown = type === patchTypes.json || type === patchTypes.merge || type === patchTypes.strategic;
  if (resource.custom && (type === patchTypes.strategic || !isKnown)) {
    throw unsupportedMediaType(
      `the body of the request was in an unknown format - accepted media types include: ${patchTypes.json}, ${patchTypes.merge}, ${patchTypes.apply}`,
    );
  }
  if (!isKnown) throw new ApiError(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {});
  const { value, problem } = parseJson(request.text);
  if (problem) throw badRequest(`error decoding patch: ${problem}`);

  const patched = (live: KubeObject): KubeObject => {
    const before = asJson(live);
    let after: JsonObject;
    if (type === patchTypes.json) after = applyJsonPatch(before, value ?? null);
    else {
      if (!isObject(value)) {
        const found = Array.isArray(value) ? 'array' : typeof value;
        throw badRequest(
          `error decoding patch: json: cannot unmarshal ${found} into Go value of type map[string]interface {}`,
        );
      }
      after =
        type === patchTypes.merge
          ? applyMergePatch(before, value)
          : applyStrategicPatch(before, value, resource.type ?? '');
    }
    return checkPatched(request, live, after, name);
  };
  const { world, namespace } = request;
  const object = updateObject(world, resource, namespace, name, contextOf(request), patched);
  return { object, created: false };
}

/** What a patch has made is an object like any other: its type, its identity and its fields are checked. */
function checkPatched(request: WriteRequest, live: KubeObject, after: JsonObject, name: string): KubeObject {
  const { resource, namespace, options } = request;
  const refuse = (why: string) =>
    invalid({ group: '', kind: '' }, '', [invalidValue('patch', JSON.stringify(inGoOrder(after)), why)]);
  const metadata = after.metadata;
  if (!isObject(metadata)) throw refuse('metadata is required');
  if (after.kind !== resource.kind || after.apiVersion !== live.apiVersion) {
    if (resource.custom)
      throw invalid({ group: resource.group, kind: String(after.kind) }, name, [
        invalidValue('kind', after.kind, `must be ${resource.kind}`),
      ]);
    throw refuse(`no kind "${String(after.kind)}" is registered for version "${String(after.apiVersion)}"`);
  }
  if (metadata.name !== name) throw nameMismatch(String(metadata.name ?? ''), name);
  if (namespace !== undefined && metadata.namespace !== namespace) throw namespaceMismatch();
  checkIdentity(resource, live, typeof metadata.uid === 'string' ? metadata.uid : undefined);
  if (resource.custom) {
    warnUnknown(request, prune(after, resource.custom.schema));
    return asObject(after);
  }
  const { object, unknown } = decodeTyped(after, resource.type ?? '', resource.kind, resource.version);
  if (unknown.length > 0 && options.fieldValidation === 'Strict') {
    throw refuse(
      `strict decoding error: ${unknown.map((field) => `unknown field ${JSON.stringify(field)}`).join(', ')}`,
    );
  }
  warnUnknown(request, unknown);
  return asObject(object);
}

function apply(request: WriteRequest, name: string): Written {
  const { world, resource, namespace, options } = request;
  const manager = checkApplyManager(options);
  const value = parseApplied(request.text);
  if (!value.kind || !value.apiVersion) {
    throw badRequest(
      `invalid object type: ${String(value.apiVersion ?? '/')}, Kind=${String(value.kind ?? '')}`,
    );
  }
  if (value.kind !== resource.kind || value.apiVersion !== apiVersionOf(resource)) {
    throw badRequest(
      `the API version in the data (${String(value.apiVersion)}) does not match the expected API version (${apiVersionOf(resource)})`,
    );
  }
  const metadata = isObject(value.metadata) ? value.metadata : {};
  if (Array.isArray(metadata.managedFields) && metadata.managedFields.length > 0)
    throw badRequest('metadata.managedFields must be nil');
  if (namespace !== undefined && metadata.namespace !== undefined && metadata.namespace !== namespace)
    throw namespaceMismatch();
  const sent = asObject(typedForApply(request, value));
  const live = world.store.get(storageOf(resource), namespace, name);
  const context: WriteContext = { ...contextOf(request), manager, applied: true };
  const types = typesOf(resource);
  const writer = writerOf(world, resource, context);
  if (!live) {
    sent.metadata = { ...sent.metadata, name };
    if (namespace !== undefined) sent.metadata.namespace = namespace;
    const first = applyFields(undefined, sent, types, writer, options.force, hasStatus(resource));
    return { object: createObject(world, resource, namespace, first, context), created: true };
  }
  if (request.subresource === 'status' && !live) throw notFound(aboutOf(resource, name));
  const object = updateObject(world, resource, namespace, name, context, (current) => {
    const next = applyFields(current, sent, types, writer, options.force, hasStatus(resource));
    const given = sent.metadata?.name;
    if (given !== undefined && given !== name) throw nameMismatch(given, name);
    if (typeof metadata.resourceVersion === 'string')
      next.metadata.resourceVersion = metadata.resourceVersion;
    checkIdentity(resource, current, typeof metadata.uid === 'string' ? metadata.uid : undefined);
    return withKeptAddress(current, next);
  });
  return { object, created: false };
}

function parseApplied(text: string): JsonObject {
  let value: Json;
  try {
    value = parseYaml(text) as Json;
  } catch {
    throw badRequest('error decoding YAML: yaml: mapping values are not allowed in this context');
  }
  if (!isObject(value)) throw badRequest('error decoding YAML: the patch is not an object');
  return value;
}

/** Apply is always strict about fields: it could not own what it does not know. */
function typedForApply(request: WriteRequest, value: JsonObject): JsonObject {
  const { resource } = request;
  const metadata = isObject(value.metadata) ? value.metadata : {};
  const refuse = (field: string) =>
    internal(
      `failed to create typed patch object (${String(metadata.namespace ?? '')}/${String(metadata.name ?? '')}; ${resource.group}/${resource.version}, Kind=${resource.kind}): ${field}: field not declared in schema`,
    );
  if (resource.custom) {
    const kept = copy(value);
    const unknown = prune(kept, resource.custom.schema);
    if (unknown[0] !== undefined) throw refuse(`.${unknown[0]}`);
    return kept;
  }
  const { object, unknown } = decodeTyped(value, resource.type ?? '', resource.kind, resource.version);
  if (unknown[0] !== undefined) throw refuse(`.${unknown[0]}`);
  return object;
}

/** As the server prints what a patch has made: top-level keys sorted, metadata in the order of its Go type. */
function inGoOrder(object: JsonObject): JsonObject {
  const order = [
    'name',
    'generateName',
    'namespace',
    'uid',
    'resourceVersion',
    'generation',
    'creationTimestamp',
    'deletionTimestamp',
    'deletionGracePeriodSeconds',
    'labels',
    'annotations',
    'ownerReferences',
    'finalizers',
    'managedFields',
  ];
  const pick = (from: JsonObject, keys: readonly string[]) =>
    Object.fromEntries(keys.filter((key) => from[key] !== undefined).map((key) => [key, from[key]]));
  const { metadata } = object;
  return {
    ...pick(object, Object.keys(object).sort()),
    ...(isObject(metadata) ? { metadata: pick(metadata, order) } : {}),
  };
}
