/** What was filled in, from a view's state back to an action's input, and problems back to their fields. Pure. */
import { z } from 'zod';
import type { Action } from '../../core/action.ts';
import type { Problem } from '../../core/problem.ts';
import { listOf } from '../../core/text.ts';
import { capitalised } from '../words.ts';
import { type FormField, fieldsOf, valueOfText } from './fields.ts';
import { fieldOfBlockId } from './inputs.ts';

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

/** Fields left empty are absent, so that the schema's defaults and "required" speak. */
export function readInput(action: Action, state: ViewState): Record<string, unknown> {
  const byName = new Map(fieldsOf(action).map((field) => [field.name, field]));
  const input: Record<string, unknown> = {};
  for (const [blockId, elements] of Object.entries(state.values)) {
    const field = byName.get(fieldOfBlockId(blockId) ?? '');
    const element = Object.values(elements)[0];
    if (!field || !element) continue;
    const value = readValue(field, element);
    if (value !== undefined) input[field.name] = value;
  }
  return input;
}

function readValue(field: FormField, element: z.infer<typeof stateValueSchema>): unknown {
  if (field.kind === 'boolean') return (element.selected_options ?? []).length > 0;
  const text = element.selected_option?.value ?? element.value;
  return text == null ? undefined : valueOfText(field, text);
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
    const name = path.split('.')[0];
    const id = inputs.find((one) => fieldOfBlockId(one) === name) ?? inputs[0];
    if (id !== undefined) errors.set(id, [...(errors.get(id) ?? []), sentence]);
  }
  if (errors.size === 0 && inputs[0] !== undefined)
    errors.set(inputs[0], [`${cause.sentence} ${cause.next}`]);
  return Object.fromEntries([...errors].map(([id, sentences]) => [id, capitalised(listOf(sentences))]));
}
