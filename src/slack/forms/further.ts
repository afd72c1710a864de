/**
 * What an action asks for beside its own fields, in the same form. A form's values are flat, by field name: those of the
 * action as its schema types them, further ones (`values.persistence.size`) as they were typed. Pure.
 */
import type { Action } from '../../core/action.ts';
import type { InputSchema, SchemaField, SchemaValues, TypedAnswer } from '../../core/input-schema.ts';
import { ok, type Problem, type Result, refuse } from '../../core/problem.ts';
import { type FormField, fieldsOf, furtherName } from './fields.ts';

export type FormValues = Readonly<Record<string, unknown>>;

const prefix = `${furtherName}.`;

/** All that is asked for now: the action's own fields, then those that the answers so far let appear. */
export function fieldsFor(action: Action, schema: InputSchema | undefined, values: FormValues): FormField[] {
  return [...fieldsOf(action), ...(schema?.shown(answered(schema, values)).map(fieldOfSchema) ?? [])];
}

/** All that may ever be asked for: what a command line's flags are looked up in. */
export function everyFurtherField(schema: InputSchema): FormField[] {
  return schema.fields.map(fieldOfSchema);
}

/** What was filled in as the action's input; a problem names what cannot be read by its field. */
export function inputOf(
  schema: InputSchema | undefined,
  values: FormValues,
): Result<Record<string, unknown>> {
  const own = ownOf(values);
  if (!schema) return ok(own);
  const read = schema.read(answersOf(values));
  return read.ok ? ok({ ...own, [furtherName]: read.value }) : refuse(atFurtherFields(read.problem));
}

/** The opposite: an input as it stands in the form's fields. */
export function valuesOf(
  schema: InputSchema | undefined,
  input: Readonly<Record<string, unknown>>,
): FormValues {
  const { [furtherName]: further, ...own } = input;
  if (!schema || typeof further !== 'object' || further === null) return own;
  const written = Object.entries(schema.written(further as SchemaValues));
  return { ...own, ...Object.fromEntries(written.map(([path, answer]) => [`${prefix}${path}`, answer])) };
}

/** A problem of `InputSchema` names fields by their paths; in a form they stand below `values`. */
export function atFurtherFields(cause: Problem): Problem {
  if (!cause.fields) return cause;
  const fields = Object.entries(cause.fields).map(([path, text]) => [`${prefix}${path}`, text] as const);
  return { ...cause, fields: Object.fromEntries(fields) };
}

/** The name of a further field as its schema knows it: what flags are called by. */
export function pathOf(name: string): string {
  return name.startsWith(prefix) ? name.slice(prefix.length) : name;
}

export function isFurther(name: string): boolean {
  return name.startsWith(prefix);
}

/** As much as can be read of the answers so far: a slip in one field hides no other. */
function answered(schema: InputSchema, values: FormValues): SchemaValues {
  const answers = answersOf(values);
  const read = schema.read(answers);
  if (read.ok) return read.value;
  const slips = Object.keys(read.problem.fields ?? {});
  const again = schema.read(
    Object.fromEntries(Object.entries(answers).filter(([path]) => !slips.includes(path))),
  );
  return again.ok ? again.value : {};
}

function ownOf(values: FormValues): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !isFurther(name)));
}

function answersOf(values: FormValues): Record<string, TypedAnswer> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      isFurther(name) && isAnswer(value) ? [[pathOf(name), value] as const] : [],
    ),
  );
}

function isAnswer(value: unknown): value is TypedAnswer {
  const isText = (one: unknown) => typeof one === 'string';
  return isText(value) || typeof value === 'boolean' || (Array.isArray(value) && value.every(isText));
}

function fieldOfSchema(field: SchemaField): FormField {
  const { path, title, isRequired, decides, defaultAnswer, kind } = field;
  const why = kind.type === 'yaml' ? `Write YAML: ${kind.why}.` : lines[kind.type];
  const description = [field.description, why].filter((text) => text !== undefined).join(' ');
  const base = {
    name: `${prefix}${path}`,
    title,
    isRequired,
    decides,
    ...(description === '' ? {} : { description }),
    ...(defaultAnswer === undefined ? {} : { defaultValue: defaultAnswer }),
  };
  switch (kind.type) {
    case 'text':
      return { ...base, ...kind, kind: 'text', isLong: kind.isLong ?? false };
    case 'number':
      return { ...base, ...kind, kind: 'number' };
    case 'enum':
      return { ...base, ...kind, kind: 'enum', values: kind.values.map(String) };
    default:
      return { ...base, kind: kind.type };
  }
}

const lines: Readonly<Record<string, string | undefined>> = {
  list: 'One a line.',
  map: 'One "key: value" a line.',
};
