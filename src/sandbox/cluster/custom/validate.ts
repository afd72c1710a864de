/** Custom resources against the structural schema of their definition, worded as the real validator words it. */
import { asJson, isObject, same } from '../json.ts';
import type { CustomResource } from '../registry.ts';
import { type Fault, invalidDump, invalidValue, required, unsupported } from '../status.ts';
import type { Json, JsonObject, KubeObject } from '../types.ts';
import { ruleFaults } from './rules.ts';

export function validateCustom(custom: CustomResource, object: KubeObject, live?: KubeObject): Fault[] {
  const faults: Fault[] = [];
  const duplicates: Fault[] = [];
  walk(asJson(object), custom.schema, '', faults, duplicates);
  const typeFaults = custom.scale ? scaleFaults(custom.scale.specPath, asJson(object)) : [];
  const blocking = faults.some((fault) => blockingTypes.has(fault.type));
  if (!blocking && faults.length === 0) {
    duplicates.push(...ruleFaults(asJson(object), live ? asJson(live) : undefined, custom.schema));
  }
  return [...faults, ...typeFaults, ...(blocking ? notChecked(custom) : []), ...duplicates];
}

const blockingTypes = new Set<Fault['type']>(['required', 'type', 'unsupported', 'tooLong', 'tooMany']);

/** Rules run only over what is valid otherwise; the real server says when it has not run them. */
function notChecked(custom: CustomResource): Fault[] {
  if (!JSON.stringify(custom.schema).includes('x-kubernetes-validations')) return [];
  return [
    invalidDump(
      '<nil>',
      '"null"',
      'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
    ),
  ];
}

function scaleFaults(specPath: string, object: JsonObject): Fault[] {
  const value = specPath
    .split('.')
    .filter(Boolean)
    .reduce<Json | undefined>((current, key) => (isObject(current) ? current[key] : undefined), object);
  if (value === undefined || (typeof value === 'number' && Number.isInteger(value))) return [];
  const type = typeof value === 'number' ? 'float64' : typeof value;
  return [
    invalidValue(
      specPath,
      0,
      `${specPath} accessor error: ${String(value)} is of the type ${type}, expected int64`,
    ),
  ];
}

function walk(
  value: Json | undefined,
  part: JsonObject,
  path: string,
  faults: Fault[],
  duplicates: Fault[],
): void {
  if (value === undefined) return;
  const typeFault = typeOf(value, part, path);
  if (typeFault) {
    faults.push(typeFault);
    return;
  }
  if (isObject(value)) objectFaults(value, part, path, faults, duplicates);
  else if (Array.isArray(value)) listFaults(value, part, path, faults, duplicates);
  else scalarFaults(value, part, path, faults);
}

function objectFaults(
  value: JsonObject,
  part: JsonObject,
  path: string,
  faults: Fault[],
  duplicates: Fault[],
): void {
  const at = (key: string) => (path === '' ? key : `${path}.${key}`);
  for (const key of strings(part.required)) if (value[key] === undefined) faults.push(required(at(key)));
  const properties = isObject(part.properties) ? part.properties : {};
  for (const [key, item] of Object.entries(value)) {
    if (path === '' && ['apiVersion', 'kind', 'metadata'].includes(key)) continue;
    const property = properties[key] ?? part.additionalProperties;
    if (isObject(property)) walk(item, property, at(key), faults, duplicates);
  }
}

function listFaults(
  value: Json[],
  part: JsonObject,
  path: string,
  faults: Fault[],
  duplicates: Fault[],
): void {
  if (typeof part.maxItems === 'number' && value.length > part.maxItems) {
    faults.push({
      type: 'tooMany',
      field: path,
      message: `Too many: ${value.length}: must have at most ${part.maxItems} items`,
    });
  }
  if (typeof part.minItems === 'number' && value.length < part.minItems) {
    faults.push(
      invalidValue(path, value.length, `${path} in body should have at least ${part.minItems} items`),
    );
  }
  const items = part.items;
  if (isObject(items)) {
    for (const [index, item] of value.entries()) walk(item, items, `${path}[${index}]`, faults, duplicates);
  }
  const type = part['x-kubernetes-list-type'];
  const keys = strings(part['x-kubernetes-list-map-keys']);
  value.forEach((item, index) => {
    const identity = (one: Json | undefined): Json =>
      type === 'map' && isObject(one)
        ? Object.fromEntries(keys.map((key) => [key, one[key] ?? null]))
        : (one ?? null);
    if (type !== 'set' && type !== 'map') return;
    if (!value.slice(0, index).some((earlier) => same(identity(earlier), identity(item)))) return;
    const shown =
      type === 'map' ? `map[string]interface {}${JSON.stringify(identity(item))}` : JSON.stringify(item);
    duplicates.push({ type: 'duplicate', field: `${path}[${index}]`, message: `Duplicate value: ${shown}` });
  });
}

function scalarFaults(value: Json, part: JsonObject, path: string, faults: Fault[]): void {
  if (typeof value === 'number') {
    if (typeof part.minimum === 'number' && value < part.minimum)
      faults.push(
        invalidValue(path, value, `${path} in body should be greater than or equal to ${part.minimum}`),
      );
    if (typeof part.maximum === 'number' && value > part.maximum)
      faults.push(
        invalidValue(path, value, `${path} in body should be less than or equal to ${part.maximum}`),
      );
  }
  if (typeof value === 'string') {
    if (typeof part.maxLength === 'number' && value.length > part.maxLength)
      faults.push({
        type: 'tooLong',
        field: path,
        message: `Too long: may not be more than ${part.maxLength} bytes`,
      });
    if (typeof part.minLength === 'number' && value.length < part.minLength)
      faults.push(
        invalidValue(path, value, `${path} in body should be at least ${part.minLength} chars long`),
      );
    const tooLong = typeof part.maxLength === 'number' && value.length > part.maxLength;
    const tooShort = typeof part.minLength === 'number' && value.length < part.minLength;
    if (typeof part.pattern === 'string' && !tooLong && !tooShort && !new RegExp(part.pattern).test(value))
      faults.push(invalidValue(path, value, `${path} in body should match '${part.pattern}'`));
    if (part.format === 'date-time' && !/^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d/.test(value))
      faults.push({
        type: 'type',
        field: path,
        message: `Invalid value: ${JSON.stringify(value)}: ${path} in body must be of type date-time: ${JSON.stringify(value)}`,
      });
  }
  const choices = part.enum;
  if (Array.isArray(choices) && !choices.some((choice) => same(choice, value)))
    faults.push(unsupported(path, value, choices.map(String)));
}

function typeOf(value: Json, part: JsonObject, path: string): Fault | undefined {
  const found = jsonType(value);
  const wrong = (wanted: string): Fault => ({
    type: 'type',
    field: path,
    message: `Invalid value: ${JSON.stringify(found)}: ${path} in body must be of type ${wanted}: ${JSON.stringify(found)}`,
  });
  if (value === null)
    return part.nullable === true || part.type === undefined ? undefined : wrong(String(part.type));
  if (part['x-kubernetes-int-or-string'] === true) {
    return found === 'integer' || found === 'string' ? undefined : wrong('integer,string');
  }
  if (typeof part.type !== 'string') return undefined;
  if (part.type === found || (part.type === 'number' && found === 'integer')) return undefined;
  return wrong(part.type);
}

function jsonType(value: Json): string {
  if (Array.isArray(value)) return 'array';
  if (value === null) return 'null';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

function strings(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
