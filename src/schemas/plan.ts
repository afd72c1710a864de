/** Which fields a schema comes down to, in which order, and what is left for YAML or left out altogether. */
import type { SchemaField } from '../core/input-schema.ts';
import { count, fit } from '../core/text.ts';
import { writtenAnswer } from './answers.ts';
import type { JsonType, Schema } from './json-schema.ts';
import { kindOf } from './kind.ts';
import { inOrder } from './order.ts';
import { isMarkedSecret, isSecretReference, soundsSecret } from './secrets.ts';
import { type Shape, type ShapeScope, shapeOf } from './shape.ts';
import { valueAt } from './values.ts';

export interface PlannedField {
  readonly field: SchemaField;
  /** The way to the value; empty for the field that takes everything else. */
  readonly keys: readonly string[];
  readonly scalars: readonly JsonType[];
  /** Inside an optional part that needs more than defaults: its own default counts only once the part is there. */
  readonly isDormant: boolean;
}

export interface Plan {
  readonly fields: readonly PlannedField[];
  readonly secrets: readonly SecretProperty[];
  /** Maps that must be there, whether or not anything in them must. */
  readonly parts: readonly (readonly string[])[];
}

export interface SecretProperty {
  readonly path: string;
  readonly isRequired: boolean;
  /** The property beside it that names where the secret is kept. */
  readonly reference: string | undefined;
}

export const planLimits = {
  /** Fields in all: three pages of a form. Beyond it the rest is one field of YAML. */
  fieldsMax: 36,
  /** Fields of YAML that are optional: each is a box of several lines. */
  optionalYamlMax: 4,
  /** Properties inside each other that get fields: `ingress.tls.secretName`. */
  depthMax: 3,
} as const;

/** How the field that takes whatever has none of its own is called. */
export const everythingElse = 'everything-else';

export function planOf(root: Schema, values: unknown, scope: ShapeScope): Plan {
  const found: PlannedField[] = [];
  const secrets: SecretProperty[] = [];
  const parts: (readonly string[])[] = [];
  let isWhole = true;

  function walk(shape: Shape, value: unknown, keys: readonly string[], context: Context): void {
    const names = [...shape.properties.keys()];
    for (const name of inOrder(shape)) {
      const schema = shape.properties.get(name) ?? true;
      const here = valueAt(value, [name]);
      const inner = shapeOf(schema, here, scope);
      const path = [...keys, name];
      const isRequired = context.isRequired && shape.required.has(name);
      if (inner.keywords.readOnly) continue;
      const known = kindOf(inner, scope);
      if (isSecret(name, inner, known?.kind.type)) {
        const beside = names.find((one) => one !== name && isSecretReference(one));
        const reference = beside === undefined ? undefined : [...keys, beside].join('.');
        const isMissing = isRequired && inner.keywords.default === undefined;
        secrets.push({ path: path.join('.'), isRequired: isMissing, reference });
        continue;
      }
      const isRecursive = [...inner.references].some((reference) => context.inside.has(reference));
      if (
        known === undefined &&
        !isRecursive &&
        path.length < planLimits.depthMax &&
        inner.choices.length === 0
      ) {
        if (isRequired) parts.push(path);
        walk(inner, here, path, {
          isRequired,
          isDormant: context.isDormant || (!shape.required.has(name) && needsAnswers(inner)),
          decides: context.decides || shape.deciding.has(name),
          inside: new Set([...context.inside, ...inner.references]),
        });
        continue;
      }
      const why = isRecursive ? 'it may hold itself' : 'it is nested deeper than a form goes';
      const kind = known?.kind ?? {
        type: 'yaml',
        why: inner.choices.length > 0 ? 'it has one of several shapes' : why,
      };
      const planned: PlannedField = {
        field: {
          path: path.join('.'),
          title: titleOf(name, inner, keys),
          ...descriptionOf(inner),
          isRequired,
          decides: context.decides || shape.deciding.has(name),
          ...(inner.keywords.default === undefined ? {} : { defaultValue: inner.keywords.default }),
          kind,
        },
        keys: path,
        scalars: known?.scalars ?? [],
        isDormant: context.isDormant,
      };
      const defaultAnswer = writtenAnswer(planned, planned.field.defaultValue);
      found.push(
        defaultAnswer === undefined ? planned : { ...planned, field: { ...planned.field, defaultAnswer } },
      );
    }
    const { additionalProperties } = shape.keywords;
    const isOpen = additionalProperties !== undefined && additionalProperties !== false;
    // A root without properties, or one that says it takes more than it names.
    const saysNothing = names.length === 0 && additionalProperties !== false;
    if (keys.length === 0 && (saysNothing || isOpen || shape.choices.length > 0)) isWhole = false;
  }

  const shape = shapeOf(root, values, scope);
  walk(shape, values, [], {
    isRequired: true,
    isDormant: false,
    decides: false,
    inside: shape.references,
  });
  // Two ways of writing a path (`a.b` and `a: b`) cannot both be asked for; the check knows them apart.
  const distinct = [...new Map(found.toReversed().map((one) => [one.field.path, one])).values()].toReversed();
  return { fields: toldApart(withinLimits(distinct, isWhole)), secrets, parts };
}

