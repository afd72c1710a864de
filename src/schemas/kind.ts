/** How one property is asked for. What fits no control is a `yaml` field that names what does not fit. */
import type { SchemaFieldKind } from '../core/input-schema.ts';
import { type JsonSchema, type JsonType, type Schema, textOf } from './json-schema.ts';
import { type Shape, type ShapeScope, shapeOf, typesOf } from './shape.ts';

export interface KindOfField {
  readonly kind: SchemaFieldKind;
  /** What a typed text may stand for: of the value, or of each item of a list or map. */
  readonly scalars: readonly JsonType[];
}

/** Longest value of an option that Slack takes, and the most that can be read in a list. */
const optionValueMax = 150;
/** Longer texts get several lines. */
const longTextMin = 300;

const scalarTypes: readonly JsonType[] = ['string', 'number', 'integer', 'boolean'];

/** `undefined` for an object whose properties are asked for one by one. */
export function kindOf(shape: Shape, scope: ShapeScope): KindOfField | undefined {
  const values = shape.keywords.enum?.filter((value) => value !== null);
  if (shape.hints.isUncheckable) return yaml('its pattern cannot be checked in bounded time');
  if (values) return choiceOf(values);
  if (shape.choices.length > 0 && shape.properties.size === 0) return unionOf(shape, scope);
  const types = inferred(shape);
  if (types.length === 0) return yaml('its schema names no type');
  if (types.every((type) => scalarTypes.includes(type))) return scalarOf(shape, types);
  if (types.length > 1) return yaml(`it may be ${types.join(' or ')}`);
  return types[0] === 'array' ? listOf(shape.keywords, scope) : objectOf(shape, scope);
}

function choiceOf(values: readonly unknown[], labels?: readonly string[]): KindOfField {
  if (values.length === 0) return yaml('no value is allowed');
  if (values.every((value) => typeof value === 'boolean'))
    return { kind: { type: 'boolean' }, scalars: ['boolean'] };
  const plain = values.filter((value) => typeof value === 'string' || typeof value === 'number');
  const fits = plain.every((value) => textOf(value) !== '' && textOf(value).length <= optionValueMax);
  const areDistinct = new Set(plain.map(textOf)).size === plain.length;
  if (plain.length < values.length || !fits || !areDistinct) return yaml('its values fit no list of choices');
  return {
    kind: { type: 'enum', values: plain, ...(labels ? { labels } : {}) },
    scalars: ['string', 'number'],
  };
}

/** `anyOf` and `oneOf` of values: constants are choices, scalars are text, one-or-many is a list. */
function unionOf(shape: Shape, scope: ShapeScope): KindOfField {
  const [branches = []] = shape.choices;
  const shapes = branches.map((branch) => shapeOf(branch, undefined, scope, shape.references));
  const values = shapes.map(({ keywords }) => keywords.enum?.filter((value) => value !== null));
  if (values.every((one) => one !== undefined)) {
    const labels = shapes.flatMap(({ keywords }, index) =>
      (values[index] ?? []).map((value) => (values[index]?.length === 1 && keywords.title) || textOf(value)),
    );
    return choiceOf(values.flat(), labels);
  }
  const base = typesOf(shape.keywords);
  const types = shapes.map((one) => (base.length > 0 && inferred(one).length === 0 ? base : inferred(one)));
  const all = [...new Set(types.flat())];
  if (types.every((one) => one.length > 0) && all.every((type) => scalarTypes.includes(type))) {
    return scalarOf({ ...shape, keywords: {} }, all);
  }
  const array = shapes.find((_one, index) => types[index]?.join() === 'array');
  const others = all.filter((type) => type !== 'array');
  if (array && others.every((type) => scalarTypes.includes(type))) return listOf(array.keywords, scope);
  return yaml(`it has one of ${branches.length} shapes`);
}

/** What the keywords tell where the type is left out. */
function inferred({ keywords, properties }: Shape): readonly JsonType[] {
  const types = typesOf(keywords);
  // A type that only null is left of, or that two schemas contradict each other about, takes no value.
  if (types.length > 0 || keywords.type !== undefined) return types;
  const { items, prefixItems, minimum, maximum, multipleOf, pattern, format, minLength, maxLength } =
    keywords;
  if (properties.size > 0 || typeof keywords.additionalProperties === 'object') return ['object'];
  if (items !== undefined || prefixItems !== undefined) return ['array'];
  if ([minimum, maximum, multipleOf].some((one) => one !== undefined)) return ['number'];
  if ([pattern, format, minLength, maxLength].some((one) => one !== undefined)) return ['string'];
  const { default: byDefault } = keywords;
  return ['string', 'number', 'boolean'].includes(typeof byDefault) ? [typeof byDefault as JsonType] : [];
}

