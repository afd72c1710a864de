/** One field as one input block. Pure. */
import type { InputBlock, PlainTextOption } from '@slack/types';
import { digestOf } from '../../core/digest.ts';
import { option, plain } from '../blocks.ts';
import { maxOf } from '../limits.ts';
import type { FormField } from './fields.ts';

/** More than this and a list of radio buttons pushes the rest of the form out of sight. */
const radioMax = 4;
const boxesMax = 5;
/** Slack takes 2,000; a form of such hints would be a page of a book. */
const hintMax = 400;
const yes = 'yes';

export const formActionPrefix = 'form.field.';

export function actionIdFor(name: string): string {
  return `${formActionPrefix}${blockIdFor(name).slice('field:'.length)}`;
}

/** What a select offers. */
export interface FieldChoice {
  readonly value: string;
  readonly label: string;
  readonly description?: string;
}

export interface InputSpec {
  readonly field: FormField;
  /** What is known already; the schema's default otherwise. */
  readonly value: unknown;
  readonly choices: readonly FieldChoice[];
  /** What the choices hang on ("payments"): another one draws the select anew, and empties it. */
  readonly dependsOn: string;
  /** Whether a change must reach us at once. */
  readonly dispatches: boolean;
}

export function inputBlock(spec: InputSpec): InputBlock {
  const { field } = spec;
  return {
    type: 'input',
    block_id: blockIdOf(field.name, spec.dependsOn),
    label: plain(field.title, maxOf('inputLabel')),
    element: element(spec),
    // An unchecked box is an answer, so Slack must not insist on a check mark.
    optional: !field.isRequired || field.kind === 'boolean',
    dispatch_action: spec.dispatches,
    ...(field.description === undefined ? {} : { hint: plain(field.description, hintMax) }),
  };
}

/** `field:environment~payments`: the same id keeps what was typed over a redraw, another one drops it. */
function blockIdOf(name: string, dependsOn: string): string {
  const id = blockIdFor(name);
  return dependsOn === '' ? id : `${id}~${dependsOn.slice(0, 150)}`;
}

/** What a block's id ends in while its field shows what stands there by itself: another such value draws it anew. */
export function presetMark(value: unknown): string {
  return `=${String(value)}`;
}

/** Whether a field still holds what stood in it by itself. */
export function isUntouched(blockId: string, name: string, value: unknown): boolean {
  return blockId === blockIdOf(name, presetMark(value));
}

/** Names of further fields come from anybody's schema: whichever would not do as an id is known by its hash. */
export function blockIdFor(name: string): string {
  return /^[\w.-]{1,100}$/u.test(name) ? `field:${name}` : `field:#${digestOf(name).slice(0, 16)}`;
}

/** Without what was drawn for another schema's questions, which may have the same names. */
export function blocksOfSchema<Value>(
  blocks: Readonly<Record<string, Value>>,
  digest: string | undefined,
): Record<string, Value> {
  const isOther = (id: string) => isFurtherBlock(id) && id.split('~')[1] !== schemaMark(digest);
  return Object.fromEntries(Object.entries(blocks).filter(([id]) => !isOther(id)));
}

function isFurtherBlock(id: string): boolean {
  return id.startsWith('field:values.') || id.startsWith('field:#');
}

/** What the id of a further field's block ends in. */
export function schemaMark(digest: string | undefined): string {
  return (digest ?? '').slice(0, 8);
}

/** Whether that block is drawn for that field. */
export function isBlockOf(blockId: string, name: string): boolean {
  return blockId.split('~')[0] === blockIdFor(name);
}

