/** A JSON Schema after `prepare`: one dialect, local references only, nothing that could hang or run. */

/** The keywords that survive `prepare`, in the words of draft 2020-12. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly type?: JsonType | readonly JsonType[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly readOnly?: boolean;
  readonly writeOnly?: boolean;
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly multipleOf?: number;
  readonly items?: Schema;
  readonly prefixItems?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema;
  readonly required?: readonly string[];
  readonly dependentRequired?: Readonly<Record<string, readonly string[]>>;
  readonly dependentSchemas?: Readonly<Record<string, Schema>>;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly if?: Schema;
  readonly then?: Schema;
  readonly else?: Schema;
  /** What the dialects say of the form rather than of the value: order, widget, immutability. */
  readonly hints?: Hints;
}

/** `true` takes anything, `false` nothing. */
export type Schema = JsonSchema | boolean;

export interface Hints {
  /** Property names, or a place among the siblings. */
  readonly order?: readonly string[] | number;
  readonly widget?: string;
  readonly isImmutable?: boolean;
  /** A pattern that no linear matcher takes: no value of it can be checked. */
  readonly isUncheckable?: boolean;
}

export const jsonTypes = ['null', 'boolean', 'integer', 'number', 'string', 'array', 'object'] as const;
export type JsonType = (typeof jsonTypes)[number];

/** A whole schema: `root` refers to `definitions` as `#/$defs/<name>`. */
export interface PreparedSchema {
  readonly root: JsonSchema;
  readonly definitions: Readonly<Record<string, Schema>>;
}

export interface SchemaMistake {
  /** Where in the document: keys and indexes. */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Any value as text: an object's own `toString`, were there one, is never called. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'object' ? (JSON.stringify(value) ?? '') : String(value);
}
