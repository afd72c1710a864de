/** One field as one input block. Pure. */
import type { InputBlock, PlainTextOption } from '@slack/types';
import { option, plain } from '../blocks.ts';
import { maxOf } from '../limits.ts';
import type { FormField } from './fields.ts';

/** More than this and a list of radio buttons pushes the rest of the form out of sight. */
const radioMax = 4;
const yes = 'yes';

export const formActionPrefix = 'form.field.';

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
    ...(field.description === undefined ? {} : { hint: plain(field.description, maxOf('inputLabel')) }),
  };
}

/** `field:environment~payments`: the same id keeps what was typed over a redraw, another one drops it. */
function blockIdOf(name: string, dependsOn: string): string {
  return dependsOn === '' ? `field:${name}` : `field:${name}~${dependsOn.slice(0, 150)}`;
}

export function fieldOfBlockId(blockId: string): string | undefined {
  return /^field:([^~]+)/u.exec(blockId)?.[1];
}

function element(spec: InputSpec): InputBlock['element'] {
  const { field, dispatches } = spec;
  const value = spec.value ?? field.defaultValue;
  const action_id = `${formActionPrefix}${field.name}`;
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
        ...(field.min === undefined ? {} : { min_value: String(field.min) }),
        ...(field.max === undefined ? {} : { max_value: String(field.max) }),
        ...placeholder,
        ...dispatch,
      };
    }
    case 'boolean':
      return {
        type: 'checkboxes',
        action_id,
        options: [option(yes, 'Yes')],
        ...(value === true ? { initial_options: [option(yes, 'Yes')] } : {}),
      };
    case 'enum': {
      const options = field.values.map((one) => option(one, one));
      return field.values.length <= radioMax
        ? { type: 'radio_buttons', action_id, options, ...initial(options, text) }
        : {
            type: 'static_select',
            action_id,
            options: options.slice(0, maxOf('selectOptions')),
            ...initial(options, text),
          };
    }
    case 'choice': {
      const options = spec.choices.map(optionOf);
      // Slack refuses an empty select and more than 100 options; one that asks us live has neither trouble.
      if (options.length === 0 || options.length > maxOf('selectOptions')) {
        return {
          type: 'external_select',
          action_id,
          min_query_length: 0,
          ...initial(options, text),
          ...placeholder,
        };
      }
      return { type: 'static_select', action_id, options, ...initial(options, text), ...placeholder };
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

export function optionOf(choice: FieldChoice): PlainTextOption {
  return option(choice.value.slice(0, maxOf('optionValue')), choice.label, choice.description);
}

function initial(options: readonly PlainTextOption[], value: string | undefined) {
  const found = options.find((one) => one.value === value);
  return found ? { initial_option: found } : {};
}
