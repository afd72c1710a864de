/**
 * The value of a YAML text in a tenth of the time, without positions: `yaml` takes over a second for ten thousand
 * services, in which nobody else is answered, and a tenth of each start for a few short files. What the two might read
 * in different ways is left to `yaml`.
 */
import { CORE_SCHEMA, load } from 'js-yaml';
import { documentLimits } from './document.ts';

/**
 * Anchors and aliases multiply what is written (`&& ` in a condition does not); tags, directives, the ends of documents
 * and white space other than spaces and line feeds mean other things to each of the two. It looks along one line at a
 * time, so that no text takes it long.
 */
const leftToYaml =
  /(?:^|[,[{:]|[?-] ) *[&*!](?!& )\S|^ +---|^ *(?:%|\.\.\.)|[|>][+-]?\d|[\t\uFEFF]|\r(?!\n)/m;

/** `undefined` when it is for `yaml` to judge; what is no YAML is among that. */
export function quickValue(text: string): { readonly value: unknown } | undefined {
  if (leftToYaml.test(text)) return undefined;
  try {
    const value: unknown = load(text, { schema: CORE_SCHEMA });
    return isPlain(value, 0) ? { value } : undefined;
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
