/**
 * Fills `${environment.name}` and its kin into a JSON value. Placeholders are paths only, which is a subset of CEL:
 * whatever works today stays right when expressions come. `$${` writes a literal `${`.
 */
import { didYouMean } from './text.ts';

/** What may be filled in: `{ environment: { name: 'checkout-pr-12' } }`. */
export interface TemplateValues {
  readonly [name: string]: string | number | boolean | TemplateValues;
}

export interface TemplateMistake {
  /** Where in the value: keys and indexes. */
  readonly path: readonly (string | number)[];
  /** UTF-16 units into the text there. */
  readonly offset: number;
  readonly message: string;
}

const placeholder = /\$\$\{|\$\{([^}]*)\}?/g;

/**
 * A text that is only one placeholder keeps the value's type (`replicas: ${input.replicas}` is a number); in longer
 * text the value is written out. Keys of maps are left as they are.
 * @throws Error for a placeholder without a value: a template is checked when it is read, so this is a bug of ours.
 */
export function fillTemplate(template: unknown, values: TemplateValues): unknown {
  const flat = flatten(values, '');
  const [mistake] = checkTemplate(template, [...flat.keys()]);
  if (mistake) throw new Error(`${mistake.path.join('.')}: ${mistake.message}`);
  return fill(template, flat);
}

/** The placeholders that none of the `known` paths stands for, with the nearest one that would. */
export function checkTemplate(template: unknown, known: readonly string[]): TemplateMistake[] {
  if (typeof template === 'string') {
    return [...template.matchAll(placeholder)].flatMap((match) => mistakesOf(match, known));
  }
  if (template === null || typeof template !== 'object') return [];
  const entries: [string | number, unknown][] = Array.isArray(template)
    ? [...template.entries()]
    : Object.entries(template);
  return entries.flatMap(([key, inner]) =>
    checkTemplate(inner, known).map((mistake) => ({ ...mistake, path: [key, ...mistake.path] })),
  );
}

function mistakesOf(match: RegExpExecArray, known: readonly string[]): TemplateMistake[] {
  const [whole, path] = match;
  if (path === undefined) return [];
  const at = { path: [], offset: match.index };
  if (!whole.endsWith('}')) return [{ ...at, message: `The placeholder "${whole}" has no closing brace.` }];
  const name = path.trim();
  if (known.includes(name)) return [];
  return [{ ...at, message: `Unknown placeholder "\${${name}}".${didYouMean(name, known)}` }];
}

type Flat = ReadonlyMap<string, unknown>;

function flatten(values: TemplateValues, prefix: string): Flat {
  return new Map(
    Object.entries(values).flatMap(([name, value]): [string, unknown][] =>
      typeof value === 'object' ? [...flatten(value, `${prefix}${name}.`)] : [[`${prefix}${name}`, value]],
    ),
  );
}

function fill(template: unknown, values: Flat): unknown {
  if (typeof template === 'string') return fillText(template, values);
  if (Array.isArray(template)) return template.map((inner) => fill(inner, values));
  if (template === null || typeof template !== 'object') return template;
  return Object.fromEntries(Object.entries(template).map(([key, inner]) => [key, fill(inner, values)]));
}

function fillText(text: string, values: Flat): unknown {
  const alone = /^\$\{([^}]*)\}$/.exec(text)?.[1];
  if (alone !== undefined) return values.get(alone.trim());
  return text.replaceAll(placeholder, (_whole, path: string | undefined) =>
    path === undefined ? '${' : String(values.get(path.trim())),
  );
}
