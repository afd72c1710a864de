/** What a blueprint's expressions may speak of, and the values at the time they are asked. */
import type { BlueprintScope, Observed } from '../core/blueprint.ts';
import type { InputSchema, SchemaField } from '../core/input-schema.ts';
import type { Branch, Leaf } from '../expressions/scope.ts';
import { isLeaf } from '../expressions/scope.ts';

const text: Leaf = { type: 'string', blank: '' };
const number: Leaf = { type: 'double', blank: 0 };
const anything: Leaf = { type: 'dyn', blank: {} };

const environment: Branch = {
  fields: {
    name: text,
    namespace: text,
    team: text,
    owner: text,
    cpu: number,
    memoryGi: number,
    replicas: number,
  },
};

/** What decides which objects there will be, and their names: the same whoever asks. */
export function planScope(inputs: InputSchema, what: 'blueprint' | 'operation'): Branch {
  const { team: _team, owner: _owner, ...fields } = environment.fields;
  return { fields: { ...askedScope(inputs, what).fields, environment: { fields } } };
}

/** What is known before anything is made. */
export function askedScope(inputs: InputSchema, what: 'blueprint' | 'operation'): Branch {
  const operation = what === 'operation' ? { operation: { fields: { id: text } } } : {};
  return { fields: { environment, input: branchOf(inputs), values: anything, ...operation } };
}

/** With what the cluster says of the blueprint's resources. */
export function withResources(scope: Branch, names: readonly string[]): Branch {
  const resources = { fields: Object.fromEntries(names.map((name) => [name, anything])) };
  return { fields: { ...scope.fields, resources } };
}

/** With the resource itself, for its `ready`. */
export function withSelf(scope: Branch): Branch {
  return { fields: { ...scope.fields, self: anything } };
}

export function withPrices(scope: Branch, prices: readonly string[]): Branch {
  const fields = Object.fromEntries(prices.map((name) => [name, number]));
  return { fields: { ...scope.fields, prices: { fields } } };
}

/** Optional inputs that were left out read as nothing: an empty text, 0, false, an empty list. */
export function valuesOf(inputs: InputSchema, scope: BlueprintScope, observed?: Observed) {
  const input = filled(branchOf(inputs), scope.input);
  return {
    environment: scope.environment,
    input,
    values: scope.input,
    operation: scope.operation ?? {},
    ...(observed === undefined ? {} : { resources: observed }),
  };
}

const branches = new WeakMap<InputSchema, Branch>();

function branchOf(inputs: InputSchema): Branch {
  const known = branches.get(inputs);
  if (known) return known;
  const branch = inputs.fields.reduce(
    (whole, field) => put(whole, field.path.split('.'), leafOf(field)),
    empty,
  );
  branches.set(inputs, branch);
  return branch;
}

const empty: Branch = { fields: {} };

function put(branch: Branch, [first = '', ...rest]: readonly string[], leaf: Leaf): Branch {
  const inner = Object.hasOwn(branch.fields, first) ? branch.fields[first] : undefined;
  const next = rest.length === 0 ? leaf : put(inner && !isLeaf(inner) ? inner : empty, rest, leaf);
  return { fields: { ...branch.fields, [first]: next } };
}

function leafOf({ kind }: SchemaField): Leaf {
  switch (kind.type) {
    case 'text':
      return text;
    case 'number':
      return number;
    case 'boolean':
      return { type: 'bool', blank: false };
    case 'enum':
      return enumLeaf(kind.values, kind.isMultiple === true);
    case 'list':
      return { type: 'dyn', blank: [] };
    case 'map':
    case 'yaml':
      return anything;
  }
}

function enumLeaf(values: readonly (string | number)[], isMultiple: boolean): Leaf {
  const words = values.filter((value) => typeof value === 'string');
  const isText = words.length === values.length;
  if (isMultiple) return isText ? { type: 'list<string>', blank: [], words } : { type: 'dyn', blank: [] };
  return isText ? { ...text, words } : { type: 'dyn', blank: '' };
}

function filled(branch: Branch, given: unknown): Readonly<Record<string, unknown>> {
  const values = isRecord(given) ? given : {};
  const known = Object.entries(branch.fields).map(([name, node]): [string, unknown] => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (!isLeaf(node)) return [name, filled(node, value)];
    return [name, value ?? node.blank];
  });
  return { ...values, ...Object.fromEntries(known) };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
