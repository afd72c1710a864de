/** Where the dialects say the same thing in other words: each schema's keywords in those of draft 2020-12. */
import { type Hints, isRecord, textOf } from './json-schema.ts';

export interface Modernised {
  /** Taken as they are: texts and values, which are no schemas whatever they look like. */
  readonly plain: Readonly<Record<string, unknown>>;
  readonly keywords: Readonly<Record<string, unknown>>;
}

export function modernised(given: Readonly<Record<string, unknown>>): Modernised {
  const keywords: Record<string, unknown> = {};
  for (const [keyword, value] of Object.entries(given)) if (taken.has(keyword)) keywords[keyword] = value;
  // draft-04: a truth that makes the bound beside it exclusive.
  for (const [exclusive, bound] of [
    ['exclusiveMinimum', 'minimum'],
    ['exclusiveMaximum', 'maximum'],
  ] as const) {
    if (typeof keywords[exclusive] !== 'boolean') continue;
    const isExclusive = keywords[exclusive];
    delete keywords[exclusive];
    if (!isExclusive || keywords[bound] === undefined) continue;
    keywords[exclusive] = keywords[bound];
    delete keywords[bound];
  }
  // Until 2019-09 a tuple was a list of `items`, and `additionalItems` what follows it.
  if (Array.isArray(keywords.items)) {
    keywords.prefixItems = keywords.items;
    delete keywords.items;
    if (given.additionalItems !== undefined) keywords.items = given.additionalItems;
  }
  dependencies(given.dependencies, keywords);
  // Until draft-04 "required" was also a truth of the property itself; the parent says it today.
  if (typeof keywords.required === 'boolean') delete keywords.required;
  // Before draft-06 there was no const; OpenAPI 3.0 has `nullable`.
  if (given.nullable === true && keywords.type !== undefined) keywords.type = [keywords.type, 'null'].flat();
  if (given.nullable === true && Array.isArray(keywords.enum)) keywords.enum = [...keywords.enum, null];
  if (given['x-kubernetes-int-or-string'] === true) {
    delete keywords.anyOf;
    delete keywords.format;
    keywords.type = ['integer', 'string'];
  }
  return { plain: { ...plainOf(given), ...hintsOf(given) }, keywords };
}

/** Keywords of draft 2020-12 that are passed on; everything else is translated, taken as text, or left behind. */
const taken = new Set([
  '$ref',
  'type',
  'enum',
  'format',
  'pattern',
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'items',
  'prefixItems',
  'contains',
  'minItems',
  'maxItems',
  'uniqueItems',
  'properties',
  'patternProperties',
  'additionalProperties',
  'unevaluatedProperties',
  'propertyNames',
  'required',
  'minProperties',
  'maxProperties',
  'dependentRequired',
  'dependentSchemas',
  'allOf',
  'anyOf',
  'oneOf',
  'not',
  'if',
  'then',
  'else',
]);

const textKeywords = ['title', 'description'] as const;
const valueKeywords = ['default', 'const'] as const;
const truthKeywords = ['readOnly', 'writeOnly'] as const;
const orderKeywords = ['x-order', 'ui:order', 'order', 'propertyOrder', 'x-ui-order'] as const;
const widgetKeywords = ['ui:widget', 'ui:field', 'x-ui-widget'] as const;
/** Said in other words before they reach the validator. */
const translated = [
  'dependencies',
  'additionalItems',
  'nullable',
  'definitions',
  '$defs',
  'immutable',
  'x-immutable',
  'x-kubernetes-int-or-string',
  'x-kubernetes-validations',
] as const;

/** Every keyword that makes a difference: the table in README.md names the same. */
export const understoodKeywords: readonly string[] = [
  ...taken,
  ...textKeywords,
  ...valueKeywords,
  ...truthKeywords,
  ...orderKeywords,
  ...widgetKeywords,
  ...translated,
];

/** `dependencies` was parted in 2019-09: names of properties here, a schema there. */
function dependencies(given: unknown, keywords: Record<string, unknown>): void {
  if (!isRecord(given)) return;
  const entries = Object.entries(given);
  const lists = entries.filter(([, value]) => Array.isArray(value));
  const schemas = entries.filter(([, value]) => !Array.isArray(value));
  if (lists.length > 0) keywords.dependentRequired ??= Object.fromEntries(lists);
  if (schemas.length > 0) keywords.dependentSchemas ??= Object.fromEntries(schemas);
}

function plainOf(given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const plain: Record<string, unknown> = {};
  for (const name of textKeywords) if (typeof given[name] === 'string') plain[name] = given[name];
  for (const name of valueKeywords) if (given[name] !== undefined) plain[name] = given[name];
  for (const name of truthKeywords) if (given[name] === true) plain[name] = true;
  return plain;
}

function hintsOf(given: Readonly<Record<string, unknown>>): { hints?: Hints } {
  const order = orderKeywords
    .map((name) => given[name])
    .find((value) => typeof value === 'number' || isNames(value));
  const widget = widgetKeywords.map((name) => given[name]).find((value) => typeof value === 'string');
  const hints = {
    ...(order === undefined ? {} : { order: order as number | string[] }),
    ...(typeof widget === 'string' ? { widget } : {}),
    ...(isImmutable(given) ? { isImmutable: true } : {}),
  };
  return Object.keys(hints).length === 0 ? {} : { hints };
}

function isNames(value: unknown): value is string[] {
  return Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string');
}

/** Cyclops says it in a word, Kubernetes as a rule of CEL. */
function isImmutable(given: Readonly<Record<string, unknown>>): boolean {
  if (given.immutable === true || given['x-immutable'] === true) return true;
  const rules = given['x-kubernetes-validations'];
  return (
    Array.isArray(rules) &&
    rules.some((rule: unknown) => isRecord(rule) && /^\s*self\s*==\s*oldSelf\s*$/u.test(textOf(rule.rule)))
  );
}
