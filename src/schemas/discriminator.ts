/** The property whose value says which of several shapes is meant: `type: s3` beside `bucket`, `type: disk` beside `path`. */
import type { Schema } from './json-schema.ts';
import type { Shape } from './shape.ts';
import { valueAt } from './values.ts';

export interface Discriminator {
  readonly name: string;
  /** All values that any shape takes. */
  readonly property: Schema;
  /** Which shape the value means; the first when it does not say. */
  readonly chosen: number;
}

/** `undefined` when no property tells the shapes apart. `known`: properties that are asked for whatever the shape. */
export function discriminatorOf(
  shapes: readonly Shape[],
  value: unknown,
  known: ReadonlyMap<string, Schema>,
): Discriminator | undefined {
  const [first] = shapes;
  for (const name of first?.properties.keys() ?? []) {
    const lists = shapes.map((shape) => valuesOf(shape.properties.get(name)));
    const all = lists.flatMap((list) => list ?? []);
    if (!lists.every((list) => list !== undefined) || new Set(all).size !== all.length) continue;
    const given = valueAt(value, [name]) ?? defaultOf(known.get(name) ?? first?.properties.get(name));
    const chosen = lists.findIndex((list) => list?.includes(given));
    return { name, property: { enum: all }, chosen: Math.max(0, chosen) };
  }
  return undefined;
}

/** Texts, numbers or truths that are the only ones; `undefined` for anything freer. */
function valuesOf(property: Schema | undefined): readonly unknown[] | undefined {
  if (typeof property !== 'object') return undefined;
  const values = property.const === undefined ? property.enum : [property.const];
  return values?.every((value) => ['string', 'number', 'boolean'].includes(typeof value))
    ? values
    : undefined;
}

function defaultOf(property: Schema | undefined): unknown {
  return typeof property === 'object' ? property.default : undefined;
}
