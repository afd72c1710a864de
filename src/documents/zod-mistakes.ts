/** What zod finds wrong, as mistakes that a person can act on. */
import { z } from 'zod';
import { count, didYouMean, listOf } from '../core/text.ts';
import type { Mistake } from './document.ts';
import type { Path, Positions } from './positions.ts';

type Issue = z.core.$ZodIssue;

export function zodMistakes(
  issues: readonly Issue[],
  schema: z.ZodType,
  value: unknown,
  positions: Positions,
): Mistake[] {
  return issues.flatMap((issue) => {
    const { path } = issue;
    const where = (more: Path = []) =>
      [...path, ...more].length > 0 ? `${[...path, ...more].join('.')}: ` : '';
    switch (issue.code) {
      case 'unrecognized_keys': {
        const known = keysOf(schemaAt(schema, path));
        return issue.keys.map((key) =>
          positions.atKey([...path, key], `${where()}unknown key "${key}".${didYouMean(key, known)}`),
        );
      }
      case 'invalid_key':
        return [positions.atKey(path, `${where()}${issue.issues.map((one) => one.message).join('; ')}.`)];
      case 'invalid_value':
        return [positions.at(path, `${where()}${notOneOf(valueAt(value, path), issue.values)}`)];
      case 'invalid_type':
        return valueAt(value, path) === undefined
          ? [positions.atKey(path, `${where()}this is missing.`)]
          : [positions.at(path, `${where()}${typeText(issue.expected, valueAt(value, path))}`)];
      case 'invalid_union':
        return [positions.at(path, `${where()}${unionText(issue)}`)];
      case 'too_small':
      case 'too_big':
        return [positions.at(path, `${where()}${boundText(issue)}`)];
      default:
        return [positions.at(path, `${where()}${issue.message}.`)];
    }
  });
}

/** A list, for which a single item may stand alone: `on: deploy` is `on: [deploy]`. */
export function listOrOne<Item extends z.ZodType>(item: Item) {
  return z.preprocess(aloneAsList, z.array(item));
}

/** As `listOrOne`, and never empty. */
export function oneOrMore<Item extends z.ZodType>(item: Item) {
  return z.preprocess(aloneAsList, z.array(item).min(1));
}

function aloneAsList(value: unknown): unknown {
  return value === undefined || Array.isArray(value) ? value : [value];
}

function notOneOf(value: unknown, allowed: readonly unknown[]): string {
  const words = allowed.map(String);
  const shown = typeof value === 'string' ? `"${value}"` : nameOf(value);
  if (words.length === 1) return `${shown} cannot stand here: write ${listOf(words)}, or leave it out.`;
  const nearest = typeof value === 'string' ? didYouMean(value, words) : '';
  return `${shown} is not one of ${listOf(words, 'or')}.${nearest}`;
}

/** A text and a list have a length, a number has a value. */
function boundText(issue: Extract<Issue, { code: 'too_small' | 'too_big' }>): string {
  const [bound, words, side] =
    issue.code === 'too_small' ? [issue.minimum, 'at least', 'more'] : [issue.maximum, 'at most', 'less'];
  const number = Number(bound);
  if (issue.origin === 'string') return `write ${words} ${count(number, 'character')}.`;
  if (issue.origin === 'array') return `name ${words} ${number}.`;
  return issue.inclusive ? `this must be ${words} ${number}.` : `this must be ${side} than ${number}.`;
}

function typeText(expected: string, value: unknown): string {
  const wanted: Readonly<Record<string, string>> = {
    string: 'text',
    number: 'a number',
    int: 'a whole number',
    boolean: 'true or false',
    array: 'a list',
    object: 'a map of keys',
    record: 'a map of keys',
  };
  return `this must be ${wanted[expected] ?? expected}, not ${nameOf(value)}.`;
}

function nameOf(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map of keys';
  return typeof value === 'string' ? 'text' : `${value}`;
}

function unionText(issue: Extract<Issue, { code: 'invalid_union' }>): string {
  const messages = issue.errors.flatMap((branch) => branch.slice(0, 1).map((one) => one.message));
  return `${[...new Set(messages)].join('; or ') || issue.message}.`;
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, part) => {
    if (inner === null || typeof inner !== 'object') return part === 0 ? inner : undefined;
    if (!Array.isArray(inner) && part === 0 && !Object.hasOwn(inner, part)) return inner;
    return Object.hasOwn(inner, part) ? (inner as Record<PropertyKey, unknown>)[part] : undefined;
  }, value);
}

/** The part of a schema that speaks of `path`; `undefined` where it branches. */
function schemaAt(schema: z.ZodType, path: Path): z.ZodType | undefined {
  return path.reduce<z.ZodType | undefined>((outer, part) => {
    const inner = unwrap(outer);
    if (inner instanceof z.ZodObject) return inner.shape[String(part)] as z.ZodType | undefined;
    if (inner instanceof z.ZodRecord) return inner.valueType as z.ZodType;
    return inner instanceof z.ZodArray ? (inner.element as z.ZodType) : undefined;
  }, schema);
}

function unwrap(schema: z.ZodType | undefined): z.ZodType | undefined {
  if (schema instanceof z.ZodPipe) return unwrap(schema.out as z.ZodType);
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    return unwrap(schema.unwrap() as z.ZodType);
  }
  return schema;
}

function keysOf(schema: z.ZodType | undefined): string[] {
  const inner = unwrap(schema);
  return inner instanceof z.ZodObject ? Object.keys(inner.shape) : [];
}