interface Context {
  readonly isRequired: boolean;
  readonly isDormant: boolean;
  readonly decides: boolean;
  /** Definitions on the way from the root. */
  readonly inside: ReadonlySet<string>;
}

/** Two fields called alike ("Size") are called with the part that they belong to. */
function toldApart(fields: readonly PlannedField[]): PlannedField[] {
  const titles = fields.map(({ field }) => field.title);
  return fields.map((planned) => {
    const { field, keys } = planned;
    const parent = keys.at(-2);
    const isShared = titles.indexOf(field.title) !== titles.lastIndexOf(field.title);
    if (!isShared || parent === undefined) return planned;
    return {
      ...planned,
      field: { ...field, title: fit(`${capital(inWords(parent))}: ${field.title}`, 150) },
    };
  });
}

/** Required and top-level first when there are too many; otherwise the author's order stands. */
function withinLimits(found: readonly PlannedField[], isWhole: boolean): PlannedField[] {
  const ranked = found
    .map((one, index) => ({ one, index, rank: rankOf(one) }))
    .sort((a, b) => a.rank - b.rank || a.index - b.index);
  const kept = new Set<number>();
  let yamls = 0;
  for (const { one, index } of ranked) {
    const isSpare = one.field.kind.type === 'yaml' && !one.field.isRequired && !one.field.decides;
    if (isSpare && ++yamls > planLimits.optionalYamlMax) continue;
    if (kept.size < planLimits.fieldsMax - 1) kept.add(index);
  }
  // One more field costs no more than the field that would stand for it.
  if (found.length === kept.size + 1 && isWhole) return [...found];
  const isCut = kept.size < found.length;
  const shown = isCut
    ? ranked.filter(({ index }) => kept.has(index)).map(({ one }) => one)
    : found.filter((_one, index) => kept.has(index));
  const rest = found.filter((_one, index) => !kept.has(index));
  return rest.length === 0 && isWhole ? shown : [...shown, restField(rest)];
}

function rankOf({ field, keys }: PlannedField): number {
  if (field.isRequired) return 0;
  if (field.decides) return 1;
  return field.kind.type === 'yaml' ? 10 : 1 + keys.length;
}

function restField(rest: readonly PlannedField[]): PlannedField {
  const names = [...new Set(rest.map(({ keys }) => keys[0] ?? ''))];
  const why =
    rest.length === 0
      ? 'the schema takes keys that it does not name'
      : `${count(rest.length, 'more setting')} would fit no form: ${fit(names.join(', '), 200)}`;
  return {
    field: {
      path: everythingElse,
      title: 'Everything else',
      isRequired: false,
      decides: false,
      kind: { type: 'yaml', why },
    },
    keys: [],
    scalars: [],
    isDormant: false,
  };
}

/** An optional part that cannot be there by its defaults alone: nothing of it is filled in until somebody wants it. */
function needsAnswers(shape: Shape): boolean {
  return [...shape.required].some((name) => {
    const property = shape.properties.get(name);
    return typeof property !== 'object' || property.default === undefined;
  });
}

function isSecret(name: string, shape: Shape, kind: string | undefined): boolean {
  if (isMarkedSecret({ ...shape.keywords, hints: shape.hints })) return true;
  // A switch or a number called so is none, and neither is a part whose own properties are asked for one by one.
  if (kind === undefined || kind === 'boolean' || kind === 'number') return false;
  return soundsSecret(name);
}

/** `persistence.storageClass` -> "Persistence: storage class"; the schema's own words when it has some. */
function titleOf(name: string, shape: Shape, keys: readonly string[]): string {
  const own = shape.keywords.title?.trim();
  const parent = keys.at(-1);
  const prefix = parent === undefined ? '' : `${inWords(parent)}: `;
  const title = own ? own : inWords(name);
  return fit(prefix === '' || own ? capital(title) : `${capital(prefix)}${title}`, 150);
}

function inWords(name: string): string {
  return name
    .replaceAll(
      /([a-z0-9])([A-Z])(?=[a-z])/gu,
      (_whole, before: string, letter: string) => `${before} ${letter.toLowerCase()}`,
    )
    .replaceAll(/([a-z0-9])([A-Z])/gu, '$1 $2')
    .replaceAll(/[_-]+/gu, ' ')
    .trim();
}

function capital(text: string): string {
  return text === '' ? '–' : `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}`;
}

function descriptionOf({ keywords, hints }: Shape): { description?: string } {
  const said = keywords.description?.replaceAll(/\s+/gu, ' ').trim() ?? '';
  const text = [said, hints.isImmutable ? 'It cannot be changed later.' : '']
    .filter((one) => one !== '')
    .join(' ');
  return text === '' ? {} : { description: fit(text, 300) };
}
