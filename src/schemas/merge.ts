/** Two schemas of one value as one, keyword by keyword: the narrower bound, the first word. */
import type { JsonSchema, JsonType, Schema } from './json-schema.ts';

/** Only what speaks of the value itself: properties, conditions and references are `shapeOf`'s to follow. */
export function mergeKeywords(first: JsonSchema, second: JsonSchema): JsonSchema {
  return defined({
    // Who refers to a definition knows better what it is here for.
    title: first.title ?? second.title,
    description: first.description ?? second.description,
    default: first.default ?? second.default,
    format: first.format ?? second.format,
    pattern: first.pattern ?? second.pattern,
    readOnly: first.readOnly ?? second.readOnly,
    writeOnly: first.writeOnly ?? second.writeOnly,
    type: commonTypes(first.type, second.type),
    enum: commonValues(valuesOf(first), valuesOf(second)),
    minLength: larger(first.minLength, second.minLength),
    maxLength: smaller(first.maxLength, second.maxLength),
    minimum: larger(first.minimum, second.minimum),
    maximum: smaller(first.maximum, second.maximum),
    exclusiveMinimum: larger(first.exclusiveMinimum, second.exclusiveMinimum),
    exclusiveMaximum: smaller(first.exclusiveMaximum, second.exclusiveMaximum),
    multipleOf: first.multipleOf ?? second.multipleOf,
    items: both(first.items, second.items),
    prefixItems: first.prefixItems ?? second.prefixItems,
    additionalProperties: both(first.additionalProperties, second.additionalProperties),
    patternProperties: first.patternProperties ?? second.patternProperties,
  });
}

function valuesOf({ const: only, enum: values }: JsonSchema): readonly unknown[] | undefined {
  return only === undefined ? values : [only];
}

function commonTypes(one: JsonSchema['type'], other: JsonSchema['type']): readonly JsonType[] | undefined {
  const only = one ?? other;
  if (one === undefined || other === undefined) return only === undefined ? undefined : [only].flat();
  const others = [other].flat();
  // A whole number is a number.
  return [one].flat().flatMap((type): JsonType[] => {
    if (others.includes(type)) return [type];
    const hasOther =
      type === 'number' ? others.includes('integer') : type === 'integer' && others.includes('number');
    return hasOther ? ['integer'] : [];
  });
}

function commonValues(
  one: readonly unknown[] | undefined,
  other: readonly unknown[] | undefined,
): readonly unknown[] | undefined {
  return one && other ? one.filter((value) => other.includes(value)) : (one ?? other);
}

function both(one: Schema | undefined, other: Schema | undefined): Schema | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return one === false || other === false ? false : { allOf: [one, other] };
}

function larger(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.max(one, other);
}

function smaller(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.min(one, other);
}

function defined(keywords: Readonly<Record<string, unknown>>): JsonSchema {
  return Object.fromEntries(Object.entries(keywords).filter(([, value]) => value !== undefined));
}
