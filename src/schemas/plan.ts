/** Which fields a schema comes down to, in which order, and what is left for YAML or left out altogether. */
import type { SchemaField } from '../core/input-schema.ts';
import { writtenAnswer } from './answers.ts';
import type { JsonType, Schema } from './json-schema.ts';
import { kindOf } from './kind.ts';
import { inOrder } from './order.ts';
import { isMarkedSecret, isSecretReference, soundsSecret } from './secrets.ts';
import { type Shape, type ShapeScope, shapeOf } from './shape.ts';
import { descriptionOf, titleOf, toldApart } from './titles.ts';
import { valueAt } from './values.ts';
import { withinLimits } from './within-limits.ts';

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

/** Properties inside each other that get fields: `ingress.tls.secretName`. */
const depthMax = 3;

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
      if (known === undefined && !isRecursive && path.length < depthMax && inner.choices.length === 0) {
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
