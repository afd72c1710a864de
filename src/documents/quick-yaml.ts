/**
 * The value of a YAML text in a tenth of the time, without positions: `yaml` takes over a second for ten thousand
 * services, in which nobody else is answered, and a tenth of each start for a few short files. What the two might read
 * in different ways is left to `yaml`.
 */
import { CORE_SCHEMA, load } from 'js-yaml';
import { documentLimits } from './document.ts';

/**
 * What the two read in different ways, each as the lines of a text can show it; it looks along one line at a time, so
 * that no text takes it long.
 */
const leftToYaml = new RegExp(
  [
    // Anchors and aliases multiply what is written (`&& ` in a condition does not), but where a map or a list has a name
    // and stands again by it as a whole (`labels: &web`, `labels: *web`). A tag may be anything.
    String.raw`(?:^|[,[{:]|[?-] ) *(?:!|[&*](?!& |(?<=: [&*])[a-z]+$)\S)`,
    // After an item that ends before its line does, js-yaml takes the rest for a key of the map around the list.
    String.raw`^ *(?:- +)+(?!"[^"\n]*"$|'[^'\n]*'$|[[{][^[\]{}"'\n]*[\]}]$)["'[{]`,
    // Directives, the ends of documents, blocks that say how far they are indented.
    String.raw`^ +---|^ *(?:%|\.\.\.)|[|>][+-]?\d`,
    // White space other than spaces and line feeds.
    String.raw`[\t\uFEFF]|\r(?!\n)`,
  ].join('|'),
  'm',
);

/** However twelve of them stand within each other, no value is written out more than 81 times (3 x 3 x 3 x 3). */
const aliasesMax = 12;

const alias = /: \*[a-z]+$/gm;

/** `undefined` when it is for `yaml` to judge; what is no YAML is among that. */
export function quickValue(text: string): { readonly value: unknown } | undefined {
  if (leftToYaml.test(text) || (text.match(alias)?.length ?? 0) > aliasesMax) return undefined;
  try {
    const value: unknown = load(text, { schema: CORE_SCHEMA });
    // A comment may be part of a text that is all there is.
    return typeof value === 'object' && isPlain(value, 0) ? { value } : undefined;
  } catch {
    return undefined;
  }
}

/** Not too deep, and no key in it that may have been nothing: that has another name in each of the two. */
function isPlain(value: unknown, depth: number): boolean {
  if (value === null || typeof value !== 'object') return true;
  if (depth === documentLimits.depthMax || Object.hasOwn(value, 'null')) return false;
  return Object.values(value).every((one) => isPlain(one, depth + 1));
}
