/**
 * GitHub's own description of its answers, from the data beside the checkout, as a judge of ours. Absent data is
 * said by `openapi === undefined`; the tests then print that they did not run.
 */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';

export const dataFolder = fileURLToPath(new URL('../../../../shared/data/github/', import.meta.url));

export function readData(file: string): unknown {
  const path = `${dataFolder}${file}`;
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}

export interface Judge {
  /** The operations described, as `GET /repos/{owner}/{repo}`. */
  readonly operations: readonly string[];
  /** The operation that a concrete path belongs to. */
  operationOf(method: string, path: string): string | undefined;
  /** What is wrong with an answer; empty when it agrees. `undefined` when the status is not described. */
  judge(operation: string, status: number, body: unknown): readonly string[] | undefined;
}

type Json = Record<string, unknown>;

export function openapiJudge(): Judge | undefined {
  const document = readData('openapi/needed-endpoints.openapi.json') as Json | undefined;
  if (!document) return undefined;
  const ajv = judgeWith(document);
  const paths = document.paths as Record<string, Record<string, { responses: Json }>>;
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods)
      .filter((method) => ['get', 'post', 'put', 'patch', 'delete'].includes(method))
      .map((method) => `${method.toUpperCase()} ${path}`),
  );
  // The most literal path wins: `/compare/{basehead}` and not `/{ref}`.
  const patterns = operations
    .map((operation) => {
      const [method, path = ''] = operation.split(' ');
      const greedy = /\{(path|ref)\}/g;
      const source = path.replace(greedy, '.+').replace(/\{[^}]+\}/g, '[^/]+');
      return {
        operation,
        method,
        pattern: new RegExp(`^${source}$`),
        blanks: path.split('{').length,
        greedy: greedy.test(path),
      };
    })
    .sort(
      (a, b) =>
        a.blanks - b.blanks || Number(a.greedy) - Number(b.greedy) || b.operation.length - a.operation.length,
    );
  return {
    operations,
    operationOf: (method, path) =>
      patterns.find((one) => one.method === method && one.pattern.test(path))?.operation,
    judge(operation, status, body) {
      const [method = '', path = ''] = operation.split(' ');
      const described = paths[path]?.[method.toLowerCase()]?.responses[String(status)];
      if (!described) return undefined;
      const pointer = ['paths', path, method.toLowerCase(), 'responses', String(status)];
      return judgeAnswer(ajv, document, pointer, described as Json, body);
    },
  };
}

/** Judges webhook bodies by `EVENT-ACTION`. */
export function webhookJudge(): ((name: string, body: unknown) => readonly string[] | undefined) | undefined {
  const document = readData('openapi/webhooks.schemas.json') as Json | undefined;
  if (!document) return undefined;
  const ajv = judgeWith(document);
  const webhooks = document.webhooks as Json;
  return (name, body) => {
    if (!(name in webhooks)) return undefined;
    return errorsOf(ajv, ['webhooks', name], body);
  };
}

function judgeWith(document: Json): Ajv {
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  addFormats.default(ajv);
  ajv.addSchema({ ...(toJsonSchema(document) as Json), $id: 'github' });
  return ajv;
}

function judgeAnswer(
  ajv: Ajv,
  document: Json,
  pointer: readonly string[],
  described: Json,
  body: unknown,
): readonly string[] {
  const reference = described.$ref as string | undefined;
  const [at, response] = reference
    ? [reference.slice(2).split('/'), follow(document, reference)]
    : [pointer, described];
  const content = response.content as Record<string, Json> | undefined;
  const type = content && Object.keys(content).find((one) => one.includes('json'));
  if (type === undefined) return body === undefined || body === '' ? [] : ['a body where none is described'];
  return errorsOf(ajv, [...at, 'content', type, 'schema'], body);
}

function errorsOf(ajv: Ajv, pointer: readonly string[], body: unknown): readonly string[] {
  const escaped = pointer.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')));
  const validate = ajv.getSchema(`github#/${escaped.join('/')}`);
  if (!validate) throw new Error(`There is no schema at ${pointer.join(' ')}.`);
  validate(body);
  return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message ?? ''}`);
}

function follow(document: Json, reference: string): Json {
  let found: unknown = document;
  for (const part of reference.slice(2).split('/')) found = (found as Json)[part];
  return found as Json;
}

/** OpenAPI 3.0 says `nullable`; JSON Schema says so in `type`, `enum` and beside a `$ref`. */
function toJsonSchema(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toJsonSchema);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, toJsonSchema(inner)] as const);
  const schema = Object.fromEntries(entries) as Json;
  if (schema.nullable !== true) return schema;
  const { nullable: _, ...rest } = schema;
  return { anyOf: [rest, { type: 'null' }] };
}
