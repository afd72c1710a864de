/** What was filled in, from a view's state back to a form's values, and problems back to their fields. Pure. */
import { z } from 'zod';
import type { Problem } from '../../core/problem.ts';
import { listOf } from '../../core/text.ts';
import { capitalised } from '../words.ts';
import { type FormField, valueOfText } from './fields.ts';
import { isFurther } from './further.ts';
import { isBlockOf } from './inputs.ts';

const optionSchema = z.object({ value: z.string() });
const stateValueSchema = z.object({
  value: z.string().nullish(),
  selected_option: optionSchema.nullish(),
  selected_options: z.array(optionSchema).nullish(),
});

export const viewStateSchema = z.object({
  values: z.record(z.string(), z.record(z.string(), stateValueSchema)),
});
export type ViewState = z.infer<typeof viewStateSchema>;

/** What the drawn fields hold; those left empty are absent, so that the schema's defaults and "required" speak. */
export function readFields(fields: readonly FormField[], state: ViewState): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [blockId, elements] of Object.entries(state.values)) {
    const field = fields.find((one) => isBlockOf(blockId, one.name));
    const element = Object.values(elements)[0];
    if (!field || !element) continue;
    const value = readValue(field, element);
    if (value !== undefined) values[field.name] = value;
  }
  return values;
}

/** Names of the fields that a view shows. */
export function shownFields(fields: readonly FormField[], state: ViewState): string[] {
  const ids = Object.keys(state.values);
  return fields.filter(({ name }) => ids.some((id) => isBlockOf(id, name))).map(({ name }) => name);
}

function readValue(field: FormField, element: z.infer<typeof stateValueSchema>): unknown {
  if (field.kind === 'boolean') return (element.selected_options ?? []).length > 0;
  if (field.kind === 'enum' && field.isMultiple) {
    const chosen = (element.selected_options ?? []).map((option) => option.value);
    return chosen.length === 0 ? undefined : chosen;
  }
  const text = element.selected_option?.value ?? element.value;
  if (text == null) return undefined;
  // A further field is read by its schema, which also knows what a text may stand for.
  return isFurther(field.name) ? text.trim() || undefined : valueOfText(field, text);
}

/**
 * Slack wants errors by block id, and only of input blocks: what is wrong with a field that the form does not show
 * is said at its first field. `undefined` when the problem is not about fields at all.
 */
export function fieldErrors(
  cause: Problem,
  blocks: readonly { readonly type: string; readonly block_id?: string | undefined }[],
): Record<string, string> | undefined {
  if (cause.code !== 'bad_input') return undefined;
  const inputs = blocks.flatMap((block) =>
    block.type === 'input' && block.block_id ? [block.block_id] : [],
  );
  const errors = new Map<string, string[]>();
  for (const [path, sentence] of Object.entries(cause.fields ?? {})) {
    const name = nameOfPath(path);
    const id = inputs.find((one) => isBlockOf(one, name)) ?? inputs[0];
    if (id !== undefined) errors.set(id, [...(errors.get(id) ?? []), sentence]);
  }
  if (errors.size === 0 && inputs[0] !== undefined)
    errors.set(inputs[0], [`${cause.sentence} ${cause.next}`]);
  return Object.fromEntries(
    [...errors].map(([id, sentences]) => [id, capitalised(listOf([...new Set(sentences)]))]),
  );
}

/** `ttl.0` is about the field `ttl`; a further field's name is a path of its own. */
export function nameOfPath(path: string): string {
  return isFurther(path) ? path : (path.split('.')[0] ?? path);
}
