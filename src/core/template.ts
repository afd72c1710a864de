/**
 * Fills `${environment.name}` and its kin into a JSON value. Placeholders are paths only, which is a subset of CEL:
 * whatever works today stays right when expressions come. `$${` writes a literal `${`.
 */
import { didYouMean } from './text.ts';

/** Values by dotted path: `{ 'environment.name': 'checkout-pr-12' }`. */
export type TemplateValues = Readonly<Record<string, string | number | boolean>>;

export interface TemplateMistake {
  /** Where in the value: keys and indexes. */
  readonly path: readonly (string | number)[];
  /** UTF-16 units into the text there. */
  readonly offset: number;
  readonly message: string;
}

export type Filled<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly mistakes: readonly TemplateMistake[] };

const placeholder = /\$\$\{|\$\{([^}]*)\}?/g;

/**
 * A text that is only one placeholder keeps the value's type (`replicas: ${input.replicas}` is a number); in longer
 * text the value is written out. Keys of maps are left as they are.
 */
export function fillTemplate<Value>(template: Value, values: TemplateValues): Filled<Value> {
  const mistakes = checkTemplate(template, Object.keys(values));
  if (mistakes.length > 0) return { ok: false, mistakes };
  return { ok: true, value: fill(template, values) as Value };
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

function fill(template: unknown, values: TemplateValues): unknown {
  if (typeof template === 'string') return fillText(template, values);
  if (Array.isArray(template)) return template.map((inner) => fill(inner, values));
  if (template === null || typeof template !== 'object') return template;
  return Object.fromEntries(Object.entries(template).map(([key, inner]) => [key, fill(inner, values)]));
}

function fillText(text: string, values: TemplateValues): unknown {
  const alone = /^\$\{([^}]*)\}$/.exec(text)?.[1];
  if (alone !== undefined) return values[alone.trim()];
  return text.replaceAll(placeholder, (_whole, path: string | undefined) =>
    path === undefined ? '${' : String(values[path.trim()]),
  );
}
