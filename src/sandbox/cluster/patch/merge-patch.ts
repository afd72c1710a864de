/** JSON Merge Patch (RFC 7386): null removes, objects merge, everything else replaces. */
import { copy, isObject } from '../json.ts';
import type { Json, JsonObject } from '../types.ts';

export function applyMergePatch(target: JsonObject, patch: JsonObject): JsonObject {
  return merge(target, patch) as JsonObject;
}

function merge(target: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return copy(patch);
  const out: JsonObject = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (key === '__proto__') continue;
    if (value === null || value === undefined) delete out[key];
    else out[key] = merge(out[key], value);
  }
  return out;
}
