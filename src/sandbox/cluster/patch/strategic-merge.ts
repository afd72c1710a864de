/**
 * Strategic merge patch: like a merge patch, but lists whose items have a key merge item by item, and `$patch`,
 * `$setElementOrder/…`, `$deleteFromPrimitiveList/…` and `$retainKeys` steer it. Which lists those are is in the
 * schema table (the first of an item's keys is the merge key).
 */
import { copy, isObject, same } from '../json.ts';
import { fieldsOf, type Schema, structOf } from '../schema/schema.ts';
import { internal } from '../status.ts';
import type { Json, JsonObject } from '../types.ts';

/** @throws ApiError 500 as the real server does, when an item lacks its merge key. */
export function applyStrategicPatch(target: JsonObject, patch: JsonObject, type: string): JsonObject {
  return mergeObject(target, patch, structOf(type));
}

function mergeObject(target: JsonObject, patch: JsonObject, schema: Schema | undefined): JsonObject {
  if (patch.$patch === 'replace') return without(patch, '$patch');
  if (patch.$patch === 'delete') return {};
  const out: JsonObject = { ...target };
  const retained = patch.$retainKeys;
  if (Array.isArray(retained)) {
    for (const key of Object.keys(out)) if (!retained.includes(key)) delete out[key];
  }
  for (const [key, value] of Object.entries(patch)) {
    if (key === '__proto__' || key === '$retainKeys' || key.startsWith('$setElementOrder/')) continue;
    if (key.startsWith('$deleteFromPrimitiveList/')) {
      const list = key.slice('$deleteFromPrimitiveList/'.length);
      const current = out[list];
      if (Array.isArray(current) && Array.isArray(value))
        out[list] = current.filter((item) => !value.some((gone) => same(gone, item)));
      continue;
    }
    const field = fieldOf(schema, key);
    if (value === null || value === undefined) delete out[key];
    else if (isObject(value)) {
      const current = out[key];
      out[key] = mergeObject(isObject(current) ? current : {}, value, field);
    } else if (Array.isArray(value)) {
      const current = out[key];
      const merged = mergeList(Array.isArray(current) ? current : [], value, field);
      out[key] = inOrder(merged, patch[`$setElementOrder/${key}`], field);
    } else out[key] = value;
  }
  return out;
}

function mergeList(current: Json[], patch: Json[], schema: Schema | undefined): Json[] {
  if (schema?.is !== 'list') return copy(patch);
  if (schema.isSet) return [...current, ...patch.filter((item) => !current.some((one) => same(one, item)))];
  const key = schema.keys[0];
  if (key === undefined) return copy(patch);
  if (patch.some((item) => isObject(item) && item.$patch === 'replace' && Object.keys(item).length === 1))
    return copy(patch.filter((item) => !(isObject(item) && item.$patch === 'replace')));

  let out = [...current];
  const added: Json[] = [];
  for (const item of patch) {
    if (!isObject(item)) continue;
    const id = item[key];
    if (id === undefined) throw internal(`map: ${goText(item)} does not contain declared merge key: ${key}`);
    const index = out.findIndex((one) => isObject(one) && same(one[key], id));
    if (item.$patch === 'delete') {
      out = out.filter((_, position) => position !== index);
      continue;
    }
    const known = out[index];
    if (isObject(known)) out[index] = mergeObject(known, item, schema.of);
    else added.push(mergeObject({}, item, schema.of));
  }
  const named = (item: Json | undefined) => (isObject(item) ? item[key] : undefined);
  const isPatched = (item: Json) => patch.some((one) => same(named(one), named(item)));
  return interleave(
    out.filter((item) => !isPatched(item)),
    [...out.filter(isPatched), ...added].sort((a, b) => rankIn(patch, key, a) - rankIn(patch, key, b)),
    current,
    key,
  );
}

/**
 * What only the server has, and what the patch names: in the server's order where it knows both, and otherwise the
 * patch's first. This is `mergeSortedSlice` of apimachinery, whose outcome clients can see.
 */
function interleave(
  left: readonly Json[],
  right: readonly Json[],
  order: readonly Json[],
  key: string,
): Json[] {
  const out: Json[] = [];
  let i = 0;
  let j = 0;
  while (i < left.length || j < right.length) {
    const a = left[i];
    const b = right[j];
    const before = a !== undefined && b !== undefined ? rankIn(order, key, a) : -1;
    const after = a !== undefined && b !== undefined ? rankIn(order, key, b) : -1;
    const takeLeft = b === undefined || (before >= 0 && after >= 0 && before < after);
    if (a !== undefined && takeLeft) {
      out.push(a);
      i += 1;
    } else if (b !== undefined) {
      out.push(b);
      j += 1;
    }
  }
  return out;
}

function rankIn(list: readonly Json[], key: string, item: Json): number {
  return list.findIndex((one) => isObject(one) && isObject(item) && same(one[key], item[key]));
}

function inOrder(list: Json[], order: Json | undefined, schema: Schema | undefined): Json[] {
  if (!Array.isArray(order) || schema?.is !== 'list') return list;
  const key = schema.keys[0];
  const rank = (item: Json) => {
    const at = order.findIndex((one) =>
      key !== undefined && isObject(one) && isObject(item) ? same(one[key], item[key]) : same(one, item),
    );
    return at < 0 ? order.length : at;
  };
  return [...list].sort((a, b) => rank(a) - rank(b));
}

function fieldOf(schema: Schema | undefined, key: string): Schema | undefined {
  if (schema?.is === 'struct') return fieldsOf(schema.name).get(key);
  return schema?.is === 'map' ? schema.of : undefined;
}

function without(object: JsonObject, key: string): JsonObject {
  const { [key]: _, ...rest } = object;
  return copy(rest);
}

/** A map as Go prints it with %v. */
function goText(value: Json | undefined): string {
  if (!isObject(value)) return String(value);
  const entries = Object.keys(value)
    .sort()
    .map((key) => `${key}:${goText(value[key])}`);
  return `map[${entries.join(' ')}]`;
}
