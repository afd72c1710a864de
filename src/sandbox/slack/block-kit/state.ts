/** What `state.values` holds for each element: empty, initial, and as a person sets it. */
import type { ElementValue, SlackBlock, StateValue, StateValues } from '../../protocol.ts';
import { statefulTypes } from './elements.ts';
import { optionsOf } from './validate.ts';
import { type ElementObject, everyElement } from './walk.ts';

/**
 * The state of a fresh list of blocks. Where `before` holds a value of the same type under the same block id and
 * action id, that value survives: this is Slack's rule for `views.update`.
 */
export function stateOf(blocks: readonly SlackBlock[], before: StateValues = {}): StateValues {
  const values: Record<string, Record<string, StateValue>> = {};
  for (const { block, element } of everyElement(blocks)) {
    if (!statefulTypes.has(element.type)) continue;
    const kept = before[block.block_id]?.[element.action_id];
    const row = values[block.block_id] ?? {};
    row[element.action_id] = kept?.type === element.type ? kept : initialValue(element);
    values[block.block_id] = row;
  }
  return values;
}

export function withValue(
  state: StateValues,
  blockId: string,
  actionId: string,
  value: StateValue,
): StateValues {
  return { ...state, [blockId]: { ...state[blockId], [actionId]: value } };
}

interface Shape {
  /** The key under which `state.values` (and the action) holds the value. */
  readonly key: string;
  readonly initial: string;
  readonly empty: null | readonly never[];
  /** Turns what a person chose into what Slack sends; `undefined` when the element cannot take it. */
  readonly read: (value: ElementValue, element: ElementObject) => unknown;
}

export const elementShapes: Record<string, Shape> = {
  plain_text_input: textShape('initial_value'),
  number_input: textShape('initial_value'),
  email_text_input: textShape('initial_value'),
  url_text_input: textShape('initial_value'),
  rich_text_input: { key: 'rich_text_value', initial: 'initial_value', empty: null, read: readRichText },
  static_select: { key: 'selected_option', initial: 'initial_option', empty: null, read: readOption },
  external_select: { key: 'selected_option', initial: 'initial_option', empty: null, read: readOption },
  radio_buttons: { key: 'selected_option', initial: 'initial_option', empty: null, read: readOption },
  overflow: { key: 'selected_option', initial: 'initial_option', empty: null, read: readOption },
  multi_static_select: { key: 'selected_options', initial: 'initial_options', empty: [], read: readOptions },
  multi_external_select: {
    key: 'selected_options',
    initial: 'initial_options',
    empty: [],
    read: readOptions,
  },
  checkboxes: { key: 'selected_options', initial: 'initial_options', empty: [], read: readOptions },
  users_select: { key: 'selected_user', initial: 'initial_user', empty: null, read: readText },
  channels_select: { key: 'selected_channel', initial: 'initial_channel', empty: null, read: readText },
  conversations_select: {
    key: 'selected_conversation',
    initial: 'initial_conversation',
    empty: null,
    read: readText,
  },
  multi_users_select: { key: 'selected_users', initial: 'initial_users', empty: [], read: readList },
  multi_channels_select: { key: 'selected_channels', initial: 'initial_channels', empty: [], read: readList },
  multi_conversations_select: {
    key: 'selected_conversations',
    initial: 'initial_conversations',
    empty: [],
    read: readList,
  },
  datepicker: { key: 'selected_date', initial: 'initial_date', empty: null, read: readDate },
  timepicker: { key: 'selected_time', initial: 'initial_time', empty: null, read: readTime },
  datetimepicker: {
    key: 'selected_date_time',
    initial: 'initial_date_time',
    empty: null,
    read: (value) => (typeof value === 'number' || value === null ? value : undefined),
  },
  file_input: { key: 'files', initial: 'initial_files', empty: [], read: () => undefined },
};

/** The state value after a person set the element; `undefined` when the element has no such choice. */
export function valueFor(element: ElementObject, value: ElementValue): StateValue | undefined {
  const shape = elementShapes[element.type];
  if (!shape) return undefined;
  const read = shape.read(value, element);
  return read === undefined ? undefined : { type: element.type, [shape.key]: read };
}

/** Whether a person has put nothing in. */
export function isEmpty(value: StateValue | undefined): boolean {
  const shape = value && elementShapes[value.type];
  const held = shape && value[shape.key];
  return held === undefined || held === null || held === '' || (Array.isArray(held) && held.length === 0);
}

function initialValue(element: ElementObject): StateValue {
  const shape = elementShapes[element.type];
  if (!shape) return { type: element.type };
  return { type: element.type, [shape.key]: element[shape.initial] ?? shape.empty };
}

function textShape(initial: string): Shape {
  return { key: 'value', initial, empty: null, read: (value) => (value === '' ? null : readText(value)) };
}

function readText(value: ElementValue): string | null | undefined {
  if (value === null || typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : undefined;
}

function readList(value: ElementValue): readonly string[] | undefined {
  if (value === null) return [];
  return typeof value === 'object' ? value : undefined;
}

/** An external select's options are not in the block: the box puts those it loaded into `options` first. */
function readOption(value: ElementValue, element: ElementObject): unknown {
  if (value === null) return null;
  return optionsOf(element)?.find((option) => option.value === value);
}

function readOptions(value: ElementValue, element: ElementObject): unknown {
  const list = readList(value);
  const chosen = list?.map((one) => readOption(one, element));
  return chosen?.includes(undefined) ? undefined : chosen;
}

function readDate(value: ElementValue): string | null | undefined {
  return value === null || (typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value))
    ? value
    : undefined;
}

function readTime(value: ElementValue): string | null | undefined {
  return value === null || (typeof value === 'string' && /^([01]\d|2[0-3]):[0-5]\d$/.test(value))
    ? value
    : undefined;
}

function readRichText(value: ElementValue): unknown {
  if (value === null || value === '') return null;
  if (typeof value !== 'string') return undefined;
  return {
    type: 'rich_text',
    elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: value }] }],
  };
}
