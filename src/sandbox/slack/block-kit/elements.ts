/** Interactive elements: what each may hold, and where each may stand. */
import { z } from 'zod';
import { limits } from '../limits.ts';
import {
  actionId,
  choiceOption,
  confirm,
  conversationFilter,
  dispatchActionConfig,
  imageLink,
  link,
  menuOption,
  menuOptionGroups,
  menuOptions,
  overflowOption,
  placeholder,
  plainText,
} from './objects.ts';

const focus = { focus_on_load: z.boolean().optional() };
const common = { action_id: actionId, confirm: confirm.optional() };
const select = { ...common, ...focus, placeholder };
const several = { ...select, max_selected_items: z.int().min(1).optional() };
const isoDate = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);
const responseUrl = { response_url_enabled: z.boolean().optional() };

const oneOrTheOther = (element: { options?: unknown; option_groups?: unknown }) =>
  (element.options === undefined) !== (element.option_groups === undefined);
const oneOrTheOtherMessage = 'must have exactly one of options and option_groups';

const textInput = {
  action_id: actionId,
  ...focus,
  placeholder,
  dispatch_action_config: dispatchActionConfig,
};

export const elementSchemas = {
  button: z.strictObject({
    type: z.literal('button'),
    ...common,
    text: plainText(limits.buttonText.max),
    value: z.string().max(limits.buttonValue.max).optional(),
    url: link(limits.buttonUrl.max).optional(),
    style: z.enum(['primary', 'danger']).optional(),
    accessibility_label: z.string().max(limits.accessibilityLabel.max).optional(),
  }),
  overflow: z.strictObject({
    type: z.literal('overflow'),
    ...common,
    options: z.array(overflowOption).min(1).max(limits.overflowOptions.max),
  }),
  static_select: z
    .strictObject({
      type: z.literal('static_select'),
      ...select,
      options: menuOptions.optional(),
      option_groups: menuOptionGroups.optional(),
      initial_option: menuOption.optional(),
    })
    .refine(oneOrTheOther, oneOrTheOtherMessage),
  multi_static_select: z
    .strictObject({
      type: z.literal('multi_static_select'),
      ...several,
      options: menuOptions.optional(),
      option_groups: menuOptionGroups.optional(),
      initial_options: z.array(menuOption).min(1).max(limits.selectOptions.max).optional(),
    })
    .refine(oneOrTheOther, oneOrTheOtherMessage),
  external_select: z.strictObject({
    type: z.literal('external_select'),
    ...select,
    min_query_length: z.int().min(0).optional(),
    initial_option: menuOption.optional(),
  }),
  multi_external_select: z.strictObject({
    type: z.literal('multi_external_select'),
    ...several,
    min_query_length: z.int().min(0).optional(),
    initial_options: z.array(menuOption).min(1).max(limits.selectOptions.max).optional(),
  }),
  users_select: z.strictObject({
    type: z.literal('users_select'),
    ...select,
    initial_user: z.string().optional(),
  }),
  multi_users_select: z.strictObject({
    type: z.literal('multi_users_select'),
    ...several,
    initial_users: z.array(z.string()).optional(),
  }),
  conversations_select: z.strictObject({
    type: z.literal('conversations_select'),
    ...select,
    ...responseUrl,
    initial_conversation: z.string().optional(),
    default_to_current_conversation: z.boolean().optional(),
    filter: conversationFilter,
  }),
  multi_conversations_select: z.strictObject({
    type: z.literal('multi_conversations_select'),
    ...several,
    initial_conversations: z.array(z.string()).optional(),
    default_to_current_conversation: z.boolean().optional(),
    filter: conversationFilter,
  }),
  channels_select: z.strictObject({
    type: z.literal('channels_select'),
    ...select,
    ...responseUrl,
    initial_channel: z.string().optional(),
  }),
  multi_channels_select: z.strictObject({
    type: z.literal('multi_channels_select'),
    ...several,
    initial_channels: z.array(z.string()).optional(),
  }),
  checkboxes: z.strictObject({
    type: z.literal('checkboxes'),
    ...common,
    ...focus,
    options: z.array(choiceOption).min(1).max(limits.choiceOptions.max),
    initial_options: z.array(choiceOption).min(1).optional(),
  }),
  radio_buttons: z.strictObject({
    type: z.literal('radio_buttons'),
    ...common,
    ...focus,
    options: z.array(choiceOption).min(1).max(limits.choiceOptions.max),
    initial_option: choiceOption.optional(),
  }),
  datepicker: z.strictObject({
    type: z.literal('datepicker'),
    ...select,
    initial_date: isoDate.optional(),
  }),
  timepicker: z.strictObject({
    type: z.literal('timepicker'),
    ...select,
    initial_time: clockTime.optional(),
    timezone: z.string().optional(),
  }),
  datetimepicker: z.strictObject({
    type: z.literal('datetimepicker'),
    ...common,
    ...focus,
    initial_date_time: z.int().min(1_000_000_000).max(9_999_999_999).optional(),
  }),
  plain_text_input: z.strictObject({
    type: z.literal('plain_text_input'),
    ...textInput,
    initial_value: z.string().max(limits.inputLength.max).optional(),
    multiline: z.boolean().optional(),
    min_length: z.int().min(0).max(limits.inputLength.max).optional(),
    max_length: z.int().min(1).max(limits.inputLength.max).optional(),
  }),
  number_input: z.strictObject({
    type: z.literal('number_input'),
    ...textInput,
    is_decimal_allowed: z.boolean(),
    initial_value: z.string().optional(),
    min_value: z.string().optional(),
    max_value: z.string().optional(),
  }),
  email_text_input: z.strictObject({
    type: z.literal('email_text_input'),
    ...textInput,
    initial_value: z.string().optional(),
  }),
  url_text_input: z.strictObject({
    type: z.literal('url_text_input'),
    ...textInput,
    initial_value: z.string().optional(),
  }),
  rich_text_input: z.strictObject({
    type: z.literal('rich_text_input'),
    ...textInput,
    min_lines: z.int().min(1).optional(),
    max_lines: z.int().min(1).optional(),
    initial_value: z.looseObject({ type: z.literal('rich_text') }).optional(),
  }),
  file_input: z.strictObject({
    type: z.literal('file_input'),
    action_id: actionId,
    filetypes: z.array(z.string()).optional(),
    max_files: z.int().min(1).max(10).optional(),
  }),
} as const;

