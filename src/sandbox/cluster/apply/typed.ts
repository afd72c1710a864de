/** Walking a value along its schema: which fields it has, how two values differ, and how they merge. */
import { copy, isObject, same } from '../json.ts';
import type { Schema } from '../schema/schema.ts';
import type { Json, JsonObject } from '../types.ts';
import { emptySet, type FieldSet, insert, itemStep, type Path } from './field-set.ts';

/** How to find the schema of a field: built-in kinds ask the table, custom ones their definition. */
export interface Types {
  readonly root: Schema;
  field(schema: Schema, key: string): Schema | undefined;
  /** Fields that exist even when nothing was written to them, so that adding them is nobody's doing. */
  isAlwaysThere(path: Path): boolean;
}

const anything: Schema = { is: 'scalar', scalar: 'any' };

type Shape = 'leaf' | 'map' | 'items';

function shapeOf(value: Json | undefined, schema: Schema): Shape {
  if (Array.isArray(value)) {
    return schema.is === 'list' && (schema.isSet || schema.keys.length > 0) ? 'items' : 'leaf';
  }
  if (!isObject(value)) return 'leaf';
  // What no schema describes merges key by key, as the real server treats preserved unknown fields.
  if (schema.is === 'scalar') return schema.scalar === 'any' ? 'map' : 'leaf';
  if (schema.is === 'list') return 'leaf';
  return schema.atomic ? 'leaf' : 'map';
}

function childSchema(types: Types, schema: Schema, key: string): Schema {
  if (schema.is === 'map') return schema.of;
  if (schema.is === 'struct') return types.field(schema, key) ?? anything;
  return anything;
}

function itemsOf(list: Json | undefined, schema: Schema): Map<string, Json> {
  const items = new Map<string, Json>();
  if (schema.is !== 'list' || !Array.isArray(list)) return items;
  for (const [index, item] of list.entries()) items.set(itemStep(item, schema) ?? `i:${index}`, item);
  return items;
}

/** The fields that somebody who sends this value says they want: what apply makes them own. */
export function fieldsOfValue(value: JsonObject, types: Types): FieldSet {
  const set = emptySet();
  const walk = (current: Json, schema: Schema, path: Path): void => {
    const shape = shapeOf(current, schema);
    if (shape === 'leaf') {
      insert(set, path);
      return;
    }
    if (shape === 'items' && schema.is === 'list') {
      for (const [step, item] of itemsOf(current, schema)) {
        insert(set, [...path, step]);
        if (isObject(item)) walk(item, schema.of, [...path, step]);
      }
      return;
    }
    const entries = Object.entries(current as JsonObject);
    if (entries.length === 0 && path.length > 0) insert(set, path);
    for (const [key, item] of entries) {
      if (item !== undefined) walk(item, childSchema(types, schema, key), [...path, `f:${key}`]);
    }
  };
  walk(value, types.root, []);
  return set;
}

export interface Comparison {
  readonly added: FieldSet;
  readonly changed: FieldSet;
  readonly removed: FieldSet;
}

export function compare(before: JsonObject, after: JsonObject, types: Types): Comparison {
  const out = { added: emptySet(), changed: emptySet(), removed: emptySet() };
  const walk = (left: Json | undefined, right: Json | undefined, schema: Schema, path: Path): void => {
    if (left === undefined && right === undefined) return;
    if (left === undefined || right === undefined) {
      const set = left === undefined ? out.added : out.removed;
      const shape = shapeOf(left ?? right, schema);
      if (path.length > 0 && !(shape !== 'leaf' && types.isAlwaysThere(path))) insert(set, path);
      if (shape === 'leaf') return;
    }
    const leftShape = shapeOf(left ?? right, schema);
    const rightShape = shapeOf(right ?? left, schema);
    if (leftShape === 'leaf' || rightShape === 'leaf' || leftShape !== rightShape) {
      if (!same(left, right)) insert(out.changed, path);
      return;
    }
    if (leftShape === 'items' && schema.is === 'list') {
      const leftItems = itemsOf(left, schema);
      const rightItems = itemsOf(right, schema);
      for (const step of new Set([...leftItems.keys(), ...rightItems.keys()])) {
        walk(leftItems.get(step), rightItems.get(step), schema.of, [...path, step]);
      }
      return;
    }
    const leftMap = isObject(left) ? left : {};
    const rightMap = isObject(right) ? right : {};
    for (const key of new Set([...Object.keys(leftMap), ...Object.keys(rightMap)])) {
      walk(leftMap[key], rightMap[key], childSchema(types, schema, key), [...path, `f:${key}`]);
    }
  };
  walk(before, after, types.root, []);
  return out;
}

/** What is there, overlaid with what was sent. */
export function merge(live: JsonObject, sent: JsonObject, types: Types): JsonObject {
  const walk = (left: Json | undefined, right: Json, schema: Schema): Json => {
    const shape = shapeOf(right, schema);
    if (left === undefined || shape === 'leaf' || shapeOf(left, schema) !== shape) return copy(right);
    if (shape === 'items' && schema.is === 'list') {
      const sentItems = itemsOf(right, schema);
      const liveItems = itemsOf(left, schema);
      // Items keep the order in which they were sent; what others added stays where it was, before them.
      const out: Json[] = [];
      const placed = new Set<string>();
      const sentSteps = [...sentItems.keys()];
      let next = 0;
      for (const [step, item] of liveItems) {
        const position = sentSteps.indexOf(step, next);
        if (!sentItems.has(step)) out.push(item);
        else if (position >= 0) {
          for (; next <= position; next += 1) place(sentSteps[next] ?? '');
        }
      }
      for (; next < sentSteps.length; next += 1) place(sentSteps[next] ?? '');
      return out;

      function place(step: string): void {
        const item = sentItems.get(step);
        if (item === undefined || placed.has(step)) return;
        placed.add(step);
        out.push(schema.is === 'list' ? walk(liveItems.get(step), item, schema.of) : item);
      }
    }
    const out: JsonObject = { ...(left as JsonObject) };
    for (const [key, item] of Object.entries(right as JsonObject)) {
      if (item !== undefined) out[key] = walk(out[key], item, childSchema(types, schema, key));
    }
    return out;
  };
  return walk(live, sent, types.root) as JsonObject;
}

/** Takes the fields of `gone` out of a value. */
export function removeFields(value: JsonObject, gone: FieldSet, types: Types): JsonObject {
  const walk = (current: Json, set: FieldSet, schema: Schema): Json => {
    if (schema.is === 'list' && Array.isArray(current)) {
      return current.flatMap((item, index): Json[] => {
        const step = itemStep(item, schema) ?? `i:${index}`;
        const child = set.children.get(step);
        if (!child) return [item];
        return child.member ? [] : [walk(item, child, schema.of)];
      });
    }
    if (!isObject(current)) return current;
    const out: JsonObject = {};
    for (const [key, item] of Object.entries(current)) {
      const child = set.children.get(`f:${key}`);
      if (item === undefined || (child?.member && child.children.size === 0)) continue;
      const rest = child ? walk(item, child, childSchema(types, schema, key)) : item;
      // A parent that this leaves empty goes with its last field, unless somebody wrote the empty one.
      const emptied = child !== undefined && isEmptyContainer(rest) && !isEmptyContainer(item);
      if (!emptied) out[key] = rest;
    }
    return out;
  };
  return walk(value, gone, types.root) as JsonObject;
}

function isEmptyContainer(value: Json): boolean {
  return Array.isArray(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0;
}
