/** What an element is set to, read from Slack's own shapes. Pure. */
import type { ElementValue, SlackOption, StateValue } from '../../protocol.ts';

/** An element as the app sent it: every type has its own further keys. */
export interface AnyElement {
  readonly type: string;
  readonly action_id?: string;
  readonly [key: string]: unknown;
}

export interface Setting {
  /** In the form in which the control API takes it; `null` when empty. */
  readonly value: ElementValue;
  /** Of selects and choices: the chosen options with their texts. */
  readonly options: readonly SlackOption[];
}

const emptySetting: Setting = { value: null, options: [] };

/** The state the box holds for an element. */
export function settingOfState(state: StateValue): Setting {
  if ('selected_option' in state) return ofOption(state.selected_option);
  if ('selected_options' in state) return ofOptions(state.selected_options);
  for (const [key, value] of Object.entries(state)) {
    if (key === 'type' || key === 'timezone') continue;
    if (typeof value === 'string' || typeof value === 'number') return { value, options: [] };
    if (Array.isArray(value)) return { value: value.map(String), options: [] };
  }
  return emptySetting;
}

/** How an element stands before anybody touched it: its `initial_...`. */
export function initialSetting(element: AnyElement): Setting {
  if ('initial_option' in element) return ofOption(element.initial_option);
  if ('initial_options' in element) return ofOptions(element.initial_options);
  for (const [key, value] of Object.entries(element)) {
    if (!key.startsWith('initial_')) continue;
    if (typeof value === 'string' || typeof value === 'number') return { value, options: [] };
    if (Array.isArray(value)) return { value: value.map(String), options: [] };
  }
  return emptySetting;
}

/** The chosen values as a list, whatever the shape. */
export function valuesOf({ value }: Setting): readonly string[] {
  if (value === null) return [];
  return typeof value === 'object' ? value : [String(value)];
}

function ofOption(option: unknown): Setting {
  return isOption(option) ? { value: option.value, options: [option] } : emptySetting;
}

function ofOptions(list: unknown): Setting {
  if (!Array.isArray(list)) return emptySetting;
  const options = list.filter(isOption);
  return { value: options.map((option) => option.value), options };
}

function isOption(candidate: unknown): candidate is SlackOption {
  return typeof candidate === 'object' && candidate !== null && 'value' in candidate && 'text' in candidate;
}
