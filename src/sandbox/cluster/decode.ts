/**
 * From the bytes of a request to an object of a built-in kind: parsed, its types checked against the schema
 * table, unknown fields found and dropped. The complaints are worded as the real server's decoder words them.
 */
import { parse as parseYaml, YAMLParseError } from 'yaml';
import { isObject } from './json.ts';
import { canonicalQuantity, parseQuantity, quantityMessage } from './quantity.ts';
import { fieldsOf, type Scalar, type Schema } from './schema/schema.ts';
import { badRequest, unsupportedMediaType } from './status.ts';
import type { Json, JsonObject } from './types.ts';

export const acceptedTypes = 'application/json, application/yaml, application/vnd.kubernetes.protobuf';

export interface Body {
  readonly value: JsonObject;
  /** Paths of keys that stand twice in the text. */
  readonly duplicates: readonly string[];
}

/** @throws ApiError 400 or 415, worded for the kind that was expected. */
export function parseBody(text: string, contentType: string, kind: string): Body {
  const type = contentType.split(';')[0]?.trim() ?? '';
  if (type === 'application/yaml') return { value: fromYaml(text, kind), duplicates: [] };
  if (type === 'application/vnd.kubernetes.protobuf') {
    // `kubectl create deployment` and its like send this; what reads files (`apply`, `create -f`) sends JSON.
    throw unsupportedMediaType(
      'the sandbox reads application/json and application/yaml, not application/vnd.kubernetes.protobuf: use kubectl apply -f',
    );
  }
  if (type !== '' && type !== 'application/json') {
    throw unsupportedMediaType(
      `the body of the request was in an unknown format - accepted media types include: ${acceptedTypes}`,
    );
  }
  const { value, problem } = parseJson(text);
  const shownText = text === '' ? '<empty>' : text;
  const unrecognized = `the object provided is unrecognized (must be of type ${kind}): couldn't get version/kind; json parse error: `;
  if (problem) throw badRequest(`${unrecognized}${problem} (${shownText})`);
  if (!isObject(value)) {
    const found = goKind(value ?? null);
    const struct =
      'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';
    throw badRequest(
      `${unrecognized}json: cannot unmarshal ${found} into Go value of type ${struct} (${Buffer.from(text).toString('hex')})`,
    );
  }
  return { value, duplicates: duplicateKeys(text) };
}

/** JSON, or Go's words for what is wrong with it. */
export function parseJson(text: string): { value?: Json; problem?: string } {
  try {
    return { value: JSON.parse(text) as Json };
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    const found = /Unexpected token '(.+?)'/s.exec(message);
    return {
      problem:
        found && !/end of JSON input/.test(message)
          ? `invalid character '${found[1]}' looking for beginning of value`
          : 'unexpected end of JSON input',
    };
  }
}

function fromYaml(text: string, kind: string): JsonObject {
  try {
    const value = parseYaml(text) as Json;
    if (isObject(value)) return value;
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
  }
  throw badRequest(
    `the object provided is unrecognized (must be of type ${kind}): yaml: mapping values are not allowed in this context (${Buffer.from(text).toString('hex')})`,
  );
}

export interface Decoded {
  readonly object: JsonObject;
  readonly unknown: readonly string[];
}

/**
 * Checks the types of a value and drops what the type does not have.
 * @throws ApiError 400 when a field has the wrong type.
 */
export function decodeTyped(value: JsonObject, type: string, kind: string, version: string): Decoded {
  const unknown: string[] = [];
  const refuse = (why: string): never => {
    throw badRequest(`${kind} in version "${version}" cannot be handled as a ${kind}: ${why}`);
  };

  const struct = (
    input: JsonObject,
    name: string,
    shown: string,
    path: string,
    goPath: string,
  ): JsonObject => {
    const fields = fieldsOf(name);
    const out: JsonObject = {};
    for (const [key, item] of Object.entries(input)) {
      const field = fields.get(key);
      const here = path === '' ? key : `${path}.${key}`;
      if (!field) {
        unknown.push(here);
        continue;
      }
      if (item === null || item === undefined) {
        if (keepsNull.has(key)) out[key] = null;
        continue;
      }
      const inner = goPath === '' ? key : `${goPath}.${key}`;
      if (zeroIsAbsent.has(key) && (item === false || item === 0 || item === '')) continue;
      out[key] = any(item, field, `${shown}.${inner}`, here, inner);
    }
    return out;
  };

  const any = (input: Json, schema: Schema, where: string, path: string, goPath: string): Json => {
    const mismatch = (wanted: string): never =>
      refuse(`json: cannot unmarshal ${goKind(input)} into Go struct field ${where} of type ${wanted}`);
    if (schema.is === 'scalar') return scalar(input, schema.scalar, mismatch, refuse);
    if (schema.is === 'list') {
      if (!Array.isArray(input)) return mismatch(`[]${goType(schema.of)}`);
      return input.map((item, index) => any(item, schema.of, where, `${path}[${index}]`, goPath));
    }
    if (!isObject(input)) return mismatch(goType(schema));
    if (schema.is === 'struct') return struct(input, schema.name, schema.name, path, goPath);
    return Object.fromEntries(
      Object.entries(input).map(([key, item]) => [
        key,
        item === null || item === undefined ? '' : any(item, schema.of, where, `${path}.${key}`, goPath),
      ]),
    );
  };

  const shownType = kind;
  return { object: struct(value, type, shownType, '', ''), unknown };
}

