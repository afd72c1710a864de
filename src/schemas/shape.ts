/**
 * What one schema comes down to for given values: references followed, `allOf` merged, conditions decided, choices
 * between shapes taken as far as the values say. Forms are drawn from shapes; whether a value is right is the
 * validator's to say, so whatever is lost here makes a form less helpful and never an answer wrong.
 */
import { discriminatorOf } from './discriminator.ts';
import type { Hints, JsonSchema, JsonType, Schema } from './json-schema.ts';
import { mergeKeywords } from './merge.ts';
import { valueAt } from './values.ts';

export interface Shape {
  /** Keywords of the value itself, merged; `const` has become an `enum` of one. */
  readonly keywords: JsonSchema;
  readonly hints: Hints;
  /** In the order in which they were met. */
  readonly properties: ReadonlyMap<string, Schema>;
  readonly required: ReadonlySet<string>;
  /** Choices between shapes (`anyOf`, `oneOf`) that nothing decides. */
  readonly choices: readonly (readonly Schema[])[];
  /** Properties on which other ones hang. */
  readonly deciding: ReadonlySet<string>;
  /** Definitions that were followed on the way. */
  readonly references: ReadonlySet<string>;
}

export interface ShapeScope {
  definition(reference: string): Schema | undefined;
  /** Whether the value fits the schema. */
  holds(schema: Schema, value: unknown): boolean;
  /** Every branch of every condition is taken, and what only a branch requires is not required. */
  readonly takesAll: boolean;
  /** Counts the work: `false` when a schema takes more than any real one, and its form may be the less helpful. */
  spend(): boolean;
}

/** `seen`: definitions inside which this one already is, so that a choice that leads back to itself ends. */
export function shapeOf(
  schema: Schema,
  value: unknown,
  scope: ShapeScope,
  seen: ReadonlySet<string> = new Set(),
): Shape {
  const shape = {
    keywords: {} as JsonSchema,
    hints: {} as Hints,
    properties: new Map<string, Schema>(),
    required: new Set<string>(),
    choices: [] as (readonly Schema[])[],
    deciding: new Set<string>(),
    references: new Set(seen),
  };
  const later: (() => void)[] = [];

  function absorb(given: Schema, isBranch: boolean): void {
    if (typeof given === 'boolean' || !scope.spend()) return;
    shape.keywords = mergeKeywords(shape.keywords, given);
    shape.hints = { ...given.hints, ...shape.hints };
    for (const [name, property] of Object.entries(given.properties ?? {}))
      addProperty(name, property, isBranch);
    for (const name of given.required ?? []) if (!(isBranch && scope.takesAll)) shape.required.add(name);
    if (given.$ref !== undefined && !shape.references.has(given.$ref)) {
      shape.references.add(given.$ref);
      absorb(scope.definition(given.$ref) ?? true, isBranch);
    }
    for (const one of given.allOf ?? []) absorb(one, isBranch);
    // Conditions add to what is there, so they wait until it is all there.
    later.push(() => decide(given));
  }

  function addProperty(name: string, property: Schema, isBranch: boolean): void {
    const known = shape.properties.get(name);
    if (known === undefined) shape.properties.set(name, property);
    // With all branches taken, one would narrow a field for another.
    else if (!(isBranch && scope.takesAll)) shape.properties.set(name, { allOf: [known, property] });
  }

  function decide(given: JsonSchema): void {
    if (given.if !== undefined) decideIf(given.if, given.then, given.else);
    for (const [name, required] of Object.entries(given.dependentRequired ?? {})) {
      shape.deciding.add(name);
      if (!scope.takesAll && valueAt(value, [name]) !== undefined)
        for (const one of required) shape.required.add(one);
    }
    for (const [name, schema] of Object.entries(given.dependentSchemas ?? {})) {
      shape.deciding.add(name);
      if (scope.takesAll || valueAt(value, [name]) !== undefined) absorb(schema, true);
    }
    for (const branches of [given.anyOf, given.oneOf]) if (branches) choose(branches);
  }

  function decideIf(condition: Schema, then: Schema | undefined, otherwise: Schema | undefined): void {
    for (const name of propertiesOf(condition)) shape.deciding.add(name);
    const branches = scope.takesAll ? [then, otherwise] : [scope.holds(condition, value) ? then : otherwise];
    for (const branch of branches) if (branch !== undefined) absorb(branch, true);
  }

  function choose(branches: readonly Schema[]): void {
    const known = branches.map((branch) => shapeOf(branch, value, scope, shape.references));
    const left = known.flatMap((branch, index) => (isOnlyNull(branch) ? [] : [index]));
    const [only, ...others] = left;
    if (only === undefined) return;
    if (others.length === 0) {
      absorb(branches[only] ?? true, false);
      return;
    }
    // "One of these must be there": the validator says which is missing.
    if (left.every((index) => saysNothing(known[index]))) return;
    const choice = discriminatorOf(
      left.flatMap((index) => known[index] ?? []),
      value,
      shape.properties,
    );
    if (!choice) {
      shape.choices.push(left.flatMap((index) => branches[index] ?? []));
      return;
    }
    shape.deciding.add(choice.name);
    addProperty(choice.name, choice.property, true);
    for (const [place, index] of left.entries()) {
      if (!scope.takesAll && place !== choice.chosen) continue;
      absorb(without(branches[index] ?? true, choice.name, scope), true);
    }
  }

  absorb(schema, false);
  // What a condition brings may hold conditions of its own.
  for (let next = later.shift(); next; next = later.shift()) next();
  return shape;
}

/** Types without null: that an optional value may be null is nothing to ask. */
export function typesOf(keywords: JsonSchema): readonly JsonType[] {
  const types = keywords.type === undefined ? [] : [keywords.type].flat();
  return types.filter((type) => type !== 'null');
}

function isOnlyNull({ keywords }: Shape): boolean {
  const isNullType = keywords.type !== undefined && typesOf(keywords).length === 0;
  return isNullType || (keywords.enum?.length === 1 && keywords.enum[0] === null);
}

function saysNothing(shape: Shape | undefined): boolean {
  if (!shape) return true;
  const { keywords, properties, choices } = shape;
  const types = typesOf(keywords);
  const isPlain = types.length === 0 || (types.length === 1 && types[0] === 'object');
  return isPlain && keywords.enum === undefined && properties.size === 0 && choices.length === 0;
}

/** The branch without the property that chose it, which would otherwise leave its field no other choice. */
function without(branch: Schema, name: string, scope: ShapeScope): Schema {
  if (typeof branch === 'boolean') return branch;
  const { $ref, properties, ...rest } = branch;
  const inner = $ref === undefined ? undefined : scope.definition($ref);
  return {
    ...rest,
    ...(properties
      ? { properties: Object.fromEntries(Object.entries(properties).filter(([key]) => key !== name)) }
      : {}),
    ...(inner === undefined ? {} : { allOf: [...(branch.allOf ?? []), without(inner, name, scope)] }),
  };
}

/** Every property that a condition speaks of, however it is written. */
function propertiesOf(condition: Schema): string[] {
  if (typeof condition === 'boolean') return [];
  const { properties = {}, required = [], allOf = [], anyOf = [], oneOf = [] } = condition;
  return [...Object.keys(properties), ...required, ...[...allOf, ...anyOf, ...oneOf].flatMap(propertiesOf)];
}
