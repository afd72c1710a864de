/**
 * A JSON Schema as an action uses it: what a form asks for, and what may be answered. Where one comes from (a chart's
 * values, a custom resource, a workflow, plain JSON Schema) is known to the room `schemas/` alone.
 *
 * Two shapes of the same thing: **values** are nested, as the schema has them (`{ persistence: { size: '8Gi' } }`);
 * **answers** are flat, by field path, as people type them (`{ 'persistence.size': '8Gi', tags: 'one\ntwo' }`).
 */
import type { Result } from './problem.ts';

export type SchemaValues = Readonly<Record<string, unknown>>;
/** Text as typed, a tick, or the chosen ones of several. */
export type TypedAnswer = string | boolean | readonly string[];
export type TypedAnswers = Readonly<Record<string, TypedAnswer>>;

export interface InputSchema {
  /** Changes whenever the schema does: what was approved under another one is asked for again. */
  readonly digest: string;
  /** All that is ever asked for, in the order in which people are asked; conditional fields included. */
  readonly fields: readonly SchemaField[];
  /** Those to ask for when this much is known: a conditional field is there when its condition holds. */
  shown(values: SchemaValues): readonly SchemaField[];
  /** Typed texts as values; a `bad_input` problem names each that cannot be read by its field's path. */
  read(answers: TypedAnswers): Result<SchemaValues>;
  /** The opposite: how values are written into the fields. */
  written(values: SchemaValues): TypedAnswers;
  /**
   * Defaults filled in; a `bad_input` problem names each mistake by its field's path. Checked values pass again as
   * they are. Pure.
   */
  check(values: SchemaValues): Result<SchemaValues>;
  /** Sentences on what is not asked for: secrets, and how they are given instead. */
  readonly leftOut: readonly string[];
  /** The one thing that keeps this from ever being answered in chat: a required secret. */
  readonly obstacle?: string;
}

/** One thing to ask for. A nested property is a field of its own, called by its path (`persistence.size`). */
export interface SchemaField {
  readonly path: string;
  readonly title: string;
  readonly description?: string;
  readonly isRequired: boolean;
  /** Other fields appear or go with what is answered here. */
  readonly decides: boolean;
  readonly defaultValue?: unknown;
  /** The same as somebody would have typed it; none when it cannot be typed. */
  readonly defaultAnswer?: TypedAnswer;
  readonly kind: SchemaFieldKind;
}

export type SchemaFieldKind =
  | {
      readonly type: 'text';
      readonly isLong?: boolean;
      readonly minLength?: number;
      readonly maxLength?: number;
    }
  | { readonly type: 'number'; readonly isInteger: boolean; readonly min?: number; readonly max?: number }
  | { readonly type: 'boolean' }
  | {
      readonly type: 'enum';
      readonly values: readonly (string | number)[];
      /** What people read instead of the values, in the same order. */
      readonly labels?: readonly string[];
      readonly isMultiple?: boolean;
    }
  /** One value a line. */
  | { readonly type: 'list' }
  /** One `key: value` a line. */
  | { readonly type: 'map' }
  /** What fits no other kind is written as YAML; `why` names the one thing that does not fit. */
  | { readonly type: 'yaml'; readonly why: string };
