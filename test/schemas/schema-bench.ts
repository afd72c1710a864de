/** Schemas as tests write them, and what becomes of them. */
import { expect } from 'vitest';
import type { InputSchema, SchemaField } from '../../src/core/input-schema.ts';
import { inputSchemaOf } from '../../src/schemas/input-schema.ts';

export function read(document: unknown): InputSchema {
  const outcome = inputSchemaOf(document);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.mistakes));
  return outcome.value;
}

/** A schema of one property, called `it`. */
export function one(property: unknown, more: Readonly<Record<string, unknown>> = {}): InputSchema {
  return read({ type: 'object', properties: { it: property }, ...more });
}

export function fieldAt(schema: InputSchema, path: string): SchemaField {
  const found = schema.fields.find((field) => field.path === path);
  if (!found)
    throw new Error(`no field ${path}, only ${schema.fields.map((field) => field.path).join(', ')}`);
  return found;
}

export function kindOf(property: unknown): SchemaField['kind'] {
  return fieldAt(one(property), 'it').kind;
}

/** What is wrong with the values, by field. */
export function wrong(
  schema: InputSchema,
  values: Readonly<Record<string, unknown>>,
): Record<string, string> {
  const checked = schema.check(values);
  return checked.ok ? {} : { ...checked.problem.fields };
}

/** What the values become; fails when they are refused. */
export function checked(schema: InputSchema, values: Readonly<Record<string, unknown>>): unknown {
  const outcome = schema.check(values);
  expect(outcome).toMatchObject({ ok: true });
  return outcome.ok ? outcome.value : undefined;
}

/** What typed answers become. */
export function typed(schema: InputSchema, answers: Parameters<InputSchema['read']>[0]): unknown {
  const outcome = schema.read(answers);
  return outcome.ok ? outcome.value : outcome.problem.fields;
}

export function paths(fields: readonly SchemaField[]): string[] {
  return fields.map((field) => field.path);
}