/** Elements that hold a value: they appear in `state.values`. */
export const statefulTypes = new Set<string>(
  Object.keys(elementSchemas).filter((type) => type !== 'button' && type !== 'overflow'),
);

const s = elementSchemas;
const pickers = [
  s.static_select, s.multi_static_select, s.external_select, s.multi_external_select,
  s.users_select, s.multi_users_select, s.conversations_select, s.multi_conversations_select,
  s.channels_select, s.multi_channels_select, s.checkboxes, s.radio_buttons, s.datepicker, s.timepicker,
] as const; // biome-ignore format: a table of names

export const actionsElement = z.discriminatedUnion('type', [
  s.button,
  s.overflow,
  s.datetimepicker,
  s.rich_text_input,
  ...pickers,
]);

/** A datetimepicker may not stand beside a section's text. */
export const accessoryElement = z.discriminatedUnion('type', [
  s.button,
  s.overflow,
  ...pickers,
  z.strictObject({
    type: z.literal('image'),
    image_url: imageLink(limits.imageUrl.max).optional(),
    slack_file: z.looseObject({}).optional(),
    alt_text: z.string().min(1).max(limits.imageAltText.max),
  }),
]);

/** Only these may be the element of an input block. */
export const inputElement = z.discriminatedUnion('type', [
  s.plain_text_input,
  s.number_input,
  s.email_text_input,
  s.url_text_input,
  s.rich_text_input,
  s.file_input,
  s.datetimepicker,
  ...pickers,
]);
