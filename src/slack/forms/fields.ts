/** What a form or a command line may ask for, read from an action's own schema. Pure. */
import { z } from 'zod';
import { type Action, type ChoiceSource, choiceSources } from '../../core/action.ts';

interface FieldBase {
  readonly name: string;
  readonly title: string;
  readonly description?: string;
  readonly placeholder?: string;
  readonly isRequired: boolean;
  /** A change of it draws the verdict again. */
  readonly decides: boolean;
  readonly defaultValue?: unknown;
}

/** The field of an input in which the answers to further questions arrive. */
export const furtherName = 'values';

export type FormField = FieldBase &
  (
    | {
        readonly kind: 'text';
        readonly isLong: boolean;
        readonly minLength?: number;
        readonly maxLength?: number;
      }
    | { readonly kind: 'number'; readonly isInteger: boolean; readonly min?: number; readonly max?: number }
    | { readonly kind: 'boolean' }
    | {
        readonly kind: 'enum';
        readonly values: readonly string[];
        /** What people read instead, in the same order. */
        readonly labels?: readonly string[];
        readonly isMultiple?: boolean;
      }
    /** Several lines: one value each, one `key: value` each, or YAML. */
    | { readonly kind: 'list' | 'map' | 'yaml' }
    | { readonly kind: 'choice'; readonly source: ChoiceSource }
  );

const propertySchema = z.object({
  type: z.string().optional(),
  enum: z.array(z.string()).optional(),
  default: z.unknown().optional(),
  title: z.string().optional(),
  description: z.string().optional(),
  placeholder: z.string().optional(),
  choices: z.enum(choiceSources).optional(),
  isLong: z.boolean().optional(),
  decides: z.boolean().optional(),
  minLength: z.number().optional(),
  maxLength: z.number().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
});
type Property = z.infer<typeof propertySchema>;

const objectSchema = z.object({
  properties: z.record(z.string(), propertySchema),
  required: z.array(z.string()).default([]),
});

/**
 * The fields in the schema's order, without `values`: what stands in there is asked for by `furtherFields`.
 * @throws ZodError when the schema holds what no form can ask for (nested objects, lists): seen by a test, not by people.
 */
export function fieldsOf(action: Action): readonly FormField[] {
  const known = fieldsKnown.get(action) ?? readFields(action);
  fieldsKnown.set(action, known);
  return known;
}

/** An action never changes; reading its schema took a third of what a command line costs. */
const fieldsKnown = new WeakMap<Action, readonly FormField[]>();

function readFields(action: Action): readonly FormField[] {
  const schema = objectSchema.parse(z.toJSONSchema(action.input, { io: 'input', unrepresentable: 'any' }));
  return Object.entries(schema.properties)
    .filter(([name]) => !(name === furtherName && action.further !== undefined))
    .map(([name, property]) => fieldOf(name, property, schema.required.includes(name)));
}

function fieldOf(name: string, property: Property, isRequired: boolean): FormField {
  const { title = name, description, placeholder, decides = false, default: defaultValue } = property;
  const base: FieldBase = {
    name,
    title,
    isRequired,
    decides,
    ...(description === undefined ? {} : { description }),
    ...(placeholder === undefined ? {} : { placeholder }),
    ...(defaultValue === undefined ? {} : { defaultValue }),
  };
  const { minLength, maxLength, minimum: min, maximum: max } = property;
  if (property.choices) return { ...base, kind: 'choice', source: property.choices };
  if (property.enum) return { ...base, kind: 'enum', values: property.enum };
  switch (property.type) {
    case 'boolean':
      return { ...base, kind: 'boolean' };
    case 'integer':
    case 'number':
      return {
        ...base,
        kind: 'number',
        isInteger: property.type === 'integer',
        ...(min === undefined ? {} : { min }),
        ...(max === undefined ? {} : { max }),
      };
    case 'string':
      return {
        ...base,
        kind: 'text',
        isLong: property.isLong ?? false,
        ...(minLength === undefined ? {} : { minLength }),
        ...(maxLength === undefined ? {} : { maxLength }),
      };
    default:
      throw new Error(
        `the field ${name} is of a type that a form cannot ask for: ${property.type ?? 'none'}`,
      );
  }
}

/**
 * A typed word as the field's type; a word that is none stays text, so that the schema says what is wrong with it.
 * An empty one is nothing at all.
 */
export function valueOfText(field: FormField, text: string): unknown {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  switch (field.kind) {
    case 'number':
      return Number.isFinite(Number(trimmed)) ? Number(trimmed) : trimmed;
    case 'boolean':
      return booleans[trimmed.toLowerCase()] ?? trimmed;
    case 'enum':
      return field.values.find((value) => value.toLowerCase() === trimmed.toLowerCase()) ?? trimmed;
    case 'choice':
    case 'text':
    case 'list':
    case 'map':
    case 'yaml':
      return trimmed;
  }
}

const booleans: Readonly<Record<string, boolean>> = Object.assign(Object.create(null), {
  yes: true,
  true: true,
  on: true,
  no: false,
  false: false,
  off: false,
});

/** `memoryGi` -> `memory-gi`: the flag that a field is typed as. */
export function flagOf(field: string): string {
  return field
    .replaceAll(/([a-z0-9])([A-Z])/gu, '$1-$2')
    .replaceAll('_', '-')
    .toLowerCase();
}
