/** `x-kubernetes-validations`: rules in CEL over a custom resource, compiled with its definition and run on writes. */
import { Environment } from '@marcbachmann/cel-js';
import { isObject } from '../json.ts';
import { type Fault, forbiddenField, invalidDump, required } from '../status.ts';
import type { Json, JsonObject } from '../types.ts';

interface Rule {
  readonly rule: string;
  readonly message?: string;
  readonly messageExpression?: string;
  readonly reason?: string;
  readonly fieldPath?: string;
}

const environment = new Environment({ unlistedVariablesAreDyn: true });

/** What the rules of a schema say about an object. Rules with `oldSelf` run only where there is an older value. */
export function ruleFaults(
  value: Json | undefined,
  older: Json | undefined,
  schema: JsonObject,
  path = '',
): Fault[] {
  if (value === undefined || value === null) return [];
  const faults = rulesOf(schema).flatMap((rule) => judge(rule, value, older, path));
  const properties = isObject(schema.properties) ? schema.properties : {};
  if (isObject(value)) {
    for (const [key, property] of Object.entries(properties)) {
      if (!isObject(property)) continue;
      const before = isObject(older) ? older[key] : undefined;
      faults.push(...ruleFaults(value[key], before, property, path === '' ? key : `${path}.${key}`));
    }
  }
  const { items } = schema;
  if (Array.isArray(value) && isObject(items)) {
    for (const [index, item] of value.entries())
      faults.push(...ruleFaults(item, undefined, items, `${path}[${index}]`));
  }
  return faults;
}

export function rulesOf(schema: JsonObject): Rule[] {
  const list = schema['x-kubernetes-validations'];
  return (Array.isArray(list) ? list : []).filter(isObject).map((one) => one as unknown as Rule);
}

function judge(rule: Rule, value: Json, older: Json | undefined, path: string): Fault[] {
  const isTransition = /\boldSelf\b/.test(rule.rule);
  if (isTransition && older === undefined) return [];
  const context = { self: asCel(value), ...(isTransition ? { oldSelf: asCel(older ?? null) } : {}) };
  let verdict: unknown;
  try {
    verdict = environment.evaluate(rule.rule, context);
  } catch (error) {
    const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    return [invalidDump(path, dumpType(value), `rule evaluation error: ${why}`)];
  }
  if (verdict === true) return [];
  const field = `${path}${rule.fieldPath ?? ''}`;
  const message = messageOf(rule, context);
  if (rule.reason === 'FieldValueForbidden') return [forbiddenField(field, message)];
  if (rule.reason === 'FieldValueRequired') return [required(field, message)];
  return [invalidDump(field, dumpType(value), message)];
}

function messageOf(rule: Rule, context: Record<string, unknown>): string {
  if (rule.messageExpression) {
    try {
      const text: unknown = environment.evaluate(rule.messageExpression, context);
      if (typeof text === 'string' && text.trim() !== '') return text;
    } catch {
      // A message that cannot be made falls back to the plain one, as the real server does it.
    }
  }
  return rule.message ?? `failed rule: ${rule.rule}`;
}

/** 1.32 names the type of the value, not the value. */
function dumpType(value: Json): string {
  if (Array.isArray(value)) return '"array"';
  if (typeof value === 'number') return Number.isInteger(value) ? '"integer"' : '"number"';
  return JSON.stringify(typeof value);
}

/** CEL's integers are 64 bits wide and never mix with fractions. */
function asCel(value: Json): unknown {
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(asCel);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, asCel(item ?? null)]));
}

/** What is wrong with the rules of a schema part themselves: they do not parse, or name fields that it lacks. */
export function compileFaults(schema: JsonObject, path: string): Fault[] {
  return rulesOf(schema).flatMap((rule, index) => {
    const problem = compileProblem(rule, schema);
    if (problem === undefined) return [];
    return [
      invalidDump(
        `${path}.x-kubernetes-validations[${index}].rule`,
        goRule(rule),
        `compilation failed: ERROR: ${problem}`,
      ),
    ];
  });
}

function compileProblem({ rule }: Rule, schema: JsonObject): string | undefined {
  const properties = isObject(schema.properties) ? schema.properties : undefined;
  const free =
    schema['x-kubernetes-preserve-unknown-fields'] === true || schema.additionalProperties !== undefined;
  for (const found of properties && !free
    ? rule.matchAll(/\b(?:self|oldSelf)\.([A-Za-z_]\w*)(?!\w*\()/g)
    : []) {
    const name = found[1] ?? '';
    if (properties && Object.hasOwn(properties, name)) continue;
    const column = (found.index ?? 0) + found[0].length - name.length;
    return `<input>:1:${column}: undefined field '${name}'\n | ${rule}\n | ${'.'.repeat(column - 1)}^`;
  }
  try {
    environment.parse(rule);
    return undefined;
  } catch (error) {
    return `<input>:1:1: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : ''}`;
  }
}

function goRule(rule: Rule): string {
  const text = (value: string | undefined) => JSON.stringify(value ?? '');
  return `apiextensions.ValidationRule{Rule:${text(rule.rule)}, Message:${text(rule.message)}, MessageExpression:${text(rule.messageExpression)}, Reason:(*apiextensions.FieldValueErrorReason)(nil), FieldPath:${text(rule.fieldPath)}, OptionalOldSelf:(*bool)(nil)}`;
}

const exceeds =
  'exceeds budget by factor of more than 100x (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)';

/**
 * The real server estimates what rules cost. We know only one kind that is always too dear: a message put together
 * from a text of unknown length.
 */
export function costFaults(root: JsonObject, rootPath: string): Fault[] {
  const faults: Fault[] = [];
  const visit = (part: JsonObject, path: string): void => {
    for (const [index, { messageExpression }] of rulesOf(part).entries()) {
      if (!messageExpression || !/\+\s*string\(|string\([^)]*\)\s*\+/.test(messageExpression)) continue;
      const field = `${path}.x-kubernetes-validations[${index}].messageExpression`;
      faults.push(
        forbiddenField(field, `estimated messageExpression cost ${exceeds}`),
        forbiddenField(
          field,
          'contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema',
        ),
      );
    }
    for (const [key, property] of Object.entries(isObject(part.properties) ? part.properties : {})) {
      if (isObject(property)) visit(property, `${path}.properties[${key}]`);
    }
  };
  visit(root, rootPath);
  if (faults.length > 0) {
    faults.push(
      forbiddenField(
        rootPath,
        `x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema ${exceeds}`,
      ),
    );
  }
  return faults;
}