/** Fields whose zero value Go leaves out when it writes them again. */
const zeroIsAbsent = new Set([
  'paused',
  'minReadySeconds',
  'stdin',
  'stdinOnce',
  'tty',
  'hostNetwork',
  'hostPID',
  'hostIPC',
  'readOnly',
  'publishNotReadyAddresses',
  'nodePort',
  'generateName',
  'clusterIP',
]);

/** Fields that the server itself writes as null. */
const keepsNull = new Set(['lastProbeTime', 'eventTime', 'endpoints', 'ports']);

function scalar(
  input: Json,
  type: Scalar,
  mismatch: (wanted: string) => never,
  refuse: (why: string) => never,
): Json {
  switch (type) {
    case 'any':
      return input;
    case 'string':
      return typeof input === 'string' ? input : mismatch('string');
    case 'time':
      if (typeof input !== 'string') return mismatch('string');
      if (Number.isNaN(Date.parse(input)))
        return refuse(
          `parsing time "${input}" as "2006-01-02T15:04:05Z07:00": cannot parse "${input}" as "2006"`,
        );
      return input;
    case 'bool':
      return typeof input === 'boolean' ? input : mismatch('bool');
    case 'int32':
    case 'int64':
      return typeof input === 'number' && Number.isInteger(input) ? input : mismatch(type);
    case 'number':
      return typeof input === 'number' ? input : mismatch('float64');
    case 'intstr':
      return typeof input === 'number' || typeof input === 'string' ? input : mismatch('intstr.IntOrString');
    case 'bytes':
      return typeof input === 'string' ? base64(input, refuse) : mismatch('[]uint8');
    case 'quantity':
      if (typeof input !== 'string' && typeof input !== 'number') return refuse(quantityMessage);
      return parseQuantity(input) ? canonicalQuantity(input) : refuse(quantityMessage);
  }
}

function base64(text: string, refuse: (why: string) => never): string {
  const bad = text.search(/[^A-Za-z0-9+/=\r\n]/);
  if (bad >= 0) return refuse(`illegal base64 data at input byte ${bad}`);
  const clean = text.replace(/[\r\n]/g, '');
  const padded = /^[^=]*={0,2}$/.test(clean) && clean.length % 4 === 0;
  return padded ? clean : refuse(`illegal base64 data at input byte ${Math.floor(clean.length / 4) * 4}`);
}

function goKind(value: Json): string {
  if (Array.isArray(value)) return 'array';
  if (value === null) return 'null';
  if (typeof value === 'boolean') return 'bool';
  return typeof value;
}

function goType(schema: Schema): string {
  if (schema.is === 'scalar') return schema.scalar === 'bytes' ? '[]uint8' : schema.scalar;
  if (schema.is === 'list') return `[]${goType(schema.of)}`;
  if (schema.is === 'map') return `map[string]${goType(schema.of)}`;
  return `v1.${schema.name}`;
}

/** The paths of keys that an object in this JSON text holds twice. `JSON.parse` keeps only the last of them. */
export function duplicateKeys(text: string): string[] {
  const found: string[] = [];
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g) ?? [];
  let index = 0;

  const value = (path: string): void => {
    const token = tokens[index++];
    if (token === '{') {
      const seen = new Set<string>();
      while (index < tokens.length && tokens[index] !== '}') {
        const key = JSON.parse(tokens[index++] ?? '""') as string;
        const here = path === '' ? key : `${path}.${key}`;
        if (seen.has(key)) found.push(here);
        seen.add(key);
        index += 1; // the colon
        value(here);
        if (tokens[index] === ',') index += 1;
      }
      index += 1;
    } else if (token === '[') {
      for (let item = 0; index < tokens.length && tokens[index] !== ']'; item += 1) {
        value(`${path}[${item}]`);
        if (tokens[index] === ',') index += 1;
      }
      index += 1;
    }
  };

  value('');
  return found;
}
