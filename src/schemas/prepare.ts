/**
 * Any dialect (draft-04 to 2020-12, OpenAPI's, Kubernetes', a form library's) to one. Only known keywords are taken over,
 * so whatever else a document holds never reaches the validator. Total: any value is a schema or mistakes with a place.
 */
import { didYouMean } from '../core/text.ts';
import { modernised } from './dialects.ts';
import {
  isRecord,
  type JsonSchema,
  jsonTypes,
  type PreparedSchema,
  type Schema,
  type SchemaMistake,
  textOf,
} from './json-schema.ts';
import { matcherOf } from './pattern.ts';

export const schemaLimits = {
  /** Schemas within the schema; the largest of the charts we know (Milvus) has 6,500. */
  nodesMax: 30_000,
  /** Schemas inside each other, references not counted. */
  depthMax: 48,
} as const;

type Path = readonly (string | number)[];

export type Prepared =
  | { readonly ok: true; readonly value: PreparedSchema }
  | { readonly ok: false; readonly mistakes: readonly SchemaMistake[] };

export function prepare(document: unknown): Prepared {
  const mistakes: SchemaMistake[] = [];
  const names = new Map<string, string>();
  const definitions: Record<string, Schema> = {};
  let nodes = 0;

  const say = (path: Path, message: string): void => {
    mistakes.push({ path, message });
  };

  /** A definition is prepared where it is first referred to: what nobody uses costs nothing. */
  function refer(reference: unknown, path: Path): string | undefined {
    const found = typeof reference === 'string' ? resolvePointer(document, reference) : undefined;
    if (!found) {
      say(path, `"${textOf(reference).slice(0, 100)}" leads nowhere in this document.`);
      return undefined;
    }
    const key = JSON.stringify(found.path);
    const known = names.get(key);
    if (known !== undefined) return known;
    const name = `d${names.size}`;
    names.set(key, name);
    // Taken before it is known, so that a definition may refer to itself.
    definitions[name] = true;
    definitions[name] = node(found.value, found.path, 0);
    return name;
  }

  function node(given: unknown, path: Path, depth: number): Schema {
    if (typeof given === 'boolean') return given;
    if (!isRecord(given)) {
      say(path, 'a schema is a map of keywords, or true or false.');
      return true;
    }
    nodes += 1;
    if (depth > schemaLimits.depthMax || nodes > schemaLimits.nodesMax) {
      // Said once: every level above would say it again.
      if (mistakes.length === 0)
        say(path, `the schema is too ${depth > schemaLimits.depthMax ? 'deep' : 'large'}.`);
      return true;
    }
    const from = modernised(given);
    const out: Record<string, unknown> = { ...from.plain };
    if (from.keywords.$ref !== undefined) {
      const name = refer(from.keywords.$ref, [...path, '$ref']);
      if (name !== undefined) out.$ref = `#/$defs/${name}`;
    }
    for (const [keyword, value] of Object.entries(from.keywords)) {
      const at = [...path, keyword];
      const inner = (one: unknown, ...more: Path) => node(one, [...at, ...more], depth + 1);
      const read = readers[keyword];
      if (read) out[keyword] = read(value, at, say);
      else if (schemaKeywords.has(keyword)) out[keyword] = inner(value);
      else if (listKeywords.has(keyword)) {
        if (Array.isArray(value)) out[keyword] = value.map((one, index) => inner(one, index));
        else say(at, `${keyword} is a list of schemas.`);
      } else if (mapKeywords.has(keyword)) {
        if (!isRecord(value)) say(at, `${keyword} is a map of schemas.`);
        else out[keyword] = mapOf(value, keyword, at, inner);
      }
      if (out[keyword] === undefined) delete out[keyword];
    }
    // A choice of nothing, which the validator does not know.
    if (Array.isArray(out.enum) && out.enum.length === 0) {
      delete out.enum;
      out.not = {};
    }
    return withMatchablePattern(out);
  }

  function mapOf(
    value: Record<string, unknown>,
    keyword: string,
    at: Path,
    inner: (one: unknown, key: string) => Schema,
  ): Record<string, Schema> {
    return Object.fromEntries(
      Object.entries(value).flatMap(([key, one]) => {
        // Nobody has such a field; whoever writes one wants to reach the prototype of ours.
        if (key === '__proto__') say([...at, key], '"__proto__" cannot be the name of a property.');
        else if (keyword !== 'patternProperties' || matcherOf(key)) return [[key, inner(one, key)] as const];
        // Names that no pattern takes are then judged by `additionalProperties`, as if it were not there.
        return [];
      }),
    );
  }

  const root = node(document, [], 0);
  if (mistakes.length > 0) return { ok: false, mistakes };
  return { ok: true, value: { root: typeof root === 'boolean' ? {} : root, definitions } };
}

