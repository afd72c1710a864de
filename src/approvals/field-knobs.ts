/** The fields of a request that its requester can turn: each with the values at which some rule may say something else. */
import { z } from 'zod';
import { formatDuration, hourMs } from '../core/duration.ts';
import type { Facts } from '../core/facts.ts';
import type { InputSchema, SchemaFieldKind } from '../core/input-schema.ts';
import type { VerdictChange } from '../core/verdict.ts';
import { isChosen } from './chosen.ts';
import type { Policy, Rule } from './policy.ts';
import { hoursOf, inHours } from './subjects.ts';
import type { Knob } from './unblock.ts';

/** The part of an action's input schema (`z.toJSONSchema`) that says what can be turned, and how far. */
const fieldSchema = z.looseObject({
  type: z.string().optional(),
  title: z.string().default(''),
  /** From an action's `FieldMeta`. */
  unit: z.string().optional(),
  isSpan: z.boolean().default(false),
  enum: z.array(z.string()).optional(),
  minimum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  maximum: z.number().optional(),
});
type Field = z.infer<typeof fieldSchema>;
const inputSchema = z.looseObject({ properties: z.record(z.string(), fieldSchema).default({}) });

type Value = Extract<VerdictChange, { kind: 'input' }>['to'];

/** A field with more whole numbers than this between nothing and its value is turned only to what rules name. */
const wholeNumbersMax = 64;

/**
 * `input` is `z.toJSONSchema` of the action's own, `further` what is asked for beside it. A field that was left out has
 * nothing to be turned from.
 */
export function inputKnobs(
  policy: Policy,
  facts: Facts,
  input: unknown,
  further?: InputSchema | undefined,
): readonly Knob[] {
  const rules = rulesFor(policy, facts).filter(({ chosen }) => isChosen(chosen, facts.input));
  return [...ownKnobs(rules, facts, input), ...(further ? furtherKnobs(rules, facts, further) : [])];
}

/** Those that decide on requests for this action. */
export function rulesFor(policy: Policy, { action }: Pick<Facts, 'action'>): readonly Rule[] {
  return (policy.rulesOf.get(action) ?? []).filter(({ mode }) => mode === 'enforce');
}

export function readsOf({ when, unless }: Rule): readonly string[] {
  return [...(when?.reads ?? []), ...(unless?.reads ?? [])];
}

export function literalsOf(rules: readonly Rule[], path: string): readonly unknown[] {
  return rules.flatMap(({ when, unless }) =>
    [when, unless].flatMap((one) => [...(one?.literals.get(path) ?? [])]),
  );
}

function ownKnobs(rules: readonly Rule[], facts: Facts, input: unknown): readonly Knob[] {
  const paths = new Set(rules.flatMap(readsOf));
  // What it costs follows from how large it is.
  const followsSize = [...paths].some((path) => path.startsWith('cost'));
  return Object.entries(inputSchema.parse(input).properties).flatMap(([field, schema]) => {
    const from = facts.input[field];
    const path = `input.${schema.isSpan ? inHours(field) : field}`;
    if (!paths.has(path) && !(followsSize && typeof from === 'number')) return [];
    const literals = literalsOf(rules, path);
    const values = schema.isSpan ? spansNear(from, literals) : ownValues(schema, from, literals, followsSize);
    return knobOf(field, schema.unit ?? midSentence(schema.title), from, values);
  });
}

/** Of what the chosen blueprint or workflow asks for. */
function furtherKnobs(rules: readonly Rule[], facts: Facts, further: InputSchema): readonly Knob[] {
  const { values: answered } = facts.input;
  const given = (typeof answered === 'object' && answered) || {};
  const paths = new Set(rules.flatMap(readsOf));
  return further.shown(given as Readonly<Record<string, unknown>>).flatMap(({ path, title, kind }) => {
    const read = `input.values.${path}`;
    if (!paths.has(read)) return [];
    const from = valueAt(given, path.split('.'));
    return knobOf(
      `values.${path}`,
      midSentence(title),
      from,
      furtherValues(kind, from, literalsOf(rules, read)),
    );
  });
}

function knobOf(field: string, title: string, from: unknown, values: readonly Value[]): readonly Knob[] {
  if (values.length === 0) return [];
  return [values.map((to) => ({ kind: 'input', field, title, from: from as Value, to }))];
}

/** "Replicas" is no name, "CPU" is. */
function midSentence(title: string): string {
  return /^[A-Z][a-z]/.test(title) ? `${title.charAt(0).toLowerCase()}${title.slice(1)}` : title;
}

/** Other values that the field may have, the nearest first. */
function ownValues(
  schema: Field,
  from: unknown,
  literals: readonly unknown[],
  followsSize: boolean,
): readonly Value[] {
  if (typeof from === 'string') return (schema.enum ?? []).filter((value) => value !== from);
  if (typeof from !== 'number') return [];
  const all =
    followsSize && from <= wholeNumbersMax ? Array.from({ length: Math.ceil(from) }, (_, n) => n) : [];
  const { minimum = -Infinity, exclusiveMinimum = -Infinity, maximum = Infinity } = schema;
  return nearestTo(from, [...numbersNear(literals), ...all]).filter(
    (value) =>
      value >= minimum &&
      value > exclusiveMinimum &&
      value <= maximum &&
      (schema.type !== 'integer' || Number.isInteger(value)),
  );
}

function furtherValues(kind: SchemaFieldKind, from: unknown, literals: readonly unknown[]): readonly Value[] {
  if (kind.type === 'boolean') return typeof from === 'boolean' ? [!from] : [];
  if (kind.type === 'enum') {
    const isOne = typeof from === 'string' || typeof from === 'number';
    return isOne ? kind.values.filter((value) => value !== from) : [];
  }
  if (kind.type !== 'number' || typeof from !== 'number') return [];
  const { min = -Infinity, max = Infinity, isInteger } = kind;
  return nearestTo(from, numbersNear(literals)).filter(
    (value) => value >= min && value <= max && (!isInteger || Number.isInteger(value)),
  );
}

/** As people type them: `2d`. */
function spansNear(from: unknown, literals: readonly unknown[]): readonly Value[] {
  if (typeof from !== 'string') return [];
  return nearestTo(hoursOf(from), numbersNear(literals))
    .filter((hours) => hours > 0)
    .map((hours) => formatDuration(hours * hourMs).replaceAll(' ', ''));
}

/** Each that is named, and on both sides of it. */
function numbersNear(literals: readonly unknown[]): readonly number[] {
  return literals
    .filter((one) => typeof one === 'number')
    .flatMap((one) => [Math.floor(one - 1), one, Math.ceil(one + 1)]);
}

function nearestTo(from: number, values: readonly number[]): readonly number[] {
  return [...new Set(values)]
    .filter((value) => value !== from)
    .sort((one, other) => Math.abs(one - from) - Math.abs(other - from));
}

function valueAt(values: unknown, keys: readonly string[]): unknown {
  return keys.reduce<unknown>(
    (here, key) => (here as Readonly<Record<string, unknown>> | undefined)?.[key],
    values,
  );
}
