/**
 * A JSON Schema as an action uses it: what a form asks for, and what may be answered. Where one comes from (a chart's
 * values, a custom resource, a workflow, plain JSON Schema) is known to the room `schemas/` alone.
 */
import type { Result } from './problem.ts';

export interface InputSchema {
  /** In the order in which people are asked. */
  readonly fields: readonly SchemaField[];
  /** Defaults filled in; a `bad_input` problem names each mistake by its field's path. Pure. */
  check(values: Readonly<Record<string, unknown>>): Result<Readonly<Record<string, unknown>>>;
}

/** One thing to ask for. A nested property is a field of its own, called by its path (`persistence.size`). */
export interface SchemaField {
  readonly path: string;
  readonly title: string;
  readonly description?: string;
  readonly isRequired: boolean;
  readonly defaultValue?: unknown;
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
  | { readonly type: 'enum'; readonly values: readonly (string | number)[]; readonly isMultiple?: boolean }
  /** One value a line. */
  | { readonly type: 'list' }
  /** One `key: value` a line. */
  | { readonly type: 'map' }
  /** What fits no other kind is written as YAML; `why` names the one thing that does not fit. */
  | { readonly type: 'yaml'; readonly why: string };
