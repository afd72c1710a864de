/** The scale subresource: replicas, seen and set without the rest of the object. */
import { parseBody, parseJson } from './decode.ts';
import { respond } from './encode.ts';
import { asJson, at, copy, isObject, within } from './json.ts';
import { applyJsonPatch } from './patch/json-patch.ts';
import { applyMergePatch } from './patch/merge-patch.ts';
import type { Resource } from './registry.ts';
import { selectorText } from './selectors.ts';
import { badRequest, invalid, invalidValue, methodNotAllowed } from './status.ts';
import type { SubresourceCall } from './subresources.ts';
import type { Json, JsonObject, KubeObject, LabelSelector } from './types.ts';
import { getObject } from './verbs/read.ts';
import { contextOf } from './verbs/write.ts';
import { updateObject } from './writes.ts';

export function answerScale(call: SubresourceCall, name: string): Response {
  const { handling, resource, namespace, info } = call;
  const live = getObject(handling.world, resource, namespace, name);
  if (info.verb === 'get') return respond(scaleOf(resource, live), 200, 'json');
  const wanted =
    info.verb === 'update' ? parseBody(call.text, contentType(call), 'Scale').value : patched(call, live);
  const replicas = at(wanted, 'spec', 'replicas') ?? 0;
  if (typeof replicas !== 'number') {
    throw badRequest(
      'Scale in version "v1" cannot be handled as a Scale: json: cannot unmarshal string into Go struct field ScaleSpec.spec.replicas of type int32',
    );
  }
  if (replicas < 0) {
    throw invalid({ group: 'autoscaling', kind: 'Scale' }, name, [
      invalidValue('spec.replicas', replicas, 'must be greater than or equal to 0'),
    ]);
  }
  const context = contextOf(call.write(info.verb === 'update' ? 'UpdateOptions' : 'PatchOptions'));
  const object = updateObject(handling.world, resource, namespace, name, context, (current) => {
    const next = copy(current);
    write(asJson(next), pathOf(resource.custom?.scale?.specPath ?? '.spec.replicas'), replicas);
    return next;
  });
  return respond(scaleOf(resource, object), 200, 'json');
}

function contentType(call: SubresourceCall): string {
  return call.request.headers.get('content-type') ?? '';
}

function patched(call: SubresourceCall, live: KubeObject): JsonObject {
  const { value } = parseJson(call.text);
  const before = scaleOf(call.resource, live);
  if (contentType(call).includes('json-patch')) return applyJsonPatch(before, value ?? null);
  if (!isObject(value)) throw methodNotAllowed();
  return applyMergePatch(before, value);
}

function pathOf(path: string): string[] {
  return path.split('.').filter(Boolean);
}

function write(target: JsonObject, path: readonly string[], value: Json): void {
  let current = target;
  for (const step of path.slice(0, -1)) current = within(current, step);
  current[path.at(-1) ?? ''] = value;
}

function scaleOf(resource: Resource, object: KubeObject): JsonObject {
  const json = asJson(object);
  const { name, namespace = '', uid, resourceVersion, creationTimestamp } = object.metadata;
  const { specPath = '.spec.replicas', statusPath = '.status.replicas' } = resource.custom?.scale ?? {};
  const wanted = at(json, ...pathOf(specPath)) ?? 0;
  const selector = at(json, 'spec', 'selector');
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: wanted === 0 ? {} : { replicas: wanted },
    status: {
      replicas: at(json, ...pathOf(statusPath)) ?? 0,
      ...(isObject(selector) ? { selector: selectorText(selector as LabelSelector) } : {}),
    },
  };
}
