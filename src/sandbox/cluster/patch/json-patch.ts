/** JSON Patch (RFC 6902) as the API server applies it: lenient where its library is (replace of a missing path). */
import { copy, isObject, same } from '../json.ts';
import { ApiError, badRequest } from '../status.ts';
import type { Json, JsonObject } from '../types.ts';

/** @throws ApiError 400 when the patch is no list, 422 when an operation cannot be applied. */
export function applyJsonPatch(target: JsonObject, patch: Json): JsonObject {
  if (!Array.isArray(patch)) {
    throw badRequest(
      `error decoding patch: json: cannot unmarshal ${isObject(patch) ? 'object' : typeof patch} into Go value of type []handlers.jsonPatchOp`,
    );
  }
  let document: Json = copy(target);
  for (const operation of patch) document = applyOne(document, operation);
  return isObject(document) ? document : refuse();
}

function refuse(): never {
  throw new ApiError(422, 'Invalid', 'the server rejected our request due to an error in our request', {});
}

function applyOne(document: Json, operation: Json): Json {
  if (!isObject(operation)) return refuse();
  const path = pointer(operation.path);
  switch (operation.op) {
    case 'add':
      return write(document, path, operation.value ?? null, 'add');
    case 'replace':
      return write(document, path, operation.value ?? null, 'replace');
    case 'remove':
      return remove(document, path);
    case 'test':
      return same(read(document, path), operation.value ?? null) ? document : refuse();
    case 'copy':
      return write(document, path, copy(read(document, pointer(operation.from)) ?? refuse()), 'add');
    case 'move': {
      const from = pointer(operation.from);
      const value = read(document, from) ?? refuse();
      return write(remove(document, from), path, value, 'add');
    }
    default:
      return refuse();
  }
}

function pointer(path: Json | undefined): string[] {
  if (typeof path !== 'string' || (path !== '' && !path.startsWith('/'))) return refuse();
  return path
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function read(document: Json, path: readonly string[]): Json | undefined {
  let current: Json | undefined = document;
  for (const step of path) {
    if (Array.isArray(current)) current = current[indexOf(step, current.length - 1)];
    else if (isObject(current)) current = Object.hasOwn(current, step) ? current[step] : undefined;
    else return undefined;
  }
  return current;
}

function parentOf(document: Json, path: readonly string[]): JsonObject | Json[] {
  const parent = read(document, path.slice(0, -1));
  return Array.isArray(parent) || isObject(parent) ? parent : refuse();
}

function write(document: Json, path: readonly string[], value: Json, how: 'add' | 'replace'): Json {
  const last = path.at(-1);
  if (last === undefined) return value;
  const parent = parentOf(document, path);
  if (Array.isArray(parent)) {
    const index = last === '-' ? parent.length : indexOf(last, parent.length);
    parent.splice(index, how === 'add' ? 0 : 1, value);
  } else {
    if (last === '__proto__') return refuse();
    parent[last] = value;
  }
  return document;
}

function remove(document: Json, path: readonly string[]): Json {
  const last = path.at(-1) ?? refuse();
  const parent = parentOf(document, path);
  if (Array.isArray(parent)) parent.splice(indexOf(last, parent.length - 1), 1);
  else if (Object.hasOwn(parent, last)) delete parent[last];
  else return refuse();
  return document;
}

function indexOf(step: string, max: number): number {
  const index = /^(0|[1-9]\d*)$/.test(step) ? Number(step) : -1;
  return index >= 0 && index <= max ? index : refuse();
}
