/**
 * The types of the built-in kinds: which fields they have, and how lists and maps merge. The table beside this
 * file has one line per type: `field:type` where a type is a scalar, another type, `{T}` a map, `T[]` a list that
 * is replaced as a whole, `T[key,...]` a list whose items are found by these keys, `T[=]` a set; `!` marks what
 * server-side apply treats as one value. Source: Kubernetes' published OpenAPI document (release 1.36).
 */
import { readFileSync } from 'node:fs';

export type Scalar =
  | 'string'
  | 'int32'
  | 'int64'
  | 'number'
  | 'bool'
  | 'time'
  | 'bytes'
  | 'intstr'
  | 'quantity'
  | 'any';

export type Schema =
  | { readonly is: 'scalar'; readonly scalar: Scalar }
  | { readonly is: 'map'; readonly of: Schema; readonly atomic: boolean }
  | { readonly is: 'list'; readonly of: Schema; readonly keys: readonly string[]; readonly isSet: boolean }
  | { readonly is: 'struct'; readonly name: string; readonly atomic: boolean };

export type Fields = ReadonlyMap<string, Schema>;

const scalars = new Set<string>([
  'string',
  'int32',
  'int64',
  'number',
  'bool',
  'time',
  'bytes',
  'intstr',
  'quantity',
  'any',
]);

const table: Record<string, string> = JSON.parse(
  readFileSync(new URL('./builtin-types.json', import.meta.url), 'utf8'),
);
const parsed = new Map<string, Fields>();

/** The fields of a built-in type. @throws when the table has no such type, which is a fault of the box. */
export function fieldsOf(name: string): Fields {
  const known = parsed.get(name);
  if (known) return known;
  const line = table[name];
  if (line === undefined) throw new Error(`The schema table has no type ${name}.`);
  const words = line.replace(/^! ?/, '').split(' ').filter(Boolean);
  const fields = new Map(
    words.map((word) => {
      const colon = word.indexOf(':');
      return [word.slice(0, colon), parseType(word.slice(colon + 1))] as const;
    }),
  );
  parsed.set(name, fields);
  return fields;
}

export function structOf(name: string): Schema {
  return { is: 'struct', name, atomic: table[name]?.startsWith('!') ?? false };
}

function parseType(text: string): Schema {
  const list = /^(.*)\[([^\]]*)\]$/.exec(text);
  if (list) {
    const keys = (list[2] ?? '').split(',').filter((key) => key !== '' && key !== '=');
    return { is: 'list', of: parseType(list[1] ?? ''), keys, isSet: list[2] === '=' };
  }
  const map = /^\{(.*)\}(!?)$/.exec(text);
  if (map) return { is: 'map', of: parseType(map[1] ?? ''), atomic: map[2] === '!' };
  return scalars.has(text) ? { is: 'scalar', scalar: text as Scalar } : structOf(text);
}
