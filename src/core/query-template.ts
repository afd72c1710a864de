/**
 * Queries as templates: `sum(rate(requests{service="$service"}[$window]))`. A name goes in as data and nothing else,
 * whatever it holds: inside a string it is escaped for that string, and inside a pattern for the pattern first. Pure.
 */
import { didYouMean, listOf } from './text.ts';

/** Go into strings only: they come from the catalog, or from whoever wrote to it. */
export const nameVariables = ['service', 'namespace', 'deployment', 'environment', 'cluster'] as const;
/** Go anywhere but into strings: we make them ourselves. */
export const numberVariables = ['window', 'quantile'] as const;

export type QueryValues = Readonly<Record<(typeof nameVariables)[number], string>> & {
  /** Seconds, whole: the span of `rate(...[$window])`. */
  readonly window: number;
  /** 0 to 1. */
  readonly quantile: number;
};

/** The query with every variable filled in; the template is one that `templateMistake` accepts. */
export function fillQuery(template: string, values: QueryValues): string {
  return partsOf(template)
    .map((part) => ('text' in part ? part.text : written(part, values)))
    .join('');
}

/** What is wrong with a template, as a sentence for whoever wrote it; `undefined` when nothing is. */
export function templateMistake(template: string): string | undefined {
  for (const part of partsOf(template)) {
    if ('text' in part) continue;
    const { name, quote } = part;
    const allowed: readonly string[] = quote === undefined ? numberVariables : nameVariables;
    if (quote === '`') return `$${name} cannot stand between backticks: write it between double quotes.`;
    if (allowed.includes(name)) continue;
    if (isVariable(name)) {
      return quote === undefined
        ? `$${name} is a name: write it between quotes, as in service="$${name}".`
        : `$${name} is a number: it stands outside of quotes.`;
    }
    const known = [...nameVariables, ...numberVariables];
    return `there is no $${name}.${didYouMean(name, known)} There are ${listOf(known.map((one) => `$${one}`))}.`;
  }
  return undefined;
}

type Part = { readonly text: string } | Variable;

interface Variable {
  readonly name: string;
  /** The quote of the string it stands in; none outside of strings. */
  readonly quote: string | undefined;
  /** Whether that string is matched as a pattern. */
  readonly isPattern: boolean;
}

/** A comment, a string, or a variable: whatever begins first. What a string or a comment holds begins nothing else. */
const token = /#[^\n]*|(=~|!~)?(\s*)("(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*'|`[^`]*`)|\$([A-Za-z]+)/g;
const variable = /\$([A-Za-z]+)/g;

function partsOf(template: string): Part[] {
  const parts: Part[] = [];
  let end = 0;
  for (const match of template.matchAll(token)) {
    const [whole, matcher, , string, name] = match;
    parts.push({ text: template.slice(end, match.index) });
    end = match.index + whole.length;
    if (name !== undefined) parts.push({ name, quote: undefined, isPattern: false });
    else if (string === undefined) parts.push({ text: whole });
    else parts.push(...partsOfString(whole, string.charAt(0), matcher !== undefined));
  }
  return [...parts, { text: template.slice(end) }];
}

function partsOfString(text: string, quote: string, isPattern: boolean): Part[] {
  const parts: Part[] = [];
  let end = 0;
  for (const match of text.matchAll(variable)) {
    parts.push({ text: text.slice(end, match.index) }, { name: match[1] as string, quote, isPattern });
    end = match.index + match[0].length;
  }
  return [...parts, { text: text.slice(end) }];
}

function isVariable(name: string): name is keyof QueryValues {
  return [...nameVariables, ...numberVariables].some((one) => one === name);
}

function written({ name, quote, isPattern }: Variable, values: QueryValues): string {
  // A template is looked at when the catalog is read; what slipped through is left as text that matches nothing.
  if (!isVariable(name)) return '';
  const value = values[name];
  if (typeof value === 'number') return name === 'window' ? `${Math.round(value)}s` : String(value);
  const plain = isPattern ? value.replaceAll(/[\\.+*?()|[\]{}^$]/g, '\\$&') : value;
  return plain
    .replaceAll('\\', '\\\\')
    .replaceAll(quote ?? '"', `\\${quote ?? '"'}`)
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r');
}
