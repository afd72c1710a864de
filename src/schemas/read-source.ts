/** A schema's file to an `InputSchema`, whatever it is a file of. Total: every text is one, or mistakes with a position. */
import type { InputSchema } from '../core/input-schema.ts';
import { inFileOrder, type Mistake, type Read, type Source } from '../documents/document.ts';
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

/** JSON is YAML, so one parser with positions reads both. */
export function readSource(source: Source, find: (document: unknown) => Found): Read<InputSchema> {
  const parsed = parseYaml(source);
  if (!parsed.ok) return parsed;
  const found = find(parsed.value);
  if (!found.ok) return refuse(found.mistakes, [], parsed.positions);
  const made = inputSchemaOf(found.value.schema);
  return made.ok ? made : refuse(made.mistakes, found.value.at, parsed.positions);
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
