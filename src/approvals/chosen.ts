/**
 * Rules for one blueprint or one workflow: `blueprint: worker` in a header, and then `input.values.concurrency` in the
 * condition, typed by what that blueprint itself asks for. Pure.
 */
import type { Catalog } from '../core/catalog.ts';
import type { InputSchema, SchemaField } from '../core/input-schema.ts';
import { listOf } from '../core/text.ts';
import { type Branch, isLeaf, type Leaf } from '../expressions/scope.ts';
import { type Complain, checkNames } from './complain.ts';
import { blankOf } from './subjects.ts';

/** Fields of an input in which somebody chooses what else is asked for; a header has the same words. */
export const choosers = ['blueprint', 'workflow'] as const;
export type Chooser = (typeof choosers)[number];

export interface Chosen {
  readonly field: Chooser;
  readonly names: readonly string[];
  /** By name: what its values read as where they were left out. */
  readonly blanks: ReadonlyMap<string, Values>;
}

type Values = Readonly<Record<string, unknown>>;
export type Schemas = Readonly<Record<Chooser, Readonly<Record<string, InputSchema>>>>;

/** What each blueprint and each workflow asks for, by its name. */
export function schemasOf({ blueprints, workflows }: Pick<Catalog, 'blueprints' | 'workflows'>): Schemas {
  const inputsOf = (all: Readonly<Record<string, { readonly inputs: InputSchema }>>) =>
    Object.fromEntries(Object.entries(all).map(([name, { inputs }]) => [name, inputs]));
  return { blueprint: inputsOf(blueprints), workflow: inputsOf(workflows) };
}

export interface ChosenHeader {
  readonly on?: readonly string[] | undefined;
  readonly blueprint?: readonly string[] | undefined;
  readonly workflow?: readonly string[] | undefined;
}

/** What a header chooses; its mistakes are told. `undefined` for one that speaks of them all. */
export function readChosen(
  header: ChosenHeader,
  facts: ReadonlyMap<string, Branch>,
  schemas: Schemas,
  complain: Complain,
): Chosen | undefined {
  const [field, other] = choosers.filter((one) => header[one] !== undefined);
  if (field === undefined) return undefined;
  if (other !== undefined)
    complain.at([other], 'no request is about both: say either blueprint or workflow.');
  const names = header[field] as readonly string[];
  checkNames(names, Object.keys(schemas[field]), field, field, complain);
  const without = (header.on ?? []).filter((name) => facts.has(name) && !asksFor(field, facts.get(name)));
  const able = [...facts].filter(([, branch]) => asksFor(field, branch)).map(([name]) => name);
  if (without.length > 0 || able.length === 0) {
    const which = able.length === 0 ? 'what "on" names' : listOf(without);
    complain.at([field], `${which} has no ${field} to choose.`);
  }
  const known = names.filter((name) => Object.hasOwn(schemas[field], name));
  const blanks = known.map((name) => [name, blankOf(valuesBranch(schemas[field][name]))] as const);
  return { field, names, blanks: new Map(blanks) };
}

/** Whether the input of an action chooses one of these. */
export function asksFor(field: Chooser, branch: Branch | undefined): boolean {
  const input = branch?.fields.input;
  return (
    input !== undefined &&
    !isLeaf(input) &&
    [field, 'values'].every((one) => Object.hasOwn(input.fields, one))
  );
}

/** What a condition may read, once for each that was chosen; as it is for a header that chooses nothing. */
export function scopesOf(
  facts: ReadonlyMap<string, Branch>,
  chosen: Chosen | undefined,
  schemas: Schemas,
): ReadonlyMap<string, Branch> {
  if (!chosen) return facts;
  const { field, blanks } = chosen;
  const able = [...facts].filter(([, branch]) => asksFor(field, branch));
  return new Map(
    [...blanks.keys()].flatMap((name) =>
      able.map(([action, branch]) => [
        `${action} of ${name}`,
        withValues(branch, valuesBranch(schemas[field][name])),
      ]),
    ),
  );
}

function withValues(branch: Branch, values: Branch): Branch {
  const { fields } = branch.fields.input as Branch;
  return { fields: { ...branch.fields, input: { fields: { ...fields, values } } } };
}

const branches = new WeakMap<InputSchema, Branch>();

/** What a form asks for, as conditions read it. What is written as YAML is left out: it could be anything. */
export function valuesBranch(schema: InputSchema | undefined): Branch {
  if (!schema) return { fields: {} };
  const known = branches.get(schema);
  if (known) return known;
  const branch = { fields: {} };
  for (const field of schema.fields) {
    const leaf = leafOf(field);
    if (leaf) put(branch, field.path.split('.'), leaf);
  }
  branches.set(schema, branch);
  return branch;
}

interface Growing {
  readonly fields: Record<string, Branch | Leaf>;
}

function put(branch: Growing, keys: readonly string[], leaf: Leaf): void {
  let here = branch;
  for (const key of keys.slice(0, -1)) {
    const there = here.fields[key];
    const inner: Growing = there && !isLeaf(there) ? there : { fields: {} };
    here.fields[key] = inner;
    here = inner;
  }
  here.fields[String(keys.at(-1))] = leaf;
}

function leafOf({ kind }: SchemaField): Leaf | undefined {
  switch (kind.type) {
    case 'text':
      return { type: 'string', blank: '' };
    case 'boolean':
      return { type: 'bool', blank: false };
    case 'number': {
      const { isInteger: isWhole, min, max } = kind;
      const range = { isWhole, ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
      return { type: 'double', blank: 0, range };
    }
    case 'enum':
      return enumLeaf(kind.values, kind.isMultiple === true);
    case 'list':
      return { type: 'list<dyn>', blank: [] };
    case 'map':
    case 'yaml':
      return undefined;
  }
}

function enumLeaf(values: readonly (string | number)[], isMultiple: boolean): Leaf | undefined {
  const words = values.filter((one) => typeof one === 'string');
  const numbers = values.filter((one) => typeof one === 'number');
  if (words.length === values.length) {
    return isMultiple ? { type: 'list<string>', blank: [], words } : { type: 'string', blank: '', words };
  }
  if (numbers.length < values.length) return undefined;
  if (isMultiple) return { type: 'list<double>', blank: [] };
  const range = {
    isWhole: numbers.every(Number.isInteger),
    min: Math.min(...numbers),
    max: Math.max(...numbers),
  };
  return { type: 'double', blank: 0, range };
}

/** Whether a request is about one of those that were chosen. */
export function isChosen(chosen: Chosen | undefined, input: Values): boolean {
  return chosen === undefined || chosen.names.includes(String(input[chosen.field]));
}

/** What a rule reads: the facts, with blanks for what the chosen one asks for and nobody answered. */
export function withBlankValues(chosen: Chosen | undefined, facts: Values): Values {
  if (!chosen) return facts;
  const input = facts.input as Values;
  const blanks = chosen.blanks.get(String(input[chosen.field])) as Values;
  return { ...facts, input: { ...input, values: filled(blanks, input.values) } };
}

function filled(blanks: Values, given: unknown): Values {
  const values: Record<string, unknown> = { ...(isRecord(given) ? given : {}) };
  for (const [name, blank] of Object.entries(blanks)) {
    if (isRecord(blank)) values[name] = filled(blank, values[name]);
    else values[name] ??= blank;
  }
  return values;
}

function isRecord(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
