/** What expressions may speak of: the facts' schema, with the input of the action in question, as CEL's types. */
import { z } from 'zod';
import type { Action, Actions } from '../core/action.ts';
import type { Catalog } from '../core/catalog.ts';
import { hourMs, parseDuration } from '../core/duration.ts';
import { type Effect, factsSchema } from '../core/facts.ts';
import { type Branch, isLeaf, type Leaf } from '../expressions/scope.ts';

/** An action as a policy sees it; `input` is `z.toJSONSchema` of its schema. */
export interface Subject {
  readonly effect: Effect;
  readonly input: unknown;
}

/** By action name. */
export type Subjects = Readonly<Record<string, Subject>>;

/** The subjects that the actions are. */
export function subjectsOf(actions: Actions): Subjects {
  return Object.fromEntries(
    [...actions].map(([name, action]) => [name, { effect: action.effect, input: inputSchemaOf(action) }]),
  );
}

const inputSchemas = new WeakMap<Pick<Action, 'input'>, unknown>();

/** An action's input as JSON Schema, made once. */
export function inputSchemaOf(action: Pick<Action, 'input'>): unknown {
  const schema = inputSchemas.get(action) ?? z.toJSONSchema(action.input, { unrepresentable: 'any' });
  inputSchemas.set(action, schema);
  return schema;
}

/** The part of JSON Schema that forms can show, and so that inputs are made of; what it lacks reads as text. */
const jsonSchema = z.looseObject({
  type: z.string().optional(),
  enum: z.array(z.string()).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  /** From an action's `FieldMeta`. */
  choices: z.string().optional(),
  isSpan: z.boolean().optional(),
});

/** The words that a fact can hold, as far as they are known when the policy is read. */
export interface Words {
  readonly groups: readonly string[];
  readonly services: readonly string[];
  readonly environments: readonly string[];
  readonly blueprints: readonly string[];
  readonly workflows: readonly string[];
  readonly windows: readonly string[];
  /** The catalog's own: time is told in it. */
  readonly zones: readonly string[];
}

export function wordsOf(catalog: Catalog, windows: readonly string[]): Words {
  const environments = Object.values(catalog.services).flatMap((one) => Object.keys(one.environments));
  return {
    groups: Object.keys(catalog.groups),
    services: Object.keys(catalog.services),
    environments: [...new Set(environments)],
    blueprints: Object.keys(catalog.blueprints),
    workflows: Object.keys(catalog.workflows),
    windows,
    zones: [catalog.zone],
  };
}

/** What a rule can read, by the action it is for. What no action changes is one and the same: it is checked once. */
export function factsOfAll(subjects: Subjects, words: Words): ReadonlyMap<string, Branch> {
  const wordsOfFact: Readonly<Record<string, readonly string[]>> = {
    'requester.groups': words.groups,
    'target.team': words.groups,
    'service.owners': words.groups,
    'service.name': words.services,
    windows: words.windows,
    'time.zone': words.zones,
  };
  const wordsOfChoices: Readonly<Record<string, readonly string[]>> = {
    services: words.services,
    serviceEnvironments: words.environments,
    blueprints: words.blueprints,
    workflows: words.workflows,
    teams: words.groups,
  };
  const known = (path: string, { choices = '' }: Schema) => wordsOfFact[path] ?? wordsOfChoices[choices];
  const whole = branchOf(factsJsonSchema, '', known).fields;
  const {
    unknown: _unknown,
    doubts: _doubts,
    mayBeIn: _mayBeIn,
    limits: _limits,
    debts: _debts,
    ...common
  } = whole;
  return new Map(
    Object.entries(subjects).map(([name, { input }]) => {
      const action: Leaf = { type: 'string', blank: '', words: [name] };
      const own = { action, input: branchOf(jsonSchema.parse(input), 'input.', known) };
      return [name, { fields: { ...common, ...own } }];
    }),
  );
}

/** Fields of an action's input that hold a span of time. */
export function spansOf(subject: Subject): readonly string[] {
  const { properties = {} } = jsonSchema.parse(subject.input);
  return Object.keys(properties).filter((name) => jsonSchema.parse(properties[name]).isSpan);
}

/** What a span of time reads as: `8h` and `480m` are the same, which texts are not. */
export function inHours(field: string): string {
  return `${field}Hours`;
}

/** Nothing where it was left out. */
export function hoursOf(span: unknown): number {
  return (parseDuration(String(span)) ?? 0) / hourMs;
}

/** What an action's input reads as where a field was left empty. */
export function blanksOf(subject: Subject): Readonly<Record<string, unknown>> {
  const blanks = Object.entries(blankOf(branchOf(jsonSchema.parse(subject.input), '', () => undefined)));
  // Hours are told from the span, wherever a rule reads them.
  const hours = spansOf(subject).map(inHours);
  return Object.fromEntries(blanks.filter(([name]) => !hours.includes(name)));
}

/** The same of anything that expressions may speak of. */
export function blankOf(branch: Branch): Readonly<Record<string, unknown>> {
  const entries = Object.entries(branch.fields);
  return Object.fromEntries(entries.map(([name, node]) => [name, isLeaf(node) ? node.blank : blankOf(node)]));
}

const hoursLeaf: Leaf = { type: 'double', blank: 0, range: { isWhole: false, min: 0 } };
const valuesPrefix = 'input.values.';
const chooseHint =
  'What stands there depends on what is chosen: say "blueprint" or "workflow" in the header of the rule.';

type Schema = z.infer<typeof jsonSchema>;
type KnownWords = (path: string, schema: Schema) => readonly string[] | undefined;

const factsJsonSchema = jsonSchema.parse(z.toJSONSchema(factsSchema));

function branchOf(schema: Schema, prefix: string, known: KnownWords): Branch {
  const fields = Object.entries(schema.properties ?? {}).map(([name, inner]) => {
    const one = jsonSchema.parse(inner);
    return one.isSpan ? [inHours(name), hoursLeaf] : [name, nodeOf(one, `${prefix}${name}`, known)];
  });
  const branch = { fields: Object.fromEntries(fields) };
  return prefix === valuesPrefix ? { ...branch, hint: chooseHint } : branch;
}

function nodeOf(schema: Schema, path: string, known: KnownWords): Branch | Leaf {
  const words = schema.enum ?? known(path, schema);
  const withWords = words === undefined ? {} : { words };
  switch (schema.type) {
    case 'object':
      return branchOf(schema, `${path}.`, known);
    case 'array':
      return { type: 'list<string>', blank: [], ...withWords };
    case 'boolean':
      return { type: 'bool', blank: false };
    // JavaScript has one kind of number, so expressions have one too: see expressions/numbers.ts.
    case 'integer':
    case 'number':
      return { type: 'double', blank: 0, range: rangeOf(schema) };
    default:
      return { type: 'string', blank: '', ...withWords };
  }
}

function rangeOf({ type, minimum, maximum }: Schema): NonNullable<Leaf['range']> {
  return {
    isWhole: type === 'integer',
    ...(minimum === undefined ? {} : { min: minimum }),
    ...(maximum === undefined ? {} : { max: maximum }),
  };
}
