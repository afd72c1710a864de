/**
 * The value of a long YAML text in a tenth of the time, without positions: `yaml` takes over a second for ten thousand
 * services, in which nobody else is answered. What the two might read in different ways is left to `yaml`.
 */
import { CORE_SCHEMA, load } from 'js-yaml';
import { documentLimits } from './document.ts';

/** UTF-16 units. Below it `yaml` itself takes a few milliseconds. */
const longText = 100_000;

/** Anchors and aliases multiply what is written; a key that is nothing has another name in each of the two. */
const leftToYaml = /(?:^|[\s,[{:])[&*]\S|^[\s-]*(?:~|null|Null|NULL)?\s*:(?:\s|$)/m;

/** `undefined` when it is short, or for `yaml` to judge; what is no YAML is among that. */
export function quickValue(text: string): { readonly value: unknown } | undefined {
  if (text.length < longText || leftToYaml.test(text)) return undefined;
  try {
    const value: unknown = load(text, { schema: CORE_SCHEMA });
    return isTooDeep(value, 0) ? undefined : { value };
  } catch {
    return undefined;
  }
}

function isTooDeep(value: unknown, depth: number): boolean {
  if (value === null || typeof value !== 'object') return false;
  if (depth === documentLimits.depthMax) return true;
  return Object.values(value).some((one) => isTooDeep(one, depth + 1));
}
