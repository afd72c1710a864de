/**
 * Sets of field paths, as `managedFields` hold them. A path is a list of steps in their FieldsV1 spelling:
 * `f:name` a field or map key, `k:{...}` a list item by its keys, `v:...` a set's member, `i:n` an index.
 */
import { canonical, isObject } from '../json.ts';
import type { Schema } from '../schema/schema.ts';
import type { Json, JsonObject } from '../types.ts';

/** A trie: `member` says whether the path itself belongs to the set. */
export interface FieldSet {
  member: boolean;
  readonly children: Map<string, FieldSet>;
}

export type Path = readonly string[];

export function emptySet(): FieldSet {
  return { member: false, children: new Map() };
}

export function insert(set: FieldSet, path: Path): void {
  let node = set;
  for (const step of path) {
    const next = node.children.get(step) ?? emptySet();
    node.children.set(step, next);
    node = next;
  }
  node.member = true;
}

export function has(set: FieldSet, path: Path): boolean {
  return nodeAt(set, path)?.member ?? false;
}

/** Whether the set holds the path or anything below it. */
export function touches(set: FieldSet, path: Path): boolean {
  return nodeAt(set, path) !== undefined;
}

function nodeAt(set: FieldSet, path: Path): FieldSet | undefined {
  let node: FieldSet | undefined = set;
  for (const step of path) node = node?.children.get(step);
  return node;
}

/** Every member path, parents before children. */
export function paths(set: FieldSet, prefix: Path = []): Path[] {
  const out: Path[] = set.member && prefix.length > 0 ? [prefix] : [];
  for (const [step, child] of set.children) out.push(...paths(child, [...prefix, step]));
  return out;
}

export function fromPaths(list: readonly Path[]): FieldSet {
  const set = emptySet();
  for (const path of list) insert(set, path);
  return set;
}

export function union(left: FieldSet, right: FieldSet): FieldSet {
  return fromPaths([...paths(left), ...paths(right)]);
}

export function difference(left: FieldSet, right: FieldSet): FieldSet {
  return fromPaths(paths(left).filter((path) => !has(right, path)));
}

export function intersection(left: FieldSet, right: FieldSet): FieldSet {
  return fromPaths(paths(left).filter((path) => has(right, path)));
}

export function isEmpty(set: FieldSet): boolean {
  return !set.member && set.children.size === 0;
}

export function toFieldsV1(set: FieldSet): JsonObject {
  const out: JsonObject = {};
  if (set.member && set.children.size > 0) out['.'] = {};
  for (const step of [...set.children.keys()].sort()) {
    const child = set.children.get(step);
    if (child) out[step] = toFieldsV1(child);
  }
  return out;
}

export function fromFieldsV1(fields: JsonObject): FieldSet {
  const keys = Object.keys(fields);
  const set: FieldSet = { member: keys.length === 0 || keys.includes('.'), children: new Map() };
  for (const [key, value] of Object.entries(fields)) {
    if (key !== '.') set.children.set(key, fromFieldsV1(isObject(value) ? value : {}));
  }
  return set;
}

/** As conflicts name a path: `.spec.containers[name="main"].image`. */
export function pathText(path: Path): string {
  return path
    .map((step) => {
      if (step.startsWith('f:')) return `.${step.slice(2)}`;
      if (step.startsWith('v:')) return `[=${step.slice(2)}]`;
      if (step.startsWith('i:')) return `[${step.slice(2)}]`;
      const keys = JSON.parse(step.slice(2)) as JsonObject;
      return `[${Object.entries(keys)
        .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
        .join(',')}]`;
    })
    .join('');
}

/** The step that finds this list item again, or `undefined` when a key is missing. */
export function itemStep(item: Json, schema: Schema & { is: 'list' }): string | undefined {
  if (schema.isSet) return `v:${canonical(item)}`;
  if (!isObject(item)) return undefined;
  const keys: JsonObject = {};
  for (const key of [...schema.keys].sort()) {
    const value = item[key] ?? keyDefaults[key];
    if (value === undefined) return undefined;
    keys[key] = value;
  }
  return `k:${canonical(keys)}`;
}

/** A key that may be left out, because the kind defaults it. Source: `default` of these keys in the OpenAPI document. */
const keyDefaults: Record<string, Json> = { protocol: 'TCP' };
