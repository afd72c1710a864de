/** Custom resources: the structural schema of a definition prunes, defaults and types their objects. */
import type { Types } from '../apply/typed.ts';
import { asJson, at, copy, isObject } from '../json.ts';
import type { CustomResource } from '../registry.ts';
import { fieldsOf, type Schema, structOf } from '../schema/schema.ts';
import type { Json, JsonObject, KubeObject } from '../types.ts';

/** Drops what the schema does not know, and names it. `apiVersion`, `kind` and `metadata` always stay. */
export function prune(object: JsonObject, schema: JsonObject): string[] {
  const unknown: string[] = [];
  const walk = (value: Json | undefined, part: JsonObject, path: string): void => {
    if (part['x-kubernetes-preserve-unknown-fields'] === true && !part.properties) return;
    if (Array.isArray(value)) {
      const items = part.items;
      if (isObject(items))
        for (const [index, item] of value.entries()) walk(item, items, `${path}[${index}]`);
      return;
    }
    if (!isObject(value)) return;
    const properties = isObject(part.properties) ? part.properties : {};
    const extra = part.additionalProperties;
    for (const key of Object.keys(value)) {
      const here = path === '' ? key : `${path}.${key}`;
      if (path === '' && ['apiVersion', 'kind', 'metadata'].includes(key)) continue;
      const known = properties[key];
      if (isObject(known)) walk(value[key], known, here);
      else if (isObject(extra)) walk(value[key], extra, here);
      else if (extra !== true && part['x-kubernetes-preserve-unknown-fields'] !== true) {
        unknown.push(here);
        delete value[key];
      }
    }
  };
  walk(object, schema, '');
  return unknown;
}

/** Fills in the defaults of the schema and drops nulls that it does not allow, in place. */
export function customDefaults(object: KubeObject, custom: CustomResource): void {
  const walk = (value: Json | undefined, part: JsonObject): void => {
    if (Array.isArray(value)) {
      const items = part.items;
      if (isObject(items)) for (const item of value) walk(item, items);
      return;
    }
    if (!isObject(value)) return;
    for (const [key, property] of Object.entries(isObject(part.properties) ? part.properties : {})) {
      if (!isObject(property)) continue;
      if (value[key] === null && property.nullable !== true) delete value[key];
      if (value[key] === undefined && property.default !== undefined) value[key] = copy(property.default);
      walk(value[key], property);
    }
    const extra = part.additionalProperties;
    if (isObject(extra)) {
      for (const [key, item] of Object.entries(value)) {
        if (!isObject(part.properties) || part.properties[key] === undefined) walk(item, extra);
      }
    }
  };
  walk(asJson(object), custom.schema);
}

/** How apply sees a custom resource: `x-kubernetes-list-type` and `x-kubernetes-map-type` decide what merges. */
export function customTypes(schema: JsonObject): Types {
  const parts = new Map<string, JsonObject>();
  const anything: Schema = { is: 'scalar', scalar: 'any' };
  const convert = (part: JsonObject, path: string): Schema => {
    parts.set(path, part);
    const items = part.items;
    if (part.type === 'array' && isObject(items)) {
      const type = part['x-kubernetes-list-type'];
      const keys = part['x-kubernetes-list-map-keys'];
      return {
        is: 'list',
        of: convert(items, `${path}[]`),
        isSet: type === 'set',
        keys: type === 'map' && Array.isArray(keys) ? keys.map(String) : [],
      };
    }
    const atomic = part['x-kubernetes-map-type'] === 'atomic';
    if (isObject(part.additionalProperties)) {
      return { is: 'map', of: convert(part.additionalProperties, `${path}{}`), atomic };
    }
    if (part.type === 'object') return { is: 'struct', name: path, atomic };
    return anything;
  };
  const root = convert({ ...schema, type: 'object' }, '');
  return {
    root,
    field: (struct, key) => {
      if (struct.is !== 'struct') return undefined;
      if (struct.name === '' && key === 'metadata') return structOf('ObjectMeta');
      if (struct.name === 'ObjectMeta') return fieldsOf('ObjectMeta').get(key);
      const property = at(parts.get(struct.name), 'properties', key);
      return isObject(property) ? convert(property, `${struct.name}.${key}`) : undefined;
    },
    isAlwaysThere: (path) => path.length === 1 && path[0] === 'f:metadata',
  };
}
