/** A YAML file's text to a value that its schema has accepted, with positions for whatever is checked after. */
import type { z } from 'zod';
import { inFileOrder, type Mistake, type Source } from './document.ts';
import { parseYaml } from './parse-yaml.ts';
import type { Positions } from './positions.ts';
import { zodMistakes } from './zod-mistakes.ts';

export type ReadDocument<Value> =
  | { readonly ok: true; readonly value: Value; readonly positions: Positions }
  | { readonly ok: false; readonly mistakes: readonly Mistake[] };

/** Pure, and total: every text is either a value or at least one mistake. */
export function readDocument<Schema extends z.ZodType>(
  source: Source,
  schema: Schema,
): ReadDocument<z.output<Schema>> {
  const parsed = parseYaml(source);
  if (!parsed.ok) return parsed;
  const checked = schema.safeParse(parsed.value);
  if (checked.success) return { ok: true, value: checked.data, positions: parsed.positions };
  const mistakes = zodMistakes(checked.error.issues, schema, parsed.value, parsed.positions);
  return { ok: false, mistakes: inFileOrder(mistakes) };
}