/** Fails closed: with a pattern that cannot be run, only the default is known to be right. */
function withMatchablePattern(out: Record<string, unknown>): JsonSchema {
  if (typeof out.pattern !== 'string' || matcherOf(out.pattern)) return out;
  const { pattern: _pattern, ...rest } = out;
  const hints = { ...(isRecord(out.hints) ? out.hints : {}), isUncheckable: true };
  return { ...rest, hints, ...(out.default === undefined ? { not: {} } : { enum: [out.default] }) };
}

const schemaKeywords = new Set([
  'items',
  'contains',
  'additionalProperties',
  'unevaluatedProperties',
  'propertyNames',
  'not',
  'if',
  'then',
  'else',
]);
const listKeywords = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems']);
const mapKeywords = new Set(['properties', 'patternProperties', 'dependentSchemas']);

type Reader = (value: unknown, path: Path, say: (path: Path, message: string) => void) => unknown;

const isNumber = (value: unknown) => typeof value === 'number' && Number.isFinite(value);
const isCount = (value: unknown) => Number.isInteger(value) && Number(value) >= 0;

function checked(what: string, isRight: (value: unknown) => boolean): Reader {
  return (value, path, say) => {
    if (isRight(value)) return value;
    say(path, `${path.at(-1)} must be ${what}.`);
    return undefined;
  };
}

const aNumber = checked('a number', isNumber);
const aCount = checked('a whole number, 0 or more', isCount);
const aText = checked('text', (value) => typeof value === 'string');
const texts = (value: unknown) => Array.isArray(value) && value.every((one) => typeof one === 'string');

const readers: Readonly<Record<string, Reader | undefined>> = Object.assign(Object.create(null), {
  type: readType,
  minimum: aNumber,
  maximum: aNumber,
  exclusiveMinimum: aNumber,
  exclusiveMaximum: aNumber,
  multipleOf: checked('a number above 0', (value) => isNumber(value) && Number(value) > 0),
  minLength: aCount,
  maxLength: aCount,
  minItems: aCount,
  maxItems: aCount,
  minProperties: aCount,
  maxProperties: aCount,
  pattern: aText,
  format: aText,
  enum: checked('a list of values', Array.isArray),
  uniqueItems: checked('true or false', (value) => typeof value === 'boolean'),
  required: checked('a list of names', texts),
  dependentRequired: checked(
    'a map of lists of names',
    (value) => isRecord(value) && Object.values(value).every(texts),
  ),
});

function readType(value: unknown, path: Path, say: (path: Path, message: string) => void): unknown {
  const types = (Array.isArray(value) ? value : [value]).filter((one) => one !== 'any');
  const wrong = types.find((one) => !jsonTypes.some((known) => known === one));
  if (wrong !== undefined) {
    const typed = textOf(wrong).slice(0, 50);
    say(path, `there is no type "${typed}".${didYouMean(typed, jsonTypes)}`);
  }
  return wrong !== undefined || types.length === 0 ? undefined : [...new Set(types)];
}

/** `#/definitions/a~1b`, `#` for the whole; other documents are not fetched. */
function resolvePointer(
  document: unknown,
  reference: string,
): { value: unknown; path: string[] } | undefined {
  if (reference !== '#' && !reference.startsWith('#/')) return undefined;
  const path: string[] = [];
  let value: unknown = document;
  for (const part of reference.split('/').slice(1)) {
    const key = decoded(part).replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
    path.push(key);
  }
  return { value, path };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
