/** A schema's file to an `InputSchema`, whatever it is a file of. Total: every text is one, or mistakes with a position. */
import type { InputSchema } from '../core/input-schema.ts';
import { documentLimits, inFileOrder, type Mistake, type Read, type Source } from '../documents/document.ts';
import { parseYaml } from '../documents/parse-yaml.ts';
import type { Path, Positions } from '../documents/positions.ts';
import { inputSchemaOf } from './input-schema.ts';
import type { SchemaMistake } from './json-schema.ts';

/** A schema found in a file: where it stands there, and what it is once other dialects' words are translated. */
export interface FoundSchema {
  readonly at: Path;
  readonly schema: unknown;
}

export type Found =
  | { readonly ok: true; readonly value: FoundSchema }
  | { readonly ok: false; readonly mistakes: readonly SchemaMistake[] };

/** JSON is YAML, so one parser with positions reads both where there are mistakes to place. */
export function readSource(source: Source, find: (document: unknown) => Found): Read<InputSchema> {
  const json = plainJson(source.text);
  const known = json === undefined ? undefined : made(find(json));
  // Positions cost ten times the reading, so only a file with mistakes is read with them.
  if (known?.ok) return known;
  const parsed = parseYaml(source);
  if (!parsed.ok) return parsed;
  const outcome = made(find(parsed.value));
  return outcome.ok ? outcome : refuse(outcome.mistakes, outcome.at, parsed.positions);
}

type Made =
  | { readonly ok: true; readonly value: InputSchema }
  | { readonly ok: false; readonly mistakes: readonly SchemaMistake[]; readonly at: Path };

function made(found: Found): Made {
  if (!found.ok) return { ...found, at: [] };
  const outcome = inputSchemaOf(found.value.schema);
  return outcome.ok ? outcome : { ...outcome, at: found.value.at };
}

/** JSON as deep as YAML may be; `undefined` for anything else. */
function plainJson(text: string): unknown {
  if (!/^\s*\{/u.test(text) || text.length > documentLimits.lengthMax) return undefined;
  let depth = 0;
  for (const character of text) {
    if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') depth -= 1;
    if (depth > documentLimits.depthMax) return undefined;
  }
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function notFound(path: Path, message: string): Found {
  return { ok: false, mistakes: [{ path: path.map(partOf), message }] };
}

function refuse(mistakes: readonly SchemaMistake[], at: Path, positions: Positions): Read<InputSchema> {
  const placed = mistakes.map(({ path, message }): Mistake => {
    const where = [...at, ...path];
    return positions.at(
      where,
      where.length === 0 ? capital(message) : `${where.map(String).join('.')}: ${message}`,
    );
  });
  return { ok: false, mistakes: inFileOrder(placed) };
}

function partOf(part: PropertyKey): string | number {
  return typeof part === 'symbol' ? String(part) : part;
}

function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