function scalarOf({ keywords, hints }: Shape, types: readonly JsonType[]): KindOfField {
  const [only, ...others] = types.filter((type) => type !== 'integer' || !types.includes('number'));
  if (others.length === 0 && only === 'boolean') return { kind: { type: 'boolean' }, scalars: ['boolean'] };
  if (others.length === 0 && (only === 'integer' || only === 'number')) return numberOf(keywords, only);
  const { minLength, maxLength, default: byDefault } = keywords;
  const isLong =
    ['textarea', 'markdown'].includes(hints.widget ?? '') ||
    (maxLength ?? 0) > longTextMin ||
    (typeof byDefault === 'string' && (byDefault.includes('\n') || byDefault.length > longTextMin));
  const isText = types.length === 1;
  return {
    kind: {
      type: 'text',
      ...(isLong ? { isLong } : {}),
      ...(isText && minLength !== undefined ? { minLength } : {}),
      ...(isText && maxLength !== undefined ? { maxLength } : {}),
    },
    scalars: types,
  };
}

function numberOf(keywords: JsonSchema, type: 'integer' | 'number'): KindOfField {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = keywords;
  const isInteger = type === 'integer' || (multipleOf !== undefined && Number.isInteger(multipleOf));
  // The next whole number inside; of fractions there is none, and the check says it.
  const above =
    exclusiveMinimum === undefined
      ? undefined
      : isInteger
        ? Math.floor(exclusiveMinimum) + 1
        : exclusiveMinimum;
  const below =
    exclusiveMaximum === undefined
      ? undefined
      : isInteger
        ? Math.ceil(exclusiveMaximum) - 1
        : exclusiveMaximum;
  const min = minimum === undefined || above === undefined ? (minimum ?? above) : Math.max(minimum, above);
  const max = maximum === undefined || below === undefined ? (maximum ?? below) : Math.min(maximum, below);
  return {
    kind: {
      type: 'number',
      isInteger,
      ...(min === undefined ? {} : { min }),
      ...(max === undefined ? {} : { max }),
    },
    scalars: [isInteger ? 'integer' : 'number'],
  };
}

function listOf({ items, prefixItems }: JsonSchema, scope: ShapeScope): KindOfField {
  if (prefixItems !== undefined) return yaml('each of its items has a meaning of its own');
  if (items === undefined || typeof items === 'boolean')
    return yaml('its schema does not say what the list holds');
  const item = kindOf(shapeOf(items, undefined, scope), scope);
  if (item?.kind.type === 'enum') return { kind: { ...item.kind, isMultiple: true }, scalars: item.scalars };
  const isPlain = item !== undefined && ['text', 'number'].includes(item.kind.type);
  return isPlain
    ? { kind: { type: 'list' }, scalars: item.scalars }
    : yaml('it is a list of more than plain values');
}

function objectOf({ keywords, properties }: Shape, scope: ShapeScope): KindOfField | undefined {
  if (properties.size > 0) return undefined;
  const { additionalProperties, patternProperties = {} } = keywords;
  const [pattern, ...others] = Object.values(patternProperties);
  const inner =
    typeof additionalProperties === 'object'
      ? additionalProperties
      : others.length === 0
        ? pattern
        : undefined;
  const value = plainValue(inner, scope);
  if (value) return { kind: { type: 'map' }, scalars: value.scalars };
  return yaml(inner === undefined ? 'its schema names no keys' : 'it maps keys to more than plain values');
}

function plainValue(schema: Schema | undefined, scope: ShapeScope): KindOfField | undefined {
  if (schema === undefined || typeof schema === 'boolean') return undefined;
  const value = kindOf(shapeOf(schema, undefined, scope), scope);
  return value && ['text', 'number', 'enum', 'boolean'].includes(value.kind.type) ? value : undefined;
}

function yaml(why: string): KindOfField {
  return { kind: { type: 'yaml', why }, scalars: [] };
}