function element(spec: InputSpec): InputBlock['element'] {
  const { field, dispatches } = spec;
  const value = spec.value ?? field.defaultValue;
  const action_id = actionIdFor(field.name);
  const text = value === undefined ? undefined : String(value);
  const placeholder =
    field.placeholder === undefined ? {} : { placeholder: plain(field.placeholder, maxOf('placeholder')) };
  // A number is short enough to be judged at every keystroke; a text is when Enter says that it is whole.
  const trigger = field.kind === 'number' ? ('on_character_entered' as const) : ('on_enter_pressed' as const);
  const dispatch = dispatches ? { dispatch_action_config: { trigger_actions_on: [trigger] } } : {};
  switch (field.kind) {
    case 'number': {
      const number = Number(value);
      return {
        type: 'number_input',
        action_id,
        is_decimal_allowed: !field.isInteger,
        ...(value === undefined || !Number.isFinite(number) ? {} : { initial_value: String(number) }),
        ...(isSafe(field.min) ? { min_value: String(field.min) } : {}),
        ...(isSafe(field.max) ? { max_value: String(field.max) } : {}),
        ...placeholder,
        ...dispatch,
      };
    }
    case 'list':
    case 'map':
    case 'yaml':
      return {
        type: 'plain_text_input',
        action_id,
        multiline: true,
        ...(text === undefined ? {} : { initial_value: text.slice(0, maxOf('inputLength')) }),
        max_length: maxOf('inputLength'),
      };
    case 'boolean':
      return {
        type: 'checkboxes',
        action_id,
        options: [option(yes, 'Yes')],
        ...(value === true ? { initial_options: [option(yes, 'Yes')] } : {}),
      };
    case 'enum': {
      const options = optionsOf(field).map(optionOf);
      if (field.isMultiple) return several(action_id, options, Array.isArray(value) ? value : []);
      if (options.length <= radioMax)
        return { type: 'radio_buttons', action_id, options, ...initial(options, text) };
      return selectOf(action_id, options, text, placeholder);
    }
    case 'choice': {
      return selectOf(action_id, spec.choices.map(optionOf), text, placeholder);
    }
    case 'text':
      return {
        type: 'plain_text_input',
        action_id,
        multiline: field.isLong,
        ...(text === undefined ? {} : { initial_value: text.slice(0, maxOf('inputLength')) }),
        ...(field.minLength === undefined
          ? {}
          : { min_length: Math.min(field.minLength, maxOf('inputLength')) }),
        max_length: Math.min(field.maxLength ?? maxOf('inputLength'), maxOf('inputLength')),
        ...placeholder,
        ...(field.isLong ? {} : dispatch),
      };
  }
}

/** Beyond it a number is written with an exponent, which Slack does not read; the check knows the bound too. */
function isSafe(bound: number | undefined): bound is number {
  return bound !== undefined && Math.abs(bound) <= Number.MAX_SAFE_INTEGER;
}

/** Slack refuses an empty select and more than 100 options; one that asks us live has neither trouble. */
function selectOf(
  action_id: string,
  options: PlainTextOption[],
  value: string | undefined,
  placeholder: { placeholder?: ReturnType<typeof plain> },
): InputBlock['element'] {
  const isLive = options.length === 0 || options.length > maxOf('selectOptions');
  if (!isLive)
    return { type: 'static_select', action_id, options, ...initial(options, value), ...placeholder };
  return {
    type: 'external_select',
    action_id,
    min_query_length: 0,
    ...initial(options, value),
    ...placeholder,
  };
}

function several(
  action_id: string,
  options: PlainTextOption[],
  values: readonly unknown[],
): InputBlock['element'] {
  const chosen = options.filter((one) => values.includes(one.value));
  const initially = chosen.length === 0 ? {} : { initial_options: chosen };
  if (options.length > maxOf('selectOptions')) {
    return { type: 'multi_external_select', action_id, min_query_length: 0, ...initially };
  }
  return options.length <= boxesMax
    ? { type: 'checkboxes', action_id, options, ...initially }
    : { type: 'multi_static_select', action_id, options, ...initially };
}

/** What a field of fixed values offers. */
export function optionsOf(field: FormField & { readonly kind: 'enum' }): FieldChoice[] {
  return field.values.map((value, index) => ({ value, label: field.labels?.[index] ?? value }));
}

export function optionOf(choice: FieldChoice): PlainTextOption {
  return option(choice.value.slice(0, maxOf('optionValue')), choice.label, choice.description);
}

function initial(options: readonly PlainTextOption[], value: string | undefined) {
  const found = options.find((one) => one.value === value);
  return found ? { initial_option: found } : {};
}
